"""The cells of a row as people read and type them: one text each. Pure, no database.

A rank and its 并列 are one cell, as they are printed in one: ``3（并列）``. A figure is the text
that was printed; what it means is worked out by ``rankings.figures`` wherever it is used.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from rankings.figures import parse_figure
from rankings.importing.columns import FIGURE_LABELS, FIGURES
from rankings.importing.rows import BLANKS
from rankings.models import Account, Observation

from .extract.ranks import MAX_RANK, parse_rank

TEXT_LIMITS = {
    "account": Account._meta.get_field("name").max_length,
    "wechat_id": Account._meta.get_field("wechat_id").max_length,
    "unit": Observation._meta.get_field("unit").max_length,
}
# As lists print them: the index, by which most are ranked, stands last.
LABELS = {
    "rank": "名次",
    "account": "公众号",
    "wechat_id": "微信号",
    "unit": "单位",
    **{key: label for key, label in FIGURE_LABELS.items() if key != "index"},
    "index": FIGURE_LABELS["index"],
}
KEYS = tuple(LABELS)
# Every list has these; the others are shown where a row has them.
ALWAYS = ("rank", "account")
OPTIONAL = tuple(key for key in KEYS if key not in ALWAYS)
# A column whose heading says so counts in these.
_UNITS = {1_000: "千", 10_000: "万", 100_000_000: "亿"}


class CellError(ValueError):
    """The text cannot stand in its cell; the message is a Chinese sentence."""


def text_of(row: Mapping[str, Any], key: str) -> str:
    """What the cell ``key`` of a row prints; ``""`` where it is empty."""
    if key == "rank":
        return "" if row["rank"] is None else f"{row['rank']}{'（并列）' if row['tied'] else ''}"
    if key in TEXT_LIMITS:
        return row.get(key) or ""
    figure = row["values"].get(key)
    return "" if figure is None else figure["raw"] or str(figure["value"])


def clean(key: str, text: str) -> str:
    """``text`` as it may be kept in the cell ``key``; ``""`` for blanks and dashes.

    Raises ``CellError`` where a rank or a figure cannot be read out of it, or it is too long.
    """
    text = " ".join("".join(map(_visible, text)).split())
    if key in TEXT_LIMITS:
        if len(text) > TEXT_LIMITS[key]:
            raise CellError(f"{LABELS[key]}超过 {TEXT_LIMITS[key]} 个字，请写短一些。")
        return text
    if text.casefold() in BLANKS:
        return ""
    if key == "rank":
        if parse_rank(text) is None:
            raise CellError(f"名次“{text[:20]}”不是 1 到 {MAX_RANK} 的整数，请改正。")
        return text
    figure = parse_figure(text)
    if figure is None or figure.value < 0:
        raise CellError(f"看不懂{LABELS[key]}“{text[:20]}”，请照原样写数字，例如 21万+。")
    return text


def put(row: dict[str, Any], key: str, text: str, factor: int = 1) -> None:
    """Make the cell ``key`` of ``row`` say ``text``, which ``clean`` has let through.

    ``factor`` is the unit of the column, as in ``rankings.figures.parse_figure``.
    """
    if key == "rank":
        rank = parse_rank(text) if text else None
        row["rank"], row["tied"] = (rank.value, rank.tied) if rank else (None, False)
    elif key in TEXT_LIMITS:
        row[key] = text or (None if key != "account" else "")
    elif not text:
        row["values"].pop(key, None)
    else:
        figure = parse_figure(text, single_article=key == "max_reads", factor=factor)
        if figure is None:
            raise CellError(f"看不懂{LABELS[key]}“{text[:20]}”。")
        row["values"][key] = {
            "value": figure.value,
            "bound": figure.bound,
            "capped": figure.capped,
            "raw": text,
        }


def factors_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """The unit of each figure's column where its heading stated one, such as 10000 under (万)."""
    found: dict[str, int] = {}
    for row in rows:
        for key, figure in row["values"].items():
            plain = parse_figure(str(figure["raw"]), single_article=key == "max_reads")
            if plain is not None and plain.value > 0:
                for factor in _UNITS:
                    if round(figure["value"] / plain.value, 6) == factor:
                        found[key] = factor
    return found


def label_of(key: str, factor: int = 1) -> str:
    """The heading of a column, with its unit."""
    return f"{LABELS[key]}（{_UNITS[factor]}）" if factor in _UNITS else LABELS[key]


def columns_of(rows: Iterable[Mapping[str, Any]], more: Iterable[str] = ()) -> list[str]:
    """The cells to show for a list, in the order of ``KEYS``; ``more`` are asked for."""
    shown = {*ALWAYS, *more}
    for row in rows:
        shown.update(row["values"])
        shown.update(key for key in ("wechat_id", "unit") if row.get(key))
    return [key for key in KEYS if key in shown]


def _visible(char: str) -> str:
    """Nothing for what cannot be seen, a space for line breaks and tabs."""
    if char in "\t\r\n":
        return " "
    return "" if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Cn") else char


__all__ = [
    "ALWAYS",
    "FIGURES",
    "KEYS",
    "LABELS",
    "OPTIONAL",
    "CellError",
    "clean",
    "columns_of",
    "factors_of",
    "label_of",
    "put",
    "text_of",
]
