"""Forms of the push screens."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from django import forms
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

from ..models import PhoneReader, Push, PushSettings
from ..wechat.delivery.rules import SEND_WORD
from . import addresses, back_office
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


class BackOfficeForm(forms.Form):
    """A line of one's own for the list of what is done in WeChat's back office."""

    kind = forms.ChoiceField(
        label="事项", choices=[(kind.value, kind.label) for kind in back_office.BY_HAND]
    )
    article = forms.TypedChoiceField(label="文章", required=False, coerce=int, empty_value=None)
    text = forms.CharField(
        label="说明",
        required=False,
        max_length=back_office.MOST_WORDS,
        help_text="例如合集的名字。",
    )

    def __init__(self, titles: Mapping[int, str], *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["article"].choices = [("", "整个推送"), *titles.items()]


class SentForm(forms.Form):
    """登记已发出: when, and as far as known where each article is.

    ``titles`` are those of the push's articles by id, in their order.
    """

    at = forms.DateTimeField(
        label="发出时间",
        widget=AdminDateTimeInput(),
        help_text="公众号后台显示的群发时间，北京时间。",
        error_messages={
            "required": "请填写发出时间，例如 2026-12-01 08:30。",
            "invalid": "时间格式不对，请写成 2026-12-01 08:30 这样。",
        },
    )

    def __init__(self, titles: Mapping[int, str], *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.names = {pk: f"url_{pk}" for pk in titles}
        for pk, title in titles.items():
            # Read below, all of them together.
            self.fields[self.names[pk]] = forms.CharField(
                label=f"《{title}》的微信地址", required=False, max_length=500
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        _, wrong = addresses.read([cleaned.get(name, "") for name in self.names.values()])
        for name, reason in zip(self.names.values(), wrong, strict=True):
            if reason:
                self.add_error(name, reason)
        return cleaned

    def texts(self) -> dict[int, str]:
        """The addresses of the valid form by article id."""
        return {pk: self.cleaned_data[name] for pk, name in self.names.items()}


class AddressesForm(SentForm):
    """The addresses of a push that is on record as sent; those that are ``known`` stay."""

    def __init__(
        self, titles: Mapping[int, str], known: Mapping[int, str], *args: Any, **kwargs: Any
    ):
        super().__init__(titles, *args, **kwargs)
        del self.fields["at"]
        for pk, name in self.names.items():
            self.fields[name].initial = known[pk]
            self.fields[name].disabled = bool(known[pk])


class MassSendForm(forms.Form):
    """群发, confirmed by typing."""

    typed = forms.CharField(
        label=f"请输入“{SEND_WORD}”两个字",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class PreviewForm(forms.Form):
    """Whose phone gets a preview."""

    reader = forms.ModelChoiceField(
        label="发给",
        queryset=PhoneReader.objects.filter(is_active=True),
        empty_label=None,
        error_messages={
            "required": "请选择发给谁。",
            "invalid_choice": "这个人已不在手机预览人里，请刷新页面后重选。",
        },
    )
