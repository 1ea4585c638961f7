"""A visit: the page with what evidence needs, redirects, and what is tried again."""

import inspect
import socket
from datetime import UTC

import pytest

from scrapers import fetch_errors
from scrapers.fetch_errors import (
    AddressRefused,
    BadStatus,
    FetchTimeout,
    RobotsUnreachable,
    ServerFault,
    TooManyRedirects,
    Unreachable,
)

from .servers import PAGE, Pauses, Server, get


def test_a_page_with_all_that_evidence_needs(server: Server, settings) -> None:
    page = get(server.put("/a"))
    assert page.data == PAGE
    assert (page.url, page.final_url, page.status) == (server.url("/a"), server.url("/a"), 200)
    assert page.content_type == "text/html; charset=utf-8"
    assert page.fetched_at.tzinfo is UTC
    assert page.headers["Content-Length"] == str(len(PAGE))
    agent = server.seen[0][1]["User-Agent"]
    assert agent == page.request_headers["User-Agent"]
    assert settings.SCRAPER_CONTACT in agent


@pytest.mark.parametrize(
    ("contact", "told"),
    [
        ("webmaster@example.gov.cn", "webmaster@example.gov.cn"),
        ("https://example.gov.cn/关于?a=b", "https://example.gov.cn/%E5%85%B3%E4%BA%8E?a=b"),
        ("a\r\nX: b", "a%0D%0AX:%20b"),
    ],
)
def test_the_contact_address_fits_into_a_header(server, settings, contact, told) -> None:
    settings.SCRAPER_CONTACT = contact
    get(server.put("/a"))
    assert server.seen[0][1]["User-Agent"] == f"zai-hetang/0.1 (+{told})"


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://x/"])
def test_a_redirect_to_another_scheme_is_refused(server: Server, target: str) -> None:
    with pytest.raises(AddressRefused):
        get(server.put("/a", status=302, Location=target))


def test_redirects_are_followed_and_the_last_address_kept(server: Server) -> None:
    server.put("/b", status=301, Location="c?d=1")
    server.put("/c?d=1")
    page = get(server.put("/a", status=302, Location="/b"))
    assert (page.url, page.final_url) == (server.url("/a"), server.url("/c?d=1"))


def test_a_redirect_loop_ends(server: Server, pauses: Pauses) -> None:
    with pytest.raises(TooManyRedirects, match="超过 5 次"):
        get(server.put("/a", status=302, Location="/a"), pauses)
    assert len(server.seen) == 6
    assert not pauses


def test_server_faults_are_tried_again_with_growing_pauses(server: Server, pauses: Pauses) -> None:
    server.put("/a", status=503)
    server.put("/a", status=500)
    assert get(server.put("/a"), pauses, backoff=2).data == PAGE
    assert pauses == [2.5, 4.5]


def test_a_lasting_server_fault(server: Server, pauses: Pauses) -> None:
    with pytest.raises(ServerFault, match="HTTP 502") as caught:
        get(server.put("/a", b"<h1>Bad gateway</h1>", status=502), pauses)
    assert caught.value.page.data == b"<h1>Bad gateway</h1>"
    assert len(server.seen) == 3


@pytest.mark.parametrize(
    ("status", "sentence"),
    [(404, "页面不存在"), (410, "页面不存在"), (403, "没有给出页面"), (204, "没有给出页面")],
)
def test_other_answers_are_not_tried_again(server, pauses, status, sentence) -> None:
    with pytest.raises(BadStatus, match=sentence):
        get(server.put("/a", b"" if status == 204 else PAGE, status=status), pauses)
    assert len(server.seen) == 1


def test_an_error_answer_without_text_keeps_no_page(server: Server) -> None:
    with pytest.raises(BadStatus) as caught:
        get(server.put("/a", b"", status=404))
    assert caught.value.page is None


def test_no_server(pauses: Pauses) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(Unreachable, match="连不上"):
        get(f"http://127.0.0.1:{port}/", pauses)
    assert not pauses


def test_an_unknown_name(monkeypatch, pauses: Pauses) -> None:
    def unknown(*args, **kwargs):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(Unreachable, match="域名解析失败"):
        get("http://www.example.gov.cn/", pauses, hosts=["www.example.gov.cn"])


def test_a_silent_server_times_out_and_is_tried_again(pauses: Pauses) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        pytest.raises(RobotsUnreachable, match=r"robots\.txt") as refused,
    ):
        get(f"http://127.0.0.1:{listener.getsockname()[1]}/", pauses, read=0.05, attempts=2)
    assert isinstance(refused.value.__cause__, FetchTimeout)
    assert pauses == [2.5]


def test_every_error_is_a_fetch_error_with_a_sentence() -> None:
    kinds = [
        kind
        for kind in vars(fetch_errors).values()
        if inspect.isclass(kind) and kind.__module__ == fetch_errors.__name__
    ]
    assert len(kinds) > 12
    assert all(issubclass(kind, fetch_errors.FetchError) for kind in kinds)
