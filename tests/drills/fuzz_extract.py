"""Feed extraction whatever reaches new code: run as a program, with libFuzzer's arguments.

What it holds: extraction answers or refuses (``PageRefused``), in the contract's words, whatever
the bytes, the declared charset and the address. Anything else ends the program with a crash file.
"""

import sys
from datetime import datetime

import atheris

with atheris.instrument_imports(include=["scrapers.extract", "rankings.figures"]):
    from scrapers.extract import PageRefused, extract

from scrapers.extract.contract import ACCOUNT, ARTICLE, FLAGS, UNIT

FETCHED = datetime.fromisoformat("2019-04-10T10:10:10+08:00")
HEADERS = (
    "text/html",
    "text/html; charset=utf-8",
    "text/html; charset=gb2312",
    "text/html; charset=GBK",
    "text/html; charset=none-such",
    "",
)
VERDICTS = {"ok", "review", "needs_transcription", "failed"}


def one_page(data: bytes) -> None:
    """The first byte chooses the header; the rest is the page. Raises whatever is wrong."""
    header = HEADERS[data[0] % len(HEADERS)] if data else ""
    url = "http://bd.example/list?date=201903"
    try:
        answer = extract(data[1:], url=url, content_type=header, fetched_at=FETCHED)
    except PageRefused:
        return
    found = answer.to_json(explain=True)
    assert found["verdict"] in VERDICTS, found["verdict"]
    assert set(found["flags"]) <= set(FLAGS), found["flags"]
    if found["verdict"] == "failed":
        assert not found["boards"], found["boards"]
    for board in found["boards"]:
        assert board["subject"] in (ACCOUNT, UNIT, ARTICLE), board["subject"]
        for row in board["rows"]:
            assert row["rank"] >= 1 and row["account"].strip(), row


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_page)
    atheris.Fuzz()
