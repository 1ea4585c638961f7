"""What two documents of one brief say differently."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.briefs.content import compose
from rankings.briefs.differences import LISTED, differences, months_of
from rankings.periods import Month
from tests.rankings.lists import LAST, record_month

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(fifteen_months):
    return compose(fifteen_months.board, fifteen_months.ours, LAST).document


def texts(old, new):
    return [item["text"] for item in differences(old, new)]


def test_a_document_does_not_differ_from_itself(document) -> None:
    assert differences(document, copy.deepcopy(document)) == []


def test_words_names_and_new_evidence_are_no_difference(document) -> None:
    new = copy.deepcopy(document)
    new["summary"][0]["text"] = "换一种说法"
    new["top"]["rows"][1]["name"] = "改名以后"
    new["sources"][0]["sha256"] = "f" * 64
    new["composed_at"] = "2030-01-01"
    assert differences(document, new) == []


def test_a_place_a_figure_and_a_run(fifteen_months, document) -> None:
    ours, second, *others = fifteen_months.accounts
    fifteen_months.correct(LAST + -3, [second, ours, *others])
    found = differences(document, compose(fifteen_months.board, ours, LAST).document)
    said = [item["text"] for item in found]
    assert "2019年5月：名次由“第1名，已核实第一”改为“第2名，已核实不是第一”。" in said
    assert any(each.startswith("2019年5月：指数由“1,000.5”改为“990.5”") for each in said)
    assert (
        "当前连续：已核实由13个月改为3个月；"
        "已核实起止由“2018年8月至2019年8月”改为“2019年6月至2019年8月”。"
    ) in said
    assert any("与“甲县发布”对比：我方在前由12期改为11期" in each for each in said)
    assert [item["month"] for item in found] == sorted((i["month"] for i in found), reverse=True)
    assert months_of(found) == "2019年8月、2019年5月"


def test_others_in_the_month_are_listed_and_many_are_counted(fifteen_months, document) -> None:
    ours, *others = fifteen_months.accounts
    fifteen_months.correct(LAST, [ours, *reversed(others)])
    said = texts(document, compose(fifteen_months.board, ours, LAST).document)
    assert any("2019年8月榜单：“甲县发布”名次由“第2名，已核实”改为“第11名" in each for each in said)
    new = copy.deepcopy(document)
    row = new["top"]["rows"][-1]
    new["top"]["rows"] += [{**row, "key": f"new{at}", "name": f"新{at}"} for at in range(20)]
    new["top"]["rows"].pop(1)
    said = texts(document, new)
    assert "2019年8月榜单：“甲县发布”（原列第2名）不再列入。" in said
    assert f"2019年8月榜单：另有{21 - LISTED}处变化。" in said


def test_methods_and_months_that_came_or_went(fifteen_months, document) -> None:
    record_month(fifteen_months.board, LAST, fifteen_months.accounts, method="14.2a", reason="补")
    said = texts(document, compose(fifteen_months.board, fifteen_months.ours, LAST).document)
    assert any(each.startswith("计算方法的说明由“") for each in said)
    new = copy.deepcopy(document)
    new["history"].pop(0)
    assert "2018年6月：名次由“第2名，已核实不是第一”改为“没有记录”。" in texts(document, new)


@given(st.permutations(range(15)))
def test_the_order_of_months_in_a_document_does_not_matter(order) -> None:
    rows = [
        {
            "month": str(Month(2018, 1) + at),
            "state_words": "已核实第一",
            "rank": 1,
            "tied": False,
            "reported": False,
        }
        for at in range(15)
    ]
    bare = {
        "month": "2019-03",
        "month_label": "2019年3月",
        "account": {"key": "a"},
        "months": [],
        "runs": {
            key: {"proved": 1, "possible": 1, "proved_span": "", "possible_span": ""}
            for key in ("current", "longest")
        },
        "top": {"rows": [], "size": 0},
        "compared": [],
        "methods": [],
    }
    shuffled = [rows[at] for at in order]
    assert differences({**bare, "history": rows}, {**bare, "history": shuffled}) == []
