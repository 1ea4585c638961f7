"""The 抓取 screens: who may do what, and what a hostile page can not do."""

import re
from urllib.parse import urlencode

import pytest
import time_machine
from django.urls import reverse

from rankings.models import Observation
from rankings.periods import Month
from scrapers import services
from scrapers.models import Run, RunState, Source, Trigger
from scrapers.viewsets import RunViewSet
from tests.factories.rankings import BoardFactory

from .conftest import (
    AUGUST,
    DOUBTFUL,
    REVIEWER,
    SEPTEMBER_1,
    fetching,
    listing,
    make_source,
    page,
    person,
    row,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("evidence_root", "extraction_is_the_page"),
]

VIEWER = ("scrapers.view_run", "scrapers.view_source")
HOSTILE = "<script>alert(1)</script>\"'&"


@pytest.fixture(autouse=True)
def first_of_september():
    with time_machine.travel(SEPTEMBER_1, tick=False):
        yield


def run(source: Source, content=None) -> Run:
    fetch = fetching(page() if content is None else content)
    return services.run_source(None, source, AUGUST, Trigger.COMMAND, fetch=fetch)


def sign_in(client, *permissions: str):
    user = person(*permissions)
    client.force_login(user)
    return user


def show(run: Run) -> str:
    return reverse("scrapers_run:show", args=[run.pk])


def archived(run: Run) -> str:
    return reverse("scrapers_run:page", args=[run.pk])


def refused(response) -> bool:
    """Wagtail sends those without a permission back to the dashboard with a message."""
    return response.status_code == 403 or (
        response.status_code == 302 and response.url == reverse("wagtailadmin_home")
    )


# --- who may ------------------------------------------------------------------------------------


def test_without_permissions_nothing_is_shown(client, source) -> None:
    done = run(source)
    sign_in(client)
    for address in (
        reverse("scrapers_source:index"),
        reverse("scrapers_source:add"),
        reverse("scrapers_source:edit", args=[source.pk]),
        reverse("scrapers_source:request_run", args=[source.pk]),
        reverse("scrapers_run:index"),
        show(done),
        archived(done),
    ):
        assert refused(client.get(address)), address


def test_strangers_are_asked_to_sign_in(client, source) -> None:
    done = run(source)
    for address in (show(done), archived(done), reverse("scrapers_source:index")):
        response = client.get(address)
        assert response.status_code == 302
        assert response.url.startswith(reverse("wagtailadmin_login"))


def test_viewers_see_and_cannot_act(client, source) -> None:
    waiting = run(source, page(**DOUBTFUL))
    sign_in(client, *VIEWER)
    text = client.get(show(waiting)).content.decode()
    assert "在荷塘" in text
    assert "确认入库" not in text
    answer = client.post(show(waiting), {"action": "reject", "reason": "x"}, follow=True)
    assert "没有核对抓取结果的权限" in answer.content.decode()
    waiting.refresh_from_db()
    assert waiting.state == RunState.REVIEW
    assert refused(client.get(reverse("scrapers_source:request_run", args=[source.pk])))
    assert "立即抓取" not in client.get(reverse("scrapers_source:index")).content.decode()


# --- lists --------------------------------------------------------------------------------------


def test_sources_show_their_state_and_next_time(client, board, source) -> None:
    make_source(board, key="off", name="停用的来源", active=False, is_example=True)
    run(source)
    sign_in(client, *VIEWER, "scrapers.run_source")
    text = client.get(reverse("scrapers_source:index")).content.decode()
    assert "已入库" in text
    assert "下次 9月2日 09:00" in text
    assert "停用的来源（示例）" in text
    assert "已停用，不按时抓取" in text
    assert "立即抓取" in text


def test_a_source_that_is_due_and_one_that_is_not(client, source) -> None:
    sign_in(client, *VIEWER)
    address = reverse("scrapers_source:index")
    assert "待抓取" in client.get(address).content.decode()
    with time_machine.travel("2019-09-01T00:30:00Z", tick=False):
        assert "未到期" in client.get(address).content.decode()


def test_a_waiting_page_is_not_hidden_by_a_later_look(client, source) -> None:
    run(source, page(**DOUBTFUL))
    assert run(source, page(**DOUBTFUL)).state == RunState.UNCHANGED
    sign_in(client, *VIEWER)
    assert "待核" in client.get(reverse("scrapers_source:index")).content.decode()


def test_runs_are_listed_and_filtered(client, source) -> None:
    run(source, page(**DOUBTFUL))
    run(source, page(month=Month(2019, 7)))
    sign_in(client, *VIEWER)
    address = reverse("scrapers_run:index")
    everything = client.get(address).content.decode()
    assert "名次有缺" in everything
    assert "统计期是2019年7月" in everything
    waiting = client.get(f"{address}?{urlencode({'state': 'review'})}").content.decode()
    assert "名次有缺" in waiting
    assert "统计期是2019年7月" not in waiting


def test_runs_cannot_be_added_edited_or_deleted_by_hand(client, source, admin_client) -> None:
    done = run(source)
    names = {pattern.name for pattern in RunViewSet("scrapers_run").get_urlpatterns()}
    assert names == {"index", "index_results", "show", "page", "picture"}
    assert admin_client.get(reverse("scrapers_run:index")).status_code == 200
    assert admin_client.get(show(done)).status_code == 200


# --- sources ------------------------------------------------------------------------------------


def source_form(board, **changes: str) -> dict[str, str]:
    return {
        "name": "示例月榜",
        "key": "monthly",
        "source_kind": "publisher",
        "source_name": "示例研究院",
        "address": "https://rank.example.gov.cn/{year}-{month:02d}.html",
        "allowed_hosts": "rank.example.gov.cn",
        "active": "on",
        "days": "1,2,3",
        "hour": "9",
        "note": "",
        "boards-TOTAL_FORMS": "1",
        "boards-INITIAL_FORMS": "0",
        "boards-MIN_NUM_FORMS": "0",
        "boards-MAX_NUM_FORMS": "1000",
        "boards-0-id": "",
        "boards-0-heading": "",
        "boards-0-board": str(board.pk),
        "boards-0-ORDER": "1",
        "boards-0-DELETE": "",
        **changes,
    }


EDITOR = ("scrapers.add_source", "scrapers.change_source", "scrapers.view_source")


def test_a_source_is_added_and_changed(client, board) -> None:
    sign_in(client, *EDITOR)
    assert client.get(reverse("scrapers_source:add")).status_code == 200
    response = client.post(reverse("scrapers_source:add"), source_form(board))
    assert response.status_code == 302, response.context["form"].errors
    added = Source.objects.get()
    assert added.boards.get().board == board
    address = reverse("scrapers_source:edit", args=[added.pk])
    assert client.get(address).status_code == 200
    form = source_form(board, name="改名", **{"boards-INITIAL_FORMS": "1"})
    form["boards-0-id"] = str(added.boards.get().pk)
    assert client.post(address, form).status_code == 302
    added.refresh_from_db()
    assert added.name == "改名"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"address": "https://rank.example.gov.cn/{day}"}, "只能用 {year}"),
        ({"address": "https://rank.example.gov.cn/{year.__class__}"}, "只能用 {year}"),
        ({"address": "https://rank.example.gov.cn/{year"}, "大括号不成对"),
        ({"address": "https://other.example.gov.cn/"}, "允许名单"),
        ({"address": "file:///etc/passwd"}, "不是 http 或 https"),
        ({"days": "0,40"}, "1 到 28"),
        ({"days": "一日"}, "1 到 28"),
        ({"hour": "24"}, "23"),
        ({"boards-TOTAL_FORMS": "0"}, "请至少写一行"),
    ],
)
def test_a_source_that_could_not_work_is_refused(client, board, changes, sentence) -> None:
    sign_in(client, *EDITOR)
    response = client.post(reverse("scrapers_source:add"), source_form(board, **changes))
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not Source.objects.exists()


def test_several_boards_need_headings(client, board) -> None:
    sign_in(client, *EDITOR)
    form = source_form(board, **{"boards-TOTAL_FORMS": "2"})
    other = BoardFactory()
    form |= {
        "boards-1-id": "",
        "boards-1-heading": "市级",
        "boards-1-board": str(other.pk),
        "boards-1-ORDER": "2",
        "boards-1-DELETE": "",
    }
    response = client.post(reverse("scrapers_source:add"), form)
    assert "每一行都要写标题中的文字" in response.content.decode()
    assert (
        client.post(
            reverse("scrapers_source:add"), {**form, "boards-0-heading": "县级"}
        ).status_code
        == 302
    )


# --- the button ---------------------------------------------------------------------------------


def test_the_button_asks_the_worker_and_shows_progress(client, source) -> None:
    user = sign_in(client, *VIEWER, "scrapers.run_source")
    address = reverse("scrapers_source:request_run", args=[source.pk])
    text = client.get(address).content.decode()
    assert "https://rank.example.gov.cn/2019/08.html" in text
    assert 'value="2019-08"' in text
    response = client.post(address, {"month": "2019年7月"})
    asked = Run.objects.get()
    assert (asked.actor, asked.trigger, str(asked.statistics_month)) == (user, "button", "2019-07")
    assert response.url == show(asked)
    waiting = client.get(show(asked)).content.decode()
    assert "等待后台任务处理" in waiting
    assert 'http-equiv="refresh"' in waiting
    again = client.post(address, {"month": "2019-08"}, follow=True)
    assert "正在抓取，请等它结束" in again.content.decode()
    assert Run.objects.count() == 1
    services.execute_run(asked.pk, fetch=fetching(page(month=Month(2019, 7))))
    finished = client.get(show(asked)).content.decode()
    assert 'http-equiv="refresh"' not in finished
    assert "新增 3 条" in finished


@pytest.mark.parametrize(
    ("month", "sentence"), [("", "请填写统计月"), ("八月", "看不懂"), ("2019-09", "还没有结束")]
)
def test_a_month_that_cannot_be_fetched(client, source, month, sentence) -> None:
    sign_in(client, *VIEWER, "scrapers.run_source")
    address = reverse("scrapers_source:request_run", args=[source.pk])
    assert sentence in client.post(address, {"month": month}).content.decode()
    assert not Run.objects.exists()


# --- the desk -----------------------------------------------------------------------------------


def test_flags_and_odd_rows_are_explained(client, source) -> None:
    rows = [row(1, "在荷塘"), row(3, "甲", max_reads=100001), row(3, "乙"), row(4, "甲")]
    flags = ["missing_rank", "duplicate_rank", "duplicate_account"]
    waiting = run(source, page(listing(*rows), verdict="review", flags=flags))
    sign_in(client, *REVIEWER)
    text = client.get(show(waiting)).content.decode()
    for expected in ("名次有缺", "前面缺第2名", "名次重复，未注明并列", "公众号重复", "最高阅读"):
        assert expected in text
    assert re.search(rf'<iframe[^>]+sandbox=""[^>]+src="{archived(waiting)}"', text)
    assert waiting.sighting.capture.sha256 in text


def test_accepting_with_chosen_rows(client, source, board) -> None:
    waiting = run(source, page(**DOUBTFUL))
    user = sign_in(client, *REVIEWER)
    text = client.get(show(waiting)).content.decode()
    assert re.search(rf'<option value="{board.pk}" selected', text)
    form = {"action": "accept", "board-0": str(board.pk), "rows-0": ["0", "2"], "reason": "已核对"}
    response = client.post(show(waiting), form, follow=True)
    assert "新增 2 条" in response.content.decode()
    recorded = Observation.objects.values_list("rank", "recorded_by")
    assert set(recorded) == {(1, user.pk), (3, user.pk)}


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"reason": ""}, "请写明确认入库的理由"),
        ({"board-0": ""}, "没有选择要入库的榜单"),
        ({"rows-0": []}, "没有选中任何一行"),
        ({"rows-0": ["99"]}, "99"),
        ({"board-0": "999999"}, "999999|选择"),
        ({"action": "explode"}, "没有这个操作"),
    ],
)
def test_a_refused_decision_loses_nothing(client, source, board, form, sentence) -> None:
    waiting = run(source, page(**DOUBTFUL))
    sign_in(client, *REVIEWER)
    full = {"action": "accept", "board-0": str(board.pk), "rows-0": ["0"], "reason": "已核对"}
    response = client.post(show(waiting), {**full, **form}, follow=True)
    assert re.search(sentence, response.content.decode())
    waiting.refresh_from_db()
    assert waiting.state == RunState.REVIEW
    assert not Observation.objects.exists()


def test_a_refused_form_keeps_what_was_ticked_and_typed(client, source, board) -> None:
    waiting = run(source, page(**DOUBTFUL))
    sign_in(client, *REVIEWER)
    form = {"action": "accept", "board-0": "", "rows-0": ["1"], "reason": "我写了很多字"}
    text = client.post(show(waiting), form).content.decode()
    assert "我写了很多字" in text
    assert re.findall(r'name="rows-0" value="(\d)"[^>]* checked', text) == ["1"]


def test_rejecting(client, source) -> None:
    waiting = run(source, page(**DOUBTFUL))
    sign_in(client, *REVIEWER)
    client.post(show(waiting), {"action": "reject", "reason": "不是正式榜单"})
    text = client.get(show(waiting)).content.decode()
    assert "已驳回：不是正式榜单" in text
    assert "确认入库" not in text


# --- hostile pages ------------------------------------------------------------------------------


def test_what_a_page_says_is_escaped(client, source) -> None:
    hostile = {**row(1, HOSTILE), "unit": HOSTILE, "wechat_id": HOSTILE}
    hostile["values"] = {"index": {"value": 1, "bound": "exact", "capped": False, "raw": HOSTILE}}
    found = page(listing(hostile, name=HOSTILE), verdict="review", flags=[HOSTILE])
    waiting = run(source, found)
    sign_in(client, *REVIEWER)
    text = client.get(show(waiting)).content.decode()
    assert "<script>alert(1)" not in text
    assert text.count("&lt;script&gt;alert(1)") >= 5
    assert "<script>alert(1)" not in client.get(reverse("scrapers_run:index")).content.decode()


def test_the_kept_page_is_shown_dead(client, source, monkeypatch) -> None:
    html = "<meta charset=gbk><script>alert(1)</script><h1>榜单</h1>".encode("gbk")
    monkeypatch.setattr("scrapers.extract.extract", _reads_nothing)
    failed = run(source, html)
    sign_in(client, *VIEWER)
    response = client.get(archived(failed))
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert "<h1>榜单</h1>" in response.content.decode()
    policy = response["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "allow-scripts" not in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["X-Content-Type-Options"] == "nosniff"


def _reads_nothing(data, **details):
    class Nothing:
        def to_json(self, *, explain=False):
            return page(boards=[])

    return Nothing()


def test_a_run_without_a_page_has_none_to_show(client, source) -> None:
    asked = services.request_run(None, source, AUGUST, Trigger.BUTTON)
    sign_in(client, *VIEWER)
    assert client.get(archived(asked)).status_code == 404
    assert "<iframe" not in client.get(show(asked)).content.decode()


def test_damaged_evidence_is_never_shown_as_the_page(client, source, evidence_root) -> None:
    done = run(source)
    file = evidence_root / done.sighting.capture.path
    file.chmod(0o640)
    file.write_bytes(b"changed")
    sign_in(client, *VIEWER)
    response = client.get(archived(done))
    assert response.status_code == 503
    assert response["Content-Type"].startswith("text/plain")
    assert "已损坏" in response.content.decode()


def test_a_long_list_stays_usable(client, source) -> None:
    rows = [row(n, f"账号{n}") for n in range(1, 301)]
    waiting = run(source, page(listing(*rows), **DOUBTFUL))
    sign_in(client, *REVIEWER)
    text = client.get(show(waiting)).content.decode()
    assert len(re.findall(r'type="checkbox" name="rows-0" value="\d+"', text)) == 300
