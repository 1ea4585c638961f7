"""Where the rankings meet Wagtail's admin."""

from django.core.exceptions import PermissionDenied
from django.urls import include, path
from wagtail import hooks
from wagtail.admin.admin_url_finder import register_admin_url_finder
from wagtail.snippets.models import register_snippet

from . import admin_urls, panels
from .models import Claim, HonoursPage
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
        home_panels.append(panels.ReturnedPanel())


@hooks.register("before_create_page")
def honours_are_begun_by_who_publishes(request, parent_page, page_class):
    """The honours page has no reviews: a draft of it is no way around them."""
    tester = parent_page.permissions_for_user(request.user)
    if page_class is HonoursPage and not tester.has("publish"):
        raise PermissionDenied


@hooks.register("register_icons")
def register_icons(icons):
    return [*icons, "rankings/icons/bell.svg"]
