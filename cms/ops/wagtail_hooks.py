"""The house look of the admin."""

from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem

from cms import four_eyes
from cms.pages import FramePage

from . import notice_views
from .panels import FindingsPanel
from .reports import AuditReportView
from .special_days import special_day_viewset


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


@hooks.register("register_admin_viewset")
def register_special_days():
    return special_day_viewset


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


@hooks.register("before_edit_page")
def say_who_publishes(request, page):
    """Why the button is missing, and who has it."""
    opened = request.method == "GET" and isinstance(page, FramePage)
    if opened and (sentence := four_eyes.how_to_go_on(page, request.user)):
        messages.info(request, sentence)


@hooks.register("before_publish_page")
def keep_as_draft(request, page):
    """The form publishes without asking the page; who wrote on it keeps a draft."""
    if isinstance(page, FramePage) and (
        refusal := four_eyes.why_not_let_out(page, page.get_latest_revision(), request.user)
    ):
        messages.warning(request, f"已存为草稿，还没有发布。{refusal}")
        return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("construct_main_menu")
def without_outside_help(request, menu_items) -> None:
    """Wagtail's help menu leads to pages on the open internet, in English."""
    menu_items[:] = [item for item in menu_items if item.name != "help"]


@hooks.register("insert_global_admin_css")
def house_colours() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("cms/admin.css"))
