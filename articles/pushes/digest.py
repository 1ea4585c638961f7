"""The digest of a push: one hash over what its approver approves."""

from typing import TYPE_CHECKING

from ..review.digest import digest_of

if TYPE_CHECKING:
    from ..models import Push


def push_digest(push: "Push") -> str:
    """SHA-256 (hexadecimal) over the members in their order: article, text, form, comments.

    The texts count by the digests they were approved in.
    """
    rows = push.members.order_by("position").values_list(
        "article_id", "content_digest", "form", "comments"
    )
    return digest_of({"members": [list(row) for row in rows]})
