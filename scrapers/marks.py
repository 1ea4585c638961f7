"""What is odd about single cells of a list, for the person who has to look at them. Pure."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from rankings.figures import EXACT, parse_figure

from .cells import LABELS, text_of
from .extract.checks import MAX_ARTICLE_READS, MAX_INDEX, MIN_INDEX
from .extract.names import match_key

# A reading less certain than this is pointed at; surer ones are checked with the rest.
SURE = 0.9
# A list is in the order of its index when no more than this part of its steps go up.
DISORDER = 0.2

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mark:
    """``sentence`` says what is odd about the cell ``key`` of the row with the id ``row``."""

    row: str
    key: str
    code: str
    sentence: str


def marks(listing: Mapping[str, Any], unknown: Collection[str] = ()) -> list[Mark]:
    """What is odd in a board of ``effective.effective``, in the order of its rows.

    ``unknown`` are names of accounts that are not on record. On a list of which most are new
    nothing is said about them: a slip would not stand out.
    """
    rows = listing["rows"]
    found = [
        *_ranks(rows),
        *_names(rows, unknown),
        *(mark for row in rows for mark in _figures(row)),
        *_order_of_index(rows),
        *_readings(rows),
    ]
    place = {row["id"]: n for n, row in enumerate(rows)}
    keys = list(LABELS)
    return sorted(found, key=lambda mark: (place[mark.row], keys.index(mark.key)))


def _ranks(rows: Sequence[Row]) -> Iterator[Mark]:
    held = defaultdict(set)
    for row in rows:
        held[row["rank"]].add(match_key(row["account"]))
    times = Counter(row["rank"] for row in rows)
    before = 0
    for n, row in enumerate(rows):
        rank = row["rank"]
        if rank is None:
            yield Mark(row["id"], "rank", "no_rank", "没有写名次")
            continue
        if len(held[rank]) > 1 and not row["tied"]:
            yield Mark(row["id"], "rank", "duplicate_rank", "名次重复，未注明并列")
        elif row["tied"] and times[rank] == 1:
            yield Mark(row["id"], "rank", "lonely_tie", "注明并列，却没有另一行同名次")
        # After a tie of k the next printed rank may skip k - 1.
        if rank > before + 1 and rank > n + 1:
            hole = f"第{before + 1}名" if rank == before + 2 else f"第{before + 1}至{rank - 1}名"
            yield Mark(row["id"], "rank", "missing_rank", f"前面缺{hole}")
        before = max(before, rank)


def _names(rows: Sequence[Row], unknown: Collection[str]) -> Iterator[Mark]:
    times = Counter(match_key(row["account"]) for row in rows if row["account"])
    new = [row for row in rows if row["account"] in unknown]
    tell_new = len(new) * 2 <= len(rows)
    for row in rows:
        if not row["account"]:
            if row["picture"] is None or "account" in row["typed"]:
                yield Mark(row["id"], "account", "no_account", "没有写公众号")
        elif times[match_key(row["account"])] > 1:
            yield Mark(row["id"], "account", "duplicate_account", "公众号重复")
        elif tell_new and row["account"] in unknown:
            sentence = "系统里没有这个名称，请核对有无错字"
            yield Mark(row["id"], "account", "unknown_account", sentence)


def _figures(row: Row) -> Iterator[Mark]:
    for key, figure in row["values"].items():
        printed = parse_figure(str(figure["raw"]))
        if printed is not None and printed.odd_grouping:
            yield Mark(row["id"], key, "odd_grouping", "数字不是三位一节，请核对原文")
    index = row["values"].get("index")
    if index is not None and not MIN_INDEX <= index["value"] <= MAX_INDEX:
        sentence = f"指数不在 {MIN_INDEX} 到 {MAX_INDEX} 之间"
        yield Mark(row["id"], "index", "implausible_value", sentence)
    most = row["values"].get("max_reads")
    if most is not None and most["value"] > MAX_ARTICLE_READS:
        yield Mark(row["id"], "max_reads", "implausible_value", "一篇文章不可能有这么多阅读")
    for small, large in (
        ("average_reads", "max_reads"),
        ("max_reads", "reads"),
        ("headline_reads", "reads"),
    ):
        if _exceeds(row["values"].get(small), row["values"].get(large)):
            yield Mark(row["id"], small, "implausible_value", f"大于{LABELS[large]}")


def _exceeds(small: Mapping[str, Any] | None, large: Mapping[str, Any] | None) -> bool:
    if small is None or large is None or {small["bound"], large["bound"]} != {EXACT}:
        return False
    return small["value"] > large["value"]


def _order_of_index(rows: Sequence[Row]) -> Iterator[Mark]:
    """A list ranked by its index has it fall; a list ranked by something else is left alone."""
    ranked = [row for row in rows if row["rank"] is not None and "index" in row["values"]]
    ranked.sort(key=lambda row: row["rank"])
    steps = [(one, two) for one, two in pairwise(ranked) if one["rank"] < two["rank"]]
    rising = [
        (one, two)
        for one, two in steps
        if one["values"]["index"]["value"] < two["values"]["index"]["value"]
    ]
    if len(rising) <= max(1, DISORDER * len(steps)) < len(steps):
        for one, two in rising:
            sentence = f"比前面的第{one['rank']}名还高"
            yield Mark(two["id"], "index", "index_order", sentence)


def _readings(rows: Sequence[Row]) -> Iterator[Mark]:
    """Cells of pictures that were read with doubt, or not at all; typing settles them."""
    pictured = [row for row in rows if row["picture"] is not None]
    columns = {"account", *(key for row in pictured for key in row["values"])}
    for row in pictured:
        for key, cell in (row.get("cells") or {}).items():
            sure = cell.get("confidence")
            if key in LABELS and key not in row["typed"] and sure is not None and sure < SURE:
                sentence = f"识别把握 {sure:.0%}，请对照图片"
                yield Mark(row["id"], key, "low_confidence", sentence)
        for key in columns | ((row.get("unread") or {}).keys() & LABELS.keys()):
            if not text_of(row, key) and key not in row["typed"]:
                yield Mark(row["id"], key, "unread", "没有识别出来，请对照图片填写")
