"""Forms of the push screens."""

from datetime import datetime, time
from typing import Any

from django import forms
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

from ..models import Push, PushSettings
from .slots import read_slots


class NoteForm(forms.Form):
    note = forms.CharField(label="意见", required=False, max_length=200)


class PlanForm(forms.Form):
    """计划: a day, and perhaps one of its slots. Nothing goes out by it."""

    day = forms.DateField(
        label="计划日期",
        required=False,
        widget=AdminDateInput(),
        help_text="只是计划，不会自动发出。留空表示取消计划。",
        error_messages={"invalid": "日期格式不对，请写成 2026-12-01 这样。"},
    )
    slot = forms.TypedChoiceField(
        label="时段", required=False, coerce=time.fromisoformat, empty_value=None
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        slots = read_slots(PushSettings.load().slots)
        self.fields["slot"].choices = [
            ("", "到时再定"),
            *((f"{s:%H:%M}", f"{s:%H:%M}") for s in slots),
        ]


class CommitForm(forms.Form):
    """定时: the minute at which the push goes out."""

    at = forms.DateTimeField(
        label="定时",
        widget=AdminDateTimeInput(),
        help_text="北京时间。",
        error_messages={
            "required": "请填写时间，例如 2026-12-01 08:30。",
            "invalid": "时间格式不对，请写成 2026-12-01 08:30 这样。",
        },
    )


class NewPushForm(forms.Form):
    """Which waiting articles begin a push, and which one leads it."""

    articles = forms.TypedMultipleChoiceField(
        coerce=int,
        error_messages={
            "required": "请至少选择一篇文章。",
            "invalid_choice": "有一篇文章刚刚离开了“待发布”，请刷新页面后重新选择。",
        },
    )
    headline = forms.TypedChoiceField(coerce=int, required=False, empty_value=None)
    day = forms.DateField(
        label="计划日期",
        required=False,
        widget=AdminDateInput(),
        help_text="可以不填，以后再安排。",
        error_messages={"invalid": "日期格式不对，请写成 2026-12-01 这样。"},
    )

    def __init__(self, waiting: list[int], *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = [(pk, pk) for pk in waiting]
        self.fields["articles"].choices = choices
        self.fields["headline"].choices = choices

    def ordered(self) -> list[int]:
        """The chosen ids of the valid form, the headline first."""
        first = self.cleaned_data["headline"]
        return sorted(self.cleaned_data["articles"], key=lambda pk: pk != first)


def suggested(push: Push) -> datetime | None:
    """What the field of the minute suggests: the planned slot, else the first of the day."""
    if push.planned_for is None:
        return None
    slot = push.planned_slot or read_slots(PushSettings.load().slots)[0]
    return datetime.combine(push.planned_for, slot)
