"""Repeated failure, lists unlike the last ones, pages of another build, and trials."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from rankings.models import Alert, AlertKind, Observation
from scrapers import health, services
from scrapers.fetch_errors import BadStatus, FetchTimeout
from scrapers.fetching import FetchedPage
from scrapers.models import Run, RunState, Source, Trigger
from tests.factories.rankings import AccountFactory

from .conftest import (
    AUGUST,
    DOUBTFUL,
    REVIEWER,
    THREE,
    ReadBack,
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

JULY = AUGUST + -1
SLOW = FetchTimeout("对方网站响应太慢，已放弃。")


def alerts(kind: str = AlertKind.FAILING) -> list[str]:
    return list(Alert.objects.filter(kind=kind).order_by("pk").values_list("message", flat=True))


def not_there() -> BadStatus:
    sent = FetchedPage(
        data=b"<h1>404</h1>",
        url="https://rank.example.gov.cn/2019/08.html",
        final_url="https://rank.example.gov.cn/2019/08.html",
        status=404,
        content_type="text/html",
        fetched_at=timezone.now(),
    )
    return BadStatus("页面不存在（HTTP 404）。", 404, sent)


# --- repeated failure -----------------------------------------------------------------------------


def test_three_failures_in_a_row_are_told_once(source) -> None:
    for expected in (0, 0, 1, 1, 1):
        run(source, SLOW)
        assert len(alerts()) == expected
    (message,) = alerts()
    assert "连续 3 次抓取失败" in message and "响应太慢" in message
    assert Alert.objects.get().url.endswith(f"/{Run.objects.order_by('pk')[2].pk}/")


@pytest.mark.parametrize("content", [page(), page(**DOUBTFUL)], ids=["recorded", "waits"])
def test_a_source_that_works_again_is_said_on_the_alert(source, content) -> None:
    for _ in range(3):
        run(source, SLOW)
    run(source, content)
    assert alerts()[0].startswith("〔2019-09-01 已恢复〕")
    for _ in range(3):
        run(source, SLOW)
    first, second = alerts()
    assert first.startswith("〔2019-09-01 已恢复〕")
    assert not second.startswith("〔")
    run(source, content)
    assert all(message.count("已恢复") == 1 for message in alerts())


def test_a_success_between_breaks_the_series(source) -> None:
    for content in (SLOW, SLOW, page(), SLOW, SLOW):
        run(source, content)
    assert alerts() == []


def test_a_list_that_is_not_out_yet_is_no_failure_of_the_source(source, first_of_september) -> None:
    for _ in range(4):
        assert run(source, not_there()).state == RunState.FAILED
    assert alerts() == []
    # From its day on it should be there.
    first_of_september.move_to("2019-09-08T02:00:00Z")
    for _ in range(3):
        run(source, not_there())
    assert len(alerts()) == 1


def test_each_source_has_its_own_series(source, board) -> None:
    other = make_source(board, key="second")
    for each in (source, other, source, other):
        run(each, SLOW)
    assert alerts() == []


def test_an_example_is_marked(board) -> None:
    source = make_source(board, is_example=True)
    for _ in range(3):
        run(source, SLOW)
    assert alerts()[0].startswith("〔示例〕")


# --- lists beside the last ones -------------------------------------------------------------------

TEN = tuple(row(n, f"县{n}发布", index=1000 - 10 * n) for n in range(1, 11))


def other_figures(rows, by: float = 3) -> tuple:
    return tuple(
        row(r["rank"], r["account"], index=r["values"]["index"]["value"] + by) for r in rows
    )


def test_last_months_page_under_a_new_date_waits(source) -> None:
    run(source, page(listing(*TEN), month=JULY), month=JULY)
    waiting = run(source, page(listing(*TEN)))
    assert waiting.state == RunState.REVIEW
    assert "10 个公众号的数值与2019年7月完全相同" in waiting.reason
    assert not Observation.objects.filter(month=AUGUST.index).exists()
    # What the machine read stays what it read.
    assert waiting.extraction == page(listing(*TEN))


def test_another_months_figures_are_recorded(source) -> None:
    run(source, page(listing(*TEN), month=JULY), month=JULY)
    assert run(source, page(listing(*other_figures(TEN)))).state == RunState.RECORDED


def test_our_own_account_missing_waits_also_under_another_name(source) -> None:
    ours = AccountFactory(key="ours", name="在荷塘", is_ours=True)
    ours.names.create(name="荷塘发布")
    run(source, page(listing(row(1, "在荷塘", index=1200), *TEN[1:]), month=JULY), month=JULY)
    without = run(source, page(listing(row(1, "县1发布", index=999), *other_figures(TEN[1:]))))
    assert without.state == RunState.REVIEW
    assert "2019年7月有本账号（第1名），这次没有读到" in without.reason
    named = run(source, page(listing(row(1, "荷塘发布", index=999), *other_figures(TEN[1:]))))
    assert named.state == RunState.RECORDED


def test_doubts_are_added_to_what_the_page_itself_says(source) -> None:
    run(source, page(listing(*TEN), month=JULY), month=JULY)
    waiting = run(source, page(listing(*TEN), **DOUBTFUL))
    assert "名次有缺" in waiting.reason and "完全相同" in waiting.reason


def test_what_a_person_let_through_is_not_asked_again(source) -> None:
    run(source, page(listing(*TEN), month=JULY), month=JULY)
    waiting = run(source, page(listing(*TEN)))
    services.accept_run(person(*REVIEWER), waiting, "两个月确实相同，已向发布机构核实")
    again = run(source, page(listing(*TEN), published=None))
    assert again.state != RunState.REVIEW


def test_lists_of_another_source_are_no_measure(source, board) -> None:
    other = make_source(board, key="second", source_name="另一机构")
    run(other, page(listing(*TEN), month=JULY), month=JULY)
    assert run(source, page(listing(*TEN))).state == RunState.RECORDED


# --- pages of another build -----------------------------------------------------------------------

LINKS = "".join(f"<li class='c{n}'><a><b>{n}</b></a></li>" for n in range(3))


def built(month, css: str, rows=THREE, **details) -> bytes:
    """A page whose extraction is handed over beside its markup."""
    kinds = "".join(f"<div class='{css}-{k}'><p><i>x</i></p></div>" for k in "abcdefgh")
    told = json.dumps(page(listing(*rows), month=month, **details))
    return f"<html><body><ul>{LINKS}</ul>{kinds}<!--{told}--></body></html>".encode()


@pytest.fixture
def told_in_comment(extraction_is_the_page, monkeypatch) -> None:
    monkeypatch.setattr(
        "scrapers.extract.extract",
        lambda data, **details: ReadBack(re.search(rb"<!--(.*)-->", data, re.DOTALL)[1]),
    )


@pytest.mark.usefixtures("told_in_comment")
class TestBuild:
    def test_a_page_of_the_same_build_is_recorded(self, source) -> None:
        run(source, built(JULY, "old"), month=JULY)
        done = run(source, built(AUGUST, "old", other_figures(THREE)))
        assert (done.state, done.similarity) == (RunState.RECORDED, 1)

    def test_a_page_of_another_build_waits_though_it_reads_well(self, source) -> None:
        before = run(source, built(JULY, "old"), month=JULY)
        done = run(source, built(AUGUST, "new", other_figures(THREE)))
        assert done.state == RunState.REVIEW
        assert done.similarity < 0.3
        assert f"（第 {before.pk} 号，2019年7月）只有" in done.reason
        (message,) = alerts(AlertKind.LAYOUT)
        assert "页面结构只有" in message
        # Accepted once, it is the measure of the next.
        services.accept_run(person(*REVIEWER), done, "改版了，名次读得对")
        again = run(source, built(AUGUST, "new", other_figures(THREE), published=None))
        assert again.similarity == 1

    def test_pages_long_past_are_not_compared(self, source) -> None:
        run(source, built(AUGUST + -30, "old"), month=AUGUST + -30)
        done = run(source, built(AUGUST, "new"))
        assert (done.state, done.similarity) == (RunState.RECORDED, None)

    def test_lost_evidence_of_the_older_page_stops_nothing(self, source, evidence_root) -> None:
        run(source, built(JULY, "old"), month=JULY)
        for path in evidence_root.rglob("*.gz"):
            path.chmod(0o600)
            path.unlink()
        done = run(source, built(AUGUST, "new", other_figures(THREE)))
        assert (done.state, done.similarity) == (RunState.RECORDED, None)


# --- trials and selectors -------------------------------------------------------------------------


def trial(source, content=None) -> Run:
    asked = services.request_run(person("scrapers.run_source"), source, AUGUST, Trigger.TRIAL)
    return services.execute_run(asked.pk, fetch=fetching(content or page()))


def test_a_trial_shows_what_would_be_read_and_records_nothing(source) -> None:
    for _ in range(2):
        tried = trial(source)
        assert tried.state == RunState.REVIEW
        assert "试抓读得出，没有入库" in tried.reason
        assert tried.sighting is not None
    assert not Observation.objects.exists()
    # The source is looked at in its turn all the same, and is asked about nothing twice.
    assert [month for _, month in services.due_sources(timezone.now())] == [AUGUST]
    assert run(source).state == RunState.RECORDED
    services.accept_run(person(*REVIEWER), tried, "设置无误")


def test_a_doubtful_page_waits_though_it_was_tried_before(source) -> None:
    assert trial(source, page(**DOUBTFUL)).state == RunState.REVIEW
    assert run(source, page(**DOUBTFUL)).state == RunState.REVIEW


def test_the_selector_of_a_source_reaches_the_extractor(source, monkeypatch) -> None:
    given = []
    monkeypatch.setattr(
        "scrapers.extract.extract",
        lambda data, **details: given.append(details["selector"]) or ReadBack(data),
    )
    Source.objects.update(selector="#content")
    source.refresh_from_db()
    run(source)
    assert given == ["#content"]


# --- clocks ---------------------------------------------------------------------------------------


def test_a_run_of_a_clock_that_was_ahead_does_not_block_its_source(
    source, first_of_september
) -> None:
    first_of_september.move_to("2030-09-01T02:00:00Z")
    services.request_run(None, source, AUGUST, Trigger.SCHEDULE)
    first_of_september.move_to("2019-09-01T02:00:00Z")
    assert services.due_sources(timezone.now()) == []
    assert Run.objects.stale(timezone.now()).count() == 1
    assert run(source).state == RunState.RECORDED


def test_a_clock_set_back_neither_loops_nor_skips(source, first_of_september) -> None:
    """Polling every few minutes over a clock that jumps makes one run more at most."""
    for minutes in (0, 5, -60, 5, 5, 60, 5, 5, -30, 30, 5, 5):
        first_of_september.shift(timedelta(minutes=minutes))
        for asked in services.run_due_sources():
            services.execute_run(asked.pk, fetch=fetching(SLOW))
    assert 1 <= Run.objects.count() <= 3
    first_of_september.move_to("2019-09-02T02:00:00Z")
    assert len(services.run_due_sources()) == 1


def test_candidates_and_waiting_runs_are_something_to_do(source) -> None:
    source.candidates.create(month=AUGUST.index, address="https://a.cn/1", title="八月榜")
    said = [finding.message for finding in health.check()]
    assert any("1 篇" in message and "发现的文章" in message for message in said)
