"""The calendar's screens: the sheet, its print, moving things, the address for phones."""

from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from cms import workdays

from ...models import ArticlePage, Delivery, Push, PushSettings
from ..base import COMMIT, PLAN
from ..refusals import PushRefused
from . import entries, feed, planning, records, sheet
from .forms import AskForm, MoveForm
from .sheet import Sheet, Span, Special
from .silence import sentences
from .states import State

READ = "articles.view_push"


class ReadersOnly:
    """For those who may see pushes."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(READ):
            raise PermissionDenied("您没有查看推送日历的权限。")
        return super().dispatch(request, *args, **kwargs)


class SheetView(ReadersOnly, TemplateView):
    """What the screen and the print share: the days that were asked for, and what is on them."""

    spans: tuple[Span, ...] = tuple(Span)

    @cached_property
    def form(self) -> AskForm:
        return AskForm(self.request.GET)

    @cached_property
    def asked(self) -> dict[str, Any]:
        return self.form.asked

    @property
    def span(self) -> Span:
        return self.asked["span"] if self.asked["span"] in self.spans else self.spans[0]

    @cached_property
    def sheet(self) -> Sheet:
        settings = PushSettings.load()
        weeks = sheet.days_of(self.span, self.asked["on"])
        first, last = weeks[0][0], weeks[-1][-1]
        special = workdays.days_between(first, last)
        return sheet.make(
            self.span,
            self.asked["on"],
            entries.between(first, last),
            outlook=self.outlook,
            special={day: Special(row.kind, row.name) for day, row in special.items()},
            allowance=settings.daily_allowance,
            sends_on_holidays=settings.send_on_holidays,
            column=self.asked["column"],
            states=self.asked["states"],
        )

    @cached_property
    def outlook(self) -> Any:
        return records.outlook()

    def address(self, url_name: str = "pushes_calendar", **changes: Any) -> str:
        """This view with the same filter, and ``changes``."""
        query = {
            "span": self.span.value,
            "on": self.asked["on"].isoformat(),
            "column": self.asked["column"] or "",
            "state": [state.value for state in self.asked["states"]],
        } | changes
        kept = {name: value for name, value in query.items() if value}
        return f"{reverse(url_name)}?{urlencode(kept, doseq=True)}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            sheet=self.sheet,
            weekdays=sheet.WEEKDAYS,
            states=list(State),
            filter_words=self._filter_words(),
            **kwargs,
        )

    def _filter_words(self) -> str:
        columns = dict(self.form.fields["column"].choices)
        chosen = [state.label for state in self.asked["states"]]
        if self.asked["column"]:
            chosen.insert(0, columns[self.asked["column"]])
        return "、".join(chosen)


class CalendarView(WagtailAdminTemplateMixin, SheetView):
    """A month or a week, with what waits for a day above it."""

    template_name = "articles/admin/pushes/calendar.html"
    page_title = "推送日历"
    header_icon = "calendar"

    def get_page_subtitle(self) -> str:
        return self.sheet.title

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        url = self.address("pushes_calendar_print")
        return [HeaderButton("打印", url=url, icon_name="doc-full")]

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("pushes_index"), "label": "推送"},
            {"url": "", "label": "日历", "sublabel": self.sheet.title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        on, own = self.asked["on"], feed.of(self.request.user)
        return super().get_context_data(
            form=self.form,
            asked=self.asked,
            is_week=self.span == Span.WEEK,
            here=self.address(),
            today=timezone.localdate(),
            before=self.address(on=sheet.neighbour(self.span, on, -1).isoformat()),
            after=self.address(on=sheet.neighbour(self.span, on, 1).isoformat()),
            now=self.address(on=timezone.localdate().isoformat()),
            spans=[(each, self.address(span=each.value)) for each in Span],
            unfiltered=self.address(column="", state=[]),
            silence=self.outlook.now,
            silence_words=sentences(self.outlook, records.unnoticed()),
            waiting=entries.waiting(),
            may_plan=self.request.user.has_perm(PLAN),
            feed_address=feed.address_of(own) if own else "",
            **kwargs,
        )


class PrintView(SheetView):
    """A month on one A4 sheet, black on white."""

    template_name = "articles/pushes/calendar_print.html"
    spans = (Span.MONTH,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            back=self.address(), printed_at=timezone.localtime(), **kwargs
        )


class MoveView(ReadersOnly, View):
    """改到…: another day for a plan. A committed minute is asked about first."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        back = get_valid_next_url_from_request(request) or reverse("pushes_calendar")
        form = MoveForm(request.POST)
        if not form.is_valid():
            messages.error(request, "没有看懂要改到哪一天，请写成 2026-12-10 这样，再试一次。")
            return redirect(back)
        kind, pk, day = form.target
        try:
            if kind == "article":
                return self._article(get_object_or_404(ArticlePage, pk=pk), day, back)
            return self._push(get_object_or_404(Push, pk=pk), day, back)
        except PermissionDenied as refusal:
            messages.error(request, f"没有移动：{refusal}")
        return redirect(back)

    def _article(self, article: ArticlePage, day: date | None, back: str) -> HttpResponse:
        planning.plan_article(self.request.user, article, day)
        messages.success(self.request, f"《{article.draft_title}》{_moved(day)}")
        return redirect(back)

    def _push(self, push: Push, day: date | None, back: str) -> HttpResponse:
        if push.go_live_at and day:
            query = urlencode({"day": day.isoformat(), "next": back})
            return redirect(f"{reverse('pushes_calendar_recommit', args=[push.pk])}?{query}")
        warning = planning.move_push(self.request.user, push, day)
        messages.success(self.request, f"{push.title}{_moved(day)}")
        if warning:
            messages.warning(self.request, warning)
        return redirect(back)


class RecommitView(ReadersOnly, WagtailAdminTemplateMixin, TemplateView):
    """The old and the new minute of a committed push, before it is moved."""

    template_name = "articles/admin/pushes/calendar_recommit.html"
    page_title = "改定时"
    header_icon = "calendar"

    @cached_property
    def push(self) -> Push:
        return get_object_or_404(Push, pk=self.kwargs["pk"])

    @cached_property
    def back(self) -> str:
        return get_valid_next_url_from_request(self.request) or reverse("pushes_calendar")

    def get_page_subtitle(self) -> str:
        return self.push.title

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("pushes_index"), "label": "推送"},
            {"url": self.back, "label": "日历"},
            {"url": "", "label": self.page_title, "sublabel": self.push.title},
        ]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.push.go_live_at is None:
            messages.error(request, "这次推送的定时刚刚取消了，请看最新的日历。")
            return redirect(self.back)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        was, at = (_moment(request.POST.get(name, "")) for name in ("was", "at"))
        try:
            planning.recommit(request.user, self.push, was, at)
            words = f"{timezone.localtime(at):%m月%d日 %H:%M}"
            messages.success(request, f"{self.push.title}已改为 {words} 发布。审定仍然有效。")
        except PushRefused as refusal:
            messages.error(request, f"没有移动，仍按原来的时间：{refusal}")
        return redirect(self.back)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        try:
            day = parse_date(self.request.GET.get("day", ""))
        except ValueError:
            day = None
        if day is None:
            raise Http404("没有这一天，请从日历里移动。")
        return super().get_context_data(
            push=self.push,
            was=self.push.go_live_at,
            at=planning.same_minute_on(self.push, day),
            back=self.back,
            has_draft=Delivery.objects.filter(push=self.push, delivered_at__isnull=False).exists(),
            may_commit=self.request.user.has_perm(COMMIT),
            **kwargs,
        )


class FeedActionsView(ReadersOnly, View):
    """生成、更换、停用 the address for the calendar of one's phone."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            if request.POST.get("action") == "revoke":
                feed.revoke(request.user)
                messages.success(request, "订阅地址已停用，手机上的日历不再更新。")
            else:
                feed.renew(request.user)
                messages.success(
                    request, "订阅地址已生成，请复制到手机日历里。以前的地址不再有效。"
                )
        except PermissionDenied as refusal:
            messages.error(request, str(refusal))
        return redirect(f"{reverse('pushes_calendar')}#feed")


def _moved(day: date | None) -> str:
    return f"已改到{day.month}月{day.day}日。" if day else "已取消计划日期。"


def _moment(text: str) -> Any:
    """A moment with its offset from a form of ours.

    Raises:
        Http404: it is none; nobody wrote it by hand.
    """
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or timezone.is_naive(moment):
        raise Http404("时间不完整，请从日历里重新移动。")
    return moment
