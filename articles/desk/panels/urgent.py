"""特急: asking for it, the second person's answer, and the reviews that are still owed."""

from typing import Any

from ...models import UrgentRelease
from ...release import rules, urgent
from ...release.base import ReleaseRefused
from ...release.forms import UrgentConfirmForm, UrgentDeclineForm, UrgentRequestForm
from ...review import approvals
from ..base import Desk, DeskPanel


class UrgentPanel(DeskPanel):
    """What waits for the second person, or for the reviews afterwards."""

    name = "urgent"
    template_name = "articles/admin/desk/urgent.html"
    actions = {
        "urgent_confirm": "confirm",
        "urgent_decline": "decline",
        "urgent_cancel": "cancel",
    }

    def __init__(self, desk: Desk):
        super().__init__(desk)
        self.confirm_form = UrgentConfirmForm()
        self.decline_form = UrgentDeclineForm()

    def context(self) -> dict[str, Any] | None:
        releases = self.desk.article.urgent_releases.select_related("requested_by", "decided_by")
        if waiting := releases.waiting().first():
            return {"waiting": waiting, **self._answers(waiting)}
        unreviewed = releases.unreviewed().first()
        return {"unreviewed": unreviewed} if unreviewed else None

    def _answers(self, release: UrgentRelease) -> dict[str, Any]:
        """What this person may answer, and what they should know before."""
        desk = self.desk
        authors = approvals.authors_since_live(desk.article)
        return {
            "may_cancel": desk.user.has_perm(urgent.REQUEST),
            "is_second": desk.user.has_perm(urgent.CONFIRM) and desk.user != release.requested_by,
            "refusal": rules.why_not_confirm_urgent(desk.user.pk, release.requested_by_id, authors),
            "is_changed": desk.latest is None or desk.latest.pk != release.revision_id,
            "open_comments": desk.article.wagtail_admin_comments.filter(resolved_at=None).count(),
            "confirm_form": self.confirm_form,
            "decline_form": self.decline_form,
        }

    def confirm(self) -> str:
        self.confirm_form = UrgentConfirmForm(self.desk.request.POST)
        note = self.valid(self.confirm_form).cleaned_data["note"]
        urgent.confirm_urgent(self.desk.user, self._asked(), note)
        return "已特急发布，三审已经同时开始。"

    def decline(self) -> str:
        self.decline_form = UrgentDeclineForm(self.desk.request.POST)
        reason = self.valid(self.decline_form).cleaned_data["reason"]
        urgent.decline_urgent(self.desk.user, self._asked(), reason)
        return "已回复不同意，稿件没有发布。"

    def cancel(self) -> str:
        urgent.cancel_urgent(self.desk.user, self._asked())
        return "已撤回特急，稿件没有发布。"

    def _asked(self) -> UrgentRelease:
        """The request the form was shown for, so that a stale tab answers no other one."""
        release = self.desk.article.urgent_releases.filter(
            pk=posted_id(self.desk.request.POST.get("release"))
        ).first()
        if release is None:
            raise ReleaseRefused("没有找到这次特急，请刷新页面查看最新状态。")
        return release


class UrgentRequestPanel(DeskPanel):
    """Asking for it, folded among what is rarely done."""

    name = "urgent_request"
    template_name = "articles/admin/desk/urgent_request.html"
    actions = {"urgent_request": "request"}

    def __init__(self, desk: Desk):
        super().__init__(desk)
        self.form = UrgentRequestForm()

    def context(self) -> dict[str, Any] | None:
        desk = self.desk
        if not desk.user.has_perm(urgent.REQUEST) or urgent.why_not_request(desk.article):
            return None
        return {"form": self.form}

    def request(self) -> str:
        self.form = UrgentRequestForm(self.desk.request.POST)
        reason = self.valid(self.form).cleaned_data["reason"]
        urgent.request_urgent(self.desk.user, self.desk.article, reason)
        return "已发起特急，等第二人确认后立即发布。"


def posted_id(text: str | None) -> int | None:
    """A row's id as it was posted; None when it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
