"""The parts of a push's page in their order."""

from .base import PushPanel

PANELS: tuple[type[PushPanel], ...] = ()
