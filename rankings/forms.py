"""Form fields for months and periods, and the form of a board."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Min
from wagtail.admin.forms.models import WagtailAdminModelForm

from .models import Observation
from .periods import Month, Period, PeriodError


class MonthField(forms.CharField):
    """2019-08, 2019年8月 …"""

    def clean(self, value: Any) -> Month | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return Month.parse(text)
        except PeriodError as error:
            raise ValidationError(str(error)) from error


class PeriodField(forms.CharField):
    """2019-08, 2019年8月 or the first and last day of another period."""

    def clean(self, value: Any) -> Period | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return Period.parse(text)
        except PeriodError as error:
            raise ValidationError(str(error)) from error


class FixedAfterCreation(WagtailAdminModelForm):
    """Fields in ``fixed`` are filled in once; a later change is an action of its own, or none."""

    fixed = ("key",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in self.fixed:
                # Django then keeps the stored value, whatever is sent.
                self.fields[name].disabled = True


class AccountForm(FixedAfterCreation):
    fixed = ("key", "name")


class BoardForm(FixedAfterCreation):
    """The first month is typed as a month; the database keeps its number."""

    first_issue = MonthField(
        label="首期",
        required=False,
        help_text="榜单从哪个月办起，例如 2015-01；不知道时留空。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["late_days"].required = False
        if self.instance.first_month is not None:
            self.initial["first_issue"] = str(Month.from_index(self.instance.first_month))

    def clean_first_issue(self) -> Month | None:
        first: Month | None = self.cleaned_data["first_issue"]
        if first is None or not self.instance.pk:
            return first
        about = Observation.objects.current().filter(board=self.instance)
        recorded = about.aggregate(month=Min("month"))["month"]
        if recorded is not None and recorded < first.index:
            earliest = Month.from_index(recorded)
            raise ValidationError(
                f"已有{earliest.label}的名次，首期不能晚于这个月；记录有误请先更正。"
            )
        return first

    def clean_late_days(self) -> int:
        """The usual number of days where none is given."""
        days = self.cleaned_data["late_days"]
        return self.instance.late_days if days is None else days

    def save(self, commit: bool = True) -> Any:
        first = self.cleaned_data["first_issue"]
        self.instance.first_month = None if first is None else first.index
        return super().save(commit)
