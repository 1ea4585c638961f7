"""How far from the neighbours: worded no stronger than the list allows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.dashboard import Stand, margin
from rankings.figures import BOUNDS, difference


def index(value, bound="exact"):
    return {"value": value, "bound": bound}


def stand(name, rank, value=None, bound="exact", *, reported=False, origin="13.0"):
    figure = None if value is None else index(value, bound)
    return Stand(name, rank, reported, figure, (origin,))


OWN = stand("我们", 1, 1000.5)


@pytest.mark.parametrize(
    ("own", "others", "style", "headline", "part"),
    [
        (OWN, [stand("乙", 2, 990.25)], "ahead", "领先 10.25", "第2名是“乙”，指数领先 10.25。"),
        (OWN, [stand("丙", 3, 990), stand("乙", 2, 995)], "ahead", "领先 5.5", "“乙”"),
        (stand("我们", 1, 1000, "at_least"), [stand("乙", 2, 990)], "ahead", "领先 ≥10", "≥10"),
        (OWN, [stand("乙", 2, 990, "at_most")], "ahead", "领先 ≥10.5", "≥10.5"),
        (OWN, [stand("乙", 2, 990, "about")], "ahead", "领先 约10.5", "约10.5"),
        (OWN, [stand("乙", 2, 990, "at_least")], "ahead", "领先", "只是上限或下限"),
        (stand("我们", 1, 1000, "at_least"), [stand("乙", 2, 1000)], "ahead", "领先", "上限或下限"),
        (OWN, [stand("乙", 2)], "ahead", "领先", "没有印出"),
        (OWN, [stand("乙", 2, 990, origin="12.0")], "ahead", "领先", "来源或计算方法不同"),
        (OWN, [stand("乙", 2, 1001)], "ahead", "领先", "不一致"),
        (OWN, [stand("乙", 2, 990), stand("丙", 2, 990)], "ahead", "领先 10.5", "“乙”“丙”"),
        (OWN, [stand("乙", 1, 1000.5)], "tied", "并列", "与“乙”并列第1名。"),
        (OWN, [], "open", "无从比较", "录入全榜"),
        (stand("我们", 1, reported=True), [], "open", "无从比较", "只见于报道"),
        (OWN, [stand("乙", 2, 990, reported=True)], "open", "无从比较", "录入全榜"),
        (
            stand("我们", 3, 980),
            [stand("甲", 1, 1000), stand("乙", 2, 984)],
            "behind",
            "差 4",
            "上一名是第2名“乙”，指数差 4。",
        ),
        (stand("我们", 3, 980), [stand("乙", 2)], "behind", "距第2名", "没有印出"),
        (stand("我们", 3, 980), [stand("丁", 4, 970)], "open", "无从比较", "上一名是谁没有资料"),
        (None, [stand("乙", 1)], "open", "无从比较", "没有能确定的名次"),
    ],
)
def test_the_margin(own, others, style, headline, part) -> None:
    found = margin(own, others)
    assert (found.style, found.headline) == (style, headline)
    assert part in found.sentence


def test_a_margin_between_reports_says_so() -> None:
    own, other = stand("我们", 1, 1000, reported=True), stand("乙", 2, 990, reported=True)
    assert margin(own, [other]).sentence.endswith("（据报道，未核实）")


def test_many_names_are_counted() -> None:
    found = margin(OWN, [stand(str(at), 2, 990) for at in range(5)])
    assert "等5个公众号" in found.sentence


# --- subtraction ---------------------------------------------------------------------------------


@given(
    st.integers(0, 10**6),
    st.sampled_from(BOUNDS),
    st.integers(0, 10**6),
    st.sampled_from(BOUNDS),
    st.integers(0, 500),
    st.integers(0, 500),
)
def test_a_difference_claims_only_what_every_true_value_allows(a, one, b, two, up, down) -> None:
    gap = difference(index(a, one), index(b, two))
    true_a = {"exact": a, "at_least": a + up, "at_most": a - up, "about": a}[one]
    true_b = {"exact": b, "at_least": b + down, "at_most": b - down, "about": b}[two]
    if gap is None:
        return
    truth = true_a - true_b
    if gap["bound"] == "exact":
        assert truth == gap["value"]
    elif gap["bound"] == "at_least":
        assert truth >= gap["value"]
    elif gap["bound"] == "at_most":
        assert truth <= gap["value"]


def test_a_difference_has_no_dust_and_may_be_unknown() -> None:
    assert difference(index(1072.19), index(1058.52)) == {"value": 13.67, "bound": "exact"}
    assert difference(None, index(1)) is None
    assert difference(index(None), index(1)) is None
    assert difference(index(5, "at_least"), index(1, "at_least")) is None
