"""Articles that lean on a claim: which they are, and what happens when it no longer holds.

Whether an article is 需复核 is never stored: it follows from the claims it prints. Live articles
are found through Wagtail's reference index; of texts on their way to publication, which the
index does not see, the latest revision is read.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from wagtail.log_actions import log
from wagtail.models import Page, ReferenceIndex

from cms.ops import audit
from rankings.dependents import Dependent
from rankings.models import Claim, ClaimStatus, Observation

from .models import ArticlePage
from .review.claims import BLOCK

DOUBT, RESTORED = "article.claim_in_doubt", "article.claim_restored"
LOG_ACTIONS = {DOUBT: "文中名次结论需复核", RESTORED: "文中名次结论恢复有效"}


def _references() -> QuerySet[ReferenceIndex]:
    """From pages to claims."""
    types = ContentType.objects.get_for_models(Page, Claim)
    return ReferenceIndex.objects.filter(
        base_content_type=types[Page], to_content_type=types[Claim]
    )


def printing(claims: Iterable[Claim]) -> QuerySet[ArticlePage]:
    """Live articles that print one of ``claims``."""
    named = _references().filter(to_object_id__in=[str(claim.pk) for claim in claims])
    ids = {int(pk) for pk in named.values_list("object_id", flat=True)}
    return ArticlePage.objects.live().filter(pk__in=ids)


def in_doubt() -> Exists:
    """The condition that an article prints a claim that no longer holds."""
    failing = Claim.objects.exclude(status=ClaimStatus.APPROVED)
    return Exists(
        _references().filter(
            object_id=Cast(OuterRef("pk"), CharField()),
            to_object_id__in=failing.annotate(key=Cast("pk", CharField())).values("key"),
        )
    )


def on_their_way(claims: Collection[int] | None = None) -> list[ArticlePage]:
    """Articles under review, ready or scheduled whose latest text prints one of ``claims``.

    ``claims`` are ids; None asks for every claim that no longer holds.
    """
    if claims is None:
        claims = set(
            Claim.objects.exclude(status=ClaimStatus.APPROVED).values_list("pk", flat=True)
        )
    if not claims:
        return []
    found = []
    articles = (
        ArticlePage.objects.on_their_way()
        .defer_streamfields()
        .select_related("latest_revision")
        .order_by("pk")
    )
    for article in articles:
        body = article.latest_revision.content.get("body") if article.latest_revision else None
        if printed_in(body) & set(claims):
            found.append(article)
    return found


def printed_in(body: str | None) -> set[int]:
    """Ids of the claims in a revision's stored ``body``."""
    if not body or BLOCK not in body:
        return set()
    return {
        block["value"]["claim"]
        for block in json.loads(body)
        if block["type"] == BLOCK and block["value"].get("claim")
    }


def dependents(observations: Sequence[Observation]) -> list[Dependent]:
    """Articles that lean on ``observations`` through the claims they print."""
    claims = list(Claim.objects.watched().filter(observations__in=observations).distinct())
    if not claims:
        return []
    live = printing(claims).annotate(in_doubt=in_doubt())
    rows = [(each, "已发布，需复核" if each.in_doubt else "已发布") for each in live]
    rows += [(article, "审核或待发布") for article in on_their_way({c.pk for c in claims})]
    return [
        Dependent(f"《{article.title}》", status, reverse("articles_desk", args=[article.pk]))
        for article, status in rows
    ]


def on_claim_changed(claim: Claim, **kwargs: Any) -> None:
    """Write into the history of every live article that its claim fell or holds again."""
    if claim.status == ClaimStatus.PROPOSED:
        return
    for article in printing([claim]):
        detail = {"claim": claim.number, "status": claim.get_status_display()}
        action = RESTORED if claim.holds else DOUBT
        log(instance=article, action=action, data=detail)
        audit.record(None, action, article, detail)
