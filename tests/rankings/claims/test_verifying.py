"""What verification says about each kind of change."""

import copy
from dataclasses import replace

import pytest

from rankings.claims import verifying
from rankings.claims.verifying import FIRMER, compare, errors_of

from .values import LINK, RULES, SHA, Successor, basis, digest, frozen, statement, today


def check(value=None, present=None, sha256=None):
    value = value or frozen()
    return compare(value, sha256 or digest(value), present or today(value))


def levels(findings, code):
    return [str(each.level) for each in findings if each.code == code]


def one(findings, code):
    [found] = [each for each in findings if each.code == code]
    return found


def test_nothing_changed_says_nothing():
    assert check() == []


@pytest.mark.parametrize("before", "FTNSR?D")
@pytest.mark.parametrize("now", "FTNSR?D")
def test_a_month_may_become_firmer_and_nothing_else(before, now):
    value = frozen(f"F{before}F")
    found = check(value, today(value, f"F{now}F"))
    if before == now:
        assert found == []
    elif (before, now) in FIRMER:
        assert levels(found, "state") == ["note"]
        assert not errors_of(found)
    else:
        assert one(found, "state").is_error
        assert one(found, "state").month == "2019-02"


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        ("F", "N", "2019年2月：原为“已核实第一”，现在是“已核实不是第一”。"),
        ("F", "?", "2019年2月：原为“已核实第一”，现在是“没有资料”。"),
        ("F", "T", "2019年2月：原为“已核实第一”，现在是“已核实并列第一”。"),
        ("S", "F", "2019年2月：原为“榜单停发”，现在是“已核实第一”。"),
        ("R", "F", "2019年2月：原为“仅据报道第一”，现在是“已核实第一”。"),
    ],
)
def test_a_changed_month_is_told_in_words(before, now, words):
    value = frozen(f"F{before}F")
    assert one(check(value, today(value, f"F{now}F")), "state").message == words


def replaced(number=2, **fields):
    """The statement of 2019-02 in a second version."""
    new = statement(20, "2019-02", version=2, **fields)
    return {number: Successor(new, 2, "来函更正", "更正人 甲，复核人 乙", "2026-11-22")}


@pytest.mark.parametrize(
    ("fields", "level", "words"),
    [
        ({"rank": 2}, "error", "名次 1 → 2"),
        ({"tied": True}, "error", "并列 否 → 是"),
        ({"state": "absent", "rank": None}, "error", "状态 有名次 → 未上榜；名次 1 → （空）"),
        ({"status": "reported"}, "error", "核实情况 已核实 → 据报道"),
        ({"list_size": 30}, "error", "公布名次数 （空） → 30"),
        ({"evidence_sha256": SHA}, "note", f"存证 （空） → {SHA[:12]}…"),
        ({"published": "2019-03-08"}, "note", "发布日期 （空） → 2019-03-08"),
        ({"method": "13.0"}, "note", "计算方法 （空） → 13.0"),
        (
            {"source": {"kind": "publisher", "name": "某社", "url": "https://example.org/"}},
            "note",
            "来源网址 （空） → https://example.org/",
        ),
        ({}, "note", "内容与原来相同"),
    ],
)
def test_a_superseded_statement_is_told_field_by_field(fields, level, words):
    value = frozen()
    found = one(check(value, today(value, replaced=replaced(**fields))), "statement")
    assert found.level == level
    assert found.message == (
        f"2019年2月：某社的记录（第1版）已被第2版取代：{words}；"
        "理由：来函更正；更正人 甲，复核人 乙，2026-11-22。"
    )


def test_evidence_taken_away_is_an_error():
    value = frozen()
    gone = {1: Successor(statement(20, "2019-01", version=2), 2, "", "", "")}
    assert one(check(value, today(value, replaced=gone)), "statement").is_error


def test_a_statement_confirmed_later_is_no_error_while_the_month_became_firmer():
    first = basis("FRF")
    first.statements[1]["status"] = "reported"
    value = frozen("FRF", statements=first.statements)
    present = today(value, replaced=replaced(), renewed="更好的句子。", sentence="更好的句子。")
    found = check(value, replace(present, basis=basis("FFF")))
    assert not errors_of(found)
    assert levels(found, "state") == levels(found, "statement") == ["note"]
    assert one(found, "sentence").message == "按现有记录应写为：更好的句子。"


def test_a_statement_withdrawn_or_gone():
    value = frozen()
    found = one(check(value, today(value, replaced={2: Successor()})), "statement")
    assert found.is_error
    assert found.message == "2019年2月：某社的记录（第1版）已撤下。"
    rows = {key: row for key, row in today(value).rows.items() if key != 2}
    found = one(check(value, today(value, rows=rows)), "statement")
    assert found.message == "2019年2月：某社的记录（第1版）在数据库里找不到了。"


def test_a_row_changed_in_place_is_found():
    value = frozen()
    rows = copy.deepcopy(dict(today(value).rows))
    rows[2]["rank"] = 3
    found = one(check(value, today(value, rows=rows)), "statement")
    assert found.is_error
    assert "被直接改动：名次 1 → 3" in found.message


def test_a_new_statement_is_told_and_says_whether_it_matters():
    value = frozen()
    other = statement(30, "2019-02", account="other", status="reported")
    with_other = basis("FFF")
    with_other.statements.append(other)
    found = one(check(value, today(value, basis=with_other)), "addition")
    assert found.message == (
        "2019年2月：新增某社的记录：另一公众号第1名（据报道），不影响当月的判定。"
    )
    assert not found.is_error
    disputed = basis("FDF")
    disputed.statements.append(other | {"status": "confirmed"})
    found = check(value, today(value, basis=disputed))
    assert one(found, "addition").message.endswith("另一公众号第1名（已核实）。")
    assert one(found, "state").is_error


def test_captures_that_are_missing_or_damaged():
    value = frozen()
    found = one(check(value, today(value, captures={SHA: "存证文件不见了。"})), "capture")
    assert (found.level, found.month) == ("error", "2019-01")
    assert found.message == "2019年1月：存证文件不见了。"
    assert check(value, today(value, captures={SHA: ""})) == []


def test_links_withdrawn_changed_and_new():
    lineage = {"boards": basis().lineage["boards"], "links": [LINK]}
    value = frozen(lineage=lineage)
    gone = one(check(value, today(value, links={})), "link")
    assert gone.is_error
    assert "已撤销" in gone.message
    other = one(check(value, today(value, links={7: {**LINK, "reason": "另一理由"}})), "link")
    assert other.is_error
    assert check(value, today(value, links={7: LINK})) == []
    plain = frozen()
    assert levels(check(plain, today(plain, links={7: LINK})), "link") == ["note"]


def test_a_cut_inside_the_run_breaks_it():
    value = frozen()
    found = one(check(value, today(value, basis=basis(cuts=["2019-03"]))), "link")
    assert found.is_error
    assert found.message.startswith("2019年3月起榜单或计算方法变了")


def test_renamings_are_only_told():
    value = frozen()
    renamed = basis(
        board={**basis().board, "name": "新榜名", "publisher": "新社"},
        account={"key": "zaihetang", "name": "荷塘发布", "names": []},
    )
    found = check(value, today(value, basis=renamed, renewed="新的句子。"))
    assert not errors_of(found)
    assert [each.message for each in found if each.code == "names"] == [
        "榜单名称改了：影响力榜 → 新榜名。",
        "发布机构改了：某社 → 新社。",
        "公众号名称改了：在荷塘 → 荷塘发布。",
    ]
    assert one(found, "sentence").message == "现在起草会写成：新的句子。"


def test_the_mark_of_an_example_is_not_taken_off_quietly():
    value = frozen()
    present = today(value, basis=basis(board={**basis().board, "is_example": True}))
    assert one(check(value, present), "names").is_error


def test_the_same_months_in_other_words_are_an_error():
    value = frozen()
    found = one(check(value, today(value, sentence="别的句子。", renewed="别的句子。")), "sentence")
    assert found.is_error
    assert found.message == "按现有记录写出的结论不同：别的句子。"


def test_a_superlative_that_no_longer_stands():
    value = frozen(superlative="only")
    found = one(check(value, today(value, objections=["2019年2月：缺第2名"])), "superlative")
    assert found.is_error
    assert found.message == "“最高级”说法不再成立：2019年2月：缺第2名"


def test_other_rules_are_told():
    value = frozen()
    other = {"version": "2", "sha256": "1" * 64}
    found = one(check(value, today(value, rules=other)), "rules")
    assert found.message == "判定规则：第1版 → 第2版；以上结果按现行规则得出。"
    same = RULES | {"sha256": "1" * 64}
    assert "文件有改动" in one(check(value, today(value, rules=same)), "rules").message


def test_a_tampered_value_is_told_and_nothing_else_is_looked_at():
    value = frozen()
    sha256 = digest(value)
    value["statements"][0]["rank"] = 2
    [found] = check(value, today(value), sha256)
    assert (found.code, found.is_error) == ("frozen", True)
    value = frozen()
    value["people"]["statements"]["1"]["confirmed_by"] = "丙"
    assert [each.code for each in check(value, sha256=sha256)] == ["frozen"]


def test_an_unknown_format_is_not_guessed_at():
    value = frozen() | {"format": 99}
    [found] = check(value)
    assert found.message == "证明材料的格式（99）不认识，无法核验。"


def test_errors_come_first_and_months_in_order():
    value = frozen("FFFF")
    found = check(value, today(value, "NFFN", rules=RULES | {"version": "2"}))
    assert [(each.level, each.month) for each in found] == [
        ("error", "2019-01"),
        ("error", "2019-04"),
        ("note", ""),
    ]
    assert verifying.Finding(**found[0].as_json()) == found[0]
