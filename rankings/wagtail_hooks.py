"""Where the rankings meet Wagtail's admin."""

from django.urls import include, path
from wagtail import hooks
from wagtail.admin.admin_url_finder import register_admin_url_finder
from wagtail.snippets.models import register_snippet

from . import admin_urls, panels
from .models import Claim
from .views.claims.chooser import ClaimUrlFinder, claim_chooser_viewset
from .viewsets import RankingGroup

register_snippet(RankingGroup)
register_admin_url_finder(Claim, ClaimUrlFinder)


@hooks.register("register_admin_viewset")
def register_claim_chooser():
    return claim_chooser_viewset


@hooks.register("register_admin_urls")
def register_screens():
    return [path("rankings/", include(admin_urls, namespace="rankings"))]


@hooks.register("construct_homepage_panels")
def add_standing_panel(request, home_panels):
    if request.user.has_perm("rankings.view_report"):
        home_panels.append(panels.StandingPanel())
        home_panels.append(panels.AlertsPanel())


@hooks.register("register_icons")
def register_icons(icons):
    return [*icons, "rankings/icons/bell.svg"]
