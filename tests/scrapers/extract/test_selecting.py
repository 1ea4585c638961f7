"""A source's own override: only a part of the page is read."""

import pytest

from scrapers.extract import PageRefused
from scrapers.selectors import SelectorRefused, compiled

from .pages import FETCHED, FOLDER, extract

HEAD = "<tr><th>名次</th><th>公众号</th><th>WCI</th></tr>"


def table(name: str, *accounts: str) -> str:
    rows = "".join(
        f"<tr><td>{n}</td><td>{account}</td><td>{1000 - n}.5</td></tr>"
        for n, account in enumerate(accounts, 1)
    )
    return f"<h2>{name}</h2><table>{HEAD}{rows}</table>"


PAGE = (
    "<html><head><title>2019年3月微信榜</title></head><body><h1>2019年3月微信榜</h1>"
    f'<div id="main" class="a b">{table("县级榜", "在荷塘", "甲县发布")}</div>'
    f'<div id="more">{table("上周榜", "乙县发布", "丙县发布")}</div></body></html>'
).encode()


def read(selector: str):
    return extract(
        PAGE, url="https://a.cn/1", content_type="text/html; charset=utf-8", fetched_at=FETCHED,
        selector=selector,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("selector", "boards"),
    [
        ("", ["县级榜", "上周榜"]),
        ("#main", ["县级榜"]),
        ("div.a.b", ["县级榜"]),
        ("#more, #main", ["县级榜", "上周榜"]),
        ("body, #main", ["县级榜", "上周榜"]),
        ("html", ["县级榜", "上周榜"]),
    ],
)
def test_only_what_is_named_is_read(selector, boards) -> None:
    found = read(selector)
    assert [board.name for board in found.boards] == boards
    assert str(found.period.start) == "2019-03-01"  # of the title, which stays


def test_naming_nothing_is_no_empty_list() -> None:
    with pytest.raises(PageRefused, match="找不到“正文位置”#content"):
        read("#content")


@pytest.mark.parametrize(
    "selector", ["a >", "#", "::before", "p:hover", "div{}", "[", "a" * 10 + "!"]
)
def test_what_is_no_selector_is_refused(selector) -> None:
    with pytest.raises(SelectorRefused, match=r"选择器|选不中"):
        compiled(selector)


def test_the_whole_body_is_read_as_without_it() -> None:
    for page in sorted(FOLDER.glob("0[1-8]*.html")):
        given = {"url": "https://a.cn/1", "content_type": "text/html", "fetched_at": FETCHED}
        data = page.read_bytes()
        assert (
            extract(data, selector="body", **given).to_json() == extract(data, **given).to_json()
        ), page.name
