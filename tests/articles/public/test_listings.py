"""Lists that count from the oldest article: laws of the pure part."""

from hypothesis import given
from hypothesis import strategies as st

from articles.public import listings
from articles.public.listings import SIZE, full_pages, list_addresses, page_of, pages_from

counts = st.integers(1, 12 * SIZE)


@given(counts)
def test_the_own_address_shows_one_to_a_page_full(count: int) -> None:
    assert 1 <= count - full_pages(count) * SIZE <= SIZE


@given(counts)
def test_every_article_stands_on_exactly_one_page_that_exists(count: int) -> None:
    addresses = set(list_addresses("/a/", count))
    for position in range(count):
        assert listings.page_at("/a/", page_of(position, count)) in addresses
    assert len(addresses) == full_pages(count) + 1


@given(counts, st.data())
def test_no_page_older_than_an_article_moves_with_it(count: int, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, count - 1))
    moved = set(pages_from("/a/", position, count))

    def pages(articles: list[int]) -> dict[str, list[int]]:
        shown: dict[str, list[int]] = {}
        for place, article in enumerate(articles):
            where = listings.page_at("/a/", page_of(place, len(articles)))
            shown.setdefault(where, []).append(article)
        return shown

    with_it = list(range(count))
    without = [article for article in with_it if article != position]
    before, after = pages(without), pages(with_it)
    changed = {
        where for where in before.keys() | after.keys() if before.get(where) != after.get(where)
    }
    assert changed <= moved


@given(st.integers(2, 12 * SIZE))
def test_a_new_article_has_few_pages_made_anew(count: int) -> None:
    assert len(set(pages_from("/a/", count - 1, count))) <= 3


@given(st.integers(0, 6 * SIZE), st.integers(1, 3 * SIZE))
def test_those_who_come_together_ask_together_for_all_that_moves(before: int, come: int) -> None:
    """Each looks when all of them are there already."""
    count = before + come
    asked = {
        address
        for position in range(before, count)
        for address in pages_from("/a/", position, count)
    }

    def pages(total: int) -> dict[str, tuple[list[int], str]]:
        full = full_pages(total)
        shown = {}
        for number in [*range(1, full + 1), None]:
            start = (full if number is None else number - 1) * SIZE
            inside = list(range(start, min(start + SIZE, total)))
            newer = (
                ""
                if number is None
                else listings.page_at("/a/", number + 1 if number < full else None)
            )
            if inside:
                shown[listings.page_at("/a/", number)] = (inside, newer)
        return shown

    earlier, later = pages(before), pages(count)
    assert {where for where in later if earlier.get(where) != later[where]} <= asked
