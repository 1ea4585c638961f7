"""Published indexes against what their printed figures allow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.figures import parse_figure
from rankings.wci import VERSIONS, Verdict, fingerprint, index
from rankings.wci.printed import as_computed, figure_from, published_range, step_of


def keys(found) -> set[str]:
    return {version.key for version in found.fits}


def ends(found, key: str) -> tuple[int, int]:
    return round(found.ranges[key].low), round(found.ranges[key].high)


E4 = {"articles": 68, "reads": 557459, "looks": 4949}
E5A = {"articles": 24, "reads": 130149, "looks": 1085}
E5B = {"articles": 21, "reads": 83131, "looks": 755}
E6 = {"articles": 23, "reads": parse_figure("13W+"), "looks": 323, "max_reads": 71497}
E7 = {"articles": 15, "reads": 63028}


@pytest.mark.parametrize(
    ("index", "figures", "days", "range_14_2a", "range_13"),
    [
        (1077, E4, 30, (840, 1114), (598, 887)),
        (832, E5A, 30, (655, 868), (493, 704)),
        (745, E5B, 30, (593, 791), (447, 642)),
        # The least reads, 130,000, give the low end; a list that prints more says less.
        (1003.59, E6, 7, (860, 1055), (630, 832)),
    ],
)
def test_lists_of_2021_exclude_version_13(index, figures, days, range_14_2a, range_13) -> None:
    found = fingerprint(index, figures, days=days)
    assert "13.0" not in keys(found) and "12.0" not in keys(found)
    assert {"14.2a", "14.2b"} <= keys(found)
    assert ends(found, "14.2a") == range_14_2a
    assert ends(found, "13.0") == range_13
    assert found.verdict == Verdict.FITS_OTHER and not found.flagged
    wrong = fingerprint(index, figures, days=days, declared="V13.0")
    assert wrong.verdict == Verdict.FITS_OTHER and wrong.flagged
    assert "所注的 WCI 13.0 算不出这个指数" in wrong.sentence
    right = fingerprint(index, figures, days=days, declared="WCI 14.2")
    assert right.verdict == Verdict.FITS_DECLARED and not right.flagged
    assert "0 ≤ 点赞 ≤ 在看的 10 倍" in "".join(right.assumptions)


def test_a_week_with_cut_off_sums_fits_13_only_up_to_eight_articles() -> None:
    figures = {
        "reads": parse_figure("21.1万+"),
        "headline_reads": parse_figure("20.5万+"),
        "likes": 2424,
    }
    unknown = fingerprint(1012.55, figures, days=7, declared="13.0")
    assert unknown.verdict == Verdict.FITS_DECLARED
    eight = fingerprint(1012.55, figures | {"articles": 8}, days=7)
    nine = fingerprint(1012.55, figures | {"articles": 9}, days=7)
    assert "13.0" in keys(eight) and "13.0" not in keys(nine)
    assert eight.ranges["13.0"].high == pytest.approx(1015.4, abs=0.1)
    assert nine.ranges["13.0"].high == pytest.approx(1008.3, abs=0.1)


def test_too_few_figures_exclude_nothing() -> None:
    found = fingerprint(623.25, E7, days=30)
    assert keys(found) == set(VERSIONS)
    assert found.verdict == Verdict.CANNOT_TELL and not found.flagged
    assert "排除不了" in found.sentence
    assert [round(found.ranges[key].low) for key in ("13.0", "12.0", "11.x")] == [366, 416, 569]
    declared = fingerprint(623.25, E7, days=30, declared="13.0")
    assert declared.verdict == Verdict.FITS_DECLARED and "排除不了其他版本" in declared.sentence


@pytest.mark.parametrize("declared", ["", "13.0", "14.2"])
def test_an_impossible_index_fits_nothing(declared: str) -> None:
    found = fingerprint(1900, E4, declared=declared)
    assert found.verdict == Verdict.FITS_NONE and found.flagged
    assert "请对照原件核对" in found.sentence


@pytest.mark.parametrize("declared", ["", "13.0", "14.2", "14.2a", "12.0"])
@pytest.mark.parametrize("index", [1077, 1900, 700])
def test_the_quick_check_flags_the_same(declared: str, index: int) -> None:
    whole = fingerprint(index, E4, declared=declared)
    quick = fingerprint(index, E4, declared=declared, quick=True)
    assert (quick.flagged, quick.verdict) == (whole.flagged, whole.verdict)
    if quick.flagged:
        assert quick == whole


def test_the_printed_digits_decide() -> None:
    figures = {"articles": 68, "reads": 557459, "looks": 4949}
    high = fingerprint(1077, figures).ranges["13.0"].high
    assert 886 < high < 887
    assert "13.0" in keys(fingerprint(parse_figure("887"), figures))
    assert "13.0" not in keys(fingerprint(parse_figure("887.00"), figures))
    assert "13.0" in keys(fingerprint(parse_figure("880+"), figures))
    assert "13.0" not in keys(fingerprint(parse_figure("900多分"), figures))


@pytest.mark.parametrize(
    ("index", "figures", "declared", "why"),
    [
        (None, E4, "", "没有印出可以核对的指数"),
        (parse_figure("近900"), E4, "", "没有印出可以核对的指数"),
        (800, {"articles": 3}, "13.0", "没有印出阅读等数值"),
        (800, {"posts": 3, "reads": parse_figure("近30万")}, "13.0", "没有印出阅读等数值"),
        (800, E4 | {"articles": 0}, "13.0", "篇数是 0"),
        (800, E4, "新榜指数", "不是已知的 WCI 版本"),
        (800, E4, "14.0", "不是已知的 WCI 版本"),
        (800, E4 | {"max_reads": 557460}, "13.0", "互相矛盾"),
        (800, {"articles": 2, "reads": 100, "max_reads": 10}, "13.0", "互相矛盾"),
    ],
)
def test_where_the_check_stays_silent(index, figures, declared, why) -> None:
    found = fingerprint({"value": index} if index is None else index, figures, declared=declared)
    assert found.verdict == Verdict.CANNOT_TELL and not found.flagged
    assert why in found.sentence


def test_stored_values_of_any_shape_never_raise() -> None:
    for value in (True, "x", None, [], float("nan"), float("inf"), 10**400):
        found = fingerprint({"value": 800}, {"reads": {"value": value}})
        assert found.verdict in Verdict


@pytest.mark.parametrize(
    ("text", "single", "name", "expected"),
    [
        ("63028", False, "reads", (63028, 63028)),
        ("88,096", False, "reads", (88096, 88096)),
        ("63.1万", False, "reads", (630500, 632000)),
        ("21.1万+", False, "reads", (211000, 212000)),
        ("13W+", False, "reads", (130000, 140000)),
        ("20万+", False, "reads", (200000, 300000)),
        ("2250000+次", False, "reads", (2250000, 2260000)),
        ("超1044万", False, "reads", (10440000, 10450000)),
        ("10万+", True, "max_reads", (100001, 100001)),
        ("9798.7", False, "average_reads", (9798.65, 9798.8)),
        ("9799", False, "average_reads", (9798.5, 9800)),
        ("不足400", False, "reads", (0, 400)),
        ("近30万", False, "reads", None),
    ],
)
def test_what_the_publisher_computed_with(text, single, name, expected) -> None:
    found = as_computed(parse_figure(text, single_article=single), name)
    assert found is None if expected is None else found == pytest.approx(expected)


def test_a_sum_over_a_capped_article_is_the_number_that_was_used() -> None:
    stored = {"value": 2345678, "bound": "at_least", "capped": False, "raw": "2345678"}
    assert as_computed(figure_from(stored), "reads") == (2345678, 2345678)
    unknown = stored | {"raw": ""}
    assert as_computed(figure_from(unknown), "reads") == (2345678, float("inf"))


@pytest.mark.parametrize(
    ("stored", "step", "shown"),
    [
        ({"value": 1077, "raw": "1077"}, 1, (1076.5, 1077.5)),
        ({"value": 882.5, "raw": "882.5分"}, 0.1, (882.45, 882.55)),
        ({"value": 862.5, "raw": "862.50"}, 0.01, (862.495, 862.505)),
        ({"value": 1003.59}, 0.01, (1003.585, 1003.595)),
        # A text that belongs to another number says nothing about this one.
        ({"value": 1003.59, "raw": "第3名"}, 1, (1003.09, 1004.09)),
    ],
)
def test_the_last_printed_digit(stored, step, shown) -> None:
    figure = figure_from(stored)
    assert step_of(figure) == pytest.approx(step)
    assert published_range(figure) == pytest.approx(shown)


@given(
    articles=st.integers(1, 60),
    reads=st.integers(0, 100000),
    looks=st.integers(0, 500),
    key=st.sampled_from(sorted(VERSIONS)),
)
def test_an_honest_list_is_never_flagged(articles: int, reads: int, looks: int, key: str) -> None:
    """A publisher who computes by the book with what he prints fits the version he names."""
    total = articles * reads
    figures = {
        "articles": articles,
        "reads": total,
        "headline_reads": max(reads, total // 2),
        "max_reads": reads,
        "looks": looks * articles,
        "headline_looks": looks * articles // 2,
        "max_looks": looks,
        "likes": 2 * looks * articles,
        "headline_likes": looks * articles,
        "max_likes": 2 * looks,
        "shares": looks * articles,
        "headline_shares": looks,
        "max_shares": looks,
    }
    true = index(VERSIONS[key], figures).low
    printed = parse_figure(f"{true:.2f}")
    for left in (figures, {k: figures[k] for k in ("articles", "reads", "looks", "likes")}):
        if any(looks * articles * n > total for n in (1, 2)) and left is not figures:
            continue  # more looks or likes than reads: no list of articles
        found = fingerprint(printed, left, declared=key)
        assert found.verdict == Verdict.FITS_DECLARED
