"""The demo's pages: believable, marked 示例, and read by the extractor as they should be."""

import io
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests
import time_machine
from PIL import Image

from demo import page_server
from demo.content import example_board
from demo.page_server import PageServer, ranking_page
from scrapers.extract import extract

NOVEMBER = datetime(2026, 11, 22, tzinfo=UTC)
ROOT = Path(page_server.__file__).parents[1]


@pytest.fixture(scope="module")
def server():
    with PageServer() as server:
        yield server


def get(server: PageServer, path: str) -> requests.Response:
    return requests.get(server.url + path, timeout=5)


def read(response: requests.Response) -> dict:
    return extract(
        response.content,
        url=response.url,
        content_type=response.headers["Content-Type"],
        fetched_at=NOVEMBER,
    ).to_json()


@pytest.mark.parametrize(("year", "month"), example_board.months())
def test_every_month_is_read_without_a_doubt(server, year, month) -> None:
    response = get(server, f"/yanshi/{year}-{month:02d}.html")
    if (year, month) == example_board.NOT_ISSUED:
        assert response.status_code == 404
        return
    found = read(response)
    assert (found["verdict"], found["flags"]) == ("ok", [])
    assert found["period"]["kind"] == "month"
    assert found["period"]["start"] == f"{year}-{month:02d}-01"
    assert found["published"] == str(example_board.published_on(year, month))
    (listing,) = found["boards"]
    assert (listing["subject"], "演示榜" in listing["name"]) == ("account", True)
    assert "示例" in listing["name"]
    names = {account["key"]: account["name"] for account in example_board.accounts()}
    rows = example_board.rows(year, month)
    assert listing["list_size"] == len(rows)
    for wanted, row in zip(rows, listing["rows"], strict=True):
        assert (row["rank"], row["tied"]) == (wanted["rank"], wanted["tied"])
        assert (row["account"], row["wechat_id"]) == (
            names[wanted["account_key"]],
            wanted["account_key"],
        )
        values = row["values"]
        for key in ("articles", "reads", "headline_reads", "average_reads", "max_reads", "index"):
            assert values[key]["value"] == wanted[key]
            assert values[key]["bound"] == wanted.get(f"{key}_bound", "exact")


def test_the_old_portal_says_the_same(server) -> None:
    modern, old = (get(server, f"/{kind}/2026-10.html") for kind in ("yanshi", "yanshi-gbk"))
    assert old.headers["Content-Type"] == "text/html; charset=gbk"
    assert "演示榜" in old.content.decode("gbk")
    assert read(old) == read(modern)


@pytest.mark.needs("fonts-noto-cjk")
def test_a_list_may_be_a_picture(server) -> None:
    found = read(get(server, "/yanshi-picture/2026-10.html"))
    assert (found["verdict"], found["flags"]) == ("needs_transcription", ["picture_only"])
    assert found["boards"][0]["name"] == "演示图片榜2026年10月TOP20"
    picture = get(server, "/yanshi-picture/2026-10.png")
    assert picture.headers["Content-Type"] == "image/png"
    with Image.open(io.BytesIO(picture.content)) as image:
        assert image.width == 1080


def test_the_index_lists_what_is_out_newest_first() -> None:
    with time_machine.travel("2026-12-07T12:00:00Z"):
        assert addresses_of(page_server.answer(page_server.INDEX))[0] == "/yanshi/2026-10.html"
    with time_machine.travel("2026-12-08T12:00:00Z"):
        listed = addresses_of(page_server.answer(page_server.INDEX))
    assert listed[0] == "/yanshi/2026-11.html"
    assert len(listed) == page_server.INDEX_MONTHS


def addresses_of(answered: page_server.Answer) -> list[str]:
    return re.findall(r'href="(/yanshi/[^"]+)"', answered.body.decode())


def test_a_page_with_a_slip_needs_a_person(server) -> None:
    found = read(get(server, "/yanshi-review/2026-10.html"))
    assert found["verdict"] == "review"
    assert "missing_rank" in found["flags"]
    ranks = [row["rank"] for row in found["boards"][0]["rows"]]
    assert page_server.MISSING_RANK not in ranks


def test_a_verification_page_is_no_list(server) -> None:
    response = get(server, "/yanshi-login/2026-10.html")
    assert response.status_code == 200
    found = read(response)
    assert (found["verdict"], found["boards"]) == ("failed", [])


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/yanshi/2019-08.html",
        "/yanshi/2026-13.html",
        "/yanshi/2026-00.html",
        "/yanshi-gbk/2025-02.html",
        "/yanshi-other/2026-10.html",
        "/yanshi/../../etc/passwd",
        "/yanshi/2026-10.html/",
    ],
)
def test_anything_else_is_missing(server, path) -> None:
    response = get(server, path)
    assert response.status_code == 404
    assert "页面不存在" in response.text


def test_every_page_is_marked_as_an_example(server) -> None:
    for kind in page_server.KINDS:
        response = get(server, f"/{kind}/2026-10.html")
        assert "示例" in response.content.decode(response.encoding)


def test_heads_have_no_body(server) -> None:
    response = requests.head(server.url + "/yanshi/2026-10.html", timeout=5)
    assert (response.status_code, response.content) == (200, b"")


def test_it_runs_by_itself_and_says_when_the_port_is_taken(server) -> None:
    """Outside Django, as the Procfile starts it."""
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-m", "demo.page_server", "--port"]
    taken = subprocess.run(
        [*command, str(server.server_port)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert taken.returncode == 1
    assert "请换一个端口" in taken.stderr
    with subprocess.Popen(
        [*command, "0"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        address = process.stdout.readline().strip().partition("：")[2]
        assert requests.get(address, timeout=5).status_code == 200
        process.terminate()


def test_a_list_after_the_history_comes_out_on_its_day() -> None:
    with time_machine.travel("2026-12-07T12:00:00Z"), pytest.raises(LookupError):
        ranking_page(2026, 11)
    with time_machine.travel("2026-12-08T12:00:00Z"):
        assert "2026年11月".encode() in ranking_page(2026, 11)
