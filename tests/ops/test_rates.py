"""Counting requests by address."""

import pytest
from django.core.cache import cache

from cms.ops import rates

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_counted(db):
    cache.clear()


@pytest.fixture
def ask(rf):
    def asking(scope="form", rate="2/min", address="203.0.113.5", **headers):
        return rates.wait(rf.get("/", REMOTE_ADDR=address, **headers), scope, rate)

    return asking


def test_so_many_in_a_time_from_one_address(ask, time_machine):
    time_machine.move_to("2026-11-01 08:00:00+08:00", tick=False)
    assert [ask(), ask(), ask()] == [0, 0, 60]
    time_machine.move_to("2026-11-01 08:00:50+08:00", tick=False)
    assert ask() == 10, "what was refused has not counted"
    time_machine.move_to("2026-11-01 08:01:01+08:00", tick=False)
    assert ask() == 0


def test_addresses_and_scopes_are_counted_apart(ask):
    assert [ask(), ask(), ask() > 0] == [0, 0, True]
    assert ask(address="203.0.113.6") == ask(scope="search") == 0


def test_a_header_is_believed_only_from_our_own_proxies(ask, settings):
    for forged in ("1.1.1.1", "2.2.2.2"):
        ask(headers={"x-forwarded-for": forged})
    assert ask(headers={"x-forwarded-for": "3.3.3.3"}) > 0
    settings.API_PROXIES = 1
    assert ask(headers={"x-forwarded-for": "3.3.3.3"}) == 0
    assert ask(headers={"x-forwarded-for": "x " * 500}) == 0


@pytest.mark.parametrize("rate", ["none", ""])
def test_no_limit(ask, rate):
    assert not any(ask(rate=rate) for _ in range(5))


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("not an address", "not an address"),
        ("", ""),
    ],
)
def test_the_many_addresses_of_one_machine_are_one(address, network):
    assert rates.network_of(address) == network


def test_whoever_changes_within_a_network_is_counted_on(ask):
    assert [ask(address=f"2001:db8::{n}") > 0 for n in range(3)] == [False, False, True]
    assert ask(address="2001:db8:0:1::1") == 0
