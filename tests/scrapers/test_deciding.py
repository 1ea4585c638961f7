"""What a person decides of a page that waits: accepted with a reason, or rejected."""

import pytest
from django.core.exceptions import PermissionDenied

from cms.ops.models import AuditEntry
from rankings.evidence.models import Capture
from rankings.models import Observation
from rankings.services import RankingError, confirm_observations
from scrapers import services
from scrapers.models import RunState
from scrapers.services import BoardChoice, ScrapeError
from tests.factories.rankings import BoardFactory

from .conftest import DOUBTFUL, REVIEWER, listing, page, person, row, run

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("evidence_root", "extraction_is_the_page", "first_of_september"),
]


def test_a_person_accepts_after_a_look(source) -> None:
    waiting = run(source, page(**DOUBTFUL))
    reviewer = person(*REVIEWER, "rankings.confirm_observation")
    accepted = services.accept_run(reviewer, waiting, " 对照原页面，第4名原文就没有 ")
    assert accepted.state == RunState.RECORDED
    assert accepted.decided_by == reviewer
    assert accepted.decision_reason == "对照原页面，第4名原文就没有"
    first = Observation.objects.get(rank=1)
    assert (first.status, first.recorded_by, first.origin) == ("proposed", reviewer, "hand")
    assert "有 3 条等另一位同事复核" in accepted.reason
    assert not Observation.objects.in_force().exists()
    with pytest.raises(RankingError, match="您自己录入的"):
        confirm_observations(reviewer, [first])
    checker = person("rankings.confirm_observation")
    assert confirm_observations(checker, Observation.objects.waiting()) == 3
    entry = AuditEntry.objects.get(action="scrape.recorded")
    assert entry.actor == reviewer
    # The same bytes ask for nothing any more.
    assert run(source, page(**DOUBTFUL)).state == RunState.UNCHANGED


def test_a_person_chooses_the_board_and_the_rows(source, board) -> None:
    other = BoardFactory(name="另一榜")
    found = page(
        listing(row(1, "在荷塘"), row(2, "甲"), row(3, "甲"), name="A"),
        listing(row(1, "乙"), name="B"),
        verdict="review",
        flags=["duplicate_account"],
    )
    waiting = run(source, found)
    choices = [BoardChoice(0, board, frozenset({"0", "2"})), BoardChoice(1, other)]
    services.accept_run(person(*REVIEWER), waiting, "核对", choices)
    recorded = Observation.objects.values_list("board", "rank", "account__name")
    assert set(recorded) == {(board.pk, 1, "在荷塘"), (board.pk, 3, "甲"), (other.pk, 1, "乙")}


@pytest.mark.parametrize(
    ("reason", "choices", "sentence"),
    [
        ("  ", None, "请写明确认入库的理由"),
        ("长" * 301, None, "超过 300 个字"),
        ("核对", [], "没有选择要入库的榜单"),
        ("核对", [frozenset()], "没有选中任何一行"),
        ("核对", [None, None], "两个榜单都选了"),
        ("核对", [frozenset({"1", "2"})], "“甲”选中了不止一行"),
    ],
)
def test_what_cannot_be_accepted(source, board, reason, choices, sentence) -> None:
    rows = [row(1, "在荷塘"), row(2, "甲"), row(3, "甲")]
    found = page(listing(*rows), listing(*rows, name="B"), **DOUBTFUL)
    waiting = run(source, found)
    if choices is not None:
        choices = [BoardChoice(n, board, chosen) for n, chosen in enumerate(choices)]
    with pytest.raises(ScrapeError, match=sentence):
        services.accept_run(person(*REVIEWER), waiting, reason, choices)
    waiting.refresh_from_db()
    assert waiting.state == RunState.REVIEW
    assert not Observation.objects.exists()


def test_a_person_rejects(source) -> None:
    waiting = run(source, page(**DOUBTFUL))
    rejected = services.reject_run(person(*REVIEWER), waiting, "是测试页面")
    assert (rejected.state, rejected.reason) == (RunState.REJECTED, "已驳回：是测试页面")
    assert not Observation.objects.exists()
    assert Capture.objects.exists()


@pytest.mark.parametrize("action", [services.accept_run, services.reject_run])
def test_decisions_need_the_permission_and_a_waiting_run(source, action) -> None:
    waiting = run(source, page(**DOUBTFUL))
    for actor in (None, person("scrapers.view_run")):
        with pytest.raises(PermissionDenied):
            action(actor, waiting, "核对")
    action(person(*REVIEWER), waiting, "核对")
    with pytest.raises(ScrapeError, match="请刷新页面"):
        action(person(*REVIEWER), waiting, "再核对")
