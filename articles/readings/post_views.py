"""One post: its curve, its values with their sources, what people type in, and its comments."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.forms import Media
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from rankings import charts

from ..desk.base import DeskPanel, FormRefused
from ..desk.panelled import PanelledView
from ..models import Metric, Reading, ReadingSource, WeChatComment, WeChatPost, Window
from ..wechat.client import is_configured
from . import comments, queries, typing_in
from .curve import DayValue, day_curve
from .forms import TypedForm
from .import_plan import IMPORT
from .screens import DEMO, REFUSAL, VIEW
from .words import printed

COMMENTS_SHOWN = 100
BY_DAY = (Metric.READERS, Metric.SHARERS, Metric.HEARTS, Metric.LIKES, Metric.COMMENTS)


@dataclass
class PostDesk:
    """One post before one person."""

    request: HttpRequest
    post: WeChatPost

    @property
    def user(self) -> Any:
        return self.request.user

    @cached_property
    def readings(self) -> list[Reading]:
        """All values, the latest day first."""
        found = self.post.readings.select_related("imported")
        return list(found.order_by("-stat_date", "metric", "source"))


class PostPanel(DeskPanel):
    """A part of the page; ``desk`` is a `PostDesk`."""

    desk: PostDesk


class CurvePanel(PostPanel):
    """A curve for people and one for times; never one for both."""

    name = "curve"
    area = "first"
    template_name = "articles/admin/readings/panels/curve.html"

    def context(self) -> dict[str, Any]:
        shown = []
        for metric in queries.RANKED:
            found = [each for each in self.desk.readings if each.metric == metric]
            for source in ReadingSource:
                some = [each for each in found if each.source == source]
                if curve := _curve(some):
                    title = f"{metric.label}，{source.label}，{some[0].get_window_display()}"
                    picture = charts.svg("index", {"chart": curve, "title": title})
                    shown.append({"title": title, "picture": picture})
        return {
            "curves": shown,
            "days": self._days(),
            "by_day": [metric.label for metric in BY_DAY],
        }

    def _days(self) -> list[tuple[Any, list[str]]]:
        """The official values day by day, as a table beside the curve."""
        days: dict[Any, dict[str, Reading]] = defaultdict(dict)
        for each in self.desk.readings:
            if each.source == ReadingSource.STATISTICS and each.window == Window.TO_DATE:
                days[each.stat_date][each.metric] = each
        return [
            (day, [printed(found[m]) if m in found else "—" for m in BY_DAY])
            for day, found in days.items()
        ]


class ValuesPanel(PostPanel):
    """The latest of each metric, with window, source and time."""

    name = "values"
    area = "main"
    template_name = "articles/admin/readings/panels/values.html"

    def context(self) -> dict[str, Any]:
        newest: dict[tuple[str, str, str], Reading] = {}
        for each in self.desk.readings:
            newest.setdefault((each.metric, each.source, each.window), each)
        order = [metric.value for metric in Metric]
        rows = sorted(newest.values(), key=lambda each: (order.index(each.metric), each.source))
        return {"rows": [(each, printed(each)) for each in rows]}


class TypedPanel(PostPanel):
    """A value that somebody read off a screen."""

    name = "typed"
    template_name = "articles/admin/readings/panels/typed.html"
    actions = {"type_in": "type_in"}

    def __init__(self, desk: PostDesk):
        super().__init__(desk)
        self.form = TypedForm()

    @property
    def media(self) -> Media:
        return self.form.media

    def context(self) -> dict[str, Any] | None:
        return {"form": self.form} if self.desk.user.has_perm(IMPORT) else None

    def type_in(self) -> str:
        self.form = TypedForm(self.desk.request.POST)
        said = self.valid(self.form).cleaned_data
        try:
            reading = typing_in.type_in(
                self.desk.user,
                self.desk.post,
                Metric(said["metric"]),
                said["value"],
                said["day"],
                said["where"],
            )
        except typing_in.TypedRefused as refusal:
            self.form.add_error(None, str(refusal))
            raise FormRefused from refusal
        return f"已录入{reading.get_metric_display()} {printed(reading)}。"


class CommentsPanel(PostPanel):
    """微信留言: strangers' words, shown as text."""

    name = "comments"
    area = "below"
    template_name = "articles/admin/readings/panels/comments.html"
    actions = {
        "comments_refresh": "refresh",
        "comment_elect": "elect",
        "comment_unelect": "unelect",
        "comment_reply": "reply",
        "comment_reply_delete": "delete_reply",
    }

    def __init__(self, desk: PostDesk):
        super().__init__(desk)
        self.refusal = ""

    def context(self) -> dict[str, Any]:
        found = self.desk.post.comments.order_by("gone_at", "-written_at", "-pk")
        posted = self.desk.request.POST
        return {
            "comments": list(found[:COMMENTS_SHOWN]),
            "count": found.count(),
            "may_answer": self.desk.user.has_perm(comments.ANSWER),
            "is_open": is_configured() and bool(self.desk.post.msg_data_id),
            "longest": comments.LONGEST_REPLY,
            "refusal": self.refusal,
            "answered": posted.get("comment", "") if self.refusal else "",
            "typed": posted.get("text", ""),
        }

    def refresh(self) -> str:
        comments.refresh(self.desk.user, self.desk.post)
        return "已从微信更新留言。"

    def elect(self) -> str:
        comments.elect(self.desk.user, self._comment())
        return "已精选，读者看得到这条留言。"

    def unelect(self) -> str:
        comments.unelect(self.desk.user, self._comment())
        return "已取消精选。"

    def reply(self) -> str:
        text = self.desk.request.POST.get("text", "")
        self._try(lambda: comments.reply(self.desk.user, self._comment(), text))
        return "已回复，读者看得到。"

    def delete_reply(self) -> str:
        comments.delete_reply(self.desk.user, self._comment())
        return "已删除回复。"

    def _try(self, act: Callable[[], None]) -> None:
        """A refusal is shown beside what was typed."""
        try:
            act()
        except comments.CommentRefused as refusal:
            self.refusal = str(refusal)
            raise FormRefused from refusal

    def _comment(self) -> WeChatComment:
        posted = self.desk.request.POST.get("comment", "")
        found = self.desk.post.comments.filter(pk=posted if posted.isdecimal() else 0)
        comment = found.select_related("post").first()
        if comment is None:
            raise PermissionDenied("没有找到这条留言，请刷新页面查看。")
        return comment


PANELS: tuple[type[PostPanel], ...] = (CurvePanel, ValuesPanel, TypedPanel, CommentsPanel)


class PostView(PanelledView):
    """阅读数据 of one post. Works with the right to see readings alone: no draft is shown."""

    template_name = "articles/admin/readings/post.html"
    header_icon = "view"
    view_permission = VIEW
    view_refusal = REFUSAL

    @cached_property
    def desk(self) -> PostDesk:
        posts = WeChatPost.objects.select_related("article", "member__push").defer("article__body")
        return PostDesk(self.request, get_object_or_404(posts, pk=self.kwargs["pk"]))

    @cached_property
    def panels(self) -> list[PostPanel]:
        return [panel(self.desk) for panel in PANELS]

    def get_page_title(self) -> str:
        return "阅读数据"

    def get_page_subtitle(self) -> str:
        return self.desk.post.title

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("readings_index"), "label": "阅读数据"},
            {"url": "", "label": self.desk.post.title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            post=self.desk.post, demo=DEMO if settings.DEMO else "", **kwargs
        )


def _curve(readings: list[Reading]) -> Any:
    """The curve of values of one metric and source; None with fewer than two days."""
    days = {each.stat_date: each for each in readings}
    if len(days) < 2:
        return None
    return day_curve(
        [
            DayValue(
                each.stat_date,
                float(each.value),
                each.bound,
                f"{each.stat_date:%Y-%m-%d}：{printed(each)}",
            )
            for each in sorted(days.values(), key=lambda each: each.stat_date)
        ]
    )
