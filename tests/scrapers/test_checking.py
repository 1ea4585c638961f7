"""What an extraction is worth."""

import pytest

from rankings.periods import Month
from scrapers.checking import FLAG_TEXTS, Outcome, Rule, flag_text, judge, match_boards
from scrapers.extract.contract import FLAGS

AUGUST = Month(2019, 8)
PERIOD = {"kind": "month", "start": "2019-08-01", "end": "2019-08-31"}
JULY = {"kind": "month", "start": "2019-07-01", "end": "2019-07-31"}
WEEK = {"kind": "week", "start": "2019-08-04", "end": "2019-08-10"}
ONLY = [Rule("", 1, "县级榜")]


def board(name="县级榜", rows=3, subject="account", picture=False) -> dict:
    return {
        "name": name,
        "subject": subject,
        "list_size": None,
        "needs_transcription": picture,
        "rows": [{"rank": n + 1, "account": f"号{n}"} for n in range(rows)],
    }


def page(*boards, verdict="ok", period=PERIOD, flags=()) -> dict:
    return {
        "verdict": verdict,
        "period": period,
        "published": None,
        "boards": list(boards),
        "flags": list(flags),
        "note": "",
    }


PICTURE = {"verdict": "needs_transcription", "flags": ["picture_only"]}


@pytest.mark.parametrize(
    ("extraction", "outcome", "sentence"),
    [
        (page(board()), Outcome.RECORD, ""),
        (page(board(), flags=["charset_conflict"]), Outcome.RECORD, ""),
        (
            page(verdict="failed", period=None, flags=["page_failed"]),
            Outcome.FAILED,
            "登录页",
        ),
        (page(board(), period=JULY), Outcome.FAILED, "统计期是2019年7月，不是要抓取的2019年8月"),
        (page(board(), period=WEEK), Outcome.FAILED, "8月4日至8月10日"),
        (
            page(board(), verdict="review", period=JULY, flags=["period_conflict"]),
            Outcome.REVIEW,
            "统计期前后不一",
        ),
        (page(), Outcome.FAILED, "没有读到任何名次"),
        (page(board(rows=0)), Outcome.FAILED, "没有公众号名次"),
        (page(board(subject="unit"), board(subject="article")), Outcome.FAILED, "单位或文章"),
        (page(board(), verdict="review", flags=["missing_rank"]), Outcome.REVIEW, "名次有缺"),
        (
            page(board(), verdict="review", flags=["picture_only", "duplicate_rank"]),
            Outcome.REVIEW,
            "名次重复，请对照",
        ),
        (page(board(rows=0, picture=True), **PICTURE), Outcome.TRANSCRIPTION, "图片"),
        (page(board(), board("县级图", picture=True), **PICTURE), Outcome.TRANSCRIPTION, "图片"),
        (page(board(), period=None), Outcome.REVIEW, "没有写明统计期，请核对是否为2019年8月"),
        (page(board(), board("另一榜")), Outcome.REVIEW, "“另一榜”没有对应的榜单"),
    ],
)
def test_outcomes(extraction: dict, outcome: Outcome, sentence: str) -> None:
    judgement = judge(extraction, AUGUST, ONLY)
    assert (judgement.outcome, sentence in judgement.reason) == (outcome, True)
    assert (judgement.reason == "") == (outcome is Outcome.RECORD)


def test_a_board_with_a_known_size_must_be_whole() -> None:
    rules = [Rule("县级", 1, "县级榜", list_size=4)]
    assert judge(page(board(rows=4)), AUGUST, rules).outcome is Outcome.RECORD
    short = judge(page(board(rows=3)), AUGUST, rules)
    assert (short.outcome, short.reason) == (
        Outcome.REVIEW,
        "“县级榜”应有 4 行，页面上有 3 行，请核对。",
    )


COUNTY = Rule("区县", 1, "区县榜")
CITY = Rule("市州", 2, "市州榜")
TOWN = Rule("区县乡镇", 3, "乡镇榜")
IGNORED = Rule("高校", None)


@pytest.mark.parametrize(
    ("headings", "rules", "matched", "problem"),
    [
        (["2019年8月区县榜", "市州榜TOP20"], [COUNTY, CITY], {0: 1, 1: 2}, None),
        (["区 县\u3000榜", "ＴＯＰ市州"], [COUNTY, CITY], {0: 1, 1: 2}, None),
        (["区县榜", "区县乡镇榜"], [COUNTY, TOWN], {0: 1, 1: 3}, None),
        (["区县榜", "高校榜"], [COUNTY, IGNORED], {0: 1, 1: None}, None),
        (["区县榜"], [COUNTY, CITY], {0: 1}, "没有找到榜单“市州榜”"),
        (["区县榜", "区县榜"], [COUNTY], {0: 1, 1: 1}, "有 2 个榜单都对应“区县榜”"),
        (["区县榜", ""], [COUNTY], {0: 1}, "“（无标题）”没有对应"),
        (["随便什么"], ONLY, {0: 1}, None),
        (["甲", "乙"], ONLY, {}, "“甲”没有对应"),
        (["区县榜"], [], {}, "“区县榜”没有对应"),
    ],
)
def test_headings_tell_boards_apart(headings, rules, matched, problem) -> None:
    found, problems = match_boards([board(name) for name in headings], rules)
    assert {position: rule.board for position, rule in found.items()} == matched
    assert [problem in text for text in problems[:1]] == ([True] if problem else [])


def test_other_lists_need_no_rule() -> None:
    """Lists of units and articles are never recorded, so nobody has to name them."""
    boards = [board("县级榜"), board("热文榜", subject="article"), board("单位榜", subject="unit")]
    found, problems = match_boards(boards, ONLY)
    assert (list(found), problems) == ([0], [])


def test_flags_are_explained() -> None:
    assert all(title and advice for title, advice in FLAG_TEXTS.values())
    assert flag_text("missing_rank")[0] == "名次有缺"
    assert flag_text("newer_code")[0] == "newer_code"


def test_every_flag_of_the_contract_is_explained() -> None:
    assert set(FLAGS) <= set(FLAG_TEXTS)
