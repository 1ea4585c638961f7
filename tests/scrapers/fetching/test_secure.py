"""https first, and never away from it."""

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from urllib3.util import connection as urllib3_connection

from scrapers.fetch_errors import AddressRefused, NoConnection, NoSecureConnection
from scrapers.fetching import OwnMemory, guard

from .servers import PAGE, Server, get, resolve_as, running_server

# A certificate for rank.example that vouches for itself, until 2100, with its key.
CERTIFICATE = Path(__file__).parents[2] / "fixtures" / "tls" / "rank.example.pem"
HOST = "rank.example"


@pytest.fixture
def secure() -> Iterator[Server]:
    with running_server() as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        # The handshake is left to the thread of the connection.
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        server.handle_error = lambda *args: None  # clients that dislike the certificate
        yield server


@pytest.fixture
def trusted(monkeypatch) -> None:
    monkeypatch.setattr(guard, "ca_bundle", lambda: str(CERTIFICATE))


@pytest.fixture
def lead(monkeypatch):
    """``lead({80: server, 443: None})``: where connections to the public name really go."""

    def to(ports: dict[int, object]) -> list[int]:
        resolve_as(monkeypatch, ["8.8.8.8"])
        tried: list[int] = []

        def connect(address, *args, **kwargs):
            tried.append(address[1])
            target = ports[address[1]]
            if isinstance(target, BaseException):
                raise target
            return socket.create_connection(("127.0.0.1", target.server_port), timeout=5)

        monkeypatch.setattr(urllib3_connection, "create_connection", connect)
        return tried

    return to


def test_an_http_address_is_asked_for_by_https(server, secure, trusted, lead) -> None:
    lead({80: server, 443: secure})
    secure.put("/a?x=1")
    page = get(f"http://{HOST}/a?x=1", hosts=[HOST])
    assert (page.data, page.url, page.final_url) == (
        PAGE,
        f"http://{HOST}/a?x=1",
        f"https://{HOST}/a?x=1",
    )
    assert (server.seen, server.robots_asked, secure.robots_asked) == ([], 0, 1)


@pytest.mark.parametrize("fault", [ConnectionRefusedError(), TimeoutError(), "plain", "untrusted"])
def test_http_serves_where_https_does_not(server, secure, lead, fault) -> None:
    other = {"plain": server, "untrusted": secure}.get(fault, fault)
    tried = lead({80: server, 443: other})
    server.put("/a")
    memory = OwnMemory(pace=0)
    page = get(f"http://{HOST}/a", hosts=[HOST], memory=memory)
    assert (page.data, page.final_url) == (PAGE, f"http://{HOST}/a")
    assert tried == [443, 80, 80]
    get(f"http://{HOST}/a", hosts=[HOST], memory=memory)
    assert tried == [443, 80, 80, 80]


def test_a_port_written_out_is_kept_to(server, secure, trusted, lead) -> None:
    tried = lead({80: server, 443: secure})
    server.put("/a")
    assert get(f"http://{HOST}:80/a", hosts=[HOST]).data == PAGE
    assert tried == [80, 80]


def test_an_https_address_never_becomes_http(server, secure, lead) -> None:
    server.put("/a")
    tried = lead({80: server, 443: ConnectionRefusedError()})
    with pytest.raises(NoConnection):
        get(f"https://{HOST}/a", hosts=[HOST])
    lead({80: server, 443: secure})
    with pytest.raises(NoSecureConnection, match="证书"):
        get(f"https://{HOST}/a", hosts=[HOST])
    assert 80 not in tried
    assert not server.seen


def test_a_redirect_away_from_https(server, secure, trusted, lead) -> None:
    lead({80: server, 443: secure})
    server.put("/b")
    secure.put("/a", status=302, Location=f"http://{HOST}/b")
    with pytest.raises(AddressRefused, match="从 https 跳转到了不加密"):
        get(f"https://{HOST}/a", hosts=[HOST])
    assert not server.seen
    # The office wrote http: what the host makes of it holds.
    assert get(f"http://{HOST}/a", hosts=[HOST]).final_url == f"http://{HOST}/b"


def test_a_redirect_to_https_is_followed(server, secure, trusted, lead) -> None:
    lead({80: server, 443: secure})
    secure.put("/a")
    url = f"http://{HOST}:80/a"
    server.put("/a", status=301, Location=f"https://{HOST}/a")
    assert get(url, hosts=[HOST]).final_url == f"https://{HOST}/a"


def test_a_name_of_an_inner_address_is_refused_before_any_handshake(monkeypatch) -> None:
    resolve_as(monkeypatch, ["10.0.0.7"])
    with pytest.raises(AddressRefused, match="内部网络"):
        get(f"http://{HOST}/a", hosts=[HOST])


def test_a_host_that_is_silent_in_tls_is_given_up(lead) -> None:
    class Silent:
        def __init__(self, listener: socket.socket) -> None:
            self.server_port = listener.getsockname()[1]

    with socket.create_server(("127.0.0.1", 0)) as listener:
        lead({443: Silent(listener)})
        assert not guard.speaks_tls(HOST, 443, frozenset({HOST}), 0.1)
