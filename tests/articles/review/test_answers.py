"""What a reviewer's form must hold before it is an approval, as one table."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.review.answers import CHOICES, Answers, fact_entry, why_not_approve
from articles.review.facts import Passage, facts_of

QUESTIONS = [SimpleNamespace(code=f"q{n}", text=f"第{n}问？") for n in (1, 2)]
FACTS = facts_of([Passage("第1块", "11月20日，新建12个食堂。")])


def entry(question, answer="yes", note="", text=None):
    words = question.text if text is None else text
    return {"code": question.code, "text": words, "answer": answer, "note": note}


def checked(fact, **said):
    return fact_entry(fact, **({"source": "株洲日报", "checked": True} | said))


def form(checklist=None, facts=None, slips=0):
    return Answers(
        [entry(q) for q in QUESTIONS] if checklist is None else checklist,
        [checked(f) for f in FACTS] if facts is None else facts,
        slips,
    )


first, second = QUESTIONS
day, number = FACTS
REFUSED = [
    ("one unanswered", form([entry(first), entry(second, "")]), "清单第 2 题还没有回答"),
    ("all missing", form([]), "清单第 1、2 题还没有回答"),
    ("an unknown answer", form([entry(first, "maybe"), entry(second)]), "第 1 题还没有回答"),
    ("no with a note", form([entry(first, "no", "数字不对"), entry(second)]), "请退回修改"),
    ("no without a note", form([entry(first, "no", " "), entry(second)]), "请写明问题在哪里"),
    ("other wording", form([entry(first, text="旧问题？"), entry(second)]), "有改动"),
    (
        "a question no longer asked",
        form([entry(first), entry(second), entry(SimpleNamespace(code="old", text="旧"))]),
        "有改动",
    ),
    ("a fact left out", form(facts=[checked(day)]), "还有 1 项没有核对：“12个”"),
    (
        "a fact not ticked",
        form(facts=[checked(day), fact_entry(number, source="某报")]),
        "没有核对",
    ),
    ("no source", form(facts=[checked(day, source=" "), checked(number)]), "依据哪个信源"),
    (
        "checked and no fact",
        form(facts=[checked(day, false_find=True), checked(number)]),
        "请只留一个",
    ),
    ("no slips", form(slips=None), "没有发现就填 0"),
    ("slips below nought", form(slips=-1), "0 到 9999"),
    ("too many slips", form(slips=10_000), "0 到 9999"),
]


@pytest.mark.parametrize(
    ("answers", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_what_a_form_lacks(answers, words):
    assert words in "".join(why_not_approve(QUESTIONS, FACTS, answers))


@pytest.mark.parametrize(
    "answers",
    [
        form(),
        form([entry(first, "na"), entry(second, "yes", "看过原件")]),
        form(facts=[fact_entry(day, false_find=True), checked(number)], slips=3),
    ],
    ids=["all yes", "not applicable", "a false find"],
)
def test_a_complete_form_lacks_nothing(answers):
    assert why_not_approve(QUESTIONS, FACTS, answers) == []


ENTRIES = st.builds(
    entry,
    st.sampled_from(QUESTIONS),
    st.sampled_from([*CHOICES, "", "x"]),
    st.text(max_size=5),
    st.sampled_from([None, "别的问题"]),
)


@given(
    st.lists(ENTRIES, max_size=4),
    st.lists(
        st.builds(
            lambda fact, **said: fact_entry(fact, **said),
            st.sampled_from(FACTS),
            source=st.sampled_from(["", "某报"]),
            checked=st.booleans(),
            false_find=st.booleans(),
        ),
        max_size=4,
    ),
    st.one_of(st.none(), st.integers(-2, 3)),
)
def test_nothing_passes_without_every_answer_and_every_check(checklist, facts, slips):
    if why_not_approve(QUESTIONS, FACTS, Answers(checklist, facts, slips)):
        return
    answered = {e["code"]: e for e in checklist}
    assert {q.code for q in QUESTIONS} == answered.keys()
    assert all(e["answer"] in ("yes", "na") for e in answered.values())
    said = {f["key"]: f for f in facts}
    assert all(
        said[f.key]["false_find"] != (said[f.key]["checked"] and bool(said[f.key]["source"]))
        for f in FACTS
    )
    assert slips is not None and slips >= 0
