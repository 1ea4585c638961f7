"""deploy/nginx.conf under a real nginx: the answers of the layer, and what stays without it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import nginx
from cms.mirror.addresses import APPLICATION
from cms.mirror.files import PAGES, Store
from cms.mirror.serving import NOTICE_POLICY, POLICY, SECURITY

from .served import (
    CLIMBS,
    DETOURS,
    FILES,
    GONE,
    HOST,
    NOTICE,
    NOWHERE,
    SECRET,
    TABLE,
    Case,
    application,
    ask,
    make_mirror,
    served,
)

pytestmark = pytest.mark.needs("nginx")

STAYS_UP = [case for case in TABLE if case.text not in ("application", None)]


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nginx")
    make_mirror(folder)
    for name, body in {
        "media/images/lotus.width-720.webp": b"picture",
        "media/original_images/lotus.jpg": b"original",
        "media/documents/report.pdf": b"a document",
        "static/articles/site.0123456789ab.css": b"a{}",
        "static/articles/site.css": b"a{}",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    return folder


@pytest.fixture(scope="module")
def running(var: Path) -> Iterator[int]:
    """The port of nginx with the application behind it."""
    port = nginx.free_port()
    with served(application) as behind:
        site = nginx.site(var, port, behind.server_port)
        with nginx.running(var / "nginx", site, port=port):
            yield port


@pytest.fixture(scope="module")
def alone(var: Path) -> Iterator[int]:
    """The port of nginx whose application is gone."""
    port = nginx.free_port()
    with nginx.running(var / "alone", nginx.site(var, port, nginx.free_port()), port=port):
        yield port


@pytest.fixture
def store(var: Path) -> Store:
    return Store(var / "mirror", durable=False)


@pytest.mark.parametrize("case", TABLE, ids=str)
def test_it_answers_as_the_layer_does(case: Case, running: int) -> None:
    case.check(ask(running, case.path.encode("latin-1"), case.method, **case.sent))


@pytest.mark.parametrize("path", [*CLIMBS, "/yaowen/%00", "/%00"])
def test_what_no_address_can_be_is_refused_outright(path: str, running: int) -> None:
    answer = ask(running, path)
    assert answer.status == 400
    assert SECRET not in answer.body


@pytest.mark.parametrize("path", NOWHERE)
def test_a_path_that_looks_like_a_host_leads_to_none(path: str, running: int) -> None:
    answer = ask(running, path)
    assert (answer.status, answer.is_applications) == (404, True)
    assert "location" not in answer.headers


@pytest.mark.parametrize(("path", "address"), DETOURS.items())
def test_detours_below_the_root_end_at_a_page(path: str, address: str, running: int) -> None:
    assert ask(running, path).text == FILES[address]


def test_a_page_that_has_not_changed_is_not_sent_again(running: int) -> None:
    for sent in ({}, {"Accept_Encoding": "gzip"}):
        first = ask(running, "/yaowen/", **sent)
        tag, date = first.headers["etag"], first.headers["last-modified"]
        assert not tag.startswith("W/")
        for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
            again = ask(running, "/yaowen/", If_None_Match=known, **sent)
            assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
            assert again.headers["cache-control"] == "no-cache"
        assert ask(running, "/yaowen/", If_None_Match='"x"', **sent).status == 200
        assert ask(running, "/yaowen/", If_Modified_Since=date, **sent).status == 304
        other = ask(running, "/yaowen/", If_None_Match='"x"', If_Modified_Since=date, **sent)
        assert other.status == 200


def test_the_two_representations_have_tags_of_their_own(running: int) -> None:
    tags = {
        ask(running, "/yaowen/", Accept_Encoding=coding).headers["etag"]
        for coding in ("gzip", "identity")
    }
    assert len(tags) == 2


@pytest.mark.parametrize("path", ["/yaowen/", "/nowhere/x.html.gz", GONE, "/yaowen"])
def test_security_headers_are_those_of_the_layer(path: str, running: int) -> None:
    answer = ask(running, path)
    for name, value in SECURITY:
        assert answer.headers[name.lower()] == value
    assert answer.headers["server"] == "nginx", "no version"


def test_the_application_s_own_headers_are_left_alone(running: int) -> None:
    for path in ("/search/", "/nowhere/"):
        headers = ask(running, path).headers
        assert not {name.lower() for name, _ in SECURITY} & set(headers)
        assert "cache-control" not in headers


def test_renditions_and_static_files_are_kept_for_long(running: int) -> None:
    year = "public, max-age=31536000, immutable"
    image = ask(running, "/media/images/lotus.width-720.webp")
    assert (image.status, image.body, image.headers["content-type"]) == (
        200,
        b"picture",
        "image/webp",
    )
    assert image.headers["cache-control"] == year
    assert image.headers["x-content-type-options"] == "nosniff"
    named = ask(running, "/static/articles/site.0123456789ab.css")
    assert (named.body, named.headers["cache-control"]) == (b"a{}", year)
    plain = ask(running, "/static/articles/site.css")
    assert plain.headers["cache-control"] == "public, max-age=3600"
    lost = ask(running, "/static/articles/lost.css")
    assert (lost.status, lost.text) == (404, FILES["/404.html"])
    assert "immutable" not in lost.headers["cache-control"]


def test_documents_and_originals_go_through_the_application(running: int) -> None:
    for path in ("/media/documents/report.pdf", "/media/original_images/lotus.jpg"):
        assert ask(running, path).is_applications
    assert ask(running, "/media/images/../documents/report.pdf").is_applications
    for path in ("/media/images/", "/static/"):
        answer = ask(running, path)
        assert (answer.status, answer.text) == (404, FILES["/404.html"])


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", f"{HOST}.evil.example", f"{HOST}@evil.example"]
)
def test_a_host_that_is_not_ours_gets_no_answer(host: str, running: int) -> None:
    with pytest.raises((ConnectionError, OSError)):
        ask(running, "/yaowen/", host=host)


def test_no_answer_repeats_the_host(running: int) -> None:
    for path in ("/yaowen", "/yaowen/", "/nowhere/", "/admin"):
        answer = ask(running, path, X_Forwarded_Host="evil.example", X_Forwarded_For="6.6.6.6")
        assert "evil.example" not in f"{answer.headers}{answer.text}"
        assert answer.headers.get("location", "/").startswith("/")


def test_a_whole_mirror_can_be_taken_down_and_comes_back(running: int, store: Store) -> None:
    store.close()
    try:
        for path in ("/", "/yaowen/", "/yaowen", GONE, "/feed.atom", "/nowhere/"):
            answer = ask(running, path)
            assert (answer.status, answer.text) == (503, FILES["/503.html"])
            assert answer.headers["retry-after"] == "120"
    finally:
        store.switch(PAGES)
    assert ask(running, "/yaowen/").text == FILES["/yaowen/"]


def test_a_page_that_is_replaced_or_withdrawn_shows_at_once(running: int, store: Store) -> None:
    for number in range(3):
        text = f"第{number}稿"
        store.put("/yaowen/gai/", text.encode(), store.mark("/yaowen/gai/"))
        assert ask(running, "/yaowen/gai/").text == text
        assert ask(running, "/yaowen/gai/", Accept_Encoding="gzip").text == text
    store.take_down("/yaowen/gai/", NOTICE.encode())
    assert (ask(running, "/yaowen/gai/").status) == 410
    store.remove("/yaowen/gai/")
    assert ask(running, "/yaowen/gai/").is_applications


def test_the_front_page_is_never_gone(running: int, store: Store) -> None:
    """Its folder holds the general notice, which says nothing of the front page."""
    store.remove("/")
    try:
        assert ask(running, "/").is_applications
    finally:
        store.put("/", FILES["/"].encode(), None)


def test_writing_too_fast_is_slowed_down(running: int) -> None:
    statuses = [ask(running, "/feedback/new/", "POST").status for _ in range(12)]
    assert set(statuses) == {200, 429}
    slow = ask(running, "/feedback/new/", "POST")
    assert (slow.status, slow.headers["retry-after"]) == (429, "10")
    assert "频繁" in slow.text
    assert ask(running, "/feedback/new/").status == 200, "reading the form is no letter"


def test_a_body_that_is_too_big_is_refused(running: int) -> None:
    answer = ask(running, "/feedback/new/", "POST", Content_Length=str(10**6))
    assert (answer.status, "太大" in answer.text) == (413, True)


# --- without the application ------------------------------------------------------------------


@pytest.mark.parametrize("case", STAYS_UP, ids=str)
def test_without_the_application_the_mirror_answers_as_before(case: Case, alone: int) -> None:
    case.check(ask(alone, case.path.encode("latin-1"), case.method, **case.sent))


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/search/?q=%E8%8D%B7", "GET"),
        ("/feedback/new/", "GET"),
        ("/feedback/track/", "POST"),
        ("/old/", "GET"),
        ("/documents/1/x.pdf", "GET"),
        ("/admin/", "GET"),
    ],
)
def test_without_the_application_the_rest_gets_a_friendly_page(
    path: str, method: str, alone: int
) -> None:
    answer = ask(alone, path, method)
    assert (answer.status, answer.text) == (503, FILES["/503.html"])
    assert answer.headers["retry-after"] == "120"
    assert answer.headers["cache-control"] == "no-cache"
    for name, value in SECURITY:
        expected = NOTICE_POLICY if value == POLICY else value
        assert answer.headers[name.lower()] == expected


def test_without_the_application_the_interface_answers_json(alone: int) -> None:
    answer = ask(alone, "/api/v1/boards/")
    assert answer.status == 503
    assert answer.headers["content-type"].startswith("application/json")
    assert "稍后" in answer.text
    assert answer.headers["retry-after"] == "120"


def test_without_the_application_pictures_and_styles_stay(alone: int) -> None:
    assert ask(alone, "/media/images/lotus.width-720.webp").body == b"picture"
    assert ask(alone, "/static/articles/site.css").body == b"a{}"


# --- the file itself --------------------------------------------------------------------------


def test_the_application_s_addresses_are_the_same_here() -> None:
    named = re.findall(r"^    location \^~ (/\S+) \{", nginx.SITE.read_text("utf-8"), re.M)
    files = {"/.", "/media/images/", "/media/posters/"}
    assert set(named) - files == set(APPLICATION)
    assert len(named) == len(set(named))


def test_the_policy_in_the_file_is_the_layer_s() -> None:
    assert set(re.findall(r"\"(default-src .*)\"", nginx.SITE.read_text("utf-8"))) == {
        POLICY,
        NOTICE_POLICY,
    }
