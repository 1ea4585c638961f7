"""Printed numbers, case by case and by law."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.figures import BOUNDS, Figure, has_odd_grouping, parse_figure

PRINTED = [
    ("63028", 63028, "exact"),
    ("88,096", 88096, "exact"),
    ("123篇", 123, "exact"),
    ("1117点", 1117, "exact"),
    ("861.5分", 861.5, "exact"),
    ("3.6万", 36000, "exact"),
    ("20.5万次", 205000, "exact"),
    ("71.8 万", 718000, "exact"),
    ("１２７１．３", 1271.3, "exact"),
    ("1\u200b2,3\u00a045", 12345, "exact"),
    ("549.0", 549, "exact"),
    ("0", 0, "exact"),
    ("-3.5", -3.5, "exact"),
    ("1.2亿", 120000000, "exact"),
    ("21万+", 210000, "at_least"),
    ("238W+", 2380000, "at_least"),
    ("86w+", 860000, "at_least"),
    ("10萬+", 100000, "at_least"),
    ("2250000+", 2250000, "at_least"),
    ("2250000+次", 2250000, "at_least"),
    ("超1044万", 10440000, "at_least"),
    ("超过3万", 30000, "at_least"),
    ("逾7万", 70000, "at_least"),
    ("227.4万余", 2274000, "at_least"),
    ("227.4万余次", 2274000, "at_least"),
    ("20万次以上", 200000, "at_least"),
    ("近597万", 5970000, "about"),
    ("约9.7万", 97000, "about"),
    ("3800左右", 3800, "about"),
    ("不足400", 400, "at_most"),
    ("低于500", 500, "at_most"),
]


@pytest.mark.parametrize(("text", "value", "bound"), PRINTED)
def test_reads_value_and_bound(text, value, bound):
    figure = parse_figure(text)
    assert (figure.value, figure.bound, figure.capped) == (value, bound, False)


NO_NUMBER = "|| |—|-|--|/|暂无|无|N/A|0.34%|+39.9|在荷塘|1/8|12-13|34年|1,|,1|1..2|万"


@pytest.mark.parametrize("text", NO_NUMBER.split("|"))
def test_no_number_is_none_and_never_zero(text):
    assert parse_figure(text) is None


@pytest.mark.parametrize(
    "text", ["10万+", "10W+", "10w+", "10萬+", "100001", "100000+", "１０万＋"]
)
def test_ceiling_of_one_article(text):
    figure = parse_figure(text, single_article=True)
    assert (figure.value, figure.bound, figure.capped, figure.raw) == (
        100001,
        "at_least",
        True,
        text,
    )


@pytest.mark.parametrize(
    ("text", "value", "bound"),
    [("10万+", 100000, "at_least"), ("100001", 100001, "exact"), ("10w+", 100000, "at_least")],
)
def test_the_same_in_a_sum_is_a_plain_number(text, value, bound):
    assert parse_figure(text) == Figure(value, bound, False, text)


@pytest.mark.parametrize("text", ["88,096", "12万+", "10万", "99999"])
def test_other_numbers_of_one_article_are_not_capped(text):
    assert not parse_figure(text, single_article=True).capped


@pytest.mark.parametrize("text", ["60,1299", "7,7754", "1,23,456", "1234,567", "1,2345.6"])
def test_odd_grouping_is_told(text):
    figure = parse_figure(text)
    assert figure.odd_grouping
    assert figure.value == float(text.replace(",", ""))


def test_overlong_text_is_no_number():
    assert parse_figure("9" * 80) is None


def test_column_unit_multiplies_once():
    assert parse_figure("93.52", factor=10000).value == 935200
    assert parse_figure("93.52万", factor=10000).value == 935200


def test_raw_keeps_the_print():
    assert parse_figure(" ２０２ ").raw == "２０２"
    assert parse_figure("逾14万").raw == "逾14万"


@given(st.integers(min_value=0, max_value=10**12))
def test_every_way_to_group_three_digits_reads_back(number):
    for text in (str(number), f"{number:,}"):
        figure = parse_figure(text)
        assert (figure.value, figure.odd_grouping) == (number, False)


@given(st.decimals(min_value=0, max_value=10**6, places=2))
def test_decimals_survive_through_str(number):
    assert Decimal(str(parse_figure(f"{number:f}").value)) == number


@given(st.text(alphabet="0123456789,.+-万wW超逾近约不足余左右次篇点分亿 \u200b①％", max_size=12))
def test_never_raises_and_keeps_its_bounds(text):
    figure = parse_figure(text)
    assert figure is None or (figure.bound in BOUNDS and not figure.capped)


@given(st.lists(st.integers(1, 9999).map(str), min_size=2, max_size=5))
def test_grouping_is_odd_unless_every_later_group_has_three_digits(groups):
    regular = len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    assert has_odd_grouping(",".join(groups)) is not regular
