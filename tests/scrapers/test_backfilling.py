"""Fetching the past of a source, month by month."""

import json

import pytest
from django.core.management import CommandError, call_command

from rankings.models import Alert, Observation
from rankings.periods import Month
from scrapers import services
from scrapers.fetch_errors import FetchTimeout
from scrapers.models import Run, RunState, Trigger
from scrapers.services import ScrapeError

from .conftest import AUGUST, DOUBTFUL, THREE, fetching, listing, make_source, page, row

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("evidence_root", "extraction_is_the_page", "first_of_september"),
]

MAY, JUNE, JULY = AUGUST + -3, AUGUST + -2, AUGUST + -1


def content(month: Month) -> dict:
    rows = [row(n, r["account"], index=900 - n - month.index % 12) for n, r in enumerate(THREE, 1)]
    return page(listing(*rows), month=month)


class Archive:
    """A site with a page for each month; ``pages`` overrides single ones."""

    def __init__(self, **pages) -> None:
        self.pages = pages
        self.calls: list[str] = []

    def __call__(self, url: str, **details):
        key = url.removeprefix("https://rank.example.gov.cn/").removesuffix(".html")
        self.calls.append(key)
        found = self.pages.get(key.replace("/", "_"))
        if found is None:
            year, month = key.split("/")
            found = content(Month(int(year), int(month)))
        return fetching(found)(url, **details)


@pytest.fixture
def site() -> Archive:
    return Archive()


def fill(source, site, first=MAY, last=AUGUST, **details):
    return list(services.backfill(None, source, first, last, fetch=site, **details))


def states(filled) -> list[str]:
    return ["skipped" if f.skipped else f.run.state if f.run else f.problem for f in filled]


def test_months_come_oldest_first_each_by_a_run_of_its_own(source, site) -> None:
    filled = fill(source, site)
    assert site.calls == ["2019/05", "2019/06", "2019/07", "2019/08"]
    assert states(filled) == ["recorded"] * 4
    assert set(Run.objects.values_list("trigger", flat=True)) == {Trigger.BACKFILL}
    assert Observation.objects.count() == 12


def test_it_goes_on_where_it_stopped_and_passes_over_what_is_settled(source, site) -> None:
    months = services.backfill(None, source, MAY, AUGUST, fetch=site)
    next(months)
    months.close()
    site.pages["2019_06"] = page(month=JUNE, **DOUBTFUL)
    assert states(fill(source, site)) == ["skipped", "review", "recorded", "recorded"]
    assert states(fill(source, site)) == ["skipped"] * 4
    assert states(fill(source, site, force=True)) == ["unchanged"] * 4


def test_a_month_that_fails_stops_none_and_is_tried_again(source, site) -> None:
    site.pages = {"2019_06": FetchTimeout("太慢"), "2019_07": page(month=MAY)}
    assert states(fill(source, site)) == ["recorded", "failed", "failed", "recorded"]
    site.pages, site.calls = {}, []
    assert states(fill(source, site)) == ["skipped", "recorded", "recorded", "skipped"]
    assert site.calls == ["2019/06", "2019/07"]


def test_failures_of_the_past_alarm_nobody(source, site) -> None:
    site.pages = {f"2019_0{n}": FetchTimeout("太慢") for n in range(5, 9)}
    fill(source, site)
    assert not Alert.objects.exists()


def test_a_source_under_way_is_told_and_stops_nothing_else(source, site) -> None:
    services.request_run(None, source, MAY, Trigger.BUTTON)
    filled = fill(source, site)
    assert all(f.run is None and "正在抓取" in f.problem for f in filled)


def test_filling_the_past_does_not_set_the_clock_off(source, site) -> None:
    """Only scheduled runs tell since when a source is minded."""
    fill(source, site, Month(2018, 1), Month(2018, 3))
    (due,) = services.due_sources(Run.objects.first().requested_at)
    assert due[1] == AUGUST


@pytest.mark.parametrize(
    ("details", "first", "last", "sentence"),
    [
        ({}, AUGUST, MAY, "请对调"),
        ({}, MAY, AUGUST + 1, "还没有结束"),
        ({"address": "https://rank.example.gov.cn/newest"}, MAY, AUGUST, "没有年月"),
        ({"address": "https://rank.example.gov.cn/{day}"}, MAY, AUGUST, "大括号"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_fetched(
    board, site, details, first, last, sentence
) -> None:
    source = make_source(board, **details)
    with pytest.raises(ScrapeError, match=sentence):
        fill(source, site, first, last)
    assert not Run.objects.exists() and not site.calls


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def found(monkeypatch, site):
    """Make the command visit the archive."""
    original = services.backfill
    monkeypatch.setattr(services, "backfill", lambda *args, **kw: original(*args, fetch=site, **kw))
    return site


def command(*arguments: str) -> int:
    given = ("--source", "institute", "--from", "2019-05", "--to", "2019-08", *arguments)
    try:
        call_command("backfill", *given)
    except SystemExit as stop:
        return int(stop.code)
    except CommandError as error:
        return error.returncode
    return 0


def test_json_and_progress(source, found, capsys) -> None:
    assert command("--json") == 0
    printed = capsys.readouterr()
    answer = json.loads(printed.out)
    assert [m["month"] for m in answer["months"]] == ["2019-05", "2019-06", "2019-07", "2019-08"]
    assert {m["state"] for m in answer["months"]} == {"recorded"}
    assert "[4/4] 2019-08 已入库" in printed.err
    assert command() == 0
    assert "其中 4 个月早已办妥" in capsys.readouterr().out


def test_exit_codes(source, found, capsys) -> None:
    found.pages["2019_06"] = page(month=JUNE, **DOUBTFUL)
    assert command() == 3
    assert command() == 3
    found.pages["2019_05"] = FetchTimeout("太慢")
    assert command("--force") == 1
    assert "失败" in capsys.readouterr().out
    assert command("--to", "2019-09") == 2
    assert command("--from", "2019-08", "--to", "2019-05") == 2
    assert command("--source", "nobody") == 2


def test_it_can_be_stopped_by_hand_and_go_on_at_once(source, found, capsys) -> None:
    found.pages["2019_06"] = KeyboardInterrupt()
    assert command("--json") == 130
    printed = capsys.readouterr()
    assert [m["month"] for m in json.loads(printed.out)["months"]] == ["2019-05"]
    assert "已中断" in printed.err
    stopped = Run.objects.get(month=JUNE.index)
    assert stopped.state == RunState.FAILED
    assert "人工中断" in stopped.reason
    found.pages = {}
    assert command() == 0
    assert Run.objects.filter(month=JUNE.index, state=RunState.RECORDED).count() == 1
