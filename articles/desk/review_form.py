"""The form a reviewer fills: checklist, facts, slips, and the word that goes with the verdict."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from django import forms

from ..models import ChecklistQuestion, ReturnKind, ReviewTaskState
from ..review.answers import CHOICES, MOST_SLIPS, Answers, fact_entry
from ..review.facts import Fact, Kind

_OWN = ("slips", "comment")
LONGEST_NOTE = 300
LONGEST_SOURCE = 160


class VerdictForm(forms.Form):
    """The word with a verdict; a reason is demanded by the service when the text goes back."""

    slips = forms.IntegerField(
        label="校对发现的差错数",
        required=False,
        min_value=0,
        max_value=MOST_SLIPS,
        widget=forms.NumberInput(attrs={"min": 0, "max": MOST_SLIPS, "inputmode": "numeric"}),
        help_text="错字、漏字、标点、数字写法等，发现几处填几，没有填 0。",
    )
    comment = forms.CharField(
        label="审核意见",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="通过时可不填；退回时请写明哪里要改、为什么。",
    )
    kind = forms.ChoiceField(
        label="退回类别", choices=ReturnKind.choices, required=False, initial=ReturnKind.OTHER
    )


@dataclass(frozen=True)
class QuestionRow:
    """A question with what has been answered so far."""

    question: ChecklistQuestion
    answer: str
    note: str

    @property
    def wording(self) -> str:
        """Tells whether the wording that was answered is today's."""
        return hashlib.sha256(self.question.text.encode()).hexdigest()[:12]

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        return [(value, label, value == self.answer) for value, label in CHOICES.items()]


@dataclass(frozen=True)
class FactRow:
    """A fact with what has been checked so far."""

    fact: Fact
    source: str
    checked: bool
    false_find: bool


class ReviewForm:
    """What is shown of a review, from a post as typed or from what was kept.

    ``rows`` are its questions, ``groups`` its facts by kind. Nothing is ticked beforehand; only a
    source that stands in the text itself is filled in.
    """

    def __init__(
        self,
        questions: list[ChecklistQuestion],
        facts: list[Fact],
        posted: Mapping[str, str] | None = None,
        kept: ReviewTaskState | None = None,
    ):
        self._posted = posted
        if posted is None:
            typed = _as_posted(kept) if kept else {}
            self.verdict = VerdictForm(initial={k: typed[k] for k in _OWN if k in typed})
        else:
            typed = posted
            self.verdict = VerdictForm(posted)
        self.rows = [_question_row(question, typed) for question in questions]
        self.fact_rows = [_fact_row(fact, typed) for fact in facts]

    @property
    def groups(self) -> list[tuple[str, str, list[FactRow], int]]:
        """``(kind, label, rows, how many are open)`` in the order of the kinds."""
        order = list(Kind)
        by_kind = sorted(self.fact_rows, key=lambda row: order.index(row.fact.kind))
        groups = []
        for kind, group in groupby(by_kind, key=lambda row: row.fact.kind):
            rows = list(group)
            open_ = sum(not row.checked and not row.false_find for row in rows)
            groups.append((kind.value, kind.label, rows, open_))
        return groups

    @property
    def comment(self) -> str:
        return _text(self._posted or {}, "comment", None)

    @property
    def kind(self) -> str:
        return _text(self._posted or {}, "kind", 40) or ReturnKind.OTHER.value

    def answers(self) -> Answers:
        """The posted form as it is stored.

        A question whose wording changed while the form was open is stored without words, so that
        its answer counts for nothing; one that is no longer asked is kept for the same reason.
        """
        posted = self._posted or {}
        checklist = [
            {
                "code": row.question.code,
                "text": row.question.text if _same_wording(row, posted) else "",
                "answer": row.answer,
                "note": row.note,
            }
            for row in self.rows
            if f"asked-{row.question.code}" in posted
        ]
        known = {row.question.code for row in self.rows}
        for name in posted:
            code = name.removeprefix("asked-")
            if code != name and code not in known:
                checklist.append({"code": code[:60], "text": "", "answer": "", "note": ""})
        facts = [
            fact_entry(row.fact, source=row.source, checked=row.checked, false_find=row.false_find)
            for row in self.fact_rows
        ]
        self.verdict.is_valid()
        return Answers(checklist, facts, self.verdict.cleaned_data.get("slips"))


def _question_row(question: ChecklistQuestion, typed: Mapping[str, str]) -> QuestionRow:
    answer = typed.get(f"answer-{question.code}", "")
    row = QuestionRow(
        question,
        answer if answer in CHOICES else "",
        _text(typed, f"note-{question.code}", LONGEST_NOTE),
    )
    return row if _same_wording(row, typed) else QuestionRow(question, "", row.note)


def _same_wording(row: QuestionRow, typed: Mapping[str, str]) -> bool:
    return typed.get(f"asked-{row.question.code}") == row.wording


def _fact_row(fact: Fact, typed: Mapping[str, str]) -> FactRow:
    source = _text(typed, f"source-{fact.key}", LONGEST_SOURCE)
    shown = f"source-{fact.key}" in typed
    return FactRow(
        fact,
        source if shown else fact.source[:LONGEST_SOURCE],
        f"checked-{fact.key}" in typed,
        f"false-{fact.key}" in typed,
    )


def _as_posted(kept: ReviewTaskState) -> dict[str, str]:
    """A kept form in the names of the posted one."""
    typed = {"comment": kept.comment}
    if kept.slips is not None:
        typed["slips"] = str(kept.slips)
    for entry in kept.answers:
        row = QuestionRow(ChecklistQuestion(text=entry["text"]), "", "")
        typed[f"asked-{entry['code']}"] = row.wording
        typed[f"answer-{entry['code']}"] = entry["answer"]
        typed[f"note-{entry['code']}"] = entry["note"]
    for entry in kept.facts:
        typed[f"source-{entry['key']}"] = entry["source"]
        for name in ("checked", "false_find"):
            if entry[name]:
                typed[f"{name.removesuffix('_find')}-{entry['key']}"] = "on"
    return typed


def _text(typed: Mapping[str, str], name: str, longest: int | None) -> str:
    """What was typed; PostgreSQL stores no NUL, and nobody types one."""
    return typed.get(name, "").replace("\x00", "").strip()[:longest]
