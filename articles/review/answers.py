"""What a reviewer hands in with a verdict: the checklist, the facts, the number of slips."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from .facts import Fact

CHOICES = {"yes": "是", "no": "否", "na": "不适用"}
# What one person can have counted in one text (校); more is a slip of the keyboard.
MOST_SLIPS = 9999


@dataclass(frozen=True)
class Answers:
    """A reviewer's filled form, as it is stored with the review.

    ``checklist`` holds ``{"code", "text", "answer": "yes"|"no"|"na", "note"}`` a question, with
    the wording of the time; ``facts`` what `fact_entry` makes of each find; ``slips`` is the 校
    count, the number of slips found (0 or more; None while a form is only kept).
    """

    checklist: list[dict[str, Any]] = field(default_factory=list)
    facts: list[dict[str, Any]] = field(default_factory=list)
    slips: int | None = None


class Question(Protocol):
    code: str
    text: str


def fact_entry(
    fact: Fact, *, source: str = "", checked: bool = False, false_find: bool = False
) -> dict[str, Any]:
    """A find with what the reviewer says of it: ``checked`` against ``source``, or no fact."""
    return {
        "key": fact.key,
        "kind": fact.kind.value,
        "text": fact.text,
        "context": fact.before + fact.text + fact.after,
        "where": fact.where,
        "count": fact.count,
        "source": source,
        "checked": checked,
        "false_find": false_find,
    }


def why_not_approve(
    questions: Sequence[Question], finds: Sequence[Fact], answers: Answers
) -> list[str]:
    """What the form lacks for an approval, a sentence each; empty when nothing does.

    ``questions`` are those in use now, ``finds`` the facts of the text. The wording that was
    answered must be today's: an answer to another question is none.
    """
    reasons = []
    given = {entry["code"]: entry for entry in answers.checklist}
    if any(given.get(q.code, {"text": q.text})["text"] != q.text for q in questions) or (
        given.keys() - {q.code for q in questions}
    ):
        reasons.append("审核清单在您填写时有改动。已保留您填的内容，请把清单再看一遍后提交。")
    unanswered = [
        number
        for number, question in enumerate(questions, start=1)
        if given.get(question.code, {}).get("answer") not in CHOICES
    ]
    if unanswered:
        numbers = "、".join(map(str, unanswered))
        reasons.append(f"清单第 {numbers} 题还没有回答。每一题都要回答，与本稿无关的选“不适用”。")
    for number, question in enumerate(questions, start=1):
        answer = given.get(question.code, {})
        if answer.get("answer") != "no":
            continue
        if not answer.get("note", "").strip():
            reasons.append(f"清单第 {number} 题答了“否”，请写明问题在哪里。")
        reasons.append(f"清单第 {number} 题答了“否”，本稿不能通过。请退回修改。")
    reasons += _about_facts(finds, answers.facts)
    if answers.slips is None:
        reasons.append("请填写校对发现的差错数，没有发现就填 0。")
    elif not 0 <= answers.slips <= MOST_SLIPS:
        reasons.append(f"校对差错数应是 0 到 {MOST_SLIPS} 的整数。")
    return reasons


def _about_facts(finds: Sequence[Fact], facts: Sequence[dict[str, Any]]) -> list[str]:
    said = {entry["key"]: entry for entry in facts}
    open_, no_source, both = [], [], []
    for find in finds:
        entry = said.get(find.key, {})
        if entry.get("checked") and entry.get("false_find"):
            both.append(find.text)
        elif entry.get("checked") and not entry.get("source", "").strip():
            no_source.append(find.text)
        elif not entry.get("checked") and not entry.get("false_find"):
            open_.append(find.text)
    reasons = []
    if open_:
        reasons.append(
            f"还有 {len(open_)} 项没有核对：{_some(open_)}。"
            "请逐项核对并写明依据，不是事实的勾“不是事实”。"
        )
    if no_source:
        reasons.append(f"{_some(no_source)}勾了“已核对”，还要写明依据哪个信源核对的。")
    if both:
        reasons.append(f"{_some(both)}同时勾了“已核对”和“不是事实”，请只留一个。")
    return reasons


def _some(texts: Sequence[str], most: int = 5) -> str:
    shown = "、".join(f"“{text[:30]}”" for text in texts[:most])
    return f"{shown}等" if len(texts) > most else shown
