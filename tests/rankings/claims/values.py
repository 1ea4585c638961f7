"""Plain frozen values for tests of what needs no database."""

import copy
from typing import Any

from rankings.claims.freezing import Basis, Circumstances, Wording, digest, freeze
from rankings.claims.verifying import Successor, Today

SHA = "ab" * 32
RULES = {"version": "1", "sha256": "0" * 64}
SENTENCE = "据《影响力榜》（某社）逐月公布结果，“在荷塘”2019年1月至2019年3月连续3个月列第一。"
LINK = {
    "id": 7,
    "earlier": "old",
    "later": "county",
    "month": "2019-02",
    "earlier_method": "12.0",
    "later_method": "13.0",
    "reason": "发布机构公告改名",
    "source_url": "",
    "evidence_sha256": None,
}


def statement(number: int, month: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": number,
        "version": 1,
        "month": month,
        "board": "county",
        "account": "zaihetang",
        "state": "ranked",
        "rank": 1,
        "tied": False,
        "list_size": None,
        "status": "confirmed",
        "edition": "final",
        "method": "",
        "published": None,
        "recorded_at": "2019-09-20T00:00:00Z",
        "confirmed_at": None,
        "source": {"kind": "publisher", "name": "某社", "url": ""},
        "evidence_sha256": None,
        **fields,
    }


def basis(letters: str = "FFF", **fields: Any) -> Basis:
    """Months from 2019-01 with one statement each, numbered from 1."""
    board = {
        "key": "county",
        "name": "影响力榜",
        "publisher": "某社",
        "scope": "",
        "is_example": False,
    }
    months, statements = [], []
    for at, letter in enumerate(letters, start=1):
        month = f"2019-{at:02d}"
        months.append(
            {"month": month, "state": letter, "board": "county", "methods": [], "statements": [at]}
        )
        statements.append(statement(at, month))
    statements[0]["evidence_sha256"] = SHA
    given = {
        "board": board,
        "account": {"key": "zaihetang", "name": "在荷塘", "names": []},
        "lineage": {"boards": [board], "links": []},
        "months": months,
        "statements": statements,
        "captures": [{"sha256": SHA, "size": 4}],
        "latest_observation": 9,
        "open_start": False,
        "people": {"1": {"recorded_by": "甲", "confirmed_by": "乙"}},
        **fields,
    }
    return Basis(**given)


def frozen(letters: str = "FFF", *, superlative: str = "", **fields: Any) -> dict[str, Any]:
    return freeze(
        basis(letters, **fields),
        Wording(SENTENCE, "proved", len(letters), superlative),
        Circumstances("2026-11-22T00:00:00Z", "甲", "c0ffee", "0.1.0", RULES),
    )


def today(value: dict[str, Any], letters: str = "FFF", **fields: Any) -> Today:
    """The records unchanged, but for ``fields``."""
    given = {
        "basis": basis(letters),
        "rows": {each["id"]: copy.deepcopy(each) for each in value["statements"]},
        "replaced": {},
        "captures": {},
        "sentence": value["sentence"],
        "renewed": value["sentence"],
        "proof": "proved",
        "rules": RULES,
        "links": {},
        **fields,
    }
    return Today(**given)


__all__ = [
    "LINK",
    "RULES",
    "SENTENCE",
    "SHA",
    "Successor",
    "basis",
    "digest",
    "frozen",
    "statement",
    "today",
]
