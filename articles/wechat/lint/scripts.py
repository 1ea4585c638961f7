"""What the editor's page loads for the lint."""

from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString


def tags() -> SafeString:
    """Style sheet, addresses (the 0 stands for the article's or its column's id) and script."""
    addresses = {
        "edit": reverse("articles_wechat_lint", args=[0]),
        "create": reverse("articles_wechat_lint_new", args=[0]),
    }
    return format_html(
        '<link rel="stylesheet" href="{}">{}<script src="{}" defer></script>',
        static("articles/wechat-lint.css"),
        json_script(addresses, "wechat-lint"),
        static("articles/wechat-lint.js"),
    )
