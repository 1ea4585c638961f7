"""Sockets: only to allowed and public addresses, whatever names and redirects say."""

import _socket
import socket

import pytest
from urllib3.util import connection as urllib3_connection

from scrapers.fetch_errors import AddressRefused, NoSecureConnection

from .servers import HOSTS, PAGE, Server, get, resolve_as


def test_a_private_address_is_refused_before_connecting(server: Server, settings) -> None:
    settings.SCRAPER_TEST_HOSTS = []
    url = server.put("/a")
    with pytest.raises(AddressRefused, match="内部网络"):
        get(url, hosts=[f"127.0.0.1:{server.server_port}"])
    assert not server.seen


def test_secure_connections_are_guarded_in_the_same_way(server: Server, settings) -> None:
    url = server.url("/a").replace("http:", "https:")
    with pytest.raises(NoSecureConnection, match="安全连接"):
        get(url)
    settings.SCRAPER_TEST_HOSTS = []
    with pytest.raises(AddressRefused, match="内部网络"):
        get(url, hosts=[f"127.0.0.1:{server.server_port}"])
    assert not server.seen


@pytest.mark.parametrize("addresses", [["10.0.0.7"], ["8.8.8.8", "10.0.0.7"]])
def test_a_public_name_for_a_private_address_is_refused(monkeypatch, addresses) -> None:
    resolve_as(monkeypatch, addresses)
    with pytest.raises(AddressRefused, match=r"内部网络地址 10\.0\.0\.7"):
        get("http://www.example.gov.cn/", hosts=["www.example.gov.cn"])


def connect_here(monkeypatch, server: Server) -> list[tuple[str, int]]:
    """Lead every connection to ``server``; answers the addresses that were meant."""
    meant: list[tuple[str, int]] = []

    def connect(address, *args, **kwargs):
        meant.append(address)
        return socket.create_connection(("127.0.0.1", server.server_port))

    monkeypatch.setattr(urllib3_connection, "create_connection", connect)
    return meant


def test_the_checked_address_is_the_one_connected_to(server: Server, monkeypatch) -> None:
    """One look-up for each connection, and never a second that could lead elsewhere."""
    server.put("/a")
    asked = resolve_as(monkeypatch, ["8.8.8.8"], ["1.1.1.1"])
    meant = connect_here(monkeypatch, server)
    assert get("http://rank.example:80/a", hosts=["rank.example"]).data == PAGE
    assert asked == ["rank.example", "rank.example"]
    assert meant == [("8.8.8.8", 80), ("1.1.1.1", 80)]


def test_a_redirect_is_checked_like_the_first_address(server: Server, monkeypatch) -> None:
    resolve_as(monkeypatch, ["10.0.0.7"])
    url = server.put("/a", status=302, Location="http://inner.example.gov.cn/secret")
    with pytest.raises(AddressRefused, match="允许名单"):
        get(url)
    with pytest.raises(AddressRefused, match="内部网络"):
        get(url, hosts=[*HOSTS, "inner.example.gov.cn"])


@pytest.mark.parametrize(
    "host",
    ["2130706433", "0177.0.0.1", "0x7f.1", "127.1", "[::ffff:127.0.0.1]", "[::1]", "[::]", "0"],
)
def test_odd_ways_to_write_this_machine(monkeypatch, settings, host: str) -> None:
    """What the system makes of the name is what is checked."""
    settings.SCRAPER_TEST_HOSTS = []
    monkeypatch.setattr(socket, "getaddrinfo", _socket.getaddrinfo)
    with pytest.raises(AddressRefused, match=r"内部网络|允许名单"):
        get(f"http://{host}/", hosts=[host.strip("[]"), f"{host.strip('[]')}:80"])


def test_a_name_that_changes_its_address_between_requests(server: Server, monkeypatch) -> None:
    """robots.txt from a public address, the page from an inner one: the second is refused."""
    server.put("/a")
    resolve_as(monkeypatch, ["8.8.8.8"], ["127.0.0.1"])
    meant = connect_here(monkeypatch, server)
    with pytest.raises(AddressRefused, match="内部网络地址 127"):
        get("http://rebind.example:80/a", hosts=["rebind.example"])
    assert meant == [("8.8.8.8", 80)]
    assert (server.robots_asked, server.seen) == (1, [])


def test_a_redirect_with_a_ticket_is_refused(server: Server, settings, monkeypatch) -> None:
    settings.SCRAPER_TEST_HOSTS = ["mp.weixin.qq.com", "127.0.0.1"]
    target = f"http://mp.weixin.qq.com:{server.server_port}/s?key=abc"
    with pytest.raises(AddressRefused, match="个人票据"):
        get(server.put("/a", status=302, Location=target), hosts=["127.0.0.1", "mp.weixin.qq.com"])


def test_cookies_are_never_sent_back(server: Server) -> None:
    server.put("/b", status=302, Location="/c", Set_Cookie="two=2; Path=/")
    server.put("/c", Set_Cookie="three=3")
    page = get(server.put("/a", status=302, Location="/b", Set_Cookie="one=1; Path=/"))
    get(server.url("/c"))
    assert page.headers["Set-Cookie"] == "three=3"
    assert len(server.seen) == 4
    assert not any("Cookie" in headers for _, headers in server.seen)


def test_proxies_of_the_machine_are_not_used(server: Server, monkeypatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert get(server.put("/a")).data == PAGE
