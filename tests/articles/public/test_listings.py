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
def test_a_new_article_moves_its_own_page_and_at_most_two_more(count: int) -> None:
    assert len(set(pages_from("/a/", count - 1, count))) <= 3
