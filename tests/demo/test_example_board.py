"""The invented example board obeys the laws of a real one."""

import datetime as dt
import itertools

import pytest

from demo.content import example_board as board


def board_rows(year: int, month: int) -> dict[str, board.ExampleRow]:
    return {row["account_key"]: row for row in board.rows(year, month)}


def test_the_board_has_122_accounts_over_36_months():
    accounts = board.accounts()
    assert len(accounts) == 122
    for field in ("key", "name", "wechat_id", "unit"):
        assert len({account[field] for account in accounts}) == 122
    assert all(board.MARK in account["unit"] for account in accounts)
    months = board.months()
    assert len(months) == len(set(months)) == 36
    assert (months[0], months[-1]) == ((2023, 11), (2026, 10))
    listed = {key for month in months for key in board_rows(*month)}
    assert listed == {account["key"] for account in accounts}


@pytest.mark.parametrize("month", board.months(), ids=lambda m: f"{m[0]}-{m[1]:02d}")
def test_a_list_obeys_its_own_arithmetic(month):
    rows = board.rows(*month)
    if not board.is_issued(*month):
        assert rows == []
        return
    assert 100 <= len(rows) <= 122
    assert [row["index"] for row in rows] == sorted((r["index"] for r in rows), reverse=True)
    scores = [row["index"] for row in rows]
    for row in rows:
        assert row["rank"] == 1 + sum(score > row["index"] for score in scores)
        assert row["tied"] == (scores.count(row["index"]) > 1)
        assert not row["tied"] or row["rank"] == 1
        assert row["average_reads"] == round(row["reads"] / row["articles"])
        assert 0 < row["max_reads"] <= row["headline_reads"] <= row["reads"]
        assert row["average_reads"] <= row["max_reads"] <= board.ARTICLE_CAP
        assert 0 < row["max_looks"] <= row["headline_looks"] <= row["looks"] <= row["reads"]
        assert 0 <= row["likes"] <= row["reads"]
        capped = row["max_reads"] == board.ARTICLE_CAP
        assert (row["max_reads_raw"] == "10万+") == capped
        for name in ("reads", "headline_reads", "average_reads", "max_reads"):
            assert row[f"{name}_bound"] == ("at_least" if capped else "exact")
        index = board.wci_13(
            articles=row["articles"],
            reads=row["reads"],
            headline_reads=row["headline_reads"],
            max_reads=row["max_reads"],
            looks=row["looks"],
            headline_looks=row["headline_looks"],
            max_looks=row["max_looks"],
        )
        assert row["index"] == round(index, 2)


def test_the_index_agrees_with_the_worked_example():
    index = board.wci_13(
        articles=90,
        reads=600_000,
        headline_reads=420_000,
        max_reads=100_001,
        looks=6_000,
        headline_looks=4_800,
        max_looks=900,
    )
    assert index == pytest.approx(862.4979088, abs=1e-6)


def test_a_month_without_articles_has_no_index():
    with pytest.raises(ValueError, match="没有文章"):
        board.wci_13(
            articles=0,
            reads=0,
            headline_reads=0,
            max_reads=0,
            looks=0,
            headline_looks=0,
            max_looks=0,
        )


def test_the_story_of_our_account():
    ranks = {}
    for month in board.months():
        row = board_rows(*month).get(board.OUR_ACCOUNT_KEY)
        ranks[month] = row["rank"] if row else None
        assert ranks[month] == board.our_rank(*month)
    assert [month for month, rank in ranks.items() if rank is None] == [board.NOT_ISSUED]
    history = list(ranks.values())
    assert history[-15:] == [2] + [1] * 14
    assert ranks[board.LOST_FIRST] == 2
    earlier = [rank for month, rank in ranks.items() if (2024, 8) <= month < board.LOST_FIRST]
    assert earlier.count(1) == 11 and earlier.count(None) == 1
    assert all(rank > 1 for rank in history[:9])


def test_exactly_one_month_is_tied_for_first():
    tied = [
        month for month in board.months() if sum(r["rank"] == 1 for r in board.rows(*month)) > 1
    ]
    assert tied == [board.TIED_FIRST]
    first, second, third = board.rows(*board.TIED_FIRST)[:3]
    assert (first["rank"], second["rank"], third["rank"]) == (1, 1, 3)
    assert board.OUR_ACCOUNT_KEY in {first["account_key"], second["account_key"]}


def test_some_accounts_come_late_and_some_leave():
    issued = [month for month in board.months() if board.is_issued(*month)]
    first, last = set(board_rows(*issued[0])), set(board_rows(*issued[-1]))
    assert len(last - first) == 5
    assert len(first - last) == 3


def test_strong_accounts_stay_strong():
    issued = [month for month in board.months() if board.is_issued(*month)]
    for before, after in itertools.pairwise(issued):
        top = [row["account_key"] for row in board.rows(*before)[:10]]
        later = {row["account_key"] for row in board.rows(*after)[:25]}
        assert sum(key in later for key in top) >= 8
        moved = board_rows(*after)
        jumps = [
            abs(row["rank"] - moved[key]["rank"])
            for key, row in board_rows(*before).items()
            if key in moved
        ]
        assert 1 < sum(jumps) / len(jumps) < 20


def test_capped_articles_occur_but_are_rare():
    rows = [row for month in board.months() for row in board.rows(*month)]
    capped = sum(row["max_reads_bound"] == "at_least" for row in rows)
    assert 20 < capped < len(rows) * 0.08


def test_rows_are_copies():
    board.rows(2026, 10)[0]["reads"] = -1
    assert board.rows(2026, 10)[0]["reads"] > 0
    board.accounts()[0]["name"] = ""
    assert board.accounts()[0]["name"]


def test_lists_come_out_in_the_following_month():
    assert board.published_on(2025, 12) == dt.date(2026, 1, 8)
    assert board.published_on(2026, 10) == dt.date(2026, 11, 8)


@pytest.mark.parametrize("month", [(2023, 10), (2036, 11), (2025, 13), (2025, 0)])
def test_months_outside_the_board_are_refused(month):
    with pytest.raises(ValueError, match="没有"):
        board.rows(*month)
