"""总览 on screen: who may see it, its ways on, its files, names that want to be code."""

import datetime as dt
import json
import re

import pytest
import time_machine
from django.urls import reverse
from lxml import etree

from rankings.models import Claim
from rankings.periods import Month
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory
from tests.rankings.dashboard.boards import fill

from .screens import READERS, refused, text_of

pytestmark = pytest.mark.django_db

OVERVIEW = reverse("rankings:overview")
HOSTILE = "<script>alert(1)</script>\"'{a|b}&"
KEYS = ("rank", "index", "versus-rank", "versus-index", "heat")


def index(value):
    return {"index": {"value": value, "bound": "exact", "capped": False, "raw": str(value)}}


@pytest.fixture
def month(board, ours):
    """Two months of three accounts with an index each."""
    others = [AccountFactory(key=f"other-{n}", name=f"对手{n}") for n in (1, 2)]
    for period in ("2019-07", "2019-08"):
        for rank, account in enumerate((ours, *others), 1):
            ObservationFactory(
                board=board,
                account=account,
                period=period,
                rank=rank,
                figures=index(1000 - 10 * rank),
                method="13.0",
            )
    return others


def chart_url(key):
    return reverse("rankings:overview_chart", args=[key])


# --- who and where -------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [*READERS, "auditor"])
def test_page_and_files_open_for_readers_of_the_report(client, as_role, month, role) -> None:
    as_role(role)
    for url in (OVERVIEW, *map(chart_url, KEYS)):
        response = client.get(url)
        assert refused(response) == (role not in READERS)
        assert role not in READERS or response.status_code == 200


def test_nobody_gets_in_without_signing_in(client, month) -> None:
    for url in (OVERVIEW, chart_url("rank"), reverse("rankings:report")):
        response = client.get(url)
        assert response.status_code == 302 and "/login/" in response.url


def test_the_old_address_of_the_report_leads_here_with_its_question(client, as_role) -> None:
    as_role("editor")
    response = client.get(reverse("rankings:report"), {"board": "county", "export": "xlsx"})
    assert response.url == f"{OVERVIEW}?board=county&export=xlsx"
    as_role("auditor")
    assert refused(client.get(reverse("rankings:report")))


def test_the_home_page_links_to_the_overview(client, as_role, month) -> None:
    as_role("office")
    text = text_of(client.get(reverse("wagtailadmin_home")))
    assert f'{OVERVIEW}?board=county&amp;account=ours">看总览' in text


# --- empty states --------------------------------------------------------------------------------


def test_every_empty_state_is_one_sentence_with_a_way_on(client, as_role) -> None:
    as_role("office")
    text = text_of(client.get(OVERVIEW))
    assert "还没有榜单。" in text and reverse("rankings:import") in text
    board = BoardFactory(key="county", name="空榜")
    assert "还没有指定本账号。" in text_of(client.get(OVERVIEW))
    ours = AccountFactory(is_ours=True, name="在荷塘")
    text = text_of(client.get(OVERVIEW))
    assert "《空榜》还没有可以计入的名次记录。" in text and "去导入" in text
    BoardFactory(key="weekly", name="周榜", period_kind="week")
    text = text_of(client.get(OVERVIEW, {"board": "weekly"}))
    assert "连续榜首只按月榜计算" in text
    assert "echarts" not in text  # nothing to draw, nothing to load
    ObservationFactory(board=board, account=ours)
    text = text_of(client.get(OVERVIEW))
    assert "没有印出“在荷塘”的指数" in text
    assert "录入全榜后才能对比" in text


def test_a_wrong_name_is_told_and_kept_in_the_field(client, as_role, month) -> None:
    as_role("editor")
    text = text_of(client.get(OVERVIEW, {"account": "在何塘"}))
    assert "没有叫“在何塘”的公众号，相近的有：在荷塘。" in text
    assert 'value="在何塘"' in text
    text = text_of(client.get(OVERVIEW, {"month": "x" * 5000}))
    assert len(text) < 200_000


# --- what stands on it ---------------------------------------------------------------------------


@time_machine.travel(dt.datetime(2019, 9, 20, tzinfo=dt.UTC))
def test_the_page_of_a_month(client, as_role, board, month) -> None:
    as_role("office")
    text = text_of(client.get(OVERVIEW))
    assert "第2名是“对手1”，指数领先 10。" in text
    assert "据《县级榜》（某报社）逐月公布结果" in text
    assert "2019年7月至2019年8月" in text and "缺榜单原件的存证" in text
    assert "下一期是2019年9月" in text
    assert text.count('<svg xmlns="http://www.w3.org/2000/svg" class="ch"') == 4
    for heading in ("名次走势", "指数走势", "对比", "2019年8月全榜", "名次热力图"):
        assert heading in text
    assert "<details" in text and "逐月列表（2 个月）" in text and "逐月对照表（2 个月）" in text
    assert "没有未读提醒" in text and "还没有关于“在荷塘”的结论" in text


def test_claims_in_doubt_are_told(client, as_role, board, ours, month) -> None:
    Claim.objects.create(
        number="JL-1",
        board=board,
        account=ours,
        proof="proved",
        start=Month(2019, 7).index,
        end=Month(2019, 8).index,
        length=2,
        text="某句结论",
        frozen={},
        frozen_sha256="0" * 64,
        status="review",
    )
    as_role("editor")
    text = text_of(client.get(OVERVIEW))
    assert "需复核" in text and "JL-1" in text and "某句结论" in text


def test_no_script_stands_in_the_page_but_data(client, as_role, month) -> None:
    as_role("editor")
    text = text_of(client.get(OVERVIEW))
    page = text[text.index('class="rk rk-board"') :]
    scripts = re.findall(r"<script([^>]*)>", page[: page.index("</main>")])
    assert len(scripts) == 4
    assert all('type="application/json"' in script for script in scripts)
    assert not re.search(r'\son\w+="', page[: page.index("</main>")])
    assert "https://" not in "".join(re.findall(r'(?:src|href)="(https?:[^"]*)"', page))


def test_the_list_is_put_in_order_without_a_script(client, as_role, month) -> None:
    as_role("editor")
    text = text_of(client.get(OVERVIEW, {"order": "-rank"}))
    table = text[text.index("rk-sortable") :]
    assert table.index("对手2") < table.index("对手1")
    assert 'aria-sort="descending"' in table
    url = reverse("rankings:month_table", args=["county", "2019-08"])
    table = text_of(client.get(url, {"order": "-index"}))
    table = table[table.index("rk-sortable") :]
    assert table.index("对手2") < table.index("对手1")


def test_choosing_rivals_keeps_the_rest_of_the_address(client, as_role, month) -> None:
    as_role("editor")
    text = text_of(
        client.get(OVERVIEW, {"versus": "1", "vs": "other-2", "heat": "对手", "order": "name"})
    )
    versus = text[text.index('class="rk-versus"') : text.index("更新对比")]
    assert '<input type="hidden" name="heat" value="对手">' in versus
    assert '<input type="hidden" name="order" value="name">' in versus
    assert 'value="other-2" checked' in versus and "other-1" not in versus
    heat = text[text.index('class="rk-filter"') :]
    assert '<input type="hidden" name="vs" value="other-2">' in heat
    none = text_of(client.get(OVERVIEW, {"versus": "1"}))
    assert "没有选对比的公众号" in none


def test_an_example_is_marked_in_every_picture(client, as_role) -> None:
    board = BoardFactory(key="example", name="演示榜", is_example=True)
    for rank, name in enumerate(("听荷发布", "映月融媒"), 1):
        ObservationFactory(
            board=board, account=AccountFactory(name=name), rank=rank, figures=index(900 + rank)
        )
    AccountFactory(name="在荷塘", is_ours=True)
    as_role("editor")
    text = text_of(client.get(OVERVIEW, {"board": "example"}))
    assert "“在荷塘”不在这个示例榜单上，下面看的是列第一的“听荷发布”。" in text
    assert text.count("示例榜单 · 数据虚构，不得引用") == 4
    assert "data-example" in text
    for key in KEYS:
        svg = text_of(client.get(chart_url(key), {"board": "example"}))
        assert "示例榜单 · 数据虚构，不得引用" in svg


# --- files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", KEYS)
def test_a_chart_downloads_as_a_picture_that_explains_itself(
    client, as_role, board, month, key
) -> None:
    as_role("editor")
    response = client.get(chart_url(key))
    assert response["Content-Type"].startswith("image/svg+xml")
    assert response["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    root = etree.fromstring(response.content)
    texts = "".join(root.itertext())
    assert "县级榜" in texts and "数据截至2019年8月" in texts and "某报社" in texts


def test_a_chart_that_does_not_exist_is_404(client, as_role, board) -> None:
    as_role("editor")
    assert client.get(chart_url("rank")).status_code == 404  # nothing on the board
    ObservationFactory(board=board, account=AccountFactory(is_ours=True))
    assert client.get(chart_url("rank")).status_code == 200
    assert client.get(chart_url("index")).status_code == 404
    assert client.get(chart_url("pie")).status_code == 404


# --- names from outside --------------------------------------------------------------------------


def test_hostile_names_are_text_everywhere(client, as_role) -> None:
    ours = AccountFactory(key="ours", name=HOSTILE, is_ours=True, wechat_id=HOSTILE[:60])
    other = AccountFactory(key="other", name=HOSTILE + "2")
    board = BoardFactory(key="b", name=HOSTILE, publisher=HOSTILE, scope=HOSTILE, metric="WCI")
    for rank, account in enumerate((ours, other), 1):
        ObservationFactory(
            board=board,
            account=account,
            rank=rank,
            source_name=HOSTILE,
            method=HOSTILE,
            figures=index(1000 - rank),
        )
    as_role("office")
    text = text_of(client.get(OVERVIEW))
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
    data = dict(
        re.findall(r'<script id="(rk-data-[\w-]+)" type="application/json">(.*?)</script>', text)
    )
    assert set(data) == {f"rk-data-{key}" for key in KEYS[:-1]}
    assert json.loads(data["rk-data-versus-rank"])["names"] == [f"A {HOSTILE}", f"B {HOSTILE}2"]
    assert all("<" not in each for each in data.values())
    for key in KEYS:
        response = client.get(chart_url(key))
        assert "<script" not in text_of(response)
        assert "alert(1)" in "".join(etree.fromstring(response.content).itertext())
    for field in ("account", "board", "month", "heat", "add", "order", "vs"):
        assert "<script>alert" not in text_of(client.get(OVERVIEW, {field: HOSTILE, "versus": "1"}))


# --- the data of the script ----------------------------------------------------------------------


def test_the_script_gets_what_the_picture_shows(client, as_role, board, ours, month) -> None:
    ObservationFactory(
        board=board, account=ours, period="2019-05", status="reported", source_kind="media"
    )
    as_role("editor")
    text = text_of(client.get(OVERVIEW))
    raw = re.search(r'id="rk-data-rank" type="application/json">(.*?)</script>', text)[1]
    data = json.loads(raw)
    assert data["months"] == ["2019-05", "2019-06", "2019-07", "2019-08"]
    assert [(point[1], point[2], point[4]) for point in data["points"]] == [
        (0, 1, True),
        (2, 1, False),
        (3, 1, False),
    ]
    assert data["lines"] == [[0, False, [[2, 1], [3, 1]]]]  # the gap is not bridged
    assert data["gaps"] == [[1, "?"]]
    assert data["notes"][0][0] == "2019年5月" and "据报道" in data["notes"][0][1]


# --- cost ----------------------------------------------------------------------------------------


def test_a_large_board_costs_as_many_queries_as_a_small_one_and_at_most_thirty(
    client, as_role, django_assert_max_num_queries, django_assert_num_queries
) -> None:
    fill(BoardFactory(key="small"), 10, 12)
    fill(BoardFactory(key="large"), 122, 36)
    AccountFactory(key="ours", is_ours=True)
    as_role("office")
    client.get(OVERVIEW, {"board": "small"})  # fills the caches of content types and site
    with django_assert_max_num_queries(30) as counted:
        assert client.get(OVERVIEW, {"board": "small"}).status_code == 200
    with django_assert_num_queries(len(counted)):
        response = client.get(OVERVIEW, {"board": "large"})
    assert text_of(response).count("<tr data-key=") == 123
    assert len(response.content) < 600_000
