"""Breaking Chinese lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.wrapping import NOT_FIRST, NOT_LAST, balanced, wrap

TEXT = st.text(alphabet="荷塘区的榜单，。、（）《》“”12ab ·%", max_size=60)


@pytest.mark.parametrize(
    ("text", "limit", "lines"),
    [
        ("", 5, []),
        ("在荷塘", 5, ["在荷塘"]),
        ("在荷塘在荷塘", 5, ["在荷塘在荷", "塘"]),
        # A closing mark takes a character with it to the next line.
        ("一二三四五，六七", 5, ["一二三四", "五，六七"]),
        # Two marks in a row take theirs along.
        ("一二三四五）。六", 5, ["一二三四", "五）。六"]),
        # An opening mark goes with what it opens.
        ("一二三四《榜单》", 5, ["一二三四", "《榜单》"]),
        # Numbers and words stay whole.
        ("连续一二2026年", 6, ["连续一二", "2026年"]),
        ("见abc吧", 3, ["见", "abc", "吧"]),
        # A word longer than a line is divided.
        ("见example.org吧", 6, ["见examp", "le.org", "吧"]),
        ("第一行\n第二行", 9, ["第一行", "第二行"]),
        ("一二 三四", 2, ["一二", "三四"]),
        # Nothing but marks: broken where it must.
        ("，，，，", 2, ["，，", "，，"]),
    ],
)
def test_lines(text, limit, lines):
    assert wrap(text, limit, len) == lines


@given(TEXT, st.integers(3, 20))
def test_nothing_is_lost_and_nothing_is_too_wide(text, limit):
    lines = wrap(text, limit, len)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(0 < len(line) <= limit for line in lines)


@given(
    st.lists(st.sampled_from(["荷塘", "发布", "榜", "，", "》"]), max_size=30), st.integers(4, 20)
)
def test_no_line_begins_with_a_closing_mark(parts, limit):
    text = "".join(parts).replace("，，", "，").replace("》》", "》").lstrip("，》")
    while "，》" in text or "》，" in text or "，，" in text or "》》" in text:
        for pair in ("，》", "》，", "，，", "》》"):
            text = text.replace(pair, "》")
    lines = wrap(text, limit, len)
    assert not any(line[0] in NOT_FIRST for line in lines[1:])
    assert not any(line[-1] in NOT_LAST for line in lines[:-1])


@given(TEXT, st.integers(3, 20))
def test_balancing_takes_no_more_lines(text, limit):
    plain, even = wrap(text, limit, len), balanced(text, limit, len)
    assert len(even) == len(plain)
    assert "".join(even).replace(" ", "") == "".join(plain).replace(" ", "")
    assert all(len(line) <= limit for line in even)


def test_balancing_makes_lines_alike():
    assert balanced("湖南政务微信影响力排行榜", 9, len) == ["湖南政务微信", "影响力排行榜"]
