"""Where articles meet Wagtail's admin."""

from django.urls import include, path, re_path
from wagtail import hooks
from wagtail.admin import messages

from . import action_menu, claim_watch, panels, queues, submission
from .approval_sheet.views import SheetPageView, SheetWordView
from .desk import qr, views
from .editing import copies, scripts, stale
from .editing import views as editing_views
from .importing import buttons as importing_buttons
from .importing import past_views
from .intake.panels import ContributionsPanel
from .intake.viewsets import intake_viewset_group
from .models import ArticlePage
from .pushes import menu as push_menu
from .pushes.calendar import menu as calendar_menu
from .queue import menu
from .readings import menu as reading_menu
from .release import buttons as release_buttons
from .release import dates
from .reports import hooks as report_hooks
from .review.checklist_viewset import checklist_viewset
from .timeline.views import TimelineView
from .viewsets import article_viewset
from .wechat import viewsets as wechat_viewsets
from .wechat.callback.viewsets import event_viewset
from .wechat.lint import scripts as lint_scripts
from .wechat.rendering import views as wechat_views


@hooks.register("register_admin_viewset")
def register_article_listing():
    return article_viewset


@hooks.register("register_admin_viewset")
def register_intake():
    return intake_viewset_group


@hooks.register("register_admin_viewset")
def register_wechat():
    return [*wechat_viewsets.viewsets, event_viewset]


@hooks.register("construct_homepage_panels")
def add_contributions(request, home_panels):
    home_panels.append(ContributionsPanel())


@hooks.register("register_admin_urls")
def register_desk():
    return [
        path("articles/", include("articles.queue.urls")),
        path("articles/import/", include("articles.importing.urls")),
        path("articles/", include("articles.wechat.lint.urls")),
        path("pushes/", include("articles.pushes.urls")),
        path("pushes/calendar/", include("articles.pushes.calendar.urls")),
        path("readings/", include("articles.readings.urls")),
        path("articles/<int:pk>/desk/", views.ArticleDeskView.as_view(), name="articles_desk"),
        path(
            "articles/<int:pk>/preview/",
            views.ArticlePreviewView.as_view(),
            name="articles_preview",
        ),
        re_path(
            r"^articles/(?P<pk>\d+)/qr\.(?P<kind>svg|png)$",
            qr.ArticleQRView.as_view(),
            name="articles_qr",
        ),
        path(
            "articles/<int:pk>/wechat/",
            wechat_views.WeChatHtmlView.as_view(),
            name="articles_wechat_html",
        ),
        path(
            "articles/<int:pk>/changes/",
            editing_views.ChangesView.as_view(),
            name="articles_changes",
        ),
        path("articles/session/", editing_views.SessionView.as_view(), name="articles_session"),
        path("articles/<int:pk>/timeline/", TimelineView.as_view(), name="articles_timeline"),
        path("articles/<int:pk>/sheet/", SheetPageView.as_view(), name="articles_approval_sheet"),
        path(
            "articles/<int:pk>/sheet/word/",
            SheetWordView.as_view(),
            name="articles_approval_sheet_word",
        ),
    ]


@hooks.register("register_admin_menu_item")
def register_queue_menu_item():
    return menu.queue_item()


@hooks.register("register_admin_menu_item")
def register_pushes_menu_item():
    return push_menu.pushes_item()


@hooks.register("register_admin_menu_item")
def register_readings_menu_item():
    return reading_menu.readings_item()


@hooks.register("register_admin_menu_item")
def register_calendar_menu_item():
    return calendar_menu.calendar_item()


@hooks.register("register_admin_menu_item")
def register_deputies_menu_item():
    return menu.deputies_item()


@hooks.register("construct_homepage_panels")
def arrange_dashboard(request, home_panels):
    """Ours first; Wagtail's own panels on the same matters would say it twice."""
    said_twice = {"workflow_objects_to_moderate", "user_objects_in_workflow_moderation"}
    home_panels[:] = [p for p in home_panels if getattr(p, "name", "") not in said_twice]
    for panel in (panels.TasksPanel(), panels.SchedulePanel()):
        if request.user.has_perm(panel.permission):
            home_panels.append(panel)


@hooks.register("register_admin_viewset")
def register_checklists():
    return checklist_viewset


@hooks.register("before_edit_page", order=-300)
def take_back_on_desk(request, page):
    return submission.send_to_desk(request, page)


@hooks.register("before_edit_page", order=-200)
def submit_to_whole_workflow(request, page):
    submission.keep_as_draft(request, page)


@hooks.register("before_create_page")
def begin_with_whole_workflow(request, parent_page, page_class):
    submission.keep_as_draft(request, parent_page)


@hooks.register("after_create_page", order=-100)
@hooks.register("after_edit_page", order=-100)
def record_submission(request, page):
    submission.record_submission(request, page)


@hooks.register("register_page_action_menu_item")
def register_desk_menu_item():
    return action_menu.DeskMenuItem()


@hooks.register("construct_page_action_menu")
def arrange_action_menu(menu_items, request, context):
    action_menu.arrange(menu_items, context)


@hooks.register("register_page_header_buttons")
def offer_word_import(page, user, view_name, next_url=None):
    return importing_buttons.word_import(page, user)


@hooks.register("register_page_header_buttons")
def offer_copy_to_wechat(page, user, view_name, next_url=None):
    return wechat_views.copy_button(page, user)


@hooks.register("insert_editor_js")
def load_copy_script():
    return wechat_views.copy_script()


@hooks.register("register_settings_menu_item")
def register_past_import():
    return past_views.menu_item()


@hooks.register("insert_editor_js")
def clean_what_is_pasted():
    return importing_buttons.paste_script()


@hooks.register("before_edit_page", order=-100)
def guard_save(request, page):
    return stale.save_under_lock(request, page)


@hooks.register("before_edit_page")
def say_why_returned(request, page):
    """An author who opens a returned text reads the reason above it."""
    opened = request.method == "GET" and isinstance(page, ArticlePage)
    if opened and (reason := queues.why_returned(page)):
        messages.warning(request, reason)


@hooks.register("register_page_listing_more_buttons")
def offer_withdrawal_in_listing(page, user, next_url=None):
    return release_buttons.withdraw(page, user)


@hooks.register("register_page_header_buttons")
def offer_withdrawal(page, user, view_name, next_url=None):
    return release_buttons.withdraw(page, user)


@hooks.register("register_log_actions")
def name_events(actions):
    for action, label in {**claim_watch.LOG_ACTIONS, **dates.LOG_ACTIONS}.items():
        actions.register_action(action, label, label)


report_hooks.register()


@hooks.register("insert_editor_js")
def load_editor_scripts():
    return scripts.tags()


@hooks.register("insert_editor_js")
def load_wechat_lint():
    return lint_scripts.tags()


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def note_saved_copy(request, page):
    copies.note_saved(request)
