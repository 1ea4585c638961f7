"""The layer that answers the mirror's files outside Django."""

import ast
import gzip
import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms.mirror import serving
from cms.mirror.addresses import APPLICATION
from cms.mirror.files import PAGES, Store
from cms.mirror.serving import (
    FOREVER,
    NOTICE_POLICY,
    SECURITY,
    Mirror,
    takes_gzip,
)

from .served import (
    CLIMBS,
    DETOURS,
    FILES,
    GONE,
    HOST,
    LINKS,
    NOTICE,
    NOWHERE,
    SECRET,
    TABLE,
    Answer,
    Case,
    application,
    call,
    environ,
    make_mirror,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("serving")
    make_mirror(made)
    images = made / "images"
    images.mkdir()
    (images / "lotus.width-720.webp").write_bytes(b"picture")
    (images / "drawing.svg").write_bytes(SECRET)
    (images / "link.jpg").symlink_to(made / "outside" / "secret.txt")
    return made


@pytest.fixture(scope="module")
def mirror(folder: Path) -> Mirror:
    return Mirror(application, folder / "mirror", hosts=[HOST], images=folder / "images")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A mirror that the test may change."""
    return make_mirror(tmp_path)


@pytest.fixture
def own(store: Store) -> Mirror:
    return Mirror(application, store.root)


def asked(mirror: Mirror, path: str, *rest: Any, **more: Any) -> Answer:
    """As a server does: the path decoded, its bytes as Latin-1, the query apart."""
    decoded = unquote_to_bytes(path.partition("?")[0].encode("latin-1")).decode("latin-1")
    return call(mirror, decoded, *rest, **more)


# --- the table that nginx answers as well -----------------------------------------------------


@pytest.mark.parametrize("case", TABLE, ids=str)
def test_the_table(case: Case, mirror: Mirror) -> None:
    for _ in range(2):  # from the disk, then from memory
        case.check(asked(mirror, case.path, case.method, **case.sent))


@pytest.mark.parametrize("path", LINKS)
def test_links_lead_nowhere(path: str, mirror: Mirror) -> None:
    answer = asked(mirror, path)
    assert answer.is_applications
    assert SECRET not in answer.body


@pytest.mark.parametrize(
    "path", [*CLIMBS, *DETOURS, *NOWHERE, "/yaowen/%00", "/%00", "/" + "a" * 3000, "*", ""]
)
def test_what_no_address_can_be_is_nowhere(path: str, mirror: Mirror) -> None:
    answer = asked(mirror, path)
    assert answer.status == 404
    assert SECRET not in answer.body


def test_every_own_answer_says_how_it_is_to_be_treated(mirror: Mirror) -> None:
    for case in TABLE:
        answer = asked(mirror, case.path, case.method, **case.sent)
        if not answer.is_applications:
            for name, value in SECURITY:
                assert answer.headers[name.lower()] == value, case
            assert answer.headers["cache-control"] == "no-cache", case
            assert answer.headers["content-length"] == str(len(answer.body)) or not answer.body


def test_it_imports_nothing_but_the_standard_library_and_the_addresses() -> None:
    source = Path(serving.__file__).read_text("utf-8")
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("." * node.level + (node.module or "").partition(".")[0])
    assert names - set(sys.stdlib_module_names) == {".addresses"}


# --- conditions -------------------------------------------------------------------------------


@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_a_page_that_has_not_changed_is_not_sent_again(coding: str, mirror: Mirror) -> None:
    first = asked(mirror, "/yaowen/", accept_encoding=coding)
    tag, date = first.headers["etag"], first.headers["last-modified"]
    for known in (tag, f"W/{tag}", f'"x", {tag}', f'W/"x",W/{tag} , "y"', "*", " * "):
        for method in ("GET", "HEAD"):
            again = asked(mirror, "/yaowen/", method, accept_encoding=coding, if_none_match=known)
            assert (again.status, again.body) == (304, b"")
            assert again.headers["etag"] == tag
            assert again.headers["vary"] == "Accept-Encoding"
            assert "content-length" not in again.headers
    assert asked(mirror, "/yaowen/", accept_encoding=coding, if_modified_since=date).status == 304


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"if_none_match": '"x"'}, 200),
        ({"if_none_match": ""}, 200),
        ({"if_none_match": "yaowen"}, 200),
        ({"if_none_match": '"x"', "if_modified_since": "Fri, 01 Jan 2100 00:00:00 GMT"}, 200),
        ({"if_modified_since": "Fri, 01 Jan 2100 00:00:00 GMT"}, 304),
        ({"if_modified_since": "Thu, 01 Jan 1970 00:00:00 GMT"}, 200),
        ({"if_modified_since": "yesterday"}, 200),
        ({"if_modified_since": ""}, 200),
        ({"if_modified_since": "Fri, 01 Jan 99999999 00:00:00 GMT"}, 200),
    ],
)
def test_conditions(sent: dict[str, str], status: int, mirror: Mirror) -> None:
    assert asked(mirror, "/yaowen/", **sent).status == status


def test_a_tag_belongs_to_one_representation(mirror: Mirror) -> None:
    plain = asked(mirror, "/yaowen/").headers["etag"]
    zipped = asked(mirror, "/yaowen/", accept_encoding="gzip").headers["etag"]
    assert plain != zipped
    answer = asked(mirror, "/yaowen/", accept_encoding="gzip", if_none_match=plain)
    assert (answer.status, answer.text) == (200, FILES["/yaowen/"])


def test_the_tag_is_of_the_content_whatever_machine_serves_it(tmp_path: Path) -> None:
    tags = set()
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        store = make_mirror(tmp_path / name)
        os.utime(store.path("/yaowen/"), (len(tags), len(tags)))
        tags.add(asked(Mirror(application, store.root), "/yaowen/").headers["etag"])
    assert len(tags) == 1


@pytest.mark.parametrize(
    ("header", "takes"),
    [
        ("", False),
        ("gzip", True),
        ("GZIP", True),
        ("x-gzip", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("gzip ; Q=0.001", True),
        ("gzip;q=1.000", True),
        ("gzip;q=abc", False),
        ("gzip;q=", False),
        ("deflate, br", False),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", True),
        ("*", False),
        ("gzip;q=0, *", False),
        (",,;;,gzip", True),
    ],
)
def test_who_takes_gzip(header: str, takes: bool) -> None:
    assert takes_gzip(header) is takes


# --- hosts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "good"),
    [
        (HOST, True),
        (f"{HOST}:8000", True),
        (HOST.upper(), True),
        (f"{HOST}.", True),
        ("a.hetang.example", True),
        ("hetang.example", True),
        ("[::1]:80", True),
        ("", False),  # stands for the server's own name, which is not allowed here
        (None, False),
        ("evil.example", False),
        (f"{HOST}.evil.example", False),
        ("evilhetang.example", False),
        (f"{HOST}@evil.example", False),
        (f"evil.example/{HOST}", False),
        (f"{HOST}, evil.example", False),
        (f"{HOST}\r\nX: 1", False),
        (f"{HOST}\n", False),
        ("[::1", False),
        (f"{HOST}:port", False),
    ],
)
def test_hosts_are_those_of_the_settings(host: str | None, good: bool, folder: Path) -> None:
    """By the rule of Django's own, held against it."""
    from django.http.request import split_domain_port, validate_host

    allowed = [HOST, ".hetang.example", "[::1]"]
    if host and "\r" not in host and "\n" not in host:
        assert validate_host(split_domain_port(host)[0], allowed) is good
    mirror = Mirror(application, folder / "mirror", hosts=allowed)
    for path in ("/yaowen/", "/yaowen", "/nowhere/", GONE, "/..", "/yaowen/"):
        answer = call(mirror, path, "GET", host)
        assert (answer.status == 400) is not good
        assert "evil" not in f"{answer.headers}{answer.text}"


def test_application_addresses_are_left_to_the_application_s_own_rule(mirror: Mirror) -> None:
    for prefix in APPLICATION:
        for path in (prefix, prefix.rstrip("/"), f"{prefix}x"):
            assert call(mirror, path, "POST", "evil.example").is_applications


# --- changes ----------------------------------------------------------------------------------


def test_a_page_that_is_replaced_shows_at_once(own: Mirror, store: Store) -> None:
    tags = set()
    for number in range(5):
        text = f"第{number}稿" * 50
        store.put("/yaowen/", text.encode(), None)
        plain = call(own, "/yaowen/")
        zipped = call(own, "/yaowen/", accept_encoding="gzip")
        assert plain.text == zipped.text == text
        assert "content-encoding" in zipped.headers
        tags |= {plain.headers["etag"], zipped.headers["etag"]}
    assert len(tags) == 10


def test_a_page_that_is_withdrawn_is_gone_at_once_and_may_return(own: Mirror, store: Store) -> None:
    address = "/yaowen/kaichao/"
    assert call(own, address).status == 200
    store.take_down(address, NOTICE.encode())
    gone = call(own, address)
    assert (gone.status, gone.text) == (410, NOTICE)
    assert "etag" not in gone.headers
    store.put(address, "又来".encode(), store.mark(address))
    assert (call(own, address).status, call(own, address).text) == (200, "又来")
    store.remove(address)
    assert call(own, address).is_applications


def test_the_front_page_is_never_gone(own: Mirror, store: Store) -> None:
    """Its folder holds the general notice, which says nothing of the front page."""
    store.remove("/")
    assert call(own, "/").is_applications


def test_the_whole_mirror_is_taken_down_and_comes_back_at_once(own: Mirror, store: Store) -> None:
    assert call(own, "/yaowen/").status == 200
    store.close()
    for path in ("/", "/yaowen/", "/yaowen", GONE, "/nowhere/", "/feed.atom", "/..", "/503.html"):
        answer = call(own, path)
        assert (answer.status, answer.text) == (503, FILES["/503.html"]), path
        assert answer.headers["retry-after"] == "120"
        assert answer.headers["content-security-policy"] == NOTICE_POLICY
    assert call(own, "/search/").is_applications
    shutil.rmtree(store.root / "closed")
    bare = call(own, "/")
    assert (bare.status, bare.headers["retry-after"]) == (503, "120")
    store.switch(PAGES)
    assert call(own, "/yaowen/").text == FILES["/yaowen/"]


def test_between_page_and_compressed_copy_nobody_gets_the_wrong_one(
    own: Mirror, store: Store
) -> None:
    """The two are renamed one after the other; whoever asks between them must not be served that
    pair for good."""
    path = store.path("/yaowen/")
    copy = path.with_name("index.html.gz")
    old = copy.read_bytes()
    for wrong in (gzip.compress(b"other"), old[:-9], b"no gzip", gzip.compress(b"x" * 10**7)):
        copy.write_bytes(wrong)
        os.utime(path)  # as if renamed just now
        answer = call(own, "/yaowen/", accept_encoding="gzip")
        assert (answer.body.decode(), "content-encoding" in answer.headers) == (
            FILES["/yaowen/"],
            False,
        )
    copy.write_bytes(old)  # and the page as it was
    assert call(own, "/yaowen/", accept_encoding="gzip").body == old
    copy.unlink()
    os.utime(path, (1, 1))
    assert call(own, "/yaowen/", accept_encoding="gzip").text == FILES["/yaowen/"]


def test_without_a_mirror_the_application_answers(tmp_path: Path) -> None:
    mirror = Mirror(application, tmp_path / "none")
    for path in ("/", "/yaowen/", "/yaowen", "/feed.atom"):
        assert call(mirror, path).is_applications
    assert call(mirror, "/yaowen/index.html").text == "没有这个页面。\n"


def test_what_is_no_regular_file_is_not_waited_for(own: Mirror, store: Store) -> None:
    os.mkfifo(store.pages / "pipe.html")
    (store.pages / "folder.html").mkdir()
    before = len(os.listdir("/proc/self/fd")) if sys.platform == "linux" else 0
    for path in ("/pipe.html", "/folder.html"):
        assert call(own, path).is_applications
    if before:
        assert len(os.listdir("/proc/self/fd")) == before


# --- memory -----------------------------------------------------------------------------------


def test_memory_is_bounded_and_answers_stay_right(store: Store) -> None:
    for number in range(60):
        store.put(f"/yaowen/{number}/", f"{number}".encode() * 2000, None)
    mirror = Mirror(application, store.root, keep=60_000)
    for _ in range(2):
        for number in range(60):
            assert call(mirror, f"/yaowen/{number}/").text == f"{number}" * 2000
            assert 0 < mirror.weight <= 60_000
    assert mirror.weight == sum(kept.weight for kept in mirror._kept.values())
    # What is larger than a quarter of the room is served and not kept.
    assert call(mirror, "/yaowen/kaichao/").text == FILES["/yaowen/kaichao/"]
    assert "/yaowen/kaichao/" not in mirror._kept


def test_memory_of_what_clients_send_is_bounded_too(own: Mirror) -> None:
    for number in range(500):
        call(own, "/yaowen/", "GET", f"h{number}", accept_encoding=f"gzip;q=0.{number}1")
        call(own, f"/nowhere/{number}/")
    assert len(own._good_hosts) <= 100
    assert len(own._takes_gzip) <= 200
    assert set(own._kept) == {"/yaowen/"}


def test_a_server_may_add_to_the_headers_it_is_given(own: Mirror) -> None:
    """As the standard library's does."""
    for sent in ({}, {"if_none_match": "*"}):
        for _ in range(2):
            given_headers: list[Any] = []
            asked = environ("/yaowen/", "GET", HOST, **sent)
            own(asked, lambda status, headers, seen=given_headers: seen.append(headers))
            assert ("Server", "x") not in given_headers[0]
            given_headers[0].append(("Server", "x"))


def test_threads_at_the_same_time_get_whole_answers(store: Store) -> None:
    mirror = Mirror(application, store.root, keep=30_000)
    addresses = [a for a in FILES if not a.endswith(("404.html", "410.html", "503.html"))]

    def ask_all(turn: int) -> None:
        for number in range(200):
            address = addresses[(turn + number) % len(addresses)]
            coding = "gzip" if number % 2 else "identity"
            assert call(mirror, address, accept_encoding=coding).text == FILES[address]

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ask_all, range(4)))
    assert mirror.weight == sum(kept.weight for kept in mirror._kept.values())


# --- renditions -------------------------------------------------------------------------------


def test_renditions_are_kept_for_long(mirror: Mirror) -> None:
    image = call(mirror, "/media/images/lotus.width-720.webp")
    assert (image.status, image.body) == (200, b"picture")
    assert image.headers["content-type"] == "image/webp"
    assert image.headers["cache-control"] == FOREVER[1]
    assert image.headers["x-content-type-options"] == "nosniff"
    tag = image.headers["etag"]
    again = call(mirror, "/media/images/lotus.width-720.webp", if_none_match=tag)
    assert (again.status, again.body) == (304, b"")
    head = call(mirror, "/media/images/lotus.width-720.webp", "HEAD")
    assert (head.body, head.headers["content-length"]) == (b"", "7")


@pytest.mark.parametrize(
    "path",
    [
        "/media/images/lost.jpg",
        "/media/images/",
        "/media/images/drawing.svg",
        "/media/images/link.jpg",
        "/media/images/a/b.jpg",
        "/media/images/图.jpg",
        "/media/images/" + "a" * 300 + ".jpg",
        "/media/original_images/lotus.jpg",
        "/media/documents/report.pdf",
    ],
)
def test_other_media_are_the_application_s(path: str, mirror: Mirror) -> None:
    assert call(mirror, path).is_applications
    assert call(mirror, "/media/images/lotus.width-720.webp", "POST").is_applications
    assert call(mirror, "/media/images/lotus.width-720.webp", "GET", "evil").is_applications


# --- whatever is asked ------------------------------------------------------------------------

PIECES = [
    *("/", "//", ".", "..", "%2e", "%2f", "\\", "\0", "\n", "\x7f", "~", "yaowen", "kaichao"),
    *("chegao", "index.html", "410.html", ".gz", ".new-1", "linked", "secret", ".html", ".txt"),
    *("outside", "pages", "closed", "live", "mirror", "feed", ".atom", "up", "dangling", "plain"),
    *("\xff", "\xe4\xbd\xa0", "\ud800", "图", "a" * 300, "*", " ", ".git", "images", "media"),
]
PATHS = st.one_of(
    st.binary(max_size=60).map(lambda raw: "/" + raw.decode("latin-1")),
    st.text(max_size=60).map(lambda text: f"/{text}"),
    st.lists(st.sampled_from(PIECES), max_size=12).map(lambda parts: "/" + "".join(parts)),
    st.lists(st.sampled_from(PIECES), max_size=12).map(lambda parts: "/".join(["", *parts])),
)
ALLOWED = {text.encode() for text in FILES.values()} | {NOTICE.encode()}


@settings(max_examples=600)
@given(
    path=PATHS,
    method=st.sampled_from(["GET", "HEAD", "POST", "get", ""]),
    sent=st.dictionaries(
        st.sampled_from(["accept_encoding", "if_none_match", "if_modified_since", "range"]),
        st.one_of(st.text(max_size=20), st.sampled_from(["gzip", "*", '"x"', "bytes=0-1"])),
    ),
    host=st.one_of(st.none(), st.just(HOST), st.text(max_size=20)),
)
def test_whatever_is_asked_it_is_a_file_of_the_mirror_or_the_application_s(
    path: str, method: str, sent: dict[str, str], host: str | None, mirror: Mirror
) -> None:
    answer = call(mirror, path, method, host, **sent)
    assert answer.is_applications or answer.status in (200, 301, 304, 400, 404, 405, 410)
    assert SECRET not in answer.body
    if answer.status == 200 and not answer.is_applications and method == "GET":
        assert path.startswith("/media/") or answer.text.encode() in ALLOWED
    if answer.status == 301 and not answer.is_applications:
        assert answer.headers["location"] == f"{path}/"
        assert not answer.headers["location"].startswith("//")
    assert all("\n" not in value and "\r" not in value for value in answer.headers.values())
