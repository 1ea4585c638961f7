"""The screens of found articles and of replays, and the form of a source."""

import copy

import pytest
from django.urls import reverse
from django.utils import timezone

from scrapers import services
from scrapers.models import (
    Candidate,
    CandidateState,
    DifferenceState,
    Replay,
    ReplayDifference,
    ReplayState,
    Run,
    RunState,
    Source,
    Trigger,
)
from scrapers.queries import source_status

from .conftest import AUGUST, REVIEWER, make_source, person, row, run

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("evidence_root", "extraction_is_the_page", "first_of_september"),
]

HOSTILE = "<script>alert(1)</script>"
SEES = ("scrapers.view_candidate", "scrapers.view_replay", "scrapers.view_run")


@pytest.fixture
def seen_by(client):
    def sign_in(*permissions: str):
        client.force_login(person(*permissions))
        return client

    return sign_in


@pytest.fixture
def candidate(board) -> Candidate:
    source = make_source(
        board,
        address="",
        index_address="https://rank.example.gov.cn/",
        title_pattern="{month}月榜单",
    )
    return source.candidates.create(
        month=AUGUST.index,
        address='https://rank.example.gov.cn/8.html?"x',
        title=f"8月榜单{HOSTILE}",
    )


@pytest.fixture
def difference(source) -> ReplayDifference:
    before = run(source)
    new = copy.deepcopy(before.extraction)
    new["boards"][0]["rows"].append(row(4, HOSTILE))
    replay = services.continue_replay(services.start_replay(None))
    return ReplayDifference.objects.create(
        replay=replay, run=before, extraction=new, changes=[f"新读出第4名“{HOSTILE}”。"] * 12
    )


# --- found articles -------------------------------------------------------------------------------


def test_found_articles_are_listed_with_buttons_for_those_who_may(seen_by, candidate) -> None:
    address = reverse("scrapers_candidate:index")
    html = seen_by(*SEES).get(address).content.decode()
    assert HOSTILE not in html and "&lt;script&gt;" in html
    assert "是榜单，抓取" not in html
    html = seen_by(*SEES, *REVIEWER).get(address).content.decode()
    assert "是榜单，抓取" in html and 'rel="noreferrer noopener"' in html


@pytest.mark.parametrize(
    ("name", "said"),
    [("scrapers_candidate:index", "目录页"), ("scrapers_replay:index", "名次不会自动改动")],
)
def test_an_empty_list_says_what_it_is_for(seen_by, name, said) -> None:
    assert said in seen_by(*SEES).get(reverse(name)).content.decode()


def test_the_list_is_closed_to_others(seen_by, candidate) -> None:
    assert seen_by().get(reverse("scrapers_candidate:index")).status_code == 302


def test_confirming_leads_to_the_run(seen_by, candidate) -> None:
    client = seen_by(*SEES, *REVIEWER)
    response = client.post(
        reverse("scrapers_candidate:decide", args=[candidate.pk]), {"action": "confirm"}
    )
    asked = Run.objects.get()
    assert response.url == reverse("scrapers_run:show", args=[asked.pk])
    assert (asked.address, asked.state) == (candidate.address, RunState.DUE)
    candidate.refresh_from_db()
    assert candidate.state == CandidateState.CONFIRMED


def test_rejecting_and_taking_it_back(seen_by, candidate) -> None:
    client = seen_by(*SEES, *REVIEWER)
    decide = reverse("scrapers_candidate:decide", args=[candidate.pk])
    html = client.post(decide, {"action": "reject"}, follow=True).content.decode()
    assert "以后不再提示" in html and "改为榜单" in html
    html = client.post(decide, {"action": "reject"}, follow=True).content.decode()
    assert "已经是“不是榜单”" in html
    html = client.post(decide, {"action": "other"}, follow=True).content.decode()
    assert "没有这个操作" in html
    assert client.get(decide).status_code == 405


def test_deciding_needs_the_permission(seen_by, candidate) -> None:
    seen_by(*SEES).post(
        reverse("scrapers_candidate:decide", args=[candidate.pk]), {"action": "confirm"}
    )
    candidate.refresh_from_db()
    assert candidate.state == CandidateState.WAITING
    assert not Run.objects.exists()


def test_a_source_under_way_is_told(seen_by, candidate) -> None:
    services.request_run(None, candidate.source, AUGUST, Trigger.BUTTON)
    html = (
        seen_by(*SEES, *REVIEWER)
        .post(
            reverse("scrapers_candidate:decide", args=[candidate.pk]),
            {"action": "confirm"},
            follow=True,
        )
        .content.decode()
    )
    assert "已确认。来源" in html


# --- replays --------------------------------------------------------------------------------------


def test_a_replay_is_begun_from_its_form(seen_by, source) -> None:
    start = reverse("scrapers_replay:start")
    assert seen_by(*SEES).get(start).status_code == 302
    client = seen_by(*SEES, "scrapers.run_replay")
    assert "开始重放" in client.get(reverse("scrapers_replay:index")).content.decode()
    response = client.post(start, {"source": source.pk, "first": "2019-07", "last": ""})
    begun = Replay.objects.get()
    assert response.url == reverse("scrapers_replay:show", args=[begun.pk])
    assert begun.scope == {"source": "institute", "first": AUGUST.index - 1}
    html = client.get(response.url).content.decode()
    assert "正在进行，已读 0 个页面" in html and 'http-equiv="refresh"' in html
    assert "来源 institute，2019年7月至最近" in html
    html = client.post(start, {}).content.decode()
    assert "另一次重放正在进行" in html
    assert "请对调" in client.post(start, {"first": "2019-08", "last": "2019-07"}).content.decode()
    assert Replay.objects.count() == 1


def test_an_interrupted_replay_can_be_continued(seen_by, source) -> None:
    run(source)
    begun = services.start_replay(None)
    Replay.objects.update(heartbeat_at=timezone.now() - timezone.timedelta(hours=1))
    client = seen_by(*SEES, "scrapers.run_replay")
    show = reverse("scrapers_replay:show", args=[begun.pk])
    html = client.get(show).content.decode()
    assert "从停下的地方接着做" in html and 'http-equiv="refresh"' not in html
    assert "接着做" in client.post(show, {"action": "continue"}, follow=True).content.decode()
    assert not Replay.objects.get().is_silent(timezone.now())


def test_differences_are_shown_escaped_and_decided_line_by_line(seen_by, difference) -> None:
    show = reverse("scrapers_replay:show", args=[difference.replay.pk])
    html = seen_by(*SEES).get(show).content.decode()
    assert HOSTILE not in html and "其余 4 处" in html
    assert "送核对" not in html.split("replay-difference")[1]
    client = seen_by(*SEES, *REVIEWER)
    assert "送核对" in client.get(show).content.decode().split("replay-difference")[1]
    response = client.post(show, {"action": "apply", "difference": difference.pk})
    asked = Run.objects.get(trigger=Trigger.REPLAY)
    assert response.url == reverse("scrapers_run:show", args=[asked.pk])
    html = client.get(response.url).content.decode()
    assert HOSTILE not in html and "处不同" in html
    html = client.post(show, {"action": "dismiss", "difference": difference.pk}, follow=True)
    assert "已经是“已送核对”" in html.content.decode()


def test_dismissing(seen_by, difference) -> None:
    show = reverse("scrapers_replay:show", args=[difference.replay.pk])
    client = seen_by(*SEES, *REVIEWER)
    address = client.post(f"{show}?p=1", {"action": "dismiss", "difference": difference.pk}).url
    assert address == f"{show}?p=1"
    difference.refresh_from_db()
    assert difference.state == DifferenceState.DISMISSED
    assert "不采用：" in client.get(show).content.decode()


@pytest.mark.parametrize(
    "data",
    [
        {"action": "apply", "difference": "0"},
        {"action": "apply"},
        {"action": "apply", "difference": "x"},
        {"action": "apply", "difference": "9" * 30},
    ],
)
def test_odd_requests_about_differences(seen_by, difference, data) -> None:
    show = reverse("scrapers_replay:show", args=[difference.replay.pk])
    assert seen_by(*SEES, *REVIEWER).post(show, data).status_code == 404


def test_replays_are_closed_to_others(seen_by, difference) -> None:
    client = seen_by("scrapers.view_run")
    for address in (
        reverse("scrapers_replay:index"),
        reverse("scrapers_replay:show", args=[difference.replay.pk]),
    ):
        assert client.get(address).status_code == 302
    assert difference.replay.state == ReplayState.DONE


# --- the source -----------------------------------------------------------------------------------


def test_the_form_of_a_source_takes_an_index(seen_by, board) -> None:
    client = seen_by("scrapers.add_source", "scrapers.view_source", "scrapers.change_source")
    add = reverse("scrapers_source:add")
    html = client.get(add).content.decode()
    assert "目录页或订阅源地址" in html and "正文位置" in html
    given = {
        "name": "目录",
        "key": "index",
        "source_kind": "media",
        "source_name": "某报",
        "address": "",
        "index_address": "https://news.example.cn/list/",
        "title_pattern": "{year}年{month}月*县级*榜",
        "allowed_hosts": "news.example.cn",
        "days": "1,2,3",
        "hour": "9",
        "active": "on",
        "selector": "a >",
        "boards-TOTAL_FORMS": "1",
        "boards-INITIAL_FORMS": "0",
        "boards-MIN_NUM_FORMS": "0",
        "boards-MAX_NUM_FORMS": "1000",
        "boards-0-heading": "",
        "boards-0-board": board.pk,
        "boards-0-ORDER": "1",
    }
    assert "不是能用的 CSS 选择器" in client.post(add, given).content.decode()
    assert not Source.objects.exists()
    client.post(add, {**given, "selector": "#content"})
    source = Source.objects.get()
    assert (source.is_discovered, source.selector) == (True, "#content")


def test_a_trial_is_asked_for_beside_a_run(seen_by, source) -> None:
    client = seen_by("scrapers.run_source", "scrapers.view_run")
    address = reverse("scrapers_source:request_run", args=[source.pk])
    assert "试抓，不入库" in client.get(address).content.decode()
    client.post(address, {"month": "2019-08", "action": "trial"})
    assert Run.objects.get().trigger == Trigger.TRIAL


def test_where_a_watched_index_is_looked_at_is_said(seen_by, candidate) -> None:
    client = seen_by("scrapers.run_source")
    html = client.get(
        reverse("scrapers_source:request_run", args=[candidate.source.pk])
    ).content.decode()
    assert "打开目录页 https://rank.example.gov.cn/" in html


def test_a_source_stands_as_before_after_a_look_that_changed_nothing(source) -> None:
    run(source)
    run(source)
    assert Run.objects.first().state == RunState.UNCHANGED
    assert source_status(source, timezone.now()).state == RunState.RECORDED
    Run.objects.filter(state=RunState.RECORDED).delete()
    assert source_status(source, timezone.now()).state == RunState.NOT_DUE
