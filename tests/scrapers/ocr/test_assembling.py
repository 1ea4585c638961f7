"""Words to the contract's answer: tables of every shape, thresholds, crops. No engine."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.extract.contract import Extraction
from scrapers.ocr.cells import FIGURE_LIMIT, NAME_LIMIT, RANK_LIMIT
from scrapers.ocr.engine import Word
from tests.scrapers.ocr.words import read, table, word

LABELS = ["排名", "公众号", "发布篇数", "总阅读数", "WCI"]
MIDDLES = [60, 240, 450, 640, 850]
TITLE = [word("2026年8月荷塘区政务微信榜", 500, 60, height=60)]
Cell = str | tuple[str, float]


def lines(count: int, first: int = 1) -> list[list[Cell]]:
    """Rows ``first`` and on, with accounts that have nothing in common and a falling index."""
    return [
        [
            str(rank),
            f"掌上{chr(0x5000 + rank * 7)}城",
            str(100 + rank),
            str(90_000 - rank * 100),
            f"{1200 - rank * 7.13:.2f}",
        ]
        for rank in range(first, first + count)
    ]


def page(rows: list[list[Cell]], labels: list[str] = LABELS) -> list[Word]:
    return [*TITLE, *table([labels, *rows], MIDDLES)]


def rows_of(found: Extraction, board: int = 0) -> list[dict[str, Any]]:
    return found.to_json()["boards"][board]["rows"]


def values_of(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value["value"] for key, value in row["values"].items()}


def test_a_table_under_its_labels() -> None:
    found = read(page(lines(5)))
    answer = found.to_json()
    assert (answer["verdict"], answer["flags"]) == ("needs_transcription", ["picture_only"])
    assert answer["period"] == {"kind": "month", "start": "2026-08-01", "end": "2026-08-31"}
    board = answer["boards"][0]
    assert (board["name"], board["needs_transcription"]) == ("2026年8月荷塘区政务微信榜", True)
    assert [row["rank"] for row in board["rows"]] == [1, 2, 3, 4, 5]
    row = board["rows"][1]
    assert row["account"] == "掌上倎城"
    assert values_of(row) == {"articles": 102, "reads": 89_800, "index": 1185.74}
    assert answer["note"] == ""


def test_every_cell_tells_its_confidence_and_place() -> None:
    rows = lines(3)
    rows[1][3] = ("88888", 0.93)
    row = rows_of(read(page(rows)))[1]
    assert set(row["cells"]) == {"rank", "account", "articles", "reads", "index"}
    reads = row["values"]["reads"]
    assert (reads["confidence"], reads["raw"]) == (0.93, "88888")
    x, y, width, height = reads["crop"]
    assert (x < 640 < x + width, y < 200 + 2 * 62 < y + height) == (True, True)
    assert row["cells"]["reads"] == {"confidence": 0.93, "crop": [x, y, width, height]}
    assert row["unread"] == {}


@pytest.mark.parametrize(
    ("column", "limit", "key"),
    [(1, NAME_LIMIT, "account"), (4, FIGURE_LIMIT, "index"), (2, FIGURE_LIMIT, "articles")],
)
def test_a_cell_below_its_threshold_is_absent(column: int, limit: float, key: str) -> None:
    rows = lines(4)
    text = rows[2][column]
    rows[2][column] = (str(text), limit)
    assert key in rows_of(read(page(rows)))[2]["cells"]
    rows[2][column] = (str(text), limit - 0.001)
    row = rows_of(read(page(rows)))[2]
    assert key not in row
    assert key not in row["values"]
    assert key not in row["cells"]
    assert row["unread"][key]["confidence"] == round(limit - 0.001, 3)


def test_a_row_keeps_its_figures_without_its_name() -> None:
    rows = lines(4)
    rows[1][1], rows[2][1] = ("掌上甲", 0.5), ("掌上乙", 0.5)
    found = read(page(rows))
    assert rows_of(found)[1]["values"].keys() == {"articles", "reads", "index"}
    assert "account" not in rows_of(found)[1]
    assert found.flags == ["picture_only"]
    assert "第 2、3 名的名称没有读清" in found.note


def test_a_row_without_a_readable_rank_is_left_out() -> None:
    rows = lines(4)
    rows[3][0] = ("4", RANK_LIMIT - 0.01)
    found = read(page(rows))
    assert [row["rank"] for row in rows_of(found)] == [1, 2, 3]
    assert "1 行的名次没有读清" in found.note


def test_ranks_under_medals_follow_from_the_others() -> None:
    rows = lines(6)
    for row in rows[:3]:
        row[0] = ""
    found = rows_of(read(page(rows)))
    assert [row["rank"] for row in found] == [1, 2, 3, 4, 5, 6]
    assert [row["cells"]["rank"].get("inferred", False) for row in found] == [True] * 3 + [
        False
    ] * 3


def test_a_tie_is_read_as_printed() -> None:
    rows = lines(4)
    rows[2][0], rows[2][4] = "2", rows[1][4]
    assert [(row["rank"], row["tied"]) for row in rows_of(read(page(rows)))] == [
        (1, False),
        (2, True),
        (2, True),
        (4, False),
    ]


def test_a_figure_against_the_order_is_left_out() -> None:
    rows = lines(6)
    rows[3][4] = "171.48"
    row = rows_of(read(page(rows)))[3]
    assert "index" not in row["values"]
    assert row["unread"]["index"]["confidence"] == 1.0


@pytest.mark.parametrize("name", ["020荷塘", "O2O荷塘", "Al荷塘", "荷塘0"])
def test_a_name_that_may_be_another_is_not_believed(name: str) -> None:
    rows = lines(3)
    rows[1][1] = (name, 0.95)
    assert "account" not in rows_of(read(page(rows)))[1]


@pytest.mark.parametrize("name", ["0731资讯", "12345热线", "荷塘10点", "E法通", "iChangsha"])
def test_digits_and_latin_letters_are_no_hindrance(name: str) -> None:
    rows = lines(3)
    rows[1][1] = (name, 0.95)
    assert rows_of(read(page(rows)))[1]["account"] == name


def test_letters_among_digits_are_no_number() -> None:
    rows = lines(3)
    rows[1][3] = "89O1l"
    assert "reads" not in rows_of(read(page(rows)))[1]["values"]


def test_known_names_are_told_and_never_put_in() -> None:
    rows = lines(2)
    rows[0][1], rows[1][1] = "武候发布", "荷塘发布"
    found = rows_of(read(page(rows), names=("武侯发布", "荷塘发布")))
    assert [(row["account"], row["cells"]["account"]["known"]) for row in found] == [
        ("武候发布", False),
        ("荷塘发布", True),
    ]


def test_an_id_below_the_name() -> None:
    words = page(lines(2))
    words = [each for each in words if each.text != "掌上倇城"]
    words += [word("在荷塘", 240, 252), word("zaihetang", 240, 276, height=24)]
    row = rows_of(read(words))[0]
    assert (row["account"], row["wechat_id"]) == ("在荷塘", "zaihetang")
    words[-1] = word("zaihetanq", 240, 276, 0.4, height=24)
    row = rows_of(read(words))[0]
    assert (row["account"], row["wechat_id"]) == ("在荷塘", None)


def test_labels_taken_for_one_word() -> None:
    words = page(lines(3))
    joined = word("发布(次/篇)总阅读数", 545, 200)
    words = [each for each in words if each.text not in ("发布篇数", "总阅读数")] + [joined]
    for rank in (1, 2, 3):
        words = [each for each in words if each.text != str(100 + rank)]
        words.append(word(f"{rank}/10{rank}", 450, 200 + rank * 62))
    assert values_of(rows_of(read(words))[0]) == {
        "posts": 1,
        "articles": 101,
        "reads": 89_900,
        "index": 1192.87,
    }


def test_cells_taken_for_one_word() -> None:
    words = page(lines(3))
    words = [each for each in words if each.text not in ("101", "89900")]
    words.append(word("101" + "9" * 12 + "89900", 545, 262))
    row = rows_of(read(words))[0]
    assert row["values"].keys() >= {"articles", "reads"}
    assert str(row["values"]["articles"]["value"]).startswith("101")


def test_labels_of_two_levels() -> None:
    words = [*TITLE, word("排名", 60, 215), word("公众号", 240, 215), word("WCI", 850, 215)]
    words += [word("阅读", 545, 200), word("总数", 450, 236), word("平均", 640, 236)]
    words += table(lines(3), MIDDLES, top=290)
    assert values_of(rows_of(read(words))[0]) == {
        "reads": 101,
        "average_reads": 89_900,
        "index": 1192.87,
    }


def test_two_groups_of_one_list() -> None:
    middles = [60, 240, 450, 640, 820, 1030]
    left, right = lines(5), lines(5, 6)
    rows = [[*a[:2], a[4], *b[:2], b[4]] for a, b in zip(left, right, strict=True)]
    rows[0][3] = ""  # the sixth under a medal
    found = read([*TITLE, *table([["排名", "公众号", "WCI"] * 2, *rows], middles)])
    assert [row["rank"] for row in rows_of(found)] == list(range(1, 11))


def test_two_boards_side_by_side() -> None:
    middles = [60, 240, 450, 640, 820, 1030]
    left, right = lines(4), lines(4)
    rows = [[*a[:2], a[4], *b[:2], b[4]] for a, b in zip(left, right, strict=True)]
    words = [*TITLE, word("县级榜", 250, 140), word("市级榜", 850, 140)]
    found = read([*words, *table([["排名", "公众号", "WCI"] * 2, *rows], middles)])
    assert [(board.name, len(board.rows)) for board in found.boards] == [
        ("县级榜", 4),
        ("市级榜", 4),
    ]


def test_two_boards_below_each_other() -> None:
    words = [*TITLE, word("县级榜", 500, 140, height=48), *table([LABELS, *lines(4)], MIDDLES)]
    words += [word("市级榜TOP3", 500, 570, height=48)]
    words += table([LABELS, *lines(3)], MIDDLES, 630)
    found = read(words)
    assert [(board.name, board.list_size, len(board.rows)) for board in found.boards] == [
        ("县级榜", None, 4),
        ("市级榜TOP3", 3, 3),
    ]


def test_a_title_between_the_rows_begins_another_board() -> None:
    words = [*TITLE, *table([LABELS, *lines(3)], MIDDLES), word("市级榜TOP3", 500, 448)]
    found = read([*words, *table(lines(3), MIDDLES, 510)])
    assert [(board.name, [row.rank for row in board.rows]) for board in found.boards] == [
        ("", [1, 2, 3]),
        ("市级榜TOP3", [1, 2, 3]),
    ]
    assert "unknown_board" in found.flags


def test_a_slice_without_labels() -> None:
    rows = rows_of(read(table(lines(6, 21), MIDDLES, 20)))
    assert [row["rank"] for row in rows] == list(range(21, 27))
    assert rows[0]["account"] == "掌上傓城"
    assert values_of(rows[0]) == {"index": 1050.27}  # nothing says what the others count


def test_lines_with_ranks_in_words() -> None:
    words = list(TITLE)
    for rank, (name, index) in enumerate((("在荷塘", 1117.2), ("荷塘发布", 1017.3)), 1):
        y = 90 + rank * 60
        words += [word(f"NO.{rank}", 60, y), word(name, 240, y), word(f"WCI {index}", 640, y)]
    rows = rows_of(read(words))
    assert [(row["rank"], row["account"]) for row in rows] == [(1, "在荷塘"), (2, "荷塘发布")]
    assert rows[0]["values"]["index"]["crop"][3] == 36
    words[-2] = word("荷塘发布", 240, 210, 0.7)
    assert [row["account"] for row in rows_of(read(words))] == ["在荷塘"]


def test_a_row_of_a_unit_is_not_taken_for_an_account() -> None:
    labels = ["排名", "单位", "公众号", "总阅读数", "WCI"]
    words = page([["2", "荷塘区法院", "荷塘法院", "700", "888.1"]], labels)
    words += [word("3", 60, 324), word("荷塘区公安局", 240, 324)]
    assert [row["account"] for row in rows_of(read(words))] == ["荷塘法院"]


@pytest.mark.parametrize(
    "words",
    [[], [word("扫码关注", 200, 300), word("荷塘发布", 200, 350)], [*TITLE]],
    ids=["blank", "QR code", "title alone"],
)
def test_a_picture_of_something_else(words: list[Word]) -> None:
    found = read(words)
    assert (found.verdict, found.boards, found.period) == ("failed", [], None)
    assert "图片里没有找到榜单" in found.note


def test_a_board_that_is_there_and_not_readable() -> None:
    scattered = [word("阅", 100 + (at % 4) * 200, 200 + at * 23, 0.7) for at in range(20)]
    found = read([*TITLE, *scattered])
    assert found.verdict == "needs_transcription"
    assert [(board.name, board.rows) for board in found.boards] == [
        ("2026年8月荷塘区政务微信榜", [])
    ]


def test_an_unsure_month_is_no_period() -> None:
    words = page(lines(3))
    title = words[0]
    letters = tuple((char, 0.7 if char == "8" else 1.0, x) for char, _, x in title.letters)
    words[0] = Word(title.area, title.text, 0.7, letters)
    assert read(words).period is None


def test_the_address_is_held_against_the_period() -> None:
    found = read(page(lines(3)), url="https://example.com/list?date=202607")
    assert "period_conflict" in found.flags
    assert found.verdict == "needs_transcription"


@settings(max_examples=40)
@given(st.data())
def test_shaken_tables_come_out_whole(data: st.DataObject) -> None:
    """Boxes a little up, down, left and right, and rows more or less apart, change nothing."""
    pitch = data.draw(st.integers(44, 120))
    count = data.draw(st.integers(2, 12))
    shaken = []
    for each in table([LABELS, *lines(count)], MIDDLES, pitch=pitch):
        dx, dy = data.draw(st.integers(-9, 9)), data.draw(st.integers(-4, 4))
        letters = tuple((char, sure, x + dx) for char, sure, x in each.letters)
        shaken.append(Word(each.area.moved(dx, dy), each.text, each.confidence, letters))
    rows = rows_of(read([*TITLE, *data.draw(st.permutations(shaken))]))
    assert [[str(row["rank"]), row["account"]] for row in rows] == [
        line[:2] for line in lines(count)
    ]
    assert [len(row["values"]) for row in rows] == [3] * count


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "排名",
                    "公众号",
                    "WCI",
                    "1",
                    "2",
                    "3",
                    "在荷塘",
                    "10万+",
                    "—",
                    "县级榜",
                    "x",
                    "阅读",
                ]
            ),
            st.integers(0, 1000),
            st.integers(0, 1000),
            st.floats(0, 1),
        ),
        max_size=25,
    )
)
def test_scattered_words_break_nothing(scattered) -> None:
    found = read([word(text, x, y, sure) for text, x, y, sure in scattered])
    assert found.verdict in ("needs_transcription", "failed")
    for board in found.boards:
        for row in board.rows:
            assert row.cells["rank"]["confidence"] >= RANK_LIMIT
            assert not row.account or row.cells["account"]["confidence"] >= NAME_LIMIT
