"""The questions each review answers."""

from .models import ChecklistQuestion


def asked(dimension: str) -> list[ChecklistQuestion]:
    """The questions the review ``dimension`` asks now, in their order."""
    return list(ChecklistQuestion.objects.filter(dimension=dimension, is_active=True))
