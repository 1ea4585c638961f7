"""What two readings of one page differ in."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.differences import MOST, changes

from .conftest import THREE, listing, page, row

OLD = page()


@pytest.mark.parametrize(
    ("new", "sentences"),
    [
        (page(), []),
        (page(verdict="review"), ["结论由“可以入库”变为“待核”。"]),
        (page(flags=["missing_rank"]), ["新增提示：名次有缺。"]),
        (page(period=None), ["统计期由2019年8月变为“未写明”。"]),
        (page(published=None), ["发布日期由“2019-09-01”变为“无”。"]),
        (page(listing(*THREE, name="区县榜")), ["榜单“县级榜”的名称变为“区县榜”。"]),
        (page(listing(*THREE, list_size=3)), ["“县级榜”公布的名次数由“无”变为“3”。"]),
        (
            page(listing(*THREE, subject="unit")),
            ["“县级榜”由公众号的榜单变为单位的榜单。"],
        ),
        (
            page(listing(*THREE, needs_transcription=True)),
            ["“县级榜”认作图片，要转录。"],
        ),
        (page(listing(*THREE[:2])), ["不再读出第3名“乙县发布”。"]),
        (page(listing(*THREE, row(4, "丙县发布"))), ["新读出第4名“丙县发布”。"]),
        (
            page(listing(*THREE), listing(row(1, "某市"), name="市级榜")),
            ["新读出榜单“市级榜”（1 行）。"],
        ),
        (
            page(listing(THREE[0], THREE[1], row(2, "乙县发布", tied=True, index=800))),
            ["“乙县发布”由第3名变为第2名。", "“乙县发布”改为并列。"],
        ),
        (
            page(listing(row(1, "在荷塘", index=1100.6), *THREE[1:])),
            ["“在荷塘”的指数由“1100.5”变为“1100.6”。"],
        ),
        (
            page(listing({**THREE[0], "unit": "区委宣传部"}, *THREE[1:])),
            ["“在荷塘”的单位由“无”变为“区委宣传部”。"],
        ),
    ],
)
def test_each_difference_is_one_sentence(new, sentences) -> None:
    assert changes(OLD, new) == sentences


def test_rows_of_several_lists_say_of_which() -> None:
    other = listing(row(1, "某市"), name="市级榜")
    new = page(listing(*THREE[:2]), other)
    assert changes(page(listing(*THREE), other), new) == ["“县级榜”不再读出第3名“乙县发布”。"]


def test_the_same_print_read_as_another_number_is_told() -> None:
    new = copy.deepcopy(OLD)
    figure = new["boards"][0]["rows"][0]["values"]["index"]
    figure.update(value=1100, bound="at_least")
    assert changes(OLD, new) == ["“在荷塘”的指数由“1100.5”变为“≥1100”（原文“1100.5”）。"]


def test_a_page_that_could_not_be_read_before() -> None:
    assert "新读出榜单“县级榜”（3 行）。" in changes(None, OLD)
    refused = page(verdict="failed", period=None, published=None, flags=["page_failed"])
    assert changes(None, {**refused, "boards": []}) == []


def test_places_and_notes_do_not_count() -> None:
    new = copy.deepcopy(OLD)
    new["note"] = "x"
    for shown in new["boards"][0]["rows"]:
        shown["places"] = {"rank": "/html/body"}
    assert changes(OLD, new) == []


def test_many_differences_are_counted() -> None:
    new = page(listing(*(row(n, f"县{n}") for n in range(1, 200))))
    told = changes(OLD, new)
    assert len(told) == MOST + 1
    assert told[-1].startswith("另有 ")


rows = st.lists(
    st.builds(
        row,
        st.integers(1, 9),
        st.sampled_from(["甲", "乙", "丙", "“<b>丁"]),
        tied=st.booleans(),
        index=st.integers(0, 3),
    ),
    max_size=6,
)
extractions = st.builds(
    lambda lists, flags: page(*lists, flags=flags),
    st.lists(st.builds(lambda r, n: listing(*r, name=n), rows, st.sampled_from("甲乙")), min_size=1,
             max_size=3),
    st.lists(st.sampled_from(["missing_rank", "band_mismatch"]), unique=True),
)  # fmt: skip


@given(extractions, extractions)
def test_silence_means_sameness(one, other) -> None:
    """Order of rows aside, which ranks tell."""

    def bare(extraction):
        lists = [(b["name"], sorted(map(repr, b["rows"]))) for b in extraction["boards"]]
        return sorted(lists), sorted(extraction["flags"])

    assert changes(one, one) == []
    if bare(one) != bare(other):
        assert changes(one, other)
