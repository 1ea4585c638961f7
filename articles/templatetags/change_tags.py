"""Showing what changed between two texts."""

from collections.abc import Sequence
from typing import Any

from django import template
from wagtail.images import get_image_model

from ..review.differences import Change

register = template.Library()


@register.inclusion_tag("articles/admin/changes/list.html")
def change_list(found: Sequence[Change]) -> dict[str, Any]:
    """Each change with its words taken out and put in, and pictures side by side.

    However many pictures differ, they are read in two queries.
    """
    shown = {
        picture.pk
        for change in found
        for detail in change.details
        for picture in detail.pictures or ()
        if picture
    }
    images = get_image_model().objects.prefetch_renditions("max-240x180").in_bulk(shown)
    return {"changes": found, "images": images}


@register.filter
def image_of(images: dict[int, Any], picture: Any) -> Any:
    """The image of ``picture``; None when it is gone from the library."""
    return images.get(picture.pk)
