"""How long to wait before the next try. Pure."""

from datetime import timedelta

_FIRST = (
    timedelta(seconds=10),
    timedelta(seconds=30),
    timedelta(minutes=1),
    timedelta(minutes=2),
    timedelta(minutes=5),
)
_LATER = timedelta(minutes=10)
GIVE_UP_AFTER = timedelta(hours=24)


def next_delay(attempts: int) -> timedelta | None:
    """The pause after the ``attempts``-th try (from 1) in a row failed, or found nothing new.

    None once all pauses together would pass `GIVE_UP_AFTER`. Rare enough for the 100 queries a day
    that WeChat allows for a publication: API_Call_Limits.

    Raises:
        ValueError: ``attempts`` is below 1.
    """
    if attempts < 1:
        raise ValueError("attempts counts from 1")
    if attempts <= len(_FIRST):
        return _FIRST[attempts - 1]
    spent = sum(_FIRST, timedelta()) + _LATER * (attempts - len(_FIRST))
    return None if spent > GIVE_UP_AFTER else _LATER
