"""阅读: what is known of the push's articles in WeChat, and which message the push was."""

from typing import Any

from django.forms import Media

from ...models import Metric, SentNoticed
from ...readings import noticing, queries
from ...readings.screens import VIEW
from ...readings.words import printed
from ..base import DELIVER
from ..refusals import PushRefused
from .base import PushPanel


class ViewCountsPanel(PushPanel):
    """Shown once the push was sent; what the statistics were read to mean can be put right."""

    name = "view_counts"
    area = "below"
    template_name = "articles/admin/pushes/panels/view_counts.html"
    actions = {"correct_sent": "correct"}

    @property
    def media(self) -> Media:
        return Media(css={"all": ["articles/readings.css"]})

    def context(self) -> dict[str, Any] | None:
        push, user = self.push, self.desk.user
        if not push.sent_at or not user.has_perm(VIEW):
            return None
        posts = {post.member_id: post for post in queries.of_push(push)}
        known = queries.latest(posts.values(), queries.RANKED)
        rows = []
        for each in self.desk.loaded:
            post = posts.get(each.member.pk)
            told = known.get(post.pk, {}) if post else {}
            rows.append((each.article, post, [_words(told, metric) for metric in queries.RANKED]))
        is_read_off = push.sent_noticed == SentNoticed.STATISTICS
        may_correct = is_read_off and user.has_perm(DELIVER)
        return {
            "rows": rows,
            "labels": [metric.label for metric in queries.RANKED],
            "is_read_off": is_read_off,
            "others": noticing.candidates(push) if may_correct else [],
        }

    def correct(self) -> str:
        posted = self.desk.request.POST.get("headline", "")
        others = noticing.candidates(self.push) if self.push.sent_at else []
        headline = next((post for post in others if str(post.pk) == posted), None)
        if headline is None:
            raise PushRefused("请选择实际发出的是哪一条。")
        noticing.correct(self.desk.user, self.push, headline)
        return "已改正，阅读数据改记在所选的那一条。"


def _words(told: dict[str, Any], metric: Metric) -> str:
    return printed(told[metric]) if metric in told else "—"
