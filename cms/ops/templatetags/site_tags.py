"""What every public page says of the site itself."""

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from django import template
from django.conf import settings

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


@register.filter
def on_site(path: str | None) -> str:
    """``path`` as a full public address, under ``SITE_URL`` whatever host was asked."""
    return urljoin(settings.SITE_URL, path or "/")
