"""A pasted table to cells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.pasting import PasteError, merged, pasted_rows

from .conftest import row

SHOWN = ["rank", "account", "reads", "index"]


def test_headings_tell_the_columns() -> None:
    text = "公众号\t名次\t阅读数(万)\t并列\t备注\n甲\t1\t12.3\t否\tx\n乙\t1\t9万+\t是\ty\n\t\t\t\t"
    assert pasted_rows(text, SHOWN) == [
        {"rank": "1", "account": "甲", "reads": "12.3万"},
        {"rank": "1（并列）", "account": "乙", "reads": "9万+"},
    ]


def test_without_headings_the_order_of_the_table_counts() -> None:
    text = "1\t甲\t100\t9.5\n2\t乙\t90\t\n"
    assert pasted_rows(text, SHOWN) == [
        {"rank": "1", "account": "甲", "reads": "100", "index": "9.5"},
        {"rank": "2", "account": "乙", "reads": "90", "index": ""},
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "没有粘贴任何内容"),
        ("甲", "看不出列"),
        ("谁\t什么\n甲\t1", "缺少这些列"),
        ("名次\t公众号", "只有表头"),
        ("1\t甲\t1\t2\t3", "没有表头，有 5 列"),
        ("名次\t公众号\n" + "1\t甲\n" * 1001, "一次最多 1000 行"),
        ("名次\t排名\t公众号\n1\t1\t甲", "同一种内容"),
    ],
)
def test_what_is_no_list(text, sentence) -> None:
    with pytest.raises(PasteError, match=sentence):
        pasted_rows(text, SHOWN)


def known(*rows):
    return [{**each, "id": str(n)} for n, each in enumerate(rows)]


def test_lines_find_their_rows_by_name_then_by_rank() -> None:
    rows = known(row(1, "甲"), row(2, "乙错"), row(3, "丙"))
    lines = [
        {"rank": "1", "account": "“丙”"},
        {"rank": "2", "account": "乙"},
        {"rank": "3", "account": "甲"},
        {"rank": "4", "account": "丁"},
        {"rank": "2", "account": "又一个第2"},
    ]
    places = [place for (place, key) in merged(rows, lines, 5) if key == "account"]
    assert places == ["2", "1", "0", "n5", "n6"]


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "rank": st.sampled_from(["1", "2", "3", "第四名", "", "x"]),
                "account": st.sampled_from(["甲", "乙", "丙", "", "新"]),
            }
        ),
        max_size=8,
    )
)
def test_no_two_lines_share_a_row(lines) -> None:
    rows = known(row(1, "甲"), row(2, "乙"))
    cells = merged(rows, lines, 1)
    assert len(cells) == 2 * len(lines)
    typed = [cells[place, "account"] for place, key in cells if key == "account"]
    assert sorted(typed) == sorted(line["account"] for line in lines)


@given(st.text(alphabet="1甲\t\n,|;< >tabler\x00\"'　", max_size=120))
def test_any_text_is_rows_or_a_sentence(text) -> None:
    try:
        lines = pasted_rows(text, SHOWN)
    except PasteError as error:
        assert str(error)
    else:
        assert all(line for line in lines)
