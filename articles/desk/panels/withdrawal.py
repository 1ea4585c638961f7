"""撤稿, and what the public address says since."""

from typing import Any

from cms.ops.templatetags.site_tags import on_site

from ...release import withdrawal
from ...release.forms import WithdrawForm
from ..base import Desk, DeskPanel


class WithdrawnPanel(DeskPanel):
    """What the public address of an article that was taken down says, and why."""

    name = "withdrawn"
    area = "first"
    template_name = "articles/admin/desk/withdrawn.html"

    def context(self) -> dict[str, Any] | None:
        gone = self.desk.gone
        return {"gone": gone, "address": on_site(self.desk.article.url)} if gone else None


class WithdrawalPanel(DeskPanel):
    """Taking a live article down, folded among what is rarely done."""

    name = "withdrawal"
    template_name = "articles/admin/desk/withdrawal.html"
    actions = {"withdraw": "withdraw"}

    def __init__(self, desk: Desk):
        super().__init__(desk)
        self.form = WithdrawForm()

    def context(self) -> dict[str, Any] | None:
        if not self.desk.article.live or not self.desk.user.has_perm(withdrawal.PERMISSION):
            return None
        return {"form": self.form}

    def withdraw(self) -> str:
        self.form = WithdrawForm(self.desk.request.POST)
        data = self.valid(self.form).cleaned_data
        withdrawal.withdraw(self.desk.user, self.desk.article, data["kind"], data["reason"])
        return "已撤稿。原地址现在显示撤稿说明，列表里不再出现这篇文章。"
