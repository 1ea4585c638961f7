"""阅读: what is known of the article in WeChat, and where it stands there."""

from typing import Any

from django.forms import Media

from ...models import Metric, WeChatPost
from ...readings import queries, typing_in
from ...readings.forms import RegisterForm
from ...readings.import_plan import IMPORT
from ...readings.screens import VIEW
from ...readings.words import printed
from ..base import Desk, DeskPanel, FormRefused

SHOWN = (Metric.READERS, Metric.READS, Metric.SHARERS, Metric.COMMENTS)


class ViewCountsPanel(DeskPanel):
    """The latest values with their sources; the curve is a click away."""

    name = "view_counts"
    template_name = "articles/admin/desk/view_counts.html"
    actions = {"register_wechat": "register"}

    def __init__(self, desk: Desk):
        super().__init__(desk)
        self.form = RegisterForm()

    @property
    def media(self) -> Media:
        return self.form.media

    def context(self) -> dict[str, Any] | None:
        desk = self.desk
        if not desk.user.has_perm(VIEW):
            return None
        posts = list(WeChatPost.objects.filter(article=desk.article.pk))
        may_register = bool(desk.article.live or posts) and desk.user.has_perm(IMPORT)
        if not posts and not may_register:
            return None
        known = queries.latest(posts, SHOWN)
        return {
            "posts": [(post, _lines(known.get(post.pk, {}))) for post in posts],
            "form": self.form if may_register else None,
        }

    def register(self) -> str:
        self.form = RegisterForm(self.desk.request.POST)
        said = self.valid(self.form).cleaned_data
        try:
            typing_in.register(self.desk.user, self.desk.article, said["url"], said["published_on"])
        except typing_in.TypedRefused as refusal:
            self.form.add_error("url", str(refusal))
            raise FormRefused from refusal
        return "已登记微信里的文章，阅读数据会记在这里。"


def _lines(known: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [
        (metric.label, printed(known[metric]), queries.basis(known[metric]))
        for metric in SHOWN
        if metric in known
    ]
