"""Runs: evidence first, then rows; trouble is a state with a sentence, never a number."""

import os
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_q.models import OrmQ

from cms.ops.models import AuditEntry
from rankings.evidence.models import Capture, Sighting
from rankings.models import Account, Observation
from rankings.periods import Month
from rankings.services import confirm_observations
from scrapers import services
from scrapers.extract import VERSION, PageRefused
from scrapers.fetch_errors import BadStatus, FetchTimeout
from scrapers.fetching import FetchedPage
from scrapers.models import Run, RunState, SourceBoard, Step, Trigger
from scrapers.services import BoardChoice, RunInProgress, ScrapeError
from tests.factories.rankings import AccountFactory, BoardFactory

from .conftest import (
    AUGUST,
    DOUBTFUL,
    REVIEWER,
    THREE,
    fetching,
    listing,
    make_source,
    page,
    person,
    row,
    run,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("evidence_root", "extraction_is_the_page", "first_of_september"),
]


# --- a page in order ----------------------------------------------------------------------------


def test_a_page_in_order_is_recorded_by_itself(source, board) -> None:
    steps = []
    done = run(source, report=steps.append)
    assert (done.state, done.counts["created"]) == (RunState.RECORDED, 3)
    assert steps == ["抓取", "存证", "解析", "核对", "入库"]
    rows = Observation.objects.current().order_by("rank")
    assert [(r.rank, r.account.name) for r in rows] == [
        (1, "在荷塘"),
        (2, "甲县发布"),
        (3, "乙县发布"),
    ]
    first = rows[0]
    assert (first.board, first.month) == (board, AUGUST.index)
    assert (first.status, first.origin) == ("confirmed", "scrape")
    assert first.capture == done.sighting.capture
    assert first.source_url == "https://rank.example.gov.cn/2019/08.html"
    assert first.figures["index"]["value"] == 1100.5
    assert not Account.objects.get(name="在荷塘").confirmed
    assert AuditEntry.objects.filter(action="scrape.recorded").exists()


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("publisher", "confirmed"),
        ("official_repost", "confirmed"),
        ("media", "reported"),
        ("mirror", "reported"),
        ("self", "reported"),
    ],
)
def test_only_publishers_and_official_reposts_confirm(board, kind, status) -> None:
    run(make_source(board, source_kind=kind))
    assert set(Observation.objects.values_list("status", flat=True)) == {status}


def test_only_allowed_hosts_are_handed_to_the_fetcher(source) -> None:
    fetch = fetching(page())
    services.run_source(None, source, AUGUST, Trigger.COMMAND, fetch=fetch)
    assert fetch.calls == [
        ("https://rank.example.gov.cn/2019/08.html", ["rank.example.gov.cn"]),
    ]


def test_the_same_page_again_changes_nothing(source) -> None:
    run(source)
    again = run(source)
    assert again.state == RunState.UNCHANGED
    assert Observation.objects.count() == 3
    assert (Capture.objects.count(), Sighting.objects.count()) == (1, 2)


def test_a_revised_list_corrects_what_was_recorded(source) -> None:
    run(source)
    swapped = listing(row(1, "甲县发布"), row(2, "在荷塘"), row(3, "乙县发布"))
    revised = run(source, page(swapped))
    assert revised.state == RunState.RECORDED
    assert revised.counts["corrected"] == 3
    first = Observation.objects.in_force().get(rank=1)
    assert (first.account.name, first.version) == ("甲县发布", 2)
    assert first.reason
    assert Observation.objects.count() == 6


FIVE = tuple(row(n, name) for n, name in enumerate(("在荷塘", "甲", "乙", "丙", "丁"), start=1))


def absent() -> set[str]:
    rows = Observation.objects.in_force().filter(state="absent")
    return set(rows.values_list("account__name", flat=True))


def test_accounts_that_a_revised_list_no_longer_names_become_absent(source) -> None:
    run(source, page(listing(*FIVE)))
    revised = run(source, page(listing(*FIVE[:3])))
    assert revised.state == RunState.RECORDED
    assert "2 个公众号已不在榜上" in revised.reason
    assert absent() == {"丙", "丁"}
    assert run(source, page(listing(*FIVE[:3]))).state == RunState.UNCHANGED


def test_a_list_that_lost_more_than_half_waits_for_a_person(source) -> None:
    run(source, page(listing(*FIVE)))
    waiting = run(source, page(listing(*FIVE[:2])))
    assert waiting.state == RunState.REVIEW
    assert "可能没有读全" in waiting.reason
    assert absent() == set()
    services.accept_run(person(*REVIEWER), waiting, "原榜确实只剩两个", complete=True)
    assert absent() == set()
    confirm_observations(person("rankings.confirm_observation"), Observation.objects.waiting())
    assert absent() == {"乙", "丙", "丁"}


@pytest.mark.parametrize("size", [5, 10])
def test_a_list_with_rows_unread_retires_nobody(source, size) -> None:
    run(source, page(listing(*FIVE)))
    run(source, page(listing(*FIVE[:4], list_size=size)))
    assert absent() == set()


def test_some_rows_of_a_page_retire_nobody(source, board) -> None:
    run(source, page(listing(*FIVE)))
    waiting = run(source, page(listing(*FIVE[:4]), **DOUBTFUL))
    choices = [BoardChoice(0, board, frozenset({"0", "1"}))]
    services.accept_run(person(*REVIEWER), waiting, "只看清两行", choices, complete=True)
    assert not Observation.objects.filter(state="absent").exists()


def test_several_boards_of_a_page(board) -> None:
    city = BoardFactory(key="city", name="市级榜")
    source = make_source(board, heading="县级")
    SourceBoard.objects.create(source=source, heading="市级", board=city)
    SourceBoard.objects.create(source=source, heading="高校", board=None)
    found = page(
        listing(row(1, "在荷塘"), name="一、8月县级榜"),
        listing(row(1, "某市发布"), name="二、8月市级榜"),
        listing(row(1, "某大学"), name="三、8月高校榜"),
        listing(row(1, "某文章号"), name="热文榜", subject="article"),
    )
    assert run(source, found).state == RunState.RECORDED
    recorded = Observation.objects.values_list("board__key", "account__name")
    assert set(recorded) == {("county", "在荷塘"), ("city", "某市发布")}


# --- trouble ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (page(verdict="failed", period=None, boards=[], flags=["page_failed"]), "登录页"),
        (page(month=Month(2019, 7)), "统计期是2019年7月，不是要抓取的2019年8月"),
        (page(listing()), "没有入库"),
        (page(boards=[]), "没有读到任何名次"),
    ],
)
def test_a_page_that_is_no_list_is_a_failure_and_not_an_absence(source, content, sentence) -> None:
    failed = run(source, content)
    assert failed.state == RunState.FAILED
    assert sentence in failed.reason
    assert failed.sighting is not None
    assert not Observation.objects.exists()


def test_a_fetch_error_is_the_reason(source) -> None:
    failed = run(source, FetchTimeout("对方网站响应太慢，已放弃。"))
    assert (failed.state, failed.reason) == (RunState.FAILED, "对方网站响应太慢，已放弃。")
    assert (failed.step, failed.sighting) == (Step.FETCH, None)


def test_an_error_page_is_kept_as_evidence(source) -> None:
    sent = FetchedPage(
        data="<h1>页面不存在</h1>".encode(),
        url="https://rank.example.gov.cn/2019/08.html",
        final_url="https://rank.example.gov.cn/2019/08.html",
        status=404,
        content_type="text/html",
        fetched_at=timezone.now(),
    )
    failed = run(source, BadStatus("页面不存在（HTTP 404）。", 404, sent))
    assert failed.state == RunState.FAILED
    assert failed.sighting.http_status == 404
    assert failed.extraction is None


def test_a_broken_address_pattern_is_a_failure_with_a_sentence(board) -> None:
    failed = run(make_source(board, address="https://rank.example.gov.cn/{day}"))
    assert failed.state == RunState.FAILED
    assert "{year}" in failed.reason


def test_a_full_disk_records_nothing(source, monkeypatch) -> None:
    def full(*args) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    failed = run(source)
    assert failed.state == RunState.FAILED
    assert "磁盘空间" in failed.reason
    assert not Capture.objects.exists()
    assert not Observation.objects.exists()


def test_a_page_beyond_the_limits_of_reading_is_a_failure(source, monkeypatch) -> None:
    def refuse(data, **details):
        raise PageRefused("表格超过 100,000 个单元格。")

    monkeypatch.setattr("scrapers.extract.extract", refuse)
    failed = run(source)
    assert failed.state == RunState.FAILED
    assert "单元格" in failed.reason
    assert failed.sighting is not None


@pytest.mark.parametrize(
    ("content", "state", "sentence"),
    [
        (page(**DOUBTFUL), RunState.REVIEW, "名次有缺"),
        (
            page(
                listing(needs_transcription=True),
                verdict="needs_transcription",
                flags=["picture_only"],
            ),
            RunState.TRANSCRIPTION,
            "图片",
        ),
        (page(period=None), RunState.REVIEW, "没有写明统计期"),
        (page(listing(*THREE), listing(*THREE, name="另一榜")), RunState.REVIEW, "另一榜"),
    ],
)
def test_what_is_doubtful_waits_for_a_person(source, content, state, sentence) -> None:
    waiting = run(source, content)
    assert waiting.state == state
    assert sentence in waiting.reason
    assert waiting.extraction == content
    assert not Observation.objects.exists()


def test_text_that_no_database_takes_is_cleaned(source, monkeypatch) -> None:
    class Odd:
        def to_json(self, *, explain: bool = False) -> dict:
            return page(listing(row(1, "在\x00荷塘\ud800")), verdict="review", flags=["x\x00"])

    monkeypatch.setattr("scrapers.extract.extract", lambda data, **details: Odd())
    waiting = run(source)
    waiting.refresh_from_db()
    assert waiting.extraction["boards"][0]["rows"][0]["account"] == "在荷塘?"
    assert waiting.extraction["flags"] == ["x"]
    assert waiting.extractor_version == VERSION


def test_a_name_that_fits_two_accounts_waits_for_a_person(source) -> None:
    AccountFactory(key="one", name="在荷塘")
    AccountFactory(key="two", name="在荷塘")
    waiting = run(source)
    assert waiting.state == RunState.REVIEW
    assert "one" in waiting.reason
    assert not Observation.objects.exists()


def test_nobody_is_asked_twice_about_the_same_bytes(source) -> None:
    first = run(source, page(**DOUBTFUL))
    again = run(source, page(**DOUBTFUL))
    assert again.state == RunState.UNCHANGED
    assert f"第 {first.pk} 号" in again.reason
    changed = run(source, page(published=None, **DOUBTFUL))
    assert changed.state == RunState.REVIEW


def test_a_month_that_is_not_over_is_refused(source) -> None:
    with pytest.raises(ScrapeError, match="还没有结束"):
        run(source, month=Month(2019, 9))
    assert not Run.objects.exists()


def test_asking_for_a_run_needs_the_permission(source) -> None:
    with pytest.raises(PermissionDenied):
        services.request_run(person(), source, AUGUST, Trigger.BUTTON)
    asked = services.request_run(person("scrapers.run_source"), source, AUGUST, Trigger.BUTTON)
    assert asked.state == RunState.DUE


# --- one at a time, and kills -------------------------------------------------------------------


def test_one_run_of_a_source_at_a_time(source) -> None:
    running = services.request_run(None, source, AUGUST, Trigger.BUTTON)
    with pytest.raises(RunInProgress) as refused:
        run(source)
    assert refused.value.run == running
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.create(source=source, month=AUGUST.index, trigger=Trigger.BUTTON)


def test_a_run_is_carried_out_once_however_often_the_queue_offers_it(source) -> None:
    asked = services.request_run(None, source, AUGUST, Trigger.BUTTON)
    fetch = fetching(page())
    for _ in range(3):
        services.execute_run(asked.pk, fetch=fetch)
    assert len(fetch.calls) == 1
    assert Run.objects.get().state == RunState.RECORDED


class Killed(BaseException):
    """Stands for ``kill -9``: no handler of ours may catch it."""


STEPS = ["抓取", "存证", "解析", "核对", "入库"]


@pytest.mark.parametrize("step", STEPS)
def test_a_run_killed_at_any_step_is_taken_up_again(source, first_of_september, step) -> None:
    asked = services.request_run(None, source, AUGUST, Trigger.SCHEDULE)
    fetch = fetching(page())

    def kill(reached: str) -> None:
        if reached == step:
            raise Killed

    with pytest.raises(Killed):
        services.execute_run(asked.pk, fetch=fetch, report=kill)
    assert Run.objects.get().state == RunState.RUNNING
    # Its worker may still be alive: nobody touches it yet.
    services.execute_run(asked.pk, fetch=fetch)
    assert Run.objects.get().state == RunState.RUNNING

    first_of_september.shift(timedelta(minutes=11))
    done = services.execute_run(asked.pk, fetch=fetch)
    assert done.state == RunState.RECORDED
    assert Observation.objects.count() == 3
    # What was kept as evidence is not fetched again.
    assert len(fetch.calls) == (1 if STEPS.index(step) != 1 else 2)


def test_a_run_that_keeps_dying_is_given_up(source, first_of_september) -> None:
    asked = services.request_run(None, source, AUGUST, Trigger.SCHEDULE)
    for _ in range(3):
        with pytest.raises(Killed):
            services.execute_run(asked.pk, fetch=fetching(Killed()))
        first_of_september.shift(timedelta(minutes=11))
    given_up = services.execute_run(asked.pk, fetch=fetching(page()))
    assert given_up.state == RunState.FAILED
    assert "中断了 3 次" in given_up.reason


def test_a_worker_thought_dead_cannot_write_over_its_successor(source, first_of_september) -> None:
    asked = services.request_run(None, source, AUGUST, Trigger.SCHEDULE)

    def slow(url, *, allowed_hosts, **details):
        first_of_september.shift(timedelta(minutes=11))
        services.execute_run(asked.pk, fetch=fetching(page()))
        return fetching(page(**DOUBTFUL))(url, allowed_hosts=allowed_hosts)

    done = services.execute_run(asked.pk, fetch=slow)
    assert (done.state, done.attempts) == (RunState.RECORDED, 2)
    assert Observation.objects.count() == 3


def test_a_new_run_replaces_one_that_died(source, first_of_september) -> None:
    dead = services.request_run(None, source, AUGUST, Trigger.SCHEDULE)
    first_of_september.shift(timedelta(minutes=11))
    assert run(source).state == RunState.RECORDED
    dead.refresh_from_db()
    assert dead.state == RunState.FAILED
    assert "已由新的抓取代替" in dead.reason


# --- the schedule -------------------------------------------------------------------------------


def due() -> list[tuple[str, str]]:
    return [(s.key, str(month)) for s, month in services.due_sources(timezone.now())]


def test_due_sources_are_requested_once(source, first_of_september) -> None:
    assert due() == [("institute", "2019-08")]
    (asked,) = services.run_due_sources()
    assert (asked.trigger, asked.state, asked.actor) == ("schedule", "due", None)
    assert services.run_due_sources() == []
    services.execute_run(asked.pk, fetch=fetching(page()))
    first_of_september.shift(timedelta(days=1))
    assert due() == []
    first_of_september.shift(timedelta(days=6))
    assert due() == [("institute", "2019-08")]


def test_a_failed_run_is_tried_again_on_the_next_listed_day(source, first_of_september) -> None:
    run(source, FetchTimeout("太慢"))
    assert due() == []
    first_of_september.shift(timedelta(days=1))
    assert due() == [("institute", "2019-08")]


def test_sources_that_are_off_or_broken_stop_no_other(board) -> None:
    make_source(board, key="off", active=False)
    make_source(board, key="broken-days", days="40")
    make_source(board, key="broken-address", address="https://x/{")
    make_source(board, key="good")
    assert due() == [("good", "2019-08")]


def test_requests_reach_the_queue_on_commit(source, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        (asked,) = services.run_due_sources()
        assert not OrmQ.objects.exists()
    task = OrmQ.objects.get().task
    assert (task["func"], task["args"]) == ("scrapers.tasks.execute", (asked.pk,))


def test_runs_whose_worker_is_gone_are_offered_again(
    source, first_of_september, django_capture_on_commit_callbacks
) -> None:
    services.request_run(None, source, AUGUST, Trigger.SCHEDULE)
    first_of_september.shift(timedelta(minutes=11))
    with django_capture_on_commit_callbacks(execute=True):
        assert services.run_due_sources() == []
    assert OrmQ.objects.count() == 1
