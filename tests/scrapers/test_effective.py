"""What the machine read, with what people typed over it."""

import copy
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.cells import KEYS, CellError, clean, text_of
from scrapers.effective import (
    PICTURES,
    REMOVED,
    Reading,
    edit,
    effective,
    is_added,
    is_typed,
    typists,
)

from .conftest import listing, page, row

NOON = datetime(2019, 9, 1, 12, tzinfo=UTC)


def typed(name: str, key: str, new: str, *, by: int = 7, minutes: int = 0, **more):
    at = (NOON + timedelta(minutes=minutes)).isoformat()
    return edit(0, name, key, "", new, by=by, name="张三", at=at, reason="核对", **more)


def reading(*rows, number: int = 0, minutes: int = -60, board: int = 0) -> Reading:
    found = page(listing(*rows, name=""), verdict="needs_transcription")
    return Reading(board, number, found, NOON + timedelta(minutes=minutes))


def first(extraction):
    return extraction["boards"][0]


def shown(extraction) -> list[tuple[str, int, str]]:
    return [(each["id"], each["rank"], each["account"]) for each in first(extraction)["rows"]]


PAGE = page(listing(row(1, "甲", reads=10), row(2, "乙", reads=9), row(4, "丁", reads=7)))
PICTURE = page(listing(name="县级榜TOP3", needs_transcription=True))


def test_without_edits_a_page_is_as_it_was_read() -> None:
    assert shown(effective(PAGE)) == [("0", 1, "甲"), ("1", 2, "乙"), ("2", 4, "丁")]
    assert not any(is_typed(each) for each in first(effective(PAGE))["rows"])
    assert effective(PAGE)["period"] == PAGE["period"]


def test_a_typed_cell_lies_over_what_was_read() -> None:
    before = copy.deepcopy(PAGE)
    found = effective(PAGE, edits=[typed("1", "reads", "9万"), typed("1", "account", "乙县")])
    second = first(found)["rows"][1]
    assert (second["account"], second["values"]["reads"]["value"]) == ("乙县", 90000)
    assert set(second["typed"]) == {"reads", "account"}
    assert is_typed(second)
    assert not is_typed(first(found)["rows"][0])
    assert before == PAGE


def test_the_last_edit_of_a_cell_counts_and_going_back_is_none() -> None:
    edits = [typed("1", "account", "丙"), typed("1", "account", "乙县"), typed("0", "rank", "9")]
    assert first(effective(PAGE, edits=edits))["rows"][1]["account"] == "乙县"
    edits += [typed("1", "account", "乙"), typed("0", "rank", "1")]
    assert not any(is_typed(each) for each in first(effective(PAGE, edits=edits))["rows"])


def test_added_rows_stand_by_their_rank() -> None:
    edits = [
        typed("n2", "rank", "3"),
        typed("n2", "account", "丙"),
        typed("n10", "rank", "5"),
        typed("n10", "account", "戊"),
        typed("n3", "account", "没有名次"),
        typed("n4", "account", "写了又擦"),
        typed("n4", "account", ""),
    ]
    assert shown(effective(PAGE, edits=edits)) == [
        ("0", 1, "甲"),
        ("1", 2, "乙"),
        ("n2", 3, "丙"),
        ("2", 4, "丁"),
        ("n3", None, "没有名次"),
        ("n10", 5, "戊"),
    ]


def test_rows_are_struck_out_and_taken_back() -> None:
    edits = [typed("1", REMOVED, "1", by=9)]
    found = first(effective(PAGE, edits=edits))
    assert [each["id"] for each in found["rows"]] == ["0", "2"]
    assert [each["id"] for each in found["removed"]] == ["1"]
    assert typists(found["removed"]) == {9}
    back = first(effective(PAGE, edits=[*edits, typed("1", REMOVED, "")]))
    assert [each["id"] for each in back["rows"]] == ["0", "1", "2"]
    assert not typists(back["rows"])


def test_edits_of_rows_that_are_gone_do_nothing() -> None:
    edits = [typed("99", "account", "谁"), typed("g0-1", "account", "谁")]
    assert effective(PAGE, edits=edits) == effective(PAGE)


def test_pictures_of_a_board_are_joined_in_order() -> None:
    found = effective(
        PICTURE,
        [reading(row(3, "丙"), number=1), reading(row(1, "甲"), row(2, "乙"), number=0)],
    )
    assert shown(found) == [("g0-0", 1, "甲"), ("g0-1", 2, "乙"), ("g1-0", 3, "丙")]
    assert all(is_typed(each) for each in first(found)["rows"])
    assert [each["picture"] for each in first(found)["rows"]] == [0, 0, 1]


def test_a_picture_of_another_board_stays_there() -> None:
    two = page(listing(name="A", needs_transcription=True), listing(row(1, "甲"), name="B"))
    found = effective(two, [reading(row(1, "子"))])
    assert [len(board["rows"]) for board in found["boards"]] == [1, 1]
    assert found["boards"][1]["rows"][0]["picture"] is None


def test_what_the_text_tells_is_not_told_twice() -> None:
    prose = page(listing(row(1, "甲"), row(2, "错的"), needs_transcription=True))
    found = effective(prose, [reading(row(1, "“甲”"), row(2, "乙"))])
    assert shown(found) == [("g0-0", 1, "“甲”"), ("g0-1", 2, "乙"), ("1", 2, "错的")]


def test_a_row_without_a_name_can_be_shown_and_completed() -> None:
    nameless = {key: value for key, value in row(2, "").items() if key != "account"}
    found = effective(PICTURE, [reading(row(1, "甲"), nameless)])
    assert shown(found)[1] == ("g0-1", 2, "")
    edits = [typed("g0-1", "account", "乙")]
    assert shown(effective(PICTURE, [reading(row(1, "甲"), nameless)], edits))[1][2] == "乙"


def test_articles_beside_the_list_in_a_picture_are_left_out() -> None:
    mixed = page(listing(row(1, "文章号"), subject="article"), listing(row(1, "甲"), row(2, "乙")))
    found = effective(PICTURE, [Reading(0, 0, mixed, NOON)])
    assert shown(found) == [("g0-1", 1, "甲"), ("g0-2", 2, "乙")]


def test_a_late_reading_waits_until_it_is_asked_for() -> None:
    late = reading(row(1, "甲"), minutes=5)
    edits = [typed("n1", "rank", "1"), typed("n1", "account", "甲")]
    found = effective(PICTURE, [late], edits)
    assert shown(found) == [("n1", 1, "甲")]
    assert first(found)["late"] == 1
    asked = [*edits, typed("", PICTURES, "1", minutes=10)]
    found = effective(PICTURE, [late], asked)
    assert [each[0] for each in shown(found)] == ["g0-0", "n1"]
    assert first(found)["late"] == 0
    # A reading that came after somebody had asked waits again.
    later = reading(row(2, "乙"), number=1, minutes=20)
    assert first(effective(PICTURE, [late, later], asked))["late"] == 1


def test_nothing_read_after_the_decision_counts() -> None:
    early, late = reading(row(1, "甲")), reading(row(2, "乙"), number=1, minutes=5)
    found = effective(PICTURE, [early, late], until=NOON)
    assert shown(found) == [("g0-0", 1, "甲")]
    assert first(found)["late"] == 0


def test_the_unit_of_a_column_is_kept_with_the_edit() -> None:
    tens = row(1, "甲")
    tens["values"]["reads"] = {"value": 123000, "bound": "exact", "capped": False, "raw": "12.3"}
    found = effective(page(listing(tens)), edits=[typed("0", "reads", "12.5", factor=10_000)])
    assert first(found)["factors"] == {"reads": 10_000}
    assert first(found)["rows"][0]["values"]["reads"]["value"] == 125000


@pytest.mark.parametrize(
    ("name", "added"),
    [("n1", True), ("n99999", True), ("n", False), ("n-1", False), ("1", False), ("n١", False)],
)
def test_names_of_added_rows(name, added) -> None:
    assert is_added(name) is added


names = st.sampled_from(["0", "1", "2", "n1", "n2", "g0-0", "77"])
keys = st.sampled_from([*KEYS, REMOVED])
texts = st.sampled_from(["", "1", "3（并列）", "甲", "21万+", "12.5"])


@given(st.lists(st.tuples(names, keys, texts), max_size=30))
def test_every_row_and_every_cell_is_accounted_for(given_edits) -> None:
    """Machine rows never vanish; a cell is the machine's word or the last edit of it."""
    edits = []
    for name, key, text in given_edits:
        try:
            edits.append(typed(name, key, text if key == REMOVED else clean(key, text)))
        except CellError:
            continue
    before = copy.deepcopy(PAGE)
    found = first(effective(PAGE, edits=edits))
    assert before == PAGE
    rows = {each["id"]: each for each in [*found["rows"], *found["removed"]]}
    assert {"0", "1", "2"} <= rows.keys() <= {"0", "1", "2", "n1", "n2"}
    last = {(each["row"], each["key"]): each["new"] for each in edits}
    machine = {each["id"]: each for each in first(effective(PAGE))["rows"]}
    for name, each in rows.items():
        for key in KEYS:
            text = text_of(each, key)
            if key in each["typed"]:
                assert each["typed"][key]["new"] == last[name, key]
                if key != "rank":
                    assert text == last[name, key]
            else:
                assert text == (text_of(machine[name], key) if name in machine else "")
        assert (REMOVED in each["typed"]) == bool(last.get((name, REMOVED)))
