"""The harness: programs that may be missing, no network, repeatable property tests."""

import gc
import ipaddress
import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

from tests import needs

# Tests of many seconds each.
LONG = ("tests/e2e/", "tests/bench/", "tests/test_run.py", "tests/test_bootstrap.py")

REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"

hypothesis_settings.register_profile("here", deadline=None)
hypothesis_settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis_settings.load_profile("ci" if REQUIRE_ALL or os.environ.get("CI") else "here")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "drill: a long drill; only `make drills` runs it")
    config.addinivalue_line(
        "markers",
        "only_on(vendor): says something about one database (sqlite, postgresql); left out when "
        "the tests run on another, since .ci/run makes a pass on each",
    )


# --- what runs --------------------------------------------------------------------------------


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Iterator[None]:
    # The longest first among their kind (pytest-django puts real transactions after the rest): no
    # worker is left with a long one when the others are done.
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))
    yield

    from django.db import connection

    drills_wanted = "drill" in config.getoption("markexpr")
    kept, left_out = [], []
    for item in items:
        for mark in item.iter_markers("django_db"):
            if mark.kwargs.get("transaction") and not mark.kwargs.get("serialized_rollback"):
                # Flushing makes the content types anew; later tests would find them twice.
                raise pytest.UsageError(f"{item.nodeid} needs serialized_rollback=True as well")
        vendors = [mark.args[0] for mark in item.iter_markers("only_on")]
        out = (item.get_closest_marker("drill") and not drills_wanted) or any(
            vendor != connection.vendor for vendor in vendors
        )
        (left_out if out else kept).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What is loaded by now stays; walking it again and again took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs"):
        for name in mark.args:
            if sentence := needs.missing(name):
                pytest.skip(sentence)


def _refuse_skip(report: Any) -> Any:
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"REQUIRE_ALL=1: nothing may be skipped. {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[Any]:
    return _refuse_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[Any]:
    return _refuse_skip((yield))


# --- the database --------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Every database begins with the roles and the reviews, as every installation does.

    Making them anew for each test took a quarter of all the time.
    """
    from django.db import connection

    from cms.users.services import sync_roles

    with django_db_blocker.unblock():
        sync_roles()
        if hasattr(connection, "_test_serialized_contents"):
            # What tests with real transactions start from.
            connection._test_serialized_contents = connection.creation.serialize_db_to_string()


# --- no network -------------------------------------------------------------------------------


class NetworkRefused(RuntimeError):
    """Not an OSError: code that expects connections to fail must not swallow it."""


def _is_address(host: Any) -> bool:
    """Numbers need no look-up."""
    try:
        ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return True


def _is_here(host: Any) -> bool:
    name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    if _is_address(name):
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    return name == "localhost" or name.endswith(".localhost")


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Connections and look-ups leave this machine in no test."""
    patch = pytest.MonkeyPatch()

    def guarded(name: str) -> None:
        original = getattr(socket.socket, name)

        def connect(self: socket.socket, address: Any, *rest: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
                raise NetworkRefused(f"a test tried to reach {address}")
            return original(self, address, *rest)

        patch.setattr(socket.socket, name, connect)

    guarded("connect")
    guarded("connect_ex")
    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, *rest: Any, **options: Any) -> Any:
        if not (_is_address(host) or _is_here(host)):
            raise NetworkRefused(f"a test tried to look up {host}")
        return look_up(host, *rest, **options)

    patch.setattr(socket, "getaddrinfo", getaddrinfo)
    yield
    patch.undo()
