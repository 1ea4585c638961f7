"""Where the scrapers meet Wagtail's admin."""

from wagtail import hooks

from .viewsets import scrapers_viewset_group


@hooks.register("register_admin_viewset")
def register_scrapers():
    return scrapers_viewset_group
