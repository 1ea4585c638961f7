"""The small questions of the templates."""

import pytest

from articles.templatetags.article_tags import host, lines, padded, phones, web_address


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (None, []),
        ("12345", [("12345", "12345")]),
        ("0731-22220000", [("0731-22220000", "073122220000")]),
        ("（0731）2222 0000", [("（0731）2222 0000", "073122220000")]),
        ("＋86 731 22220000", [("＋86 731 22220000", "+8673122220000")]),
        ("１２３４５", [("１２３４５", "12345")]),
        ("12345，110", [("12345", "12345"), ("110", "110")]),
        ("22220000转801", [("22220000转801", "")]),
        ("22220000 22220001", [("22220000 22220001", "")]),
        ("找王主任", [("找王主任", "")]),
        ("5", [("5", "")]),
        ("、", []),
    ],
)
def test_phones(text: str | None, expected: list[tuple[str, str]]) -> None:
    assert phones(text) == expected


@pytest.mark.parametrize(
    ("url", "address", "name"),
    [
        ("https://A.Example.com:8443/a?b#c", "https://A.Example.com:8443/a?b#c", "a.example.com"),
        (" http://example.com ", "http://example.com", "example.com"),
        ("https://a@evil.example/", "https://a@evil.example/", "evil.example"),
        ("javascript:alert(1)", "", ""),
        ("JavaScript://example.com/%0aalert(1)", "", ""),
        ("java\nscript:alert(1)", "", ""),
        ("data:text/html,x", "", ""),
        ("//example.com", "", ""),
        ("http://", "", ""),
        ("http://[", "", ""),
        ("/local", "", ""),
        ("", "", ""),
        (None, "", ""),
    ],
)
def test_addresses(url: str | None, address: str, name: str) -> None:
    assert web_address(url) == address
    assert host(url) == name


def test_lines_and_cells() -> None:
    assert lines(" 一 \n\n二\r\n") == ["一", "二"]
    assert lines(None) == []
    assert padded(["一"], 3) == ["一", "", ""]
    assert padded(["一", "二"], 1) == ["一", "二"]
