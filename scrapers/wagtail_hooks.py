"""Where the scrapers meet Wagtail's admin."""

from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks

from .viewsets import scrapers_viewset_group


@hooks.register("register_admin_viewset")
def register_scrapers():
    return scrapers_viewset_group


@hooks.register("insert_global_admin_css")
def state_colours():
    """The lists are Wagtail's own templates and show states too."""
    return format_html('<link rel="stylesheet" href="{}">', static("scrapers/runs.css"))
