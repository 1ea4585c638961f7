"""Index pages are watched; the first article is vouched for by a person, later ones are not."""

import json
from datetime import UTC, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django_q.models import OrmQ

from cms.ops.models import AuditEntry
from rankings.evidence.models import Sighting
from rankings.models import Observation
from rankings.periods import Month
from scrapers import services
from scrapers.fetch_errors import FetchTimeout
from scrapers.fetching import FetchedPage
from scrapers.models import Candidate, CandidateState, Run, RunState, Source, Trigger
from scrapers.services import RunInProgress, ScrapeError

from .conftest import AUGUST, REVIEWER, THREE, listing, make_source, page, person, row

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("evidence_root", "extraction_is_the_page", "first_of_september"),
]

HOST = "https://rank.example.gov.cn"
INDEX = f"{HOST}/list/"
SEPTEMBER = AUGUST + 1


def index(*entries: tuple[str, str], extra: str = "") -> bytes:
    links = "".join(f'<li><a href="{href}">{title}</a></li>' for href, title in entries)
    return f"<html><title>榜单</title><body><ul>{links}</ul>{extra}</body></html>".encode()


def title(month: Month, more: str = "") -> str:
    return f"{month.label}全省县级微信排行榜{more}"


class Site:
    """A publisher's site: addresses and what they answer; counts what was asked for."""

    def __init__(self, **pages: bytes | dict | BaseException) -> None:
        self.pages = {INDEX: index(("/8.html", title(AUGUST)))}
        self.calls: list[str] = []

    def __call__(self, url: str, *, allowed_hosts, **details) -> FetchedPage:
        self.calls.append(url)
        content = self.pages[url]
        if isinstance(content, BaseException):
            raise content
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        return FetchedPage(
            data=data,
            url=url,
            final_url=url,
            status=200,
            content_type="text/html; charset=utf-8",
            fetched_at=timezone.now().astimezone(UTC),
        )


@pytest.fixture
def site() -> Site:
    site = Site()
    site.pages[f"{HOST}/8.html"] = page()
    return site


@pytest.fixture
def source(board) -> Source:
    return make_source(
        board, address="", index_address=INDEX, title_pattern="{year}年{month}月*县级*排行榜"
    )


def look(source: Source, site: Site, month: Month = AUGUST, trigger=Trigger.COMMAND) -> Run:
    source.refresh_from_db()
    return services.run_source(None, source, month, trigger, fetch=site)


def confirm(candidate: Candidate, site: Site) -> Run:
    asked = services.fetch_candidate(person(*REVIEWER), candidate)
    return services.execute_run(asked.pk, fetch=site)


def test_the_first_article_waits_for_a_person_and_is_offered_once(source, site) -> None:
    for _ in range(2):
        done = look(source, site)
        assert done.state == RunState.UNCHANGED
        assert f"《{title(AUGUST)}》，请到“发现的文章”确认" in done.reason
    (candidate,) = Candidate.objects.all()
    assert (candidate.address, candidate.state) == (f"{HOST}/8.html", CandidateState.WAITING)
    assert candidate.sighting.url == INDEX
    assert site.calls == [INDEX, INDEX]
    assert not Observation.objects.exists()


def test_a_confirmed_article_is_fetched_and_later_months_come_by_themselves(
    source, site, first_of_september
) -> None:
    look(source, site)
    done = confirm(Candidate.objects.get(), site)
    assert (done.state, done.address) == (RunState.RECORDED, f"{HOST}/8.html")
    assert Observation.objects.count() == 3
    assert Observation.objects.first().source_url == f"{HOST}/8.html"

    first_of_september.move_to("2019-10-01T02:00:00Z")
    later = listing(*(row(n, r["account"], index=700 + n) for n, r in enumerate(THREE, 1)))
    site.pages[f"{HOST}/9.html"] = page(later, month=SEPTEMBER)
    site.pages[INDEX] = index(("/9.html", title(SEPTEMBER)), ("/8.html", title(AUGUST)))
    done = look(source, site, SEPTEMBER)
    assert done.address == f"{HOST}/9.html"
    assert Observation.objects.filter(month=SEPTEMBER.index).exists()
    found = Candidate.objects.get(month=SEPTEMBER.index)
    assert (found.state, found.decided_by) == (CandidateState.CONFIRMED, None)
    entry = AuditEntry.objects.filter(action="candidate.confirm").first()
    assert entry.detail["rule"] == source.title_pattern


@pytest.mark.parametrize("field", ["index_address", "title_pattern"])
def test_a_change_of_index_or_pattern_asks_again(source, site, field) -> None:
    look(source, site)
    confirm(Candidate.objects.get(), site)
    source.refresh_from_db()
    assert source.confirmed_pattern == source.pattern_to_confirm
    other = {"index_address": f"{HOST}/other/", "title_pattern": "{year}年{month}月*排行榜"}[field]
    Source.objects.update(**{field: other})
    july = index(("/7.html", title(AUGUST + -1)))
    site.pages |= {INDEX: july, f"{HOST}/other/": july}
    done = look(source, site, AUGUST + -1)
    assert done.state == RunState.UNCHANGED
    assert "确认" in done.reason


def test_a_rejected_article_is_never_offered_again(source, site) -> None:
    look(source, site)
    services.reject_candidate(person(*REVIEWER), Candidate.objects.get())
    done = look(source, site)
    assert "还没有2019年8月的榜单文章" in done.reason
    # Not for another month either.
    site.pages[INDEX] = index(("/8.html", title(AUGUST + -1)))
    assert "还没有2019年7月" in look(source, site, AUGUST + -1).reason
    assert Candidate.objects.count() == 1


def test_a_rejection_can_be_taken_back(source, site) -> None:
    look(source, site)
    candidate = Candidate.objects.get()
    services.reject_candidate(person(*REVIEWER), candidate)
    assert confirm(candidate, site).state == RunState.RECORDED
    with pytest.raises(ScrapeError, match="已经是“已确认”"):
        services.fetch_candidate(person(*REVIEWER), candidate)


def test_two_articles_for_one_month_wait_even_when_the_pattern_is_known(source, site) -> None:
    Source.objects.update(confirmed_pattern=source.pattern_to_confirm)
    site.pages[INDEX] = index(("/8.html", title(AUGUST)), ("/8b.html", title(AUGUST, "（解读）")))
    done = look(source, site)
    assert done.state == RunState.UNCHANGED
    assert "有 2 篇文章都像2019年8月的榜单" in done.reason
    assert set(Candidate.objects.values_list("state", flat=True)) == {CandidateState.WAITING}


def test_a_second_article_of_a_month_is_offered_and_changes_nothing_by_itself(source, site) -> None:
    Source.objects.update(confirmed_pattern=source.pattern_to_confirm)
    assert look(source, site).state == RunState.RECORDED
    site.pages[INDEX] = index(("/8.html", title(AUGUST)), ("/8b.html", title(AUGUST, "（更正）")))
    again = look(source, site)
    assert (again.state, again.address) == (RunState.UNCHANGED, f"{HOST}/8.html")
    revised = Candidate.objects.get(address=f"{HOST}/8b.html")
    assert revised.state == CandidateState.WAITING
    site.pages[f"{HOST}/8b.html"] = page(listing(row(1, "甲县发布"), row(2, "在荷塘")))
    assert confirm(revised, site).address == f"{HOST}/8b.html"


def test_an_article_that_left_the_index_is_still_known(source, site) -> None:
    Source.objects.update(confirmed_pattern=source.pattern_to_confirm)
    look(source, site)
    site.pages[INDEX] = index(("/x.html", "别的"))
    assert look(source, site).address == f"{HOST}/8.html"
    site.pages[INDEX] = FetchTimeout("太慢")
    assert look(source, site).state == RunState.UNCHANGED
    # The past is not asked of the index twice.
    site.calls.clear()
    look(source, site, trigger=Trigger.BACKFILL)
    assert site.calls == [f"{HOST}/8.html"]


def test_nothing_found_yet_is_no_failure_and_its_index_is_kept(source, site) -> None:
    site.pages[INDEX] = index(("/7.html", title(AUGUST + -1)))
    done = look(source, site)
    assert done.state == RunState.UNCHANGED
    assert done.reason == "目录页上还没有2019年8月的榜单文章，下一个抓取日再看。"
    assert (done.sighting.url, done.extraction) == (INDEX, None)


def test_nothing_found_is_looked_for_again_at_the_next_moment(
    source, site, first_of_september
) -> None:
    site.pages[INDEX] = index(("/7.html", title(AUGUST + -1)))
    (asked,) = services.run_due_sources()
    services.execute_run(asked.pk, fetch=site)
    assert services.due_sources(timezone.now()) == []
    first_of_september.shift(timedelta(days=1))
    assert [month for _, month in services.due_sources(timezone.now())] == [AUGUST]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<title>x</title><p>nothing here but some words, and more of them</p>", "没有一个链接"),
        ("<title>用户登录</title><a href='/r'>注册</a>".encode(), "不是目录页"),
        (FetchTimeout("对方网站响应太慢。"), "响应太慢"),
    ],
    ids=["no-links", "log-in", "slow"],
)
def test_an_index_that_cannot_be_read_is_a_failure(source, site, content, sentence) -> None:
    site.pages[INDEX] = content
    done = look(source, site)
    assert done.state == RunState.FAILED
    assert sentence in done.reason


def test_an_article_on_a_host_that_is_not_listed_says_which(source, site) -> None:
    site.pages[INDEX] = index(("https://mp.example.com/s/1", title(AUGUST)))
    done = look(source, site)
    assert done.state == RunState.FAILED
    assert "mp.example.com" in done.reason and "允许" in done.reason
    assert not Candidate.objects.exists()
    # Beside one that may be fetched it does not matter.
    site.pages[INDEX] = index(("https://mp.example.com/s/1", title(AUGUST)), ("/8", title(AUGUST)))
    assert look(source, site).state == RunState.UNCHANGED


def test_a_killed_look_goes_on_with_the_article_and_not_with_the_index(
    source, site, first_of_september
) -> None:
    class Killed(BaseException):
        pass

    Source.objects.update(confirmed_pattern=source.pattern_to_confirm)
    asked = services.request_run(None, source, AUGUST, Trigger.SCHEDULE)
    site.pages[f"{HOST}/8.html"] = Killed()
    with pytest.raises(Killed):
        services.execute_run(asked.pk, fetch=site)
    first_of_september.shift(timedelta(minutes=11))
    site.pages[f"{HOST}/8.html"] = page()
    assert services.execute_run(asked.pk, fetch=site).state == RunState.RECORDED
    assert site.calls == [INDEX, f"{HOST}/8.html", f"{HOST}/8.html"]
    assert Sighting.objects.count() == 2


def test_who_may_decide(source, site) -> None:
    look(source, site)
    candidate = Candidate.objects.get()
    for someone in (None, person("scrapers.view_candidate", "scrapers.run_source")):
        with pytest.raises(PermissionDenied):
            services.fetch_candidate(someone, candidate)
        with pytest.raises(PermissionDenied):
            services.reject_candidate(someone, candidate)
    candidate.refresh_from_db()
    assert candidate.state == CandidateState.WAITING


def test_a_confirmation_while_a_run_is_under_way_holds_for_the_next(source, site) -> None:
    look(source, site)
    candidate = Candidate.objects.get()
    waiting = services.request_run(None, source, AUGUST, Trigger.SCHEDULE)
    with pytest.raises(RunInProgress):
        services.fetch_candidate(person(*REVIEWER), candidate)
    done = services.execute_run(waiting.pk, fetch=site)
    assert (done.state, done.address) == (RunState.RECORDED, f"{HOST}/8.html")


def test_a_confirmed_article_reaches_the_queue(
    source, site, django_capture_on_commit_callbacks
) -> None:
    look(source, site)
    with django_capture_on_commit_callbacks(execute=True):
        asked = services.fetch_candidate(person(*REVIEWER), Candidate.objects.get())
    assert OrmQ.objects.get().task["args"] == (asked.pk,)


# --- settings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"address": "", "index_address": ""}, "address"),
        ({"address": f"{HOST}/{{year}}"}, "index_address"),
        ({"title_pattern": ""}, "title_pattern"),
        ({"title_pattern": "{year}年榜单大全"}, "title_pattern"),
        ({"index_address": "https://elsewhere.cn/"}, "index_address"),
        ({"index_address": "file:///etc/passwd"}, "index_address"),
        ({"selector": "a >"}, "selector"),
    ],
)
def test_settings_that_cannot_work_are_refused_beside_their_field(source, details, field) -> None:
    for name, value in details.items():
        setattr(source, name, value)
    with pytest.raises(ValidationError) as refused:
        source.full_clean()
    assert field in refused.value.message_dict


def test_usable_settings(source) -> None:
    source.selector = "#content > .list"
    source.full_clean()
    assert source.has_months and source.is_discovered
