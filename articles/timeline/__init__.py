"""What happened to an article, in sentences people read."""

from .reading import Day, Entry, by_day, entries, of_push
from .sentences import Part

__all__ = ["Day", "Entry", "Part", "by_day", "entries", "of_push"]
