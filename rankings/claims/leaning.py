"""What of the claims and their posters leans on statements."""

from collections.abc import Sequence

from django.urls import reverse

from ..dependents import Dependent
from ..models import Claim, ClaimStatus, Observation, Poster

LAPSED = "已失效"


def claims_on(observations: Sequence[Observation]) -> list[Dependent]:
    """The claims that were frozen with any of the statements, withdrawn ones left out."""
    rows = _claims(observations)
    return [
        Dependent(
            f"{claim.number} {claim.text}",
            claim.get_status_display(),
            reverse("rankings:claim", args=[claim.pk]),
        )
        for claim in rows
    ]


def posters_on(observations: Sequence[Observation]) -> list[Dependent]:
    """The posters of those claims; one whose claim does not hold is 已失效."""
    posters = Poster.objects.filter(claim__in=_claims(observations)).select_related("claim")
    return [
        Dependent(
            f"{poster.claim.number} {poster.get_layout_display()}",
            "可用" if poster.usable else LAPSED,
            reverse("rankings:claim", args=[poster.claim_id]),
        )
        for poster in posters
    ]


def _claims(observations: Sequence[Observation]):
    leaning = Claim.observations.through.objects.filter(
        observation__in=[row.pk for row in observations]
    )
    return Claim.objects.exclude(status__in=[ClaimStatus.REJECTED, ClaimStatus.WITHDRAWN]).filter(
        pk__in=leaning.values("claim")
    )
