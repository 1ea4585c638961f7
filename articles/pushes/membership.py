"""Which push holds an article: from joining it until it is public or the push lets go of it."""

from typing import TYPE_CHECKING

from django.db.models import Prefetch

if TYPE_CHECKING:
    from ..models import ArticlePage, PushMember

# Where a list keeps what `prefetch` found.
KEPT = "holding_members"


def of(article: "ArticlePage") -> "PushMember | None":
    """The membership that holds ``article``, with its push; None when none does."""
    kept = getattr(article, KEPT, None)
    if kept is not None:
        return kept[0] if kept else None
    return _holding().filter(article_id=article.pk).first()


def prefetch() -> Prefetch:
    """What a list of articles prefetches, so that `of` asks nothing more."""
    return Prefetch("push_members", _holding(), to_attr=KEPT)


def why_not_alone(article: "ArticlePage") -> str:
    """Why nothing may be done with ``article`` apart from its push; empty when it is in none."""
    member = of(article)
    if member is None:
        return ""
    return (
        f"本稿已编入推送{member.push.title}，随推送一起发布。"
        "要单独处理，请发布人员先在那个推送的页面把它移出，移出后回到“待发布”。"
    )


def _holding():
    from ..models import Push, PushMember

    return PushMember.objects.filter(push__in=Push.objects.holding()).select_related("push")
