"""更正: proposing one, the second person's answer, and what was done in WeChat."""

from typing import Any

from ...models import CorrectionNote
from ...release import corrections, rules
from ...release.base import ReleaseRefused
from ...release.forms import CorrectionDeclineForm, CorrectionForm
from ..base import Desk, DeskPanel
from .urgent import posted_id


class CorrectionPanel(DeskPanel):
    name = "correction"
    template_name = "articles/admin/desk/correction.html"
    actions = {
        "correction_propose": "propose",
        "correction_publish": "publish",
        "correction_decline": "decline",
    }

    def __init__(self, desk: Desk):
        super().__init__(desk)
        self.form = CorrectionForm()
        self.decline_form = CorrectionDeclineForm()
        # The note whose refusal was not filled in, so that only its form shows the error.
        self.declining: int | None = None

    def context(self) -> dict[str, Any] | None:
        desk = self.desk
        notes = desk.article.correction_notes.select_related("proposed_by", "decided_by")
        public = list(notes.public())
        may_confirm = desk.user.has_perm(corrections.CONFIRM)
        waiting = [
            {
                "note": note,
                "refusal": rules.why_not_confirm_correction(desk.user.pk, note.proposed_by_id),
                "may_confirm": may_confirm,
                "may_decline": may_confirm or note.proposed_by_id == desk.user.pk,
                "form": self.decline_form if self.declining == note.pk else CorrectionDeclineForm(),
            }
            for note in notes.waiting()
        ]
        may_propose = desk.article.live and desk.user.has_perm(corrections.PROPOSE)
        if not (public or waiting or may_propose):
            return None
        return {
            "public": public,
            "waiting": waiting,
            "may_propose": may_propose,
            "form": self.form,
        }

    def propose(self) -> str:
        self.form = CorrectionForm(self.desk.request.POST)
        data = self.valid(self.form).cleaned_data
        corrections.propose_correction(
            self.desk.user, self.desk.article, data["text"], data["wechat_action"]
        )
        return "已提出更正，等第二人确认后登在正文下面。"

    def publish(self) -> str:
        corrections.publish_correction(self.desk.user, self._note())
        return "更正已登在正文下面。"

    def decline(self) -> str:
        note = self._note()
        self.decline_form = CorrectionDeclineForm(self.desk.request.POST)
        self.declining = note.pk
        reason = self.valid(self.decline_form).cleaned_data["reason"]
        corrections.decline_correction(self.desk.user, note, reason)
        return "这条更正不登了。"

    def _note(self) -> CorrectionNote:
        """The note the form was shown for."""
        note = self.desk.article.correction_notes.filter(
            pk=posted_id(self.desk.request.POST.get("note"))
        ).first()
        if note is None:
            raise ReleaseRefused("没有找到这条更正，请刷新页面查看最新状态。")
        return note
