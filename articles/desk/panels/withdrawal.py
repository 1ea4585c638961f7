"""撤稿, and what the public address says since."""

from typing import Any

from ...release import withdrawal
from ...release.forms import WithdrawForm
from ..base import Desk, DeskPanel


class WithdrawalPanel(DeskPanel):
    name = "withdrawal"
    template_name = "articles/admin/desk/withdrawal.html"
    actions = {"withdraw": "withdraw"}

    def __init__(self, desk: Desk):
        super().__init__(desk)
        self.form = WithdrawForm()

    def context(self) -> dict[str, Any] | None:
        article = self.desk.article
        withdrawn = None
        if not article.live:
            withdrawn = article.withdrawals.in_force().select_related("withdrawn_by").first()
        may_withdraw = article.live and self.desk.user.has_perm(withdrawal.PERMISSION)
        if not withdrawn and not may_withdraw:
            return None
        return {"withdrawn": withdrawn, "may_withdraw": may_withdraw, "form": self.form}

    def withdraw(self) -> str:
        self.form = WithdrawForm(self.desk.request.POST)
        data = self.valid(self.form).cleaned_data
        withdrawal.withdraw(self.desk.user, self.desk.article, data["kind"], data["reason"])
        return "已撤稿。原地址现在显示撤稿说明，列表里不再出现这篇文章。"
