"""Address patterns."""

import pytest

from rankings.periods import Month
from scrapers.addresses import PatternError, address_for, has_month

AUGUST = Month(2019, 8)


@pytest.mark.parametrize(
    ("pattern", "address"),
    [
        ("https://a.example/{year}/{month}.html", "https://a.example/2019/8.html"),
        ("https://a.example/{year}{month:02d}", "https://a.example/201908"),
        ("https://a.example/{year:04d}", "https://a.example/2019"),
        ("https://a.example/{{x}}/newest", "https://a.example/{x}/newest"),
    ],
)
def test_addresses(pattern: str, address: str) -> None:
    assert address_for(pattern, AUGUST) == address


@pytest.mark.parametrize(
    "pattern",
    [
        "{day}",
        "{}",
        "{0}",
        "{year.__class__}",
        "{year[0]}",
        "{year!r}",
        "{month:>9999999999}",
        "{month:{year}}",
        "{year",
        "year}",
    ],
)
def test_other_braces_are_refused(pattern: str) -> None:
    with pytest.raises(PatternError, match="大括号"):
        address_for(pattern, AUGUST)


@pytest.mark.parametrize(
    ("pattern", "expected"), [("/{year}-{month}", True), ("/{month}", True), ("/newest", False)]
)
def test_whether_months_have_addresses_of_their_own(pattern: str, expected: bool) -> None:
    assert has_month(pattern) is expected
