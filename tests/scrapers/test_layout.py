"""When a page looks otherwise than before, and what the office is told of it."""

from datetime import UTC, datetime

import pytest
import time_machine

from rankings.models import Alert, Observation
from rankings.periods import Month
from scrapers import services
from scrapers.checking import Rule
from scrapers.extract import PageRefused
from scrapers.fetch_errors import FetchTimeout
from scrapers.layout import is_expected, layout_change
from scrapers.models import RunState, Trigger
from tests.factories.rankings import AccountFactory

from .conftest import AUGUST, DOUBTFUL, THREE, fetching, listing, page, row

SEPTEMBER = AUGUST + 1
RULES = [Rule("县级", 1, "县级榜")]


@pytest.mark.parametrize(
    ("content", "expected", "words"),
    [
        (page(), True, ""),
        (page(verdict="failed", boards=[], flags=["page_failed"]), True, "打开的不是榜单"),
        (page(verdict="failed", boards=[], flags=["page_failed"]), False, ""),  # not out yet
        (None, True, "页面无法解析"),
        (None, False, ""),
        (page(listing()), True, "没有读到公众号名次"),
        (page(listing()), False, ""),
        (page(month=Month(2019, 7)), True, ""),  # the old list is still there
        (page(listing(needs_transcription=True)), False, "变成了图片"),
        (page(listing(*THREE, name="区县影响力")), False, "“区县影响力”没有对应的榜单"),
        (page(listing(*THREE, name="区县影响力")), False, "没有找到榜单“县级榜”"),
        (page(**{**DOUBTFUL, "flags": ["unknown_board"]}), False, "榜单没有标题"),
        (page(**DOUBTFUL), True, ""),  # a missing rank is no change of the page
    ],
)
def test_what_counts_as_a_change(content, expected, words) -> None:
    found = layout_change(content, AUGUST, RULES, expected=expected)
    assert words in found and bool(found) == bool(words)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2019, 9, 7, 15, 59, tzinfo=UTC), False),
        (datetime(2019, 9, 7, 16, 0, tzinfo=UTC), True),  # the eighth in Beijing
        (datetime(2019, 12, 1, tzinfo=UTC), True),
    ],
)
def test_when_a_list_should_be_there(now, expected) -> None:
    assert is_expected(AUGUST, now) == expected


# --- through runs ---------------------------------------------------------------------------------

pytestmark = pytest.mark.usefixtures("evidence_root", "extraction_is_the_page")


def run(source, content, month=SEPTEMBER):
    return services.run_source(None, source, month, Trigger.COMMAND, fetch=fetching(content))


def layout() -> list[Alert]:
    return list(Alert.objects.filter(kind="layout"))


@pytest.fixture(autouse=True)
def october():
    with time_machine.travel(datetime(2019, 10, 9, 2, tzinfo=UTC), tick=False) as clock:
        yield clock


@pytest.mark.django_db
def test_a_changed_heading_is_told_once_a_month(source) -> None:
    source.boards.update(heading="县级")
    assert run(source, page(), AUGUST).state == RunState.RECORDED
    changed = page(listing(*THREE, name="区县影响力"), month=SEPTEMBER)
    waiting = run(source, changed)
    assert waiting.state == RunState.REVIEW
    [alert] = layout()
    assert "“区县影响力”没有对应的榜单" in alert.message and "名次不受影响" in alert.message
    assert alert.url.endswith(f"/{waiting.pk}/") and alert.board.key == "county"
    run(source, page(listing(*THREE, row(4, "丙县发布"), name="区县影响力"), month=SEPTEMBER))
    assert len(layout()) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content",
    [
        page(verdict="failed", boards=[], flags=["page_failed"], month=SEPTEMBER),
        page(listing(), month=SEPTEMBER),
        page(listing(needs_transcription=True), month=SEPTEMBER),
        FetchTimeout("超时"),
        b"refused",
    ],
)
def test_trouble_with_a_page_never_touches_our_place(source, content, monkeypatch) -> None:
    AccountFactory(name="在荷塘", is_ours=True)
    run(source, page(), AUGUST)
    Alert.objects.all().delete()
    before = list(Observation.objects.values())
    if content == b"refused":

        def refuse(data, **details):
            raise PageRefused("不是网页")

        monkeypatch.setattr("scrapers.extract.extract", refuse)
    ended = run(source, content)
    assert ended.state in (RunState.FAILED, RunState.TRANSCRIPTION)
    assert list(Observation.objects.values()) == before
    kinds = set(Alert.objects.values_list("kind", flat=True))
    assert kinds == (set() if isinstance(content, FetchTimeout) else {"layout"})


@pytest.mark.django_db
def test_a_source_that_was_never_read_has_not_changed(source) -> None:
    run(source, page(verdict="failed", boards=[], flags=["page_failed"], month=SEPTEMBER))
    assert not layout()


@pytest.mark.django_db
def test_an_example_is_marked(source, board) -> None:
    run(source, page(), AUGUST)
    board.is_example = True
    board.save()
    run(source, page(listing(needs_transcription=True), month=SEPTEMBER))
    assert layout()[0].message.startswith("〔示例〕")
    assert layout()[0].message.count("示例〕") == 1
