"""Which briefs lean on statements."""

from collections.abc import Sequence

from django.urls import reverse

from ..dependents import Dependent
from ..models import Brief, Observation


def briefs_on(observations: Sequence[Observation]) -> list[Dependent]:
    """The briefs that were made with any of the statements, drafts too."""
    leaning = Brief.observations.through.objects.filter(
        observation__in=[row.pk for row in observations]
    )
    return [
        Dependent(str(brief), brief.situation, reverse("rankings:brief", args=[brief.pk]))
        for brief in Brief.objects.filter(pk__in=leaning.values("brief"))
    ]
