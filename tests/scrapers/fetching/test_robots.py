"""robots.txt: read first, obeyed, kept for a day (RFC 9309)."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from scrapers.fetch_errors import (
    AddressRefused,
    RobotsRefused,
    RobotsUnreachable,
    ServerFault,
    TryLater,
)
from scrapers.fetching import OwnMemory, RobotsFile
from scrapers.fetching.robots import SIZE, Rules, text_of

from .servers import PAGE, Pauses, Server, get

NOW = datetime(2019, 9, 1, 2, 0, tzinfo=UTC)


def rules(text: str) -> Rules:
    return Rules(RobotsFile(text, 200, NOW))


@pytest.fixture
def memory() -> OwnMemory:
    return OwnMemory(pace=0)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("User-agent: *\nDisallow: /", "/a"),
        ("User-agent: zai-hetang\nDisallow: /rank/", "/rank/8.html"),
        ("user-agent: Zai-Hetang\ndisallow: /*.html$", "/rank/8.html"),
        ("User-agent: *\nDisallow: /榜单", "/%E6%A6%9C%E5%8D%95/8.html"),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/c"),
    ],
)
def test_pages_that_a_host_does_not_want_fetched(text: str, path: str) -> None:
    with pytest.raises(RobotsRefused, match=r"robots\.txt 不允许.*人工录入"):
        rules(text).check(f"http://a.example{path}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "User-agent: *\nDisallow:",
        "User-agent: *\nDisallow: /\n\nUser-agent: zai-hetang\nDisallow: /admin/",
        "User-agent: *\nDisallow: /a\nAllow: /a/b",
        "User-agent: hetang\nDisallow: /",
        "<!DOCTYPE html><html><title>页面不存在</title></html>",
    ],
)
def test_pages_that_may_be_fetched(text: str) -> None:
    assert rules(text).check("http://a.example/a/b.html") == 0


@pytest.mark.parametrize(
    ("text", "delay"),
    [("7", 7), ("0.5", 0.5), ("60", 60), ("-3", 0), ("soon", 0), ("nan", 0), ("inf", 0)],
)
def test_the_delay_a_host_wishes(text: str, delay: float) -> None:
    assert rules(f"User-agent: *\nCrawl-delay: {text}").check("http://a.example/") == delay


def test_a_delay_too_long_to_wait_for_is_a_refusal() -> None:
    with pytest.raises(RobotsRefused, match=r"相隔 61 秒.*人工录入"):
        rules("User-agent: *\nCrawl-delay: 61").check("http://a.example/")


def test_a_robots_file_as_text_that_a_database_takes() -> None:
    text = text_of(b"\xef\xbb\xbfUser-agent:\t*\r\nDisallow: /a\x00b\r\xff\x1b\n")
    assert text == "User-agent: *\nDisallow: /ab\n\ufffd"


# --- reading it -----------------------------------------------------------------------------------


def test_a_page_that_is_not_wanted_fetched_is_not_asked_for(server: Server) -> None:
    server.put("/robots.txt", b"User-agent: *\nDisallow: /private/")
    url = server.put("/private/a")
    with pytest.raises(RobotsRefused):
        get(url)
    with pytest.raises(RobotsRefused):
        get(url, expect="picture")
    assert not server.seen
    with pytest.raises(RobotsRefused):
        get(server.put("/public", status=302, Location="/private/a"))
    assert [path for path, _ in server.seen] == ["/public"]


def test_robots_is_asked_for_under_our_name(server: Server, memory: OwnMemory) -> None:
    server.put("/robots.txt", b"User-agent: *\nDisallow: /private/", status=302, Location="/r2")
    server.put("/r2", b"User-agent: *\nDisallow: /private/")
    get(server.put("/a"), memory=memory)
    assert [path for path, _ in server.seen] == ["/r2", "/a"]
    assert "zai-hetang" in server.seen[0][1]["User-Agent"]
    with pytest.raises(RobotsRefused):
        get(server.put("/private/a"), memory=memory)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_a_host_without_the_file_allows_everything(server: Server, status: int) -> None:
    server.put("/robots.txt", b"User-agent: *\nDisallow: /", status=status)
    assert get(server.put("/a")).data == PAGE


@pytest.mark.parametrize("target", ["/robots.txt", "http://elsewhere.example/robots.txt"])
def test_a_file_that_leads_nowhere_counts_as_none(server: Server, target: str) -> None:
    server.put("/robots.txt", status=302, Location=target)
    assert get(server.put("/a")).data == PAGE


def test_a_file_that_cannot_be_read_counts_as_a_refusal(server: Server, pauses: Pauses) -> None:
    server.put("/robots.txt", b"oops", status=500)
    with pytest.raises(RobotsUnreachable, match=r"读不到.*robots\.txt.*稍后重试") as refused:
        get(server.put("/a"), pauses)
    assert isinstance(refused.value.__cause__, ServerFault)
    assert refused.value.page is None
    assert (server.robots_asked, pauses, server.seen) == (3, [2.5, 4.5], [])


def test_a_file_that_fails_once_is_asked_for_again(server: Server, pauses: Pauses) -> None:
    server.put("/robots.txt", b"", status=503)
    server.put("/robots.txt", b"")
    assert get(server.put("/a"), pauses).data == PAGE
    assert (server.robots_asked, pauses) == (2, [2.5])


def test_a_garbled_file_counts_as_a_refusal(server: Server, pauses: Pauses) -> None:
    server.put("/robots.txt", b"User-agent: *", Content_Encoding="gzip")
    with pytest.raises(RobotsUnreachable):
        get(server.put("/a"), pauses)
    assert (server.seen, pauses) == ([], [])


def test_a_host_too_busy_for_its_robots_file_is_put_off(server: Server) -> None:
    server.put("/robots.txt", b"busy", status=429, Retry_After="3600")
    with pytest.raises(TryLater) as later:
        get(server.put("/a"))
    assert later.value.page is None


def test_only_the_first_half_megabyte_counts(server: Server, memory: OwnMemory) -> None:
    filling = b"# filling\n" * (SIZE // 10)
    text = b"User-agent: *\nDisallow: /early\n" + filling + b"\nDisallow: /late\n"
    server.put("/robots.txt", text, Content_Length="")
    assert get(server.put("/late"), memory=memory).data == PAGE
    with pytest.raises(RobotsRefused):
        get(server.put("/early"), memory=memory)


def test_a_private_host_is_not_even_asked_for_its_rules(server: Server, settings) -> None:
    settings.SCRAPER_TEST_HOSTS = []
    with pytest.raises(AddressRefused, match="内部网络"):
        get(server.put("/a"), hosts=[f"127.0.0.1:{server.server_port}"])
    assert server.robots_asked == 0


# --- keeping it -----------------------------------------------------------------------------------


def test_the_file_is_kept_for_a_day(server: Server, memory: OwnMemory) -> None:
    url = server.put("/a")
    with time_machine.travel(NOW, tick=False) as clock:
        get(url, memory=memory)
        clock.shift(timedelta(hours=23, minutes=59))
        get(url, memory=memory)
        assert server.robots_asked == 1
        clock.shift(timedelta(minutes=2))
        get(url, memory=memory)
        assert server.robots_asked == 2


def test_the_last_file_holds_while_it_cannot_be_read(server: Server, memory: OwnMemory) -> None:
    server.put("/robots.txt", b"User-agent: *\nDisallow: /private/")
    server.put("/robots.txt", status=500)
    with time_machine.travel(NOW, tick=False) as clock:
        get(server.put("/a"), memory=memory)
        clock.shift(timedelta(days=29))
        assert get(server.url("/a"), memory=memory).data == PAGE
        with pytest.raises(RobotsRefused):
            get(server.put("/private/a"), memory=memory)
        clock.shift(timedelta(days=2))
        with pytest.raises(RobotsUnreachable):
            get(server.url("/a"), memory=memory)
