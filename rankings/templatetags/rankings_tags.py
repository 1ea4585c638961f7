"""What the templates of the rankings cannot say quickly enough by themselves."""

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from ..dashboard.heat import HeatLine

register = template.Library()


@register.simple_tag
def heat_cells(row: HeatLine) -> SafeString:
    """The cells of a row of the heat map: thousands a page, so not one template node each."""
    return mark_safe(
        "".join(f'<td class="{cell.code}">{escape(cell.text)}</td>' for cell in row.cells)
    )
