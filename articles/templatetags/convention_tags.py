"""What the conventions of government sites and of search engines want of a page."""

import datetime as dt
from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString, mark_safe

from articles.models import ArticlePage
from articles.public import qr, structured
from articles.public.changes import changed_at
from articles.public.share import share_picture

register = template.Library()


@register.simple_tag
def changed(article: ArticlePage) -> dt.datetime | None:
    """When what readers see of ``article`` last changed."""
    return changed_at(article)


@register.simple_tag(takes_context=True)
def about_home(context: Context) -> dict[str, Any]:
    """The front page's structured data."""
    return structured.of_home(context["site"], context["page"].tagline)


@register.simple_tag(takes_context=True)
def about_column(context: Context) -> dict[str, Any]:
    """The structured data of the column ``page`` at ``path``."""
    return structured.of_column(context["site"], context["page"], context["path"])


@register.simple_tag(takes_context=True)
def about_article(context: Context) -> dict[str, Any] | None:
    """The structured data of the article ``page``; a draft has none."""
    page, column = context["page"], context.get("column")
    if not page.first_published_at:
        return None
    place = (column.title, column.get_url(context.get("request")) or "/") if column else None
    path, tags, share = context["path"], context.get("tags", ()), context.get("share")
    return structured.of_article(context["site"], page, path, place, tags, share)


@register.simple_tag
def share_card(image: Any) -> Any:
    """The rendition of ``image`` for the share card, if there is one."""
    return share_picture(image)


@register.simple_tag
def qr_code(address: str) -> SafeString:
    """A picture of ``address`` for the printed page, as SVG without a size of its own."""
    return mark_safe(qr.as_inline_svg(address))
