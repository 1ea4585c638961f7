"""What the dashboard shows of the installation's health."""

from typing import Any

from wagtail.admin.ui.components import Component

from .registry import HealthResult, health_checks


def findings_for(person: Any) -> list[HealthResult]:
    """What the checks have to say to ``person``, by the permission each of them names."""
    return [
        result
        for check in health_checks()
        if person.has_perm(check.permission)
        for result in check.check()
    ]


class FindingsPanel(Component):
    """需要留意: what is late, failed or waits for somebody. Says nothing when all is well."""

    name = "findings"
    template_name = "ops/findings_panel.html"
    order = 40

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"findings": findings_for(parent_context["request"].user)}
