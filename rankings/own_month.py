"""Our own month's sums for 指数试算, told by whoever keeps readings.

The app that knows registers in ``ready()``; this one imports nothing of it.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .figures import Figure
from .periods import Month


@dataclass(frozen=True, slots=True)
class OwnMonth:
    """``figures`` are keyed as ``wci.compute.INPUTS``; what is not known for certain is left out.

    ``as_of`` is the last day that all of them count; ``notes`` are sentences that say where they
    come from and what is missing.
    """

    figures: Mapping[str, Figure]
    as_of: dt.date
    notes: tuple[str, ...] = ()


Provider = Callable[[Month], OwnMonth | None]
_providers: list[Provider] = []


def register_own_month(provider: Provider) -> None:
    """Say who knows the month's sums; it answers None for a month without posts."""
    if provider not in _providers:
        _providers.append(provider)


def own_month(month: Month) -> OwnMonth | None:
    """The sums of ``month``; None when nobody knows any."""
    return next((found for each in _providers if (found := each(month))), None)
