"""What the calendar is asked for."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from ...models import ColumnPage
from .sheet import Span
from .states import State


class AskForm(forms.Form):
    """Which days, which columns and which states; everything may be left out."""

    on = forms.DateField(
        label="跳到",
        required=False,
        # The month as a browser's field for months gives it.
        input_formats=["%Y-%m-%d", "%Y-%m", "%Y/%m/%d", "%Y年%m月"],
    )
    span = forms.ChoiceField(choices=[(each.value, each.label) for each in Span], required=False)
    column = forms.TypedChoiceField(label="栏目", coerce=int, empty_value=None, required=False)
    state = forms.MultipleChoiceField(
        label="状态", choices=[(each.value, each.label) for each in State], required=False
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        columns = ColumnPage.objects.order_by("path").values_list("pk", "title")
        self.fields["column"].choices = [("", "全部栏目"), *columns]

    @property
    def asked(self) -> dict[str, Any]:
        """The answers that make sense; what does not is as if it were left out."""
        self.is_valid()
        found = self.cleaned_data
        return {
            "on": found.get("on") or timezone.localdate(),
            "span": Span(found.get("span") or Span.MONTH),
            "column": found.get("column"),
            "states": [State(each) for each in found.get("state") or []],
        }


class MoveForm(forms.Form):
    """Which thing goes to which day; no day takes its plan back."""

    item = forms.RegexField(r"^(push|article)-\d{1,9}$")
    day = forms.DateField(required=False)
    clear = forms.BooleanField(required=False)

    @property
    def target(self) -> tuple[str, int, date | None]:
        """Kind, id and day of the valid form."""
        kind, _, pk = self.cleaned_data["item"].partition("-")
        day = None if self.cleaned_data["clear"] else self.cleaned_data["day"]
        return kind, int(pk), day
