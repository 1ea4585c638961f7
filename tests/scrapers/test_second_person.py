"""Typed cells and pictures count only when a second person has looked."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from cms.ops.models import AuditEntry
from rankings.evidence import service as evidence
from rankings.models import Account, Observation
from scrapers import services
from scrapers.models import Run, RunPicture, RunState
from scrapers.services import BoardChoice, CellEdit, ScrapeError
from tests.factories.rankings import AccountFactory, BoardFactory
from tests.factories.users import UserFactory

from .conftest import DOUBTFUL, REVIEWER, listing, page, person, row, run

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("evidence_root", "extraction_is_the_page", "first_of_september"),
]
CHECKER = (*REVIEWER, "rankings.confirm_observation")
PICTURE = {"verdict": "needs_transcription", "flags": ["picture_only"]}


@pytest.fixture
def first(db):
    return person(*CHECKER)


@pytest.fixture
def second(db):
    return person(*CHECKER)


@pytest.fixture
def typed(source, first) -> Run:
    """A page of three rows of which the second was typed over."""
    waiting = run(source, page(**DOUBTFUL))
    return services.edit_cells(first, waiting, [CellEdit(0, "1", "index", "901")], "原文901")


def picture_of(run: Run, *rows: dict[str, Any], number: int = 0) -> RunPicture:
    sighting = evidence.store(
        f"picture {number}".encode(), kind="picture", fetched_at=timezone.now()
    )
    return RunPicture.objects.create(
        run=run,
        board=0,
        number=number,
        url=f"https://rank.example.gov.cn/{number}.png",
        sighting=sighting,
        reading=page(listing(*rows, name="")),
        read_at=timezone.now() - timedelta(minutes=1),
    )


def ranks() -> list[tuple[int, str, str]]:
    found = Observation.objects.current().order_by("rank")
    return list(found.values_list("rank", "account__name", "status"))


def test_two_people_make_a_typed_list_count(typed, first, second) -> None:
    waiting = services.accept_run(first, typed, "逐行核对过")
    assert waiting.state == RunState.CHECK
    assert "已确认 3 行" in waiting.reason
    assert not Observation.objects.exists()
    assert not Account.objects.exists()
    passed = services.pass_run(second, waiting)
    assert (passed.state, passed.decided_by, passed.checked_by) == ("recorded", first, second)
    assert "新增 3 条" in passed.reason
    assert ranks() == [
        (1, "在荷塘", "confirmed"),
        (2, "甲县发布", "confirmed"),
        (3, "乙县发布", "confirmed"),
    ]
    one = Observation.objects.get(rank=2)
    assert (one.recorded_by, one.confirmed_by, one.reason) == (first, second, "")
    assert one.figures["index"]["value"] == 901
    actions = AuditEntry.objects.filter(object_type__icontains="run").order_by("pk")
    assert [(entry.action, entry.actor) for entry in actions if entry.actor] == [
        ("scrape.edit", first),
        ("scrape.check", first),
        ("scrape.recorded", second),
    ]


def test_rows_without_typed_cells_keep_their_way(typed, board, first) -> None:
    accepted = services.accept_run(
        first, typed, "只要没改的", [BoardChoice(0, board, frozenset({"0", "2"}))]
    )
    assert accepted.state == RunState.RECORDED
    assert [status for _, _, status in ranks()] == ["proposed", "proposed"]


def test_nobody_is_their_own_second_person(typed, first, second) -> None:
    boss = UserFactory(is_superuser=True)
    waiting = services.accept_run(first, typed, "核对")
    with pytest.raises(PermissionDenied, match="您确认的"):
        services.pass_run(first, waiting)
    with pytest.raises(PermissionDenied, match="没有复核名次的权限"):
        services.pass_run(person(*REVIEWER), waiting)
    with pytest.raises(PermissionDenied, match="没有核对抓取结果的权限"):
        services.pass_run(person("rankings.confirm_observation"), waiting)
    services.return_run(second, waiting, "再看看")
    services.edit_cells(boss, waiting, [CellEdit(0, "0", "index", "1200")], "改")
    services.accept_run(second, waiting, "核对")
    for actor, sentence in ((boss, "您录入的格子"), (first, "您录入的格子"), (second, "您确认的")):
        with pytest.raises(PermissionDenied, match=sentence):
            services.pass_run(actor, waiting)
    assert not Observation.objects.exists()
    services.pass_run(person(*CHECKER), waiting)
    assert Observation.objects.count() == 3


def test_a_superuser_is_no_exception(source) -> None:
    boss = UserFactory(is_superuser=True)
    waiting = run(source, page(**DOUBTFUL))
    services.edit_cells(boss, waiting, [CellEdit(0, "0", "index", "1200")], "改")
    services.accept_run(boss, waiting, "核对")
    with pytest.raises(PermissionDenied, match="您确认的"):
        services.pass_run(boss, waiting)


def test_whose_typing_no_longer_counts_may_be_second(typed, first, second) -> None:
    services.edit_cells(second, typed, [CellEdit(0, "1", "index", "902")], "我看是902")
    services.accept_run(second, typed, "核对")
    # All that the first one typed has been typed over.
    assert services.second_person_problem(first, Run.objects.get()) == ""
    services.pass_run(first, typed)
    assert Observation.objects.get(rank=2).figures["index"]["value"] == 902


def test_a_press_report_needs_the_second_person_too(source, first, second) -> None:
    source.source_kind = "media"
    source.save()
    waiting = run(source, page(**DOUBTFUL))
    services.edit_cells(first, waiting, [CellEdit(0, "0", "rank", "1（并列）")], "并列")
    waiting = services.accept_run(first, waiting, "核对")
    assert waiting.state == RunState.CHECK
    services.pass_run(second, waiting)
    assert {status for _, _, status in ranks()} == {"reported"}


def test_a_picture_needs_the_second_person_though_nothing_was_typed(source, first, second) -> None:
    waiting = run(source, page(listing(needs_transcription=True), **PICTURE))
    assert waiting.state == RunState.TRANSCRIPTION
    kept = picture_of(waiting, row(1, "在荷塘"), row(2, "甲"))
    waiting = services.accept_run(first, waiting, "逐格核对")
    assert waiting.state == RunState.CHECK
    services.pass_run(second, waiting)
    one = Observation.objects.get(rank=1)
    # The picture is what shows it, not the page around it.
    assert one.capture == kept.sighting.capture
    assert one.source_url == waiting.sighting.final_url


def test_a_list_typed_beside_a_picture_that_was_not_read(source, first, second) -> None:
    waiting = run(source, page(listing(needs_transcription=True, list_size=2), **PICTURE))
    cells = [
        CellEdit(0, f"n{n}", key, text)
        for n, (rank, name, reads) in enumerate([("1", "在荷塘", "21万+"), ("2", "甲", "8.8万")])
        for key, text in (("rank", rank), ("account", name), ("reads", reads))
    ]
    services.edit_cells(first, waiting, cells, "")
    services.accept_run(first, waiting, "对照图片")
    services.pass_run(second, waiting)
    assert ranks() == [(1, "在荷塘", "confirmed"), (2, "甲", "confirmed")]
    assert Observation.objects.get(rank=1).figures["reads"]["bound"] == "at_least"


def test_sent_back_with_everything_typed(typed, first, second) -> None:
    waiting = services.accept_run(first, typed, "核对")
    back = services.return_run(second, waiting, "第2名看不清")
    assert (back.state, back.decision, back.decided_by) == (RunState.REVIEW, None, None)
    assert f"{second}退回：第2名看不清" in back.reason
    assert len(back.edits) == 1
    assert AuditEntry.objects.get(action="scrape.return").actor == second
    again = services.accept_run(first, back, "放大看了")
    assert services.return_run(first, again, "我再改一处").reason.startswith(f"{first}收回")
    with pytest.raises(ScrapeError, match="请写明退回的理由"):
        services.return_run(second, services.accept_run(first, again, "好了"), " ")


def test_a_picture_goes_back_to_transcription(source, first, second) -> None:
    waiting = run(source, page(listing(needs_transcription=True), **PICTURE))
    picture_of(waiting, row(1, "在荷塘"))
    services.accept_run(first, waiting, "核对")
    assert services.return_run(second, waiting, "不清楚").state == RunState.TRANSCRIPTION


def test_decided_means_decided(typed, first, second) -> None:
    waiting = services.accept_run(first, typed, "核对")
    for action in (
        lambda: services.edit_cells(second, waiting, [CellEdit(0, "0", "rank", "9")], "改"),
        lambda: services.accept_run(second, waiting, "再来"),
        lambda: services.reject_run(second, waiting, "不要"),
    ):
        with pytest.raises(ScrapeError, match="已经是“待第二人核对”"):
            action()
    services.pass_run(second, waiting)
    for action in (
        lambda: services.pass_run(second, waiting),
        lambda: services.return_run(second, waiting, "晚了"),
    ):
        with pytest.raises(ScrapeError, match="已经是“已入库”"):
            action()
    assert Observation.objects.count() == 3


def test_what_was_read_afterwards_does_not_slip_in(
    source, first, second, first_of_september
) -> None:
    waiting = run(source, page(listing(needs_transcription=True), **PICTURE))
    picture_of(waiting, row(1, "在荷塘"))
    services.accept_run(first, waiting, "核对")
    first_of_september.shift(timedelta(minutes=10))
    picture_of(waiting, row(2, "后来识别的"), number=1)
    services.pass_run(second, waiting)
    assert ranks() == [(1, "在荷塘", "confirmed")]


@pytest.mark.parametrize(
    ("edits", "sentence"),
    [
        ([("n1", "account", "丙")], "“丙”没有写名次"),
        ([("n1", "rank", "4")], "第4名没有写公众号"),
        ([("0", "account", "")], "第1名没有写公众号"),
        ([("n1", "rank", "4"), ("n1", "account", "“甲县发布”")], "选中了不止一行"),
        ([("1", "rank", "1")], "第1名有 2 行（在荷塘、甲县发布）"),
        ([("0", "unit", "长" * 100), ("n1", "account", "a1")], "没有写名次"),
    ],
)
def test_the_first_person_hears_what_is_wrong(source, first, edits, sentence) -> None:
    waiting = run(source, page(**DOUBTFUL))
    services.edit_cells(first, waiting, [CellEdit(0, *each) for each in edits], "改")
    with pytest.raises(ScrapeError, match=sentence):
        services.accept_run(first, waiting, "核对")
    waiting.refresh_from_db()
    assert (waiting.state, waiting.decision) == (RunState.REVIEW, None)


def test_what_recording_would_refuse_is_refused_at_once(source, first) -> None:
    """A name of two accounts is no matter for the second person to meet."""
    for _ in range(2):
        AccountFactory(name="同名号")
    waiting = run(source, page(**DOUBTFUL))
    services.edit_cells(first, waiting, [CellEdit(0, "0", "account", "同名号")], "改")
    with pytest.raises(ScrapeError, match="有 2 个公众号叫“同名号”"):
        services.accept_run(first, waiting, "核对")
    assert Run.objects.get().state == RunState.REVIEW
    assert not Account.objects.filter(name="甲县发布").exists()


def test_ties_that_were_typed_are_recorded_as_ties(source, first, second) -> None:
    waiting = run(source, page(**DOUBTFUL))
    edits = [CellEdit(0, "1", "rank", "2（并列）"), CellEdit(0, "2", "rank", "并列第2名")]
    services.edit_cells(first, waiting, edits, "原文并列")
    services.pass_run(second, services.accept_run(first, waiting, "核对"))
    found = Observation.objects.filter(rank=2, tied=True).values_list("account__name", flat=True)
    assert set(found) == {"甲县发布", "乙县发布"}


def test_striking_out_retires_only_by_two_people(source, first, second) -> None:
    run(source, page())
    assert Observation.objects.in_force().count() == 3
    waiting = run(source, page(published="2019-09-02", **DOUBTFUL))
    services.edit_cells(first, waiting, [CellEdit(0, "2", "removed", "1")], "原文已删")
    waiting = services.accept_run(first, waiting, "核对", complete=True)
    assert waiting.state == RunState.CHECK
    services.pass_run(second, waiting)
    gone = Observation.objects.in_force().get(account__name="乙县发布")
    assert (gone.state, gone.confirmed_by) == ("absent", second)


def test_who_struck_a_row_out_is_no_second_person(source, first, second) -> None:
    waiting = run(source, page(**DOUBTFUL))
    services.edit_cells(second, waiting, [CellEdit(0, "2", "removed", "1")], "原文已删")
    services.accept_run(first, waiting, "核对", complete=True)
    with pytest.raises(PermissionDenied, match="您录入的格子"):
        services.pass_run(second, waiting)


def test_a_board_that_was_deleted_meanwhile(typed, first, second) -> None:
    other = BoardFactory()
    waiting = services.accept_run(first, typed, "核对", [BoardChoice(0, other)])
    other.delete()
    with pytest.raises(ScrapeError, match="已经删除"):
        services.pass_run(second, waiting)


def test_a_first_person_who_may_no_longer_record(typed, first, second) -> None:
    waiting = services.accept_run(first, typed, "核对")
    first.user_permissions.clear()
    with pytest.raises(ScrapeError, match="已经没有录入名次的权限"):
        services.pass_run(second, waiting)
    assert Run.objects.get().state == RunState.CHECK
    assert not Observation.objects.exists()
