"""What two documents of one brief say differently, a sentence with its month each.

Facts are compared, never wording: places, proof, figures, runs, the first rows of the month, the
months counted against others, methods. Accounts are told by key, so that a new name is no change.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..importing.columns import FIGURE_LABELS
from ..periods import Month

# More changes in one month's list than this are counted, not listed.
LISTED = 12

Document = Mapping[str, Any]


def differences(old: Document, new: Document) -> list[dict[str, str]]:
    """[{month, text}]: what ``new`` says otherwise than ``old``, latest month first."""
    found = [
        *_months(old, new),
        *_runs(old, new),
        *_top(old, new),
        *_compared(old, new),
        *_methods(old, new),
    ]
    return sorted(found, key=lambda item: item["month"], reverse=True)


def months_of(found: Iterable[Mapping[str, str]]) -> str:
    """2019年8月、2019年7月: the months that findings speak of."""
    months = dict.fromkeys(item["month"] for item in found)
    return "、".join(Month.parse(month).label for month in months)


def _item(month: str, text: str) -> dict[str, str]:
    return {"month": month, "text": text}


def _changed(label: str, old: Any, new: Any) -> str:
    return f"{label}由“{old or '—'}”改为“{new or '—'}”"


def _month_words(row: Mapping[str, Any] | None) -> str:
    """第1名，已核实第一: what a document says of a month, in words."""
    if row is None:
        return "没有记录"
    words = row["state_words"]
    if row["rank"] is None:
        return words
    place = f"第{row['rank']}名" + ("（并列）" if row["tied"] else "")
    return f"{place}，{'据报道，未核实' if row['reported'] else words}"


def _months(old: Document, new: Document) -> list[dict[str, str]]:
    found = []
    before = {row["month"]: row for row in old["history"]}
    after = {row["month"]: row for row in new["history"]}
    for month in sorted(before.keys() | after.keys()):
        was, now = _month_words(before.get(month)), _month_words(after.get(month))
        if was != now:
            label = Month.parse(month).label
            found.append(_item(month, f"{label}：{_changed('名次', was, now)}。"))
    detailed = {row["month"]: row for row in old["months"]}
    for row in new["months"]:
        if (was_row := detailed.get(row["month"])) is None:
            continue
        parts = _figure_changes(was_row["figures"], row["figures"])
        if parts:
            found.append(_item(row["month"], f"{row['label']}：{'；'.join(parts)}。"))
    return found


def _figure_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    parts = []
    for key, label in FIGURE_LABELS.items():
        was = old[key]["text"] if key in old else ""
        now = new[key]["text"] if key in new else ""
        if was != now:
            parts.append(_changed(label, was, now))
    return parts


_PROVED, _POSSIBLE = ("proved", "已核实"), ("possible", "最多可能")


def _runs(old: Document, new: Document) -> list[dict[str, str]]:
    found = []
    for key, label in (("current", "当前连续"), ("longest", "最长连续")):
        was, now = old["runs"][key], new["runs"][key]
        # Where nothing was or is open, the two say the same.
        settled = all(
            run["proved"] == run["possible"] and run["proved_span"] == run["possible_span"]
            for run in (was, now)
        )
        lengths = (_PROVED,) if settled else (_PROVED, _POSSIBLE)
        parts = [
            f"{words}由{was[name]}个月改为{now[name]}个月"
            for name, words in lengths
            if was[name] != now[name]
        ]
        parts += [
            _changed(f"{words}起止", was[f"{name}_span"], now[f"{name}_span"])
            for name, words in lengths
            if was[f"{name}_span"] != now[f"{name}_span"]
        ]
        if parts:
            found.append(_item(new["month"], f"{label}：{'；'.join(parts)}。"))
    return found


def _rank_words(row: Mapping[str, Any]) -> str:
    tie = "（并列）" if row["tied"] else ""
    return f"第{row['rank']}名{tie}，{row['proof']}"


def _top(old: Document, new: Document) -> list[dict[str, str]]:
    was = {row["key"]: row for row in old["top"]["rows"]}
    now = {row["key"]: row for row in new["top"]["rows"]}
    own = new["account"]["key"]
    texts = []
    for key in [*was, *(key for key in now if key not in was)]:
        before, after = was.get(key), now.get(key)
        if after is None:
            texts.append(f"“{before['name']}”（原列第{before['rank']}名）不再列入")
        elif before is None:
            texts.append(f"新列入“{after['name']}”（第{after['rank']}名）")
        else:
            parts = []
            if key != own and _rank_words(before) != _rank_words(after):
                parts.append(_changed("名次", _rank_words(before), _rank_words(after)))
            if key != own:
                parts += _figure_changes(before["figures"], after["figures"])
            if parts:
                texts.append(f"“{after['name']}”{'；'.join(parts)}")
    if old["top"]["size"] != new["top"]["size"]:
        texts.append(f"收有名次的账号由{old['top']['size']}个改为{new['top']['size']}个")
    label = new["month_label"]
    return [_item(new["month"], f"{label}榜单：{text}。") for text in _shortened(texts)]


def _shortened(texts: Sequence[str]) -> list[str]:
    if len(texts) <= LISTED:
        return list(texts)
    return [*texts[:LISTED], f"另有{len(texts) - LISTED}处变化"]


def _compared(old: Document, new: Document) -> list[dict[str, str]]:
    was = {row["key"]: row for row in old["compared"]}
    texts = []
    for row in new["compared"]:
        before = was.get(row["key"])
        if before is None:
            continue
        parts = [
            f"{words}由{before[name]}期改为{row[name]}期"
            for name, words in (("ahead", "我方在前"), ("behind", "我方在后"), ("level", "相同"))
            if before[name] != row[name]
        ]
        if parts:
            texts.append(f"与“{row['name']}”对比：{'；'.join(parts)}。")
    return [_item(new["month"], text) for text in texts]


def _methods(old: Document, new: Document) -> list[dict[str, str]]:
    if old["methods"] == new["methods"]:
        return []
    was, now = "".join(old["methods"]), "".join(new["methods"])
    return [_item(new["month"], f"计算方法的说明{_changed('', was, now)}。")]
