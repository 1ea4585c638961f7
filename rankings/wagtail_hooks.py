"""Where the rankings meet Wagtail's admin."""

from django.urls import include, path
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from . import admin_urls, panels
from .viewsets import RankingGroup

register_snippet(RankingGroup)


@hooks.register("register_admin_urls")
def register_screens():
    return [path("rankings/", include(admin_urls, namespace="rankings"))]


@hooks.register("construct_homepage_panels")
def add_standing_panel(request, home_panels):
    if request.user.has_perm("rankings.view_report"):
        home_panels.append(panels.StandingPanel())
