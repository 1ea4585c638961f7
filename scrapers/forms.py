"""Forms of the admin screens."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from wagtail.admin.forms import WagtailAdminModelForm

from rankings.models import Board
from rankings.periods import Month, PeriodError

from .desk import DeskBoard
from .effective import is_added
from .models import Run, Source
from .services import BoardChoice, Scope


class SourceForm(WagtailAdminModelForm):
    def is_valid(self) -> bool:
        """An empty heading stands for the only list of a page, so it must stand alone."""
        if not super().is_valid():
            return False
        rows = [
            row.cleaned_data
            for row in self.formsets["boards"].forms
            if row.cleaned_data and not row.cleaned_data.get("DELETE")
        ]
        if not rows:
            self.add_error(None, "请至少写一行“页面上的榜单”，否则抓到的名次没有归属。")
        elif len(rows) > 1 and not all(row["heading"].strip() for row in rows):
            self.add_error(None, "有多个榜单时，每一行都要写标题中的文字。")
        return not self.errors


class MonthField(forms.CharField):
    """A statistics month; ``2019-08`` and the other usual ways of writing one."""

    widget = forms.TextInput(attrs={"placeholder": "2019-08"})

    def to_python(self, value: Any) -> Month | None:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return Month.parse(text)
        except PeriodError as error:
            raise forms.ValidationError(str(error)) from error

    def prepare_value(self, value: Any) -> str:
        return str(value) if value else ""


class ReplayForm(forms.Form):
    """Which stored pages are read again; nothing filled in means all of them."""

    source = forms.ModelChoiceField(
        label="来源", queryset=Source.objects.all(), required=False, empty_label="所有来源"
    )
    first = MonthField(label="起始月", required=False, help_text="例如 2017-09；留空从最早的起。")
    last = MonthField(label="截止月", required=False, help_text="留空到最近的为止。")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and first > last:
            self.add_error("last", "截止月早于起始月，请对调。")
        return cleaned

    def scope(self) -> Scope:
        """What was chosen; only for a valid form."""
        data = self.cleaned_data
        return Scope(
            data["source"].key if data["source"] else None,
            data["first"].index if data["first"] else None,
            data["last"].index if data["last"] else None,
        )


class RunRequestForm(forms.Form):
    month = MonthField(
        label="统计月", help_text="例如 2019-08。", error_messages={"required": "请填写统计月。"}
    )


class ReviewForm(forms.Form):
    """Which listing is which board, which of its rows count, and why."""

    complete = forms.BooleanField(
        label="这是完整的榜单",
        required=False,
        help_text="勾选后，同一来源原来有、这里没有的公众号改记为未上榜。只入库一部分行时不起作用。",
    )
    reason = forms.CharField(
        label="理由",
        required=False,
        max_length=Run._meta.get_field("decision_reason").max_length,
        widget=forms.TextInput(attrs={"placeholder": "核对了什么，改了什么，或为什么驳回"}),
    )

    def __init__(self, *args: Any, shown: Sequence[DeskBoard], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.listings = [listing for listing in shown if listing.recordable]
        for listing in self.listings:
            self.fields[f"board-{listing.position}"] = forms.ModelChoiceField(
                label="记入榜单",
                queryset=Board.objects.all(),
                required=False,
                initial=listing.board,
                empty_label="不入库",
            )

    def clean(self) -> dict[str, Any]:
        """Rows that were ticked must be rows; empty ones offered for typing are none."""
        for listing in self.listings:
            strange = self._ticked(listing) - {row.id for row in listing.rows}
            strange = {row for row in strange if not is_added(row)}
            if strange:
                raise forms.ValidationError(
                    f"没有编号为“{min(strange)[:20]}”的行，请刷新页面后重试。"
                )
        return self.cleaned_data

    def choices(self) -> list[BoardChoice]:
        """What the person chose; only for a valid form."""
        return [
            BoardChoice(
                listing.position,
                self.cleaned_data[f"board-{listing.position}"],
                None if listing.whole_only else self._ticked(listing) & self._rows(listing),
            )
            for listing in self.listings
            if self.cleaned_data[f"board-{listing.position}"]
        ]

    def _ticked(self, listing: DeskBoard) -> frozenset[str]:
        return frozenset(self.data.getlist(f"rows-{listing.position}"))

    @staticmethod
    def _rows(listing: DeskBoard) -> frozenset[str]:
        return frozenset(row.id for row in listing.rows if not row.blank and not row.removed)


_CELL = re.compile(r"c-(\d{1,4})-([a-z]?\d{1,5}(?:-\d{1,5})?)-([a-z_]{2,20})")


def typed_cells(data: QueryDict) -> dict[tuple[int, str, str], str]:
    """What stands in the cells that were sent: (board, row's id, key) -> text."""
    cells = {}
    for name in data:
        if match := _CELL.fullmatch(name):
            cells[int(match[1]), match[2], match[3]] = data[name]
    return cells


def whole(text: str | None) -> int | None:
    """The number that ``text`` is, None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def numbered(data: QueryDict, prefix: str) -> dict[int, str]:
    """The fields called ``prefix`` and a board's position, by that position."""
    found = {}
    for name in data:
        if name.startswith(prefix) and (at := whole(name.removeprefix(prefix))) is not None:
            found[at] = data[name]
    return found
