"""What the dashboard shows of the rankings."""

from typing import Any

from wagtail.admin.ui.components import Component

from . import reports
from .services import watching


class StandingPanel(Component):
    """本账号名次: latest place and streak, with the way to the report."""

    name = "rankings_standing"
    template_name = "rankings/admin/standing_panel.html"
    order = 80

    class Media:
        css = {"all": ["rankings/admin.css"]}

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        account = reports.our_account()
        report = None
        if account is not None:
            board = next(iter(reports.boards_of(account)), None)
            if board is not None:
                report = reports.account_report(board, account)
        user = parent_context["request"].user
        return {
            "account": account,
            "report": report,
            "may_import": user.has_perm("rankings.import_rankings"),
            "may_confirm": user.has_perm("rankings.confirm_observation"),
        }


class ReturnedPanel(Component):
    """退回的录入: what the person entered and another sent back. Silent when there is nothing."""

    name = "rankings_returned"
    template_name = "rankings/admin/panels/returned.html"
    order = 55
    SHOWN = 5

    class Media:
        css = {"all": ["rankings/admin.css"]}

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"returned": reports.returned_to(parent_context["request"].user)[: self.SHOWN]}


class AlertsPanel(Component):
    """排名提醒: what the person has not read yet, in two queries. Silent when there is nothing."""

    name = "rankings_alerts"
    template_name = "rankings/admin/alerts/panel.html"
    order = 60
    SHOWN = 5

    class Media:
        css = {"all": ["rankings/alerts.css"]}

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        unread = watching.unread_for(parent_context["request"].user)
        alerts = list(unread[: self.SHOWN])
        count = unread.count() if len(alerts) == self.SHOWN else len(alerts)
        return {"alerts": alerts, "count": count}
