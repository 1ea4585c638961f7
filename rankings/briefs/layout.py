"""A document as lines of text: what Word and the pages print, worded once for both."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..periods import Month

Document = Mapping[str, Any]

NONE = "—"
DRAFT_NUMBER = "草稿，未签发"
EXAMPLE_MARK = "示例数据　不得引用"
# Which figures the printed tables have room for.
PRINTED = ("index", "reads", "articles")


def lines(document: Document) -> dict[str, Any]:
    """Every text of the brief by the name of its placeholder, the charts left out.

    Texts are plain: whoever prints them escapes them.
    """
    top = document["top"]
    issued_at = document.get("issued_on", "")
    return {
        "title": document["title"],
        "number": document.get("number") or DRAFT_NUMBER,
        "issued_on": _day(issued_at) if issued_at else "",
        "issued_by": document.get("issued_by") or "（未签发）",
        "written_by": "、".join(each["name"] for each in document.get("writers", ())) or "系统",
        "account": document["account"]["name"],
        "board": document["board"]["label"],
        "publisher": document["board"]["publisher"],
        "month": document["month_label"],
        "example_mark": EXAMPLE_MARK if document["is_example"] else "",
        "correction": _correction(document.get("correction")),
        "remarks": [line for line in document.get("remarks", "").splitlines() if line.strip()],
        "summary": [
            {"text": line["text"], "proof": _PROOF[line["proof"]]} for line in document["summary"]
        ],
        "months": [_month(row) for row in document["months"]],
        "top_caption": _top_caption(top, document["month_label"]),
        "top_rows": [_top_row(row) for row in top["rows"]],
        "compared_caption": _compared_caption(document),
        "compared": [_compared(row) for row in document["compared"]],
        "methods": list(document["methods"]),
        "sources": [_source(row) for row in document["sources"]],
        "notes": list(document["notes"]),
    }


_PROOF = {"proved": "已核实", "reported": "据报道，未核实", "open": "尚无定论", "note": ""}


def _day(text: str) -> str:
    year, month, day = text.split("-")
    return f"{int(year)}年{int(month)}月{int(day)}日"


def _correction(correction: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not correction:
        return None
    differences = [item["text"] for item in correction["differences"]]
    return {
        "heading": f"更正第{correction['ordinal']}号（更正{correction['of']}）",
        "reason": f"本期更正{correction['of']}，原件保留。更正理由：{correction['reason']}",
        "differences": differences or ["榜单事实没有变化，只更正文字。"],
    }


def _figures(row: Mapping[str, Any]) -> dict[str, str]:
    return {key: row["figures"][key]["text"] if key in row["figures"] else NONE for key in PRINTED}


def _month(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "month": row["label"],
        "place": row["place"],
        "proof": row["proof"],
        "state": row["state"],
        "sources": "、".join(map(str, row["sources"])) or NONE,
        **_figures(row),
    }


def _top_caption(top: Mapping[str, Any], month: str) -> str:
    if top["not_issued"]:
        return f"{month}榜单停发。"
    if not top["rows"]:
        return f"没有{month}的名次可列。"
    compared = f"升降与{top['compared_with']}相比" if top["compared_with"] else "没有可比的上期"
    shown = min(top["limit"], top["size"])
    return f"{month}收有{top['size']}个账号的名次，列前{shown}名和本账号；{compared}。"


def _top_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "rank": f"{row['rank']}{'（并列）' if row['tied'] else ''}",
        "name": f"{row['name']}（本账号）" if row["ours"] else row["name"],
        "ours": row["ours"],
        "movement": row["movement"] or NONE,
        "proof": row["proof"],
        **_figures(row),
    }


def _compared_caption(document: Document) -> str:
    if not document["compared"]:
        return "没有可以对比的账号。"
    return (
        f"期数为近{document['compared_months']}期中双方名次都已核实的月份；"
        "指数只在来源和计算方法相同时比较。"
    )


def _compared(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": row["name"],
        "place": row["place"] + ("（据报道）" if row["proof"].startswith("据报道") else ""),
        "index": row["index"]["text"] if row["index"] else NONE,
        "gap": row["gap"],
        "ahead": row["ahead"],
        "behind": row["behind"],
        "level": row["level"],
    }


def _source(row: Mapping[str, Any]) -> dict[str, Any]:
    evidence = f"SHA-256 {row['sha256']}" if row["sha256"] else "没有存证原件"
    return {
        "number": row["number"],
        "name": f"{row['name'] or '未注明'}（{row['kind']}）",
        "published": row["published"] or NONE,
        "months": row["months"],
        "url": row["url"],
        "evidence": evidence,
        "address": "\n".join(each for each in (row["url"], evidence) if each),
    }


def month_labels(months: Sequence[str]) -> str:
    """2019年8月、2019年7月 from 2019-08, 2019-07."""
    return "、".join(Month.parse(month).label for month in months)
