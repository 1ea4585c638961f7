"""Where messages meet Wagtail's admin."""

from django.urls import path
from wagtail import hooks

from .screens import figures
from .screens.panels import FeedbackPanel
from .screens.views import HandOverView
from .screens.viewsets import viewsets


@hooks.register("register_admin_viewset")
def register_screens():
    return list(viewsets)


@hooks.register("register_admin_urls")
def register_urls():
    return [
        *figures.URLS,
        path("feedback-units/hand-over/", HandOverView.as_view(), name="feedback_hand_over"),
    ]


@hooks.register("register_reports_menu_item")
def register_figures():
    return figures.menu_item()


@hooks.register("construct_homepage_panels")
def add_panel(request, home_panels):
    home_panels.append(FeedbackPanel())
