"""What an extraction is worth: recorded by itself, shown to a person, or a failure.

Pure functions over plain values. Trouble never becomes a number: a page of another month, a page
without rows and a page that is no list at all are failures, and whatever is merely doubtful waits
for a person.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from rankings.periods import Month, Period

# Flag of the extraction contract -> (what it means, what to look at).
FLAG_TEXTS: Mapping[str, tuple[str, str]] = {
    "page_failed": (
        "不是榜单页面",
        "打开的是登录页、验证页、错误页或已删除的页面，请打开网址核对。",
    ),
    "picture_only": ("榜单是图片", "请对照图片录入或核对，要两个人看过才入库。"),
    "charset_conflict": ("编码声明不一致", "页面声明的编码互相矛盾，请看文字有无乱码。"),
    "period_year_inferred": ("年份是推断的", "页面没有写年份，按发布日期推断，请核对。"),
    "period_conflict": ("统计期前后不一", "标题、正文或网址写的时间不同，请核对是哪个月。"),
    "odd_grouping": ("数字分节异常", "有数字不是三位一节，请核对原文是否笔误。"),
    "implausible_value": ("数值不合理", "有数值超出可能范围或前后矛盾，请核对。"),
    "duplicate_rank": ("名次重复", "不同公众号名次相同，又没有注明并列，请核对。"),
    "duplicate_account": ("公众号重复", "同一公众号出现两次，请只保留正确的一行。"),
    "missing_rank": ("名次有缺", "名次不连续，请核对缺的名次。"),
    "row_count_mismatch": ("行数不符", "行数与榜单公布的名次数不同，请核对有无遗漏。"),
    "band_mismatch": ("分段数不符", "文中各分段的数量与榜单对不上，请核对。"),
    "unknown_board": ("榜单没有标题", "看不出是哪个榜单，请选择。"),
    "empty_board": ("榜单没有内容", "有标题而没有数据，请核对页面是否完整。"),
}

_NO_LIST = "打开的不是榜单（可能是登录页、验证页、错误页或已删除的页面），没有入库。"


class Outcome(StrEnum):
    """What is to be done with an extraction."""

    RECORD = "record"
    REVIEW = "review"
    TRANSCRIPTION = "transcription"
    FAILED = "failed"


@dataclass(frozen=True)
class Rule:
    """One line of a source: headings that contain ``heading`` are this board.

    ``board`` is a key of the caller's, None for a listing that is not to be recorded.
    """

    heading: str
    board: int | None
    label: str = ""
    list_size: int | None = None


@dataclass(frozen=True)
class Judgement:
    """``matches`` maps a listing's position on the page to the rule it falls under."""

    outcome: Outcome
    reason: str = ""
    matches: Mapping[int, Rule] = field(default_factory=dict)


def flag_text(code: str) -> tuple[str, str]:
    """What a flag means and what to look at, in Chinese."""
    return FLAG_TEXTS.get(code, (code, "请对照原页面核对。"))


def judge(extraction: Mapping[str, Any], month: Month, rules: Sequence[Rule]) -> Judgement:
    """Decide about ``extraction``, the JSON of the extraction contract, fetched for ``month``."""
    boards = extraction["boards"]
    flags = extraction["flags"]
    matches, problems = match_boards(boards, rules)

    def answer(outcome: Outcome, reason: str = "") -> Judgement:
        return Judgement(outcome, reason, matches)

    if extraction["verdict"] == "failed":
        return answer(Outcome.FAILED, f"{_NO_LIST}请打开网址核对后重试。")
    stated = stated_period(extraction)
    wrong = stated is not None and stated != Period.of_month(month)
    if wrong and "period_conflict" not in flags:
        return answer(
            Outcome.FAILED,
            f"页面的统计期是{stated.label}，不是要抓取的{month.label}，没有入库。"
            "可能尚未发布，也可能地址有误，请打开网址核对。",
        )
    pictures = any(board["needs_transcription"] for board in boards)
    if not pictures and not any(is_account_list(board) and board["rows"] for board in boards):
        what = "页面上只有单位或文章的榜单，没有公众号名次" if boards else "没有读到任何名次"
        return answer(Outcome.FAILED, f"{what}，没有入库。请打开网址核对页面是否完整。")
    doubts = [flag_text(code)[0] for code in flags if code != "picture_only"]
    if extraction["verdict"] == "review":
        return answer(Outcome.REVIEW, f"{'、'.join(doubts)}，请对照原页面核对。")
    if extraction["verdict"] == "needs_transcription" or pictures:
        return answer(
            Outcome.TRANSCRIPTION, "榜单是图片，请在下面对照图片录入或核对，再由另一位同事核对。"
        )
    if stated is None:
        return answer(
            Outcome.REVIEW, f"页面没有写明统计期，请核对是否为{month.label}后再确认入库。"
        )
    problems += _count_problems(boards, matches)
    if problems:
        return answer(Outcome.REVIEW, "".join(problems))
    return answer(Outcome.RECORD)


def match_boards(
    boards: Sequence[Mapping[str, Any]], rules: Sequence[Rule]
) -> tuple[dict[int, Rule], list[str]]:
    """Which rule each list of accounts falls under, and sentences about those left over.

    The longest heading that is contained wins. An empty heading stands for the only list of
    accounts on the page.
    """
    lists = [n for n, board in enumerate(boards) if is_account_list(board)]
    matches: dict[int, Rule] = {}
    problems = []
    for position in lists:
        name = boards[position]["name"]
        rule = _rule_for(name, rules, only=len(lists) == 1)
        if rule is None:
            problems.append(f"页面上的榜单“{name or '（无标题）'}”没有对应的榜单，请选择。")
        else:
            matches[position] = rule
    wanted = {rule.board: rule for rule in rules if rule.board is not None}
    for board, rule in wanted.items():
        found = [boards[n]["name"] for n, match in matches.items() if match.board == board]
        if not found:
            problems.append(f"页面上没有找到榜单“{rule.label}”，请核对标题是否改了。")
        elif len(found) > 1:
            problems.append(f"页面上有 {len(found)} 个榜单都对应“{rule.label}”，请选择其一。")
    return matches, problems


def is_account_list(board: Mapping[str, Any]) -> bool:
    """Whether a listing is one of accounts, not of units or articles."""
    return board["subject"] == "account"


def _rule_for(name: str, rules: Sequence[Rule], *, only: bool) -> Rule | None:
    heading = _folded(name)
    fitting = [r for r in rules if (_folded(r.heading) in heading if r.heading else only)]
    return max(fitting, key=lambda rule: len(_folded(rule.heading)), default=None)


def _folded(text: str) -> str:
    """For comparison only: width, case and white space do not tell headings apart."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def stated_period(extraction: Mapping[str, Any]) -> Period | None:
    """The period the page itself names."""
    stated = extraction["period"]
    if stated is None:
        return None
    return Period(date.fromisoformat(stated["start"]), date.fromisoformat(stated["end"]))


def _count_problems(boards: Sequence[Mapping[str, Any]], matches: Mapping[int, Rule]) -> list[str]:
    return [
        f"“{rule.label}”应有 {rule.list_size} 行，页面上有 {len(boards[n]['rows'])} 行，请核对。"
        for n, rule in matches.items()
        if rule.board is not None and rule.list_size and len(boards[n]["rows"]) != rule.list_size
    ]
