"""Runs that ask whether the page changed, and what a run says of clocks."""

import json
from datetime import UTC, timedelta
from email.utils import format_datetime

import pytest
from django.utils import timezone

from cms.ops.models import AuditEntry
from rankings.evidence.models import Sighting
from rankings.models import Observation
from scrapers import fetching as real
from scrapers import services
from scrapers.fetching import FetchedPage, Seen
from scrapers.models import Host, RunState, Trigger

from .conftest import AUGUST, DOUBTFUL, SEPTEMBER_1, make_source, page, run
from .fetching.servers import running_server

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("first_of_september", "evidence_root", "extraction_is_the_page"),
]
ADDRESS = "https://rank.example.gov.cn/2019/08.html"
ETAG = '"v1"'


class Publisher:
    """A ``fetch`` that says "not modified" to whoever holds the page as it is."""

    def __init__(self, content: dict, **headers: str) -> None:
        self.content = content
        self.headers = {"etag": ETAG, **headers}
        self.asked: list[Seen | None] = []

    def __call__(self, url, *, allowed_hosts, seen=None, **details) -> FetchedPage:
        self.asked.append(seen)
        same = seen is not None and seen.etag == self.headers["etag"]
        return FetchedPage(
            data=b"" if same else json.dumps(self.content).encode(),
            url=url,
            final_url=url,
            status=304 if same else 200,
            content_type="text/html",
            fetched_at=timezone.now().astimezone(UTC),
            headers=self.headers,
            not_modified=same,
        )


@pytest.fixture
def clock(first_of_september, source):
    """Some time after the source was last changed."""
    first_of_september.shift(timedelta(minutes=1))
    return first_of_september


def look(source, publisher):
    return services.run_source(None, source, AUGUST, Trigger.COMMAND, fetch=publisher)


def test_a_page_that_did_not_change_is_not_sent_again(source, clock) -> None:
    publisher = Publisher(page())
    first = look(source, publisher)
    assert first.state == RunState.RECORDED
    clock.shift(timedelta(days=1))
    second = look(source, publisher)
    assert publisher.asked == [None, Seen(ADDRESS, ETAG, "")]
    assert (second.state, second.sighting) == (RunState.UNCHANGED, first.sighting)
    assert "没有变化（304）" in second.reason
    assert f"第 {first.pk} 号" in second.reason
    assert Sighting.objects.count() == 1
    assert Observation.objects.count() == 3
    assert AuditEntry.objects.filter(action="scrape.unchanged").count() == 1
    # The one after leans on the run that read the page, not on the one that did not.
    clock.shift(timedelta(days=1))
    assert f"第 {first.pk} 号" in look(source, publisher).reason


def test_a_page_that_changed_is_read(source, clock) -> None:
    publisher = Publisher(page())
    look(source, publisher)
    publisher.headers["etag"] = '"v2"'
    publisher.content = page(note="修订")
    assert look(source, publisher).state == RunState.UNCHANGED  # the same rows
    assert Sighting.objects.count() == 2


@pytest.mark.parametrize("why", ["days", "settings", "version", "month", "address", "evidence"])
def test_the_page_comes_whole_where_the_old_one_may_not_do(
    source, clock, monkeypatch, evidence_root, why
) -> None:
    publisher = Publisher(page())
    first = look(source, publisher)
    month = AUGUST
    clock.shift(timedelta(minutes=1))
    if why == "days":
        clock.shift(timedelta(days=3))
    elif why == "settings":
        source.save()
        clock.shift(timedelta(minutes=1))
    elif why == "version":
        monkeypatch.setattr("scrapers.extract.VERSION", "next")
    elif why == "month":
        month = AUGUST + -1
    elif why == "address":
        type(source).objects.update(address="https://rank.example.gov.cn/newest.html")
        source.refresh_from_db()
    elif why == "evidence":
        (evidence_root / first.sighting.capture.path).unlink()
    services.run_source(None, source, month, Trigger.COMMAND, fetch=publisher)
    assert publisher.asked == [None, None]


def test_only_a_run_that_ended_well_is_leaned_on(source, clock) -> None:
    publisher = Publisher(page(**DOUBTFUL))
    assert look(source, publisher).state == RunState.REVIEW
    look(source, publisher)
    assert publisher.asked == [None, None]


def test_a_page_without_validators_comes_whole(source, clock) -> None:
    publisher = Publisher(page())
    publisher.headers["etag"] = "unquoted"
    look(source, publisher)
    look(source, publisher)
    assert publisher.asked == [None, None]


def test_a_killed_run_that_heard_not_modified_ends_all_the_same(source, clock, monkeypatch) -> None:
    publisher = Publisher(page())
    first = look(source, publisher)
    asked = services.request_run(None, source, AUGUST, Trigger.BUTTON)

    class Killed(BaseException):
        pass

    def die(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("scrapers.services.running.close", die)
        with pytest.raises(Killed):
            services.execute_run(asked.pk, fetch=publisher)
    clock.shift(timedelta(minutes=11))
    done = services.execute_run(asked.pk, fetch=publisher)
    assert (done.state, done.sighting) == (RunState.UNCHANGED, first.sighting)


def test_the_whole_way_over_a_socket(board, first_of_september) -> None:
    content = json.dumps(page()).encode()
    with running_server() as server:
        server.put("/2019/08.html", content, ETag=ETAG)
        source = make_source(
            board, address=f"{server.url()}{{year}}/{{month:02d}}.html", allowed_hosts="127.0.0.1"
        )
        first_of_september.shift(timedelta(minutes=1))
        first = look(source, real.fetch)
        server.answers["/2019/08.html"] = []
        server.put("/2019/08.html", b"", status=304)
        second = look(source, real.fetch)
        assert server.robots_asked == 1
        assert [headers.get("If-None-Match") for _, headers in server.seen] == [None, ETAG]
    assert (first.state, second.state) == (RunState.RECORDED, RunState.UNCHANGED)
    assert first.sighting.request_headers["User-Agent"].startswith("zai-hetang/")
    assert Host.objects.get().robots_status == 404


# --- the clock ------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [page(), page(**DOUBTFUL)], ids=["recorded", "review"])
def test_a_clock_that_is_off_is_told(source, first_of_september, content) -> None:
    date = format_datetime(SEPTEMBER_1 + timedelta(days=40), usegmt=True)
    done = look(source, Publisher(content, date=date))
    assert "时钟与本机相差 40 天" in done.reason
    assert done.sighting.fetched_at == SEPTEMBER_1
    assert done.sighting.response_headers["date"] == date


def test_clocks_that_agree_are_not_spoken_of(source, first_of_september) -> None:
    done = run(source)
    assert "时钟" not in done.reason
