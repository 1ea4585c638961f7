"""What the editor's page loads for articles."""

from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, format_html_join, json_script
from django.utils.safestring import SafeString

from .measures import BODY_MOST, CHARACTERS_A_MINUTE, DIGEST_MOST, TITLE_GOOD, UNREAD

_SCRIPTS = ("articles/editor_counts.js", "articles/editor_copies.js", "articles/editor.js")


def tags() -> SafeString:
    """Style sheet and scripts; the numbers of `measures` reach the scripts as JSON."""
    settings = {
        "session": reverse("articles_session"),
        "login": reverse("wagtailadmin_login"),
        "unread": UNREAD,
        "perMinute": CHARACTERS_A_MINUTE,
        "titleGood": TITLE_GOOD,
        "digestMost": DIGEST_MOST,
        "bodyMost": BODY_MOST,
    }
    return format_html(
        '<link rel="stylesheet" href="{}">{}{}',
        static("articles/editor.css"),
        json_script(settings, "article-editor"),
        format_html_join("", '<script src="{}" defer></script>', ((static(s),) for s in _SCRIPTS)),
    )
