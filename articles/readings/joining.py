"""Which of our articles a post in WeChat is.

Told by the message id and the place in its push, or by the address; never by a title, which is
neither unique nor the same for ever.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from ..models import ArticlePage, PushMember
from .addresses import PostAddress, parse_wechat_url
from .parts import in_parts

_ASKED_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Joined:
    """Ours: the article, and the member when it was sent in a push of ours."""

    article: int
    member: int | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """What is known of a post: ``(msg_data_id, index)``, the index from 1, and its address."""

    key: tuple[str, int] | None
    address: PostAddress | None


def post(url: str, key: tuple[str, int] | None = None) -> Post:
    """A post by its address; one that says ``mid`` and ``idx`` has its key from there."""
    address = parse_wechat_url(url) if url else None
    return Post(key or (address.key if address else None), address)


def join(posts: Sequence[Post]) -> dict[Post, Joined]:
    """Those of ``posts`` that are ours, in a fixed number of queries for each fifty of them."""
    found: dict[Post, Joined] = {}
    for some in in_parts(posts, _ASKED_AT_ONCE):
        found |= _join(some)
    return found


def _join(posts: Sequence[Post]) -> dict[Post, Joined]:
    by_key: dict[tuple[str, int], Joined] = {}
    by_url: dict[str, Joined] = {}
    mids = {each.key[0] for each in posts if each.key}
    # Articles first, members over them: a member says more.
    originals = ArticlePage.objects.filter(_holding("original_url", posts))
    for pk, url in originals.values_list("pk", "original_url"):
        _note(url, Joined(pk), by_key, by_url)
    pasted = PushMember.objects.filter(_holding("wechat_url", posts))
    for pk, article, url in pasted.values_list("pk", "article_id", "wechat_url"):
        _note(url, Joined(article, pk), by_key, by_url)
    sent = PushMember.objects.filter(push__msg_data_id__in=mids)
    for pk, article, mid, position in sent.values_list(
        "pk", "article_id", "push__msg_data_id", "position"
    ):
        by_key[mid, position + 1] = Joined(article, pk)
    found = {}
    for each in posts:
        ours = by_key.get(each.key) if each.key else None
        if ours is None and each.address is not None:
            ours = by_url.get(each.address.url)
        if ours is not None:
            found[each] = ours
    return found


def _holding(field: str, posts: Iterable[Post]) -> Q:
    """Rows whose address may be one of ``posts``; what they say is read before it counts."""
    urls = [each.address.url for each in posts if each.address]
    found = Q(**{f"{field}__in": urls})
    for each in posts:
        if each.key is not None:
            mid, idx = each.key
            found |= Q(**{f"{field}__contains": f"mid={mid}&idx={idx}"})
    return found


def _note(
    url: str, ours: Joined, by_key: dict[tuple[str, int], Joined], by_url: dict[str, Joined]
) -> None:
    address = parse_wechat_url(url)
    if address is None:
        return
    by_url[address.url] = ours
    if address.key is not None:
        by_key[address.key] = ours
