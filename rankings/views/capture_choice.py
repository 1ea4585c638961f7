"""Choosing evidence that is kept already."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from ..evidence.models import Capture
from ..models import Account, Board

# The newest so many are offered; older ones of the month are uploaded again, which costs nothing.
OFFERED = 20


def captures_near(
    board: Board,
    start: dt.date,
    end: dt.date,
    chosen: int | None = None,
    account: Account | None = None,
) -> list[Capture]:
    """Evidence of any statement about this list, and about ``account`` on this board; one query."""
    near = Q(observations__start=start, observations__end=end)
    if account is not None:
        near |= Q(observations__account=account)
    wanted = Q(pk__in=Capture.objects.filter(near, observations__board=board).values("pk"))
    if chosen is not None:
        wanted |= Q(pk=chosen)
    return list(Capture.objects.filter(wanted).prefetch_related("sightings")[:OFFERED])


def capture_label(capture: Capture) -> str:
    """存证 ab12… · 网页 · 2019-09-07 · https://…"""
    sighting = next(iter(capture.sightings.all()), None)
    parts = [str(capture)]
    if sighting is not None:
        parts.append(sighting.get_kind_display())
        parts.append(f"{timezone.localtime(sighting.fetched_at):%Y-%m-%d}")
        if sighting.url:
            parts.append(sighting.url[:60])
    return " · ".join(parts)


class CaptureField(forms.TypedChoiceField):
    """One of the captures that were offered; None for none."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)
        self.captures: dict[str, Capture] = {}
        self.choices = [("", "没有")]

    def offer(self, captures: Sequence[Capture]) -> None:
        self.captures = {str(capture.pk): capture for capture in captures}
        self.choices = [
            ("", "没有"),
            *((number, capture_label(each)) for number, each in self.captures.items()),
        ]

    def clean(self, value: Any) -> Capture | None:
        if value in self.empty_values:
            return None
        capture = self.captures.get(str(value))
        if capture is None:
            raise ValidationError("请在列出的存证里选择，或上传文件。")
        return capture
