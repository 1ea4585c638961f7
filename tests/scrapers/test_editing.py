"""Typing over what was read: kept with who, when and why, and nothing overwritten."""

import copy

import pytest
from django.core.exceptions import PermissionDenied

from cms.ops.models import AuditEntry
from rankings.models import Observation
from scrapers import services
from scrapers.models import Run, RunState
from scrapers.services import CellEdit, ScrapeError

from .conftest import DOUBTFUL, REVIEWER, listing, page, person, row, run

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("evidence_root", "extraction_is_the_page", "first_of_september"),
]


@pytest.fixture
def waiting(source) -> Run:
    return run(source, page(**DOUBTFUL))


@pytest.fixture
def officer(db):
    return person(*REVIEWER)


def rows(run: Run) -> list[tuple[str, int, str]]:
    board = services.effective_of(run)["boards"][0]
    return [(each["id"], each["rank"], each["account"]) for each in board["rows"]]


def test_an_edit_is_kept_with_who_when_and_why(waiting, officer) -> None:
    before = copy.deepcopy(waiting.extraction)
    edited = services.edit_cells(
        officer,
        waiting,
        [CellEdit(0, "1", "account", " 甲县融媒 "), CellEdit(0, "0", "index", "1100.5")],
        " 原页面是甲县融媒 ",
    )
    assert edited.state == RunState.REVIEW
    assert edited.extraction == before
    # What stands there already is no edit.
    assert edited.edits == [
        {
            "board": 0,
            "row": "1",
            "key": "account",
            "old": "甲县发布",
            "new": "甲县融媒",
            "by": officer.pk,
            "name": str(officer),
            "at": "2019-09-01T02:00:00+00:00",
            "reason": "原页面是甲县融媒",
        }
    ]
    assert rows(Run.objects.get())[1] == ("1", 2, "甲县融媒")
    entry = AuditEntry.objects.get(action="scrape.edit")
    assert (entry.actor, entry.detail["fields"]) == (officer, 1)
    assert not Observation.objects.exists()


def test_edits_follow_one_another(waiting, officer) -> None:
    services.edit_cells(officer, waiting, [CellEdit(0, "1", "account", "丙")], "改")
    services.edit_cells(officer, waiting, [CellEdit(0, "1", "account", "丁")], "再改")
    edits = Run.objects.get().edits
    assert [(each["old"], each["new"]) for each in edits] == [("甲县发布", "丙"), ("丙", "丁")]


def test_added_rows_need_no_reason_and_others_do(waiting, officer) -> None:
    added = [CellEdit(0, "n1", "rank", "4"), CellEdit(0, "n1", "account", "丙县发布")]
    services.edit_cells(officer, waiting, added, "")
    assert Run.objects.get().edits[0]["reason"] == "对照原图录入"
    assert rows(Run.objects.get())[-1] == ("n1", 4, "丙县发布")
    for each in (CellEdit(0, "1", "rank", "9"), CellEdit(0, "1", "removed", "1")):
        with pytest.raises(ScrapeError, match="请写明改动的理由"):
            services.edit_cells(officer, waiting, [each], " ")


def test_rows_are_struck_out_and_taken_back(waiting, officer) -> None:
    services.edit_cells(officer, waiting, [CellEdit(0, "1", "removed", "1")], "重复")
    assert [name for name, _, _ in rows(Run.objects.get())] == ["0", "2"]
    services.edit_cells(officer, waiting, [CellEdit(0, "1", "removed", "1")], "重复")
    services.edit_cells(officer, waiting, [CellEdit(0, "1", "removed", "")], "看错了")
    assert [name for name, _, _ in rows(Run.objects.get())] == ["0", "1", "2"]
    assert len(Run.objects.get().edits) == 2


def test_nothing_new_is_nothing_kept(waiting, officer) -> None:
    edited = services.edit_cells(officer, waiting, [CellEdit(0, "0", "rank", "1")], "")
    assert edited.edits == []
    assert not AuditEntry.objects.filter(action="scrape.edit").exists()


@pytest.mark.parametrize(
    ("edit", "reason", "sentence"),
    [
        (CellEdit(5, "0", "rank", "1"), "改", "没有这个榜单"),
        (CellEdit(0, "77", "rank", "1"), "改", "已经不在榜单里"),
        (CellEdit(0, "0", "password", "1"), "改", "没有这一列"),
        (CellEdit(0, "0", "rank", "第九"), "长" * 301, "超过 300 个字"),
        (CellEdit(0, "0", "rank", "0"), "改", "第1名 在荷塘：名次“0”"),
        (CellEdit(0, "n1", "reads", "很多"), "", "新加的一行：看不懂"),
        (CellEdit(0, "0", "account", "长" * 101), "改", "超过 100 个字"),
    ],
)
def test_what_cannot_be_kept_keeps_nothing(waiting, officer, edit, reason, sentence) -> None:
    good = CellEdit(0, "n9", "account", "丙")
    with pytest.raises(ScrapeError, match=sentence):
        services.edit_cells(officer, waiting, [good, edit], reason)
    assert Run.objects.get().edits == []


def test_who_saw_less_than_there_is_must_look_again(waiting, officer) -> None:
    services.edit_cells(officer, waiting, [CellEdit(0, "1", "account", "丙")], "改", seen=0)
    late = person(*REVIEWER)
    with pytest.raises(ScrapeError, match=f"{officer}刚刚也改了"):
        services.edit_cells(late, waiting, [CellEdit(0, "1", "account", "丁")], "改", seen=0)
    assert len(Run.objects.get().edits) == 1
    services.edit_cells(late, waiting, [CellEdit(0, "1", "account", "丁")], "改", seen=1)
    assert len(Run.objects.get().edits) == 2


def test_typing_needs_the_permission_and_a_waiting_run(waiting, officer) -> None:
    edits = [CellEdit(0, "1", "account", "丙")]
    for actor in (None, person("scrapers.view_run")):
        with pytest.raises(PermissionDenied):
            services.edit_cells(actor, waiting, edits, "改")
    services.reject_run(officer, waiting, "不要")
    with pytest.raises(ScrapeError, match="已驳回"):
        services.edit_cells(officer, waiting, edits, "改")


def test_the_unit_of_the_column_holds_for_what_is_typed(source, officer) -> None:
    tens = row(1, "在荷塘")
    tens["values"]["reads"] = {"value": 123000, "bound": "exact", "capped": False, "raw": "12.3"}
    waiting = run(source, page(listing(tens), **DOUBTFUL))
    services.edit_cells(officer, waiting, [CellEdit(0, "0", "reads", "12.5")], "原页面是12.5")
    board = services.effective_of(Run.objects.get())["boards"][0]
    assert board["rows"][0]["values"]["reads"]["value"] == 125000
