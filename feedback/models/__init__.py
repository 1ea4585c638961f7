from .messages import (
    Category,
    ContactCheck,
    Difficulty,
    Message,
    Publication,
    RefusalKind,
    Satisfaction,
    State,
)
from .places import Level, Place, Unit
from .settings import FeedbackSettings
from .steps import Deed, Step

__all__ = [
    "Category",
    "ContactCheck",
    "Deed",
    "Difficulty",
    "FeedbackSettings",
    "Level",
    "Message",
    "Place",
    "Publication",
    "RefusalKind",
    "Satisfaction",
    "State",
    "Step",
    "Unit",
]
