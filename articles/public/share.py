"""The picture of the share card, which the feeds enclose as well."""

from typing import Any

from wagtail.images.models import SourceImageIOError

SPEC = "format-jpeg|fill-1200x630"


def share_picture(image: Any) -> Any:
    """The JPEG of ``image`` that other services show beside a link; None where it is lost.

    Asked for in the way that finds prefetched renditions without a note in the cache.
    """
    if not image:
        return None
    try:
        return image.get_renditions(SPEC)[SPEC]
    except SourceImageIOError:
        return None
