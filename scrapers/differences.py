"""What two readings of one page differ in, in sentences for people. Pure, over plain values."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rankings.importing.columns import FIGURE_LABELS
from rankings.periods import Period

from .checking import flag_text

# More sentences are counted, not told: a listing read anew differs in every row.
MOST = 60

VERDICTS = {
    "ok": "可以入库",
    "review": "待核",
    "needs_transcription": "待转录",
    "failed": "不是榜单",
}
SUBJECTS = {"account": "公众号", "unit": "单位", "article": "文章"}
_EMPTY: Mapping[str, Any] = {
    "verdict": "failed",
    "period": None,
    "published": None,
    "boards": [],
    "flags": ["page_failed"],
}


def changes(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> list[str]:
    """Sentences about all that differs between two extractions (extraction contract, JSON).

    Only what the contract names counts, not the places cells came from. ``old`` None stands for
    a page of which nothing could be made. Empty when they say the same.
    """
    before = _EMPTY if old is None else old
    found = [
        *_head(before, new),
        *_boards(before["boards"], new["boards"]),
    ]
    if len(found) <= MOST:
        return found
    return [*found[:MOST], f"另有 {len(found) - MOST} 处不同，请打开页面对照。"]


def _head(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    found = []
    if old["verdict"] != new["verdict"]:
        found.append(f"结论由“{_verdict(old)}”变为“{_verdict(new)}”。")
    if (old["period"], new["period"]) != (None, None) and old["period"] != new["period"]:
        found.append(f"统计期由{_period(old)}变为{_period(new)}。")
    if old["published"] != new["published"]:
        found.append(f"发布日期由{_said(old['published'])}变为{_said(new['published'])}。")
    found += [f"新增提示：{flag_text(f)[0]}。" for f in new["flags"] if f not in old["flags"]]
    found += [f"不再提示：{flag_text(f)[0]}。" for f in old["flags"] if f not in new["flags"]]
    return found


def _boards(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> list[str]:
    found = []
    pairs, gone, added = _paired(old, new)
    for board in gone:
        found.append(f"不再读出榜单“{_name(board)}”（{len(board['rows'])} 行）。")
    for board in added:
        found.append(f"新读出榜单“{_name(board)}”（{len(board['rows'])} 行）。")
    # Where there is but one list, rows need not say of which.
    only = len(old) <= 1 and len(new) <= 1
    for before, after in pairs:
        found += _board(before, after, "" if only else f"“{_name(after)}”")
    return found


def _paired(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]):
    """Boards of one name belong together, in page order; of the rest those at one place."""
    pairs = []
    left_old, left_new = list(old), list(new)
    for before in old:
        after = next((b for b in left_new if b["name"] == before["name"]), None)
        if after is not None:
            pairs.append((before, after))
            left_new = [b for b in left_new if b is not after]
            left_old = [b for b in left_old if b is not before]
    if len(left_old) == len(left_new):
        pairs += zip(left_old, left_new, strict=True)
        left_old, left_new = [], []
    return pairs, left_old, left_new


def _board(old: Mapping[str, Any], new: Mapping[str, Any], prefix: str) -> list[str]:
    name = _name(new)
    found = []
    if old["name"] != new["name"]:
        found.append(f"榜单“{_name(old)}”的名称变为“{name}”。")
    if old["subject"] != new["subject"]:
        kinds = (SUBJECTS.get(b["subject"], b["subject"]) for b in (old, new))
        found.append("“{}”由{}的榜单变为{}的榜单。".format(name, *kinds))
    if old["list_size"] != new["list_size"]:
        sizes = _said(old["list_size"]), _said(new["list_size"])
        found.append(f"“{name}”公布的名次数由{sizes[0]}变为{sizes[1]}。")
    if old["needs_transcription"] != new["needs_transcription"]:
        what = "认作图片，要转录" if new["needs_transcription"] else "不再认作图片"
        found.append(f"“{name}”{what}。")
    return found + [f"{prefix}{sentence}" for sentence in _rows(old["rows"], new["rows"])]


def _rows(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> list[str]:
    before, after = _by_account(old), _by_account(new)
    found = []
    for key, row in before.items():
        if key not in after:
            found.append(f"不再读出第{row['rank']}名“{_who(row)}”。")
    for key, row in after.items():
        if key not in before:
            found.append(f"新读出第{row['rank']}名“{_who(row)}”。")
        else:
            found += _row(before[key], row)
    return found


def _by_account(rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str, int], Mapping[str, Any]]:
    """Rows by account and title; the second of the same name keeps a place of its own."""
    times: Counter[tuple[str, str]] = Counter()
    keyed = {}
    for row in rows:
        name = (row["account"], row.get("title") or "")
        keyed[*name, times[name]] = row
        times[name] += 1
    return keyed


def _row(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    who = _who(new)
    found = []
    if old["rank"] != new["rank"]:
        found.append(f"“{who}”由第{old['rank']}名变为第{new['rank']}名。")
    if old["tied"] != new["tied"]:
        found.append(f"“{who}”{'改为并列' if new['tied'] else '不再并列'}。")
    for key, label in (("wechat_id", "微信号"), ("unit", "单位")):
        if old[key] != new[key]:
            found.append(f"“{who}”的{label}由{_said(old[key])}变为{_said(new[key])}。")
    if old["movement"] != new["movement"]:
        found.append(f"“{who}”的升降与以前读的不同。")
    keys = [key for key in FIGURE_LABELS if key in old["values"] or key in new["values"]]
    for key in keys:
        was, now = old["values"].get(key), new["values"].get(key)
        if was != now:
            found.append(f"“{who}”的{FIGURE_LABELS[key]}由{_figure(was)}变为{_figure(now)}。")
    return found


def _who(row: Mapping[str, Any]) -> str:
    return f"{row['account']}：{row['title']}" if row.get("title") else row["account"]


def _name(board: Mapping[str, Any]) -> str:
    return board["name"] or "（无标题）"


def _verdict(extraction: Mapping[str, Any]) -> str:
    return VERDICTS.get(extraction["verdict"], extraction["verdict"])


def _period(extraction: Mapping[str, Any]) -> str:
    stated = extraction["period"]
    if stated is None:
        return "“未写明”"
    start, end = (date.fromisoformat(stated[part]) for part in ("start", "end"))
    return Period(start, end).label


def _said(value: Any) -> str:
    return "“无”" if value in (None, "") else f"“{value}”"


def _figure(figure: Mapping[str, Any] | None) -> str:
    """As printed; with the number read from it where the same print was read otherwise."""
    if figure is None:
        return "“无”"
    sign = {"exact": "", "at_least": "≥", "about": "约"}.get(figure["bound"], figure["bound"])
    number = f"{sign}{figure['value']}{'（封顶）' if figure['capped'] else ''}"
    return f"“{number}”" if number == figure["raw"] else f"“{number}”（原文“{figure['raw']}”）"
