"""What every public page says of the site itself."""

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from django import template
from django.conf import settings
from django.template import Context
from wagtail.models import Page, Site

register = template.Library()


@dataclass(frozen=True)
class SiteInfo:
    """The site as its pages name it; ``url`` has no slash at its end."""

    name: str
    url: str
    domain: str
    is_demo: bool


@register.simple_tag
def site_info() -> SiteInfo:
    """Name and address from the settings: error pages need them without a database."""
    return SiteInfo(
        name=settings.WAGTAIL_SITE_NAME,
        url=settings.SITE_URL.rstrip("/"),
        domain=urlsplit(settings.SITE_URL).netloc,
        is_demo=settings.DEMO,
    )


@register.simple_tag(takes_context=True)
def top_pages(context: Context) -> list[Page]:
    """The live pages right below the home page, in the order of the tree."""
    request = context.get("request")
    site = Site.find_for_request(request) if request else None
    return [] if site is None else list(Page.objects.child_of(site.root_page).live())


@register.filter
def on_site(path: str | None) -> str:
    """``path`` as a full public address, under ``SITE_URL`` whatever host was asked."""
    return urljoin(settings.SITE_URL, path or "/")
