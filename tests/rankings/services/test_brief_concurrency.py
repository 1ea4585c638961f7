"""Two people issue at the same moment."""

import pytest

from rankings.briefs import pdf
from rankings.models import Brief
from rankings.services import briefs
from tests.rankings.conftest import make_fifteen_months
from tests.rankings.lists import LAST, record_month

from .test_concurrency import together

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.needs("fonts-noto-cjk"),
]


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(pdf, "write", lambda document, moment: document["number"].encode())


@pytest.fixture
def fifteen_months(db):
    return make_fifteen_months()


def test_numbers_have_no_gap_and_no_twin(fifteen_months, brief_maker, brief_issuer) -> None:
    drafts = [
        briefs.make_brief(brief_maker, fifteen_months.board, fifteen_months.ours, LAST + -back)
        for back in range(3)
    ]
    answers = together(*[lambda draft=draft: briefs.issue_brief(brief_issuer, draft).number
                         for draft in drafts])  # fmt: skip
    assert [number[-3:] for number in sorted(answers)] == ["001", "002", "003"]
    for brief in Brief.objects.all():
        assert brief.document["number"] == brief.number
        assert briefs.file_of(brief, "pdf")[1] == brief.number.encode()


def test_one_brief_is_issued_once(fifteen_months, brief_maker, brief_issuer) -> None:
    draft = briefs.make_brief(brief_maker, fifteen_months.board, fifteen_months.ours, LAST)
    answers = together(*[lambda: briefs.issue_brief(brief_issuer, draft).number] * 2)
    assert sum(answer.startswith("JB-") for answer in answers) == 1
    assert any("已签发" in answer or "已经签发" in answer for answer in answers)


def test_a_correction_beside_the_issue_is_never_missed(
    fifteen_months, brief_maker, brief_issuer
) -> None:
    """Either the brief is refused, or it is issued and marked: it never stands unmarked."""
    draft = briefs.make_brief(brief_maker, fifteen_months.board, fifteen_months.ours, LAST)
    ours, second, *others = fifteen_months.accounts
    answers = together(
        lambda: briefs.issue_brief(brief_issuer, draft).number,
        lambda: record_month(fifteen_months.board, LAST, [second, ours, *others], reason="更正"),
    )
    assert len(answers) == 2
    draft.refresh_from_db()
    if draft.number is None:
        assert any("刷新内容" in str(answer) for answer in answers)
    else:
        assert draft.needs_review
