"""The house look of the admin."""

from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from . import notice_views
from .panels import FindingsPanel
from .reports import AuditReportView


@hooks.register("construct_homepage_panels")
def add_findings(request, home_panels):
    home_panels.extend([FindingsPanel(), notice_views.NoticesPanel()])


class AuditMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return request.user.has_perm("ops.view_auditentry")


@hooks.register("register_reports_menu_item")
def register_audit_report():
    return AuditMenuItem("审计记录", reverse("audit_report"), name="audit", icon_name="history")


@hooks.register("register_reports_menu_item")
def register_unsent_mails():
    return notice_views.unsent_mails_menu_item()


@hooks.register("register_admin_menu_item")
def register_notices():
    return notice_views.menu_item()


@hooks.register("register_account_settings_panel")
def register_mail_choices(request, user, profile):
    return notice_views.MailFamiliesPanel(request, user, profile)


@hooks.register("register_icons")
def register_icons(icons):
    return [*icons, "ops/icons/bell.svg"]


@hooks.register("register_admin_urls")
def register_audit_urls():
    return [
        *notice_views.URLS,
        path("reports/audit/", AuditReportView.as_view(), name="audit_report"),
        path(
            "reports/audit/results/",
            AuditReportView.as_view(results_only=True),
            name="audit_report_results",
        ),
    ]


@hooks.register("construct_main_menu")
def without_outside_help(request, menu_items) -> None:
    """Wagtail's help menu leads to pages on the open internet, in English."""
    menu_items[:] = [item for item in menu_items if item.name != "help"]


@hooks.register("insert_global_admin_css")
def house_colours() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("cms/admin.css"))
