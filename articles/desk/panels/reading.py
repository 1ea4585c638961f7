"""送领导审阅: links for people without an account, who opened them, and what they said."""

from typing import Any

from ...models import ReadingLink
from ...reading import links
from ...reading.forms import ShareForm
from ..base import Desk, DeskPanel
from .urgent import posted_id


class ReadingPanel(DeskPanel):
    name = "reading"
    template_name = "articles/admin/desk/reading.html"
    actions = {"share": "share", "revoke_link": "revoke"}

    def __init__(self, desk: Desk):
        super().__init__(desk)
        self.form = ShareForm(auto_id="share_%s")

    def context(self) -> dict[str, Any] | None:
        if not self.desk.user.has_perm(links.PERMISSION):
            return None
        latest = self.desk.latest.pk if self.desk.latest else None
        has_draft = latest is not None and latest != self.desk.article.live_revision_id
        found = list(
            self.desk.article.reading_links.select_related("created_by", "revoked_by")
            .prefetch_related("openings", "opinions")
            .order_by("-pk")
        )
        if not has_draft and not found:
            return None
        return {
            "links": [
                (
                    link,
                    links.address_of(link) if link.is_open and not self._is_gone(link) else "",
                    link.revision_id == latest,
                    self._is_gone(link),
                )
                for link in found
            ],
            "form": self.form if has_draft else None,
        }

    def _is_gone(self, link: ReadingLink) -> bool:
        """As `links.is_withdrawn`, without asking for each link."""
        gone = self.desk.gone
        return gone is not None and link.created_at <= gone.withdrawn_at

    def share(self) -> str:
        self.form = ShareForm(self.desk.request.POST, auto_id="share_%s")
        answers = self.valid(self.form).cleaned_data
        link, _ = links.share(
            self.desk.user, self.desk.article, answers["reader"], answers["days"], answers["note"]
        )
        return f"已生成送{link.reader}审阅的链接，请在“送领导审阅”里复制后发给本人。"

    def revoke(self) -> str:
        link = ReadingLink.objects.filter(
            article=self.desk.article, pk=posted_id(self.desk.request.POST.get("link"))
        ).first()
        if link is None:
            raise links.LinkRefused("没有找到这个链接，请刷新页面查看。")
        links.revoke(self.desk.user, link)
        return f"送{link.reader}审阅的链接已收回，不能再打开。"
