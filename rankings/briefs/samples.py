"""Made-up briefs on which a template is tried: everything empty, and everything at once."""

from typing import Any

from .content import SCHEMA

# What a careless or hostile name may hold; it must come out as it is.
AWKWARD = "<script>alert(1)</script>&{{ 7*7 }}{% if %}"
_FIGURES = {
    "index": {"value": 1003.59, "bound": "exact", "text": "1,003.59"},
    "reads": {"value": 210000, "bound": "at_least", "text": "≥210,000"},
    "articles": {"value": 80, "bound": "exact", "text": "80"},
}


def documents() -> list[dict[str, Any]]:
    return [_empty(), _full()]


def _empty() -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "board": {"key": "b", "name": "榜", "label": "榜", "publisher": "", "scope": "",
                  "metric": ""},
        "account": {"key": "a", "name": "号"},
        "is_example": False,
        "month": "2019-08",
        "month_label": "2019年8月",
        "title": "关于2019年8月“号”公众号榜单情况的简报",
        "summary": [],
        "months": [],
        "history": [],
        "breaks": [],
        "runs": {},
        "top": {"size": 0, "limit": 20, "compared_with": None, "not_issued": True,
                "contested": False, "figures": [], "rows": []},
        "compared": [],
        "compared_months": 12,
        "sources": [],
        "methods": [],
        "notes": [],
    }  # fmt: skip


def _full() -> dict[str, Any]:
    month = {
        "month": "2019-08",
        "label": "2019年8月",
        "state": "F",
        "state_words": "已核实第一",
        "rank": 1,
        "tied": False,
        "reported": False,
        "mark": "",
        "beyond": None,
        "title": "2019年8月：已核实第一",
        "index": _FIGURES["index"],
        "method": "13.0",
        "place": "第1名",
        "proof": "已核实",
        "figures": _FIGURES,
        "sources": [1],
    }
    row = {
        "rank": 1,
        "tied": True,
        "key": "a",
        "name": AWKWARD,
        "ours": True,
        "movement": "升2位",
        "step": 2,
        "proof": "已核实",
        "figures": _FIGURES,
    }
    return {
        **_empty(),
        "number": "JB-2019-001",
        "issued_on": "2019-09-17",
        "issued_by": "签发人",
        "writers": [{"id": 1, "name": "编写人"}],
        "remarks": f"第一段\n{AWKWARD}",
        "correction": {
            "of": "JB-2019-001",
            "ordinal": 1,
            "reason": AWKWARD,
            "differences": [{"month": "2019-08", "text": "2019年8月：名次有变化。"}],
        },
        "account": {"key": "a", "name": AWKWARD},
        "is_example": True,
        "summary": [{"key": "place", "text": AWKWARD, "proof": "proved"}] * 2,
        "months": [month],
        "history": [month],
        "top": {
            "size": 1,
            "limit": 20,
            "compared_with": "2019年7月",
            "not_issued": False,
            "contested": False,
            "figures": [],
            "rows": [row],
        },
        "compared": [
            {
                "key": "b",
                "name": AWKWARD,
                "rank": 2,
                "place": "第2名",
                "movement": "",
                "proof": "已核实",
                "index": _FIGURES["index"],
                "gap": "高34.55",
                "ahead": 12,
                "behind": 0,
                "level": 0,
            }
        ],
        "sources": [
            {
                "number": 1,
                "kind": "发布机构",
                "name": AWKWARD,
                "url": "https://example.org/",
                "published": "2019-09-08",
                "sha256": "0" * 64,
                "months": "2019年8月",
            }
        ],
        "methods": ["13.0"],
        "notes": [AWKWARD],
    }
