"""The addresses of a page's pictures, as its explanation gives them."""

import base64
import hashlib
from datetime import UTC, datetime

import pytest

from scrapers.extract import extract
from scrapers.extract.picture_sources import EMBEDDED, address_of, base_of, embedded

URL = "https://www.example.gov.cn/a/2019/08.html"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\x01" * 4000
DATA = "data:image/png;base64," + base64.b64encode(PICTURE).decode()


def page(*images: str, head: str = "") -> bytes:
    listing = "".join(f"<p>{image}</p>" for image in images)
    return (
        f"<html><head><meta charset=utf-8><title>2019年8月榜单</title>{head}</head>"
        f"<body><h1>2019年8月榜单</h1><h2>2019年8月县级政务公众号排行榜</h2>{listing}</body></html>"
    ).encode()


def answer(data: bytes, *, explain: bool = True) -> dict:
    moment = datetime(2019, 9, 2, tzinfo=UTC)
    return extract(data, url=URL, content_type="", fetched_at=moment).to_json(explain=explain)


@pytest.mark.parametrize(
    ("image", "head", "address"),
    [
        ('<img src="1.png">', "", "https://www.example.gov.cn/a/2019/1.png"),
        ('<img src=" /b/1.png ">', "", "https://www.example.gov.cn/b/1.png"),
        ('<img src="//cdn.example.cn/1.png">', "", "https://cdn.example.cn/1.png"),
        ('<img src="1.png">', '<base href="/files/">', "https://www.example.gov.cn/files/1.png"),
        (
            '<img src="1.png">',
            '<base href="javascript:0">',
            "https://www.example.gov.cn/a/2019/1.png",
        ),
        ('<img src="w.gif" data-src="https://b.cn/1">', "", "https://b.cn/1"),
        ('<img src="w.gif" data-original="2.jpg">', "", "https://www.example.gov.cn/a/2019/2.jpg"),
        ('<img src="http://[bad/1.png">', "", "http://[bad/1.png"),
        ('<img src="file:///etc/passwd">', "", "file:///etc/passwd"),
    ],
    ids=[
        "relative",
        "rooted",
        "no-scheme",
        "base",
        "bad-base",
        "late",
        "original",
        "broken",
        "file",
    ],
)
def test_addresses_are_full(image: str, head: str, address: str) -> None:
    [board] = answer(page(image, head=head))["boards"]
    assert board["needs_transcription"]
    assert board["pictures"] == [address]


def test_pictures_belong_to_the_board_they_stand_under() -> None:
    data = page('<img src="1.png">', '<img src="2.png">')
    data = data.replace(
        b"</body>", "<h2>2019年8月市级政务公众号排行榜</h2><img src=3.png></body>".encode()
    )
    boards = answer(data)["boards"]
    ends = [[address.rpartition("/")[2] for address in board["pictures"]] for board in boards]
    assert ends == [["1.png", "2.png"], ["3.png"]]


def test_the_contract_is_as_it_was() -> None:
    [board] = answer(page('<img src="1.png">'), explain=False)["boards"]
    assert "pictures" not in board


def test_pictures_in_the_page_are_told_by_hash_and_found_again() -> None:
    data = page(f'<img src="{DATA}">')
    [board] = answer(data)["boards"]
    [address] = board["pictures"]
    assert address == EMBEDDED + hashlib.sha256(DATA.encode()).hexdigest()
    assert embedded(data, "text/html; charset=utf-8") == {address: PICTURE}


@pytest.mark.parametrize(
    ("source", "content"),
    [
        ("data:,ab%20c", b"ab c"),
        ("data:image/gif;base64,QUI", b"AB"),
        ("DATA:image/gif;BASE64,QU\nI=", b"AB"),
        ("data:image/gif;base64,Q", None),
        ("data:nothing", None),
    ],
    ids=["plain", "unpadded", "upper-case", "cut", "no-comma"],
)
def test_embedded_contents(source: str, content: bytes | None) -> None:
    found = embedded(f'<img src="{source}">'.encode(), "")
    assert list(found.values()) == ([] if content is None else [content])
    assert all(address == address_of(source, URL) for address in found)


def test_a_base_that_cannot_be_read_changes_nothing() -> None:
    assert base_of(URL, "http://[bad") == URL
    assert base_of(URL, "https://b.cn/x/") == "https://b.cn/x/"
    assert base_of(URL, "") == URL
