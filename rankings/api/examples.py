"""Example answers, printed in the schema and on the documentation page. Invented, and marked so."""

ACCOUNT = {
    "key": "demo-001",
    "name": "听荷发布",
    "wechat_id": "demo-001",
    "place": "",
    "is_ours": False,
    "confirmed": True,
    "is_example": True,
    "names": [{"name": "听荷发布", "kind": "name", "valid_from": None, "valid_to": None}],
}
_REF = {"key": "demo-001", "name": "听荷发布", "confirmed": True}
BOARD = {
    "key": "demo-board",
    "name": "演示榜",
    "publisher": "示例机构（虚构）",
    "scope": "县级（示例）",
    "metric": "WCI",
    "period_kind": "month",
    "list_size": None,
    "is_example": True,
}
PERIOD = {
    "board": "demo-board",
    "period": "2026-09",
    "start": "2026-09-01",
    "end": "2026-09-30",
    "kind": "month",
    "issued": True,
    "confirmed": 119,
    "reported": 0,
    "published": "2026-10-08",
    "methods": ["13.0"],
    "is_example": True,
}
_EVIDENCE = {
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "url": "https://example.org/2026-09.html",
}
OBSERVATION = {
    "id": 4051,
    "board": "demo-board",
    "period": "2026-09",
    "account": _REF,
    "state": "ranked",
    "rank": 1,
    "rank_min": None,
    "tied": False,
    "status": "confirmed",
    "proves": True,
    "source_kind": "publisher",
    "source_name": "示例机构（虚构）",
    "source_url": "https://example.org/2026-09.html",
    "edition": "final",
    "published": "2026-10-08",
    "list_size": None,
    "method": "13.0",
    "unit": "",
    "figures": {
        "index": {"value": 1039.82, "bound": "exact", "capped": False, "raw": "1039.82"},
        "max_reads": {"value": 100001, "bound": "at_least", "capped": True, "raw": "10万+"},
    },
    "evidence": _EVIDENCE,
    "version": 1,
    "recorded_at": "2026-10-08T09:12:00+08:00",
    "is_example": True,
}
_RUN = {
    "proved": 13,
    "proved_from": "2025-09",
    "proved_to": "2026-09",
    "possible": 13,
    "from": "2025-09",
    "to": "2026-09",
    "reported": 0,
    "ties": 1,
    "suspended": [],
    "unknown": [],
    "open_start": False,
}
STREAK = {
    "board": "demo-board",
    "account": _REF,
    "as_of": "2026-09",
    "current": _RUN,
    "longest": _RUN,
    "is_example": True,
}
CLAIM = {
    "number": "JL-2026-0001",
    "board": "demo-board",
    "account": _REF,
    "text": "据《演示榜》（示例机构）逐月公布结果，“听荷发布”2025年9月至2026年9月连续13个月"
    "列第一（其中并列1个月）。",
    "proof": "proved",
    "superlative": "",
    "start": "2025-09",
    "end": "2026-09",
    "length": 13,
    "status": "approved",
    "public_note": "",
    "decided_at": "2026-10-09T10:00:00+08:00",
    "sha256": _EVIDENCE["sha256"],
    "is_example": True,
}
CLAIM_DETAIL = CLAIM | {
    "sources": [
        {
            "period": "2026-09",
            "board": "demo-board",
            "status": "confirmed",
            "source_kind": "publisher",
            "source_name": "示例机构（虚构）",
            "source_url": "https://example.org/2026-09.html",
            "evidence": _EVIDENCE,
        }
    ]
}
