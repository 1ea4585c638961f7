"""What every public page says of the site itself."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from django import template
from django.conf import settings
from django.template import Context
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page, Site
from wagtail.templatetags.wagtailcore_tags import richtext

from cms.leaving import Leads, Leaving, host_of
from cms.mirror import rendering
from cms.mirror.identity import SiteIdentity, identity_of

register = template.Library()

# As Django's own ``json_script`` does, and the two line ends that scripts know and JSON does not.
_IN_SCRIPT = str.maketrans({c: f"\\u{ord(c):04X}" for c in "<>&\u2028\u2029"})


@dataclass(frozen=True)
class SiteInfo:
    """The site as its pages name it; ``url`` has no slash at its end."""

    name: str
    url: str
    domain: str
    is_demo: bool
    identity: SiteIdentity


@register.simple_tag(takes_context=True)
def site_info(context: Context) -> SiteInfo:
    """Name and address from the settings: error pages need them without a database."""
    return SiteInfo(
        name=settings.WAGTAIL_SITE_NAME,
        url=settings.SITE_URL.rstrip("/"),
        domain=urlsplit(settings.SITE_URL).netloc,
        is_demo=settings.DEMO,
        identity=identity_of(context.get("request")),
    )


@register.simple_tag(takes_context=True)
def top_pages(context: Context) -> list[Page]:
    """The live pages right below the home page, in the order of the tree."""
    request = context.get("request")
    site = Site.find_for_request(request) if request else None
    if site is None:
        return []
    below = Page.objects.child_of(site.root_page).live()
    return rendering.shared("top_pages", lambda: list(below))


@register.filter
def on_site(path: str | None) -> str:
    """``path`` as a full public address, under ``SITE_URL`` whatever host was asked."""
    return urljoin(settings.SITE_URL, path or "/")


@register.filter
def json_ld(data: Any) -> SafeString:
    """``data`` as JSON that cannot end the script element it stands in."""
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(_IN_SCRIPT))


# --- links that leave the site ----------------------------------------------------------------


@register.simple_tag(takes_context=True)
def collect_leaving(context: Context) -> Leaving:
    """Begin to gather the links of a page that lead away; ``includes/leaving.html`` ends it.

    To be kept as ``leaving``: the tags below look for it under that name.
    """
    return Leaving(host_of(settings.SITE_URL), identity_of(context.get("request")).domains)


@register.simple_tag(takes_context=True)
def outward(context: Context, url: str | None, text: str, show_host: bool = True) -> SafeString:
    """``text`` as a link to ``url``, with its host; only the text where that is no web address.

    What is no government site is reached by way of a notice.
    """
    leaving = context.get("leaving") or collect_leaving(context)
    where, address = leaving.leads(url or "")
    host = host_of(address)
    if where is Leads.NOWHERE or not host:
        return conditional_escape(text)
    name = format_html('<span class="host">{}</span>', host) if show_host else ""
    if where is Leads.AWAY and "leaving" in context:
        notice, is_first = leaving.notice(address)
        id_ = format_html(' id="{}"', notice.link) if is_first else ""
        return format_html(
            '<a href="#{}"{} data-to="{}" rel="noopener nofollow">{}{}</a>',
            notice.id,
            id_,
            notice.url,
            text,
            name,
        )
    return format_html('<a href="{}" rel="noopener nofollow">{}{}</a>', address, text, name)


@register.simple_tag(takes_context=True)
def public_text(context: Context, value: Any) -> SafeString:
    """Rich text as readers get it: a link that leads away is reached by way of a notice.

    Outside a page that gathers such links it is what Wagtail makes of it.
    """
    text = richtext(value)
    if (leaving := context.get("leaving")) is None:
        return text
    return mark_safe(leaving.rewritten(str(text)))
