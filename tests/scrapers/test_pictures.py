"""The pictures of a page: fetched, kept, read; each trouble a sentence beside its picture."""

import base64
import io
from datetime import UTC, timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django_q.models import OrmQ
from PIL import Image

from bench.drawing import DESIGNS, draw
from cms.ops.models import AuditEntry
from rankings.evidence import service as evidence
from rankings.evidence.models import Capture, Sighting
from scrapers import services, tasks
from scrapers.extract import Extraction
from scrapers.fetch_errors import BadStatus, TryLater
from scrapers.fetching import FetchedPage
from scrapers.models import Run, RunState, Trigger
from scrapers.services import pictures
from scrapers.services.alone import alone

from .conftest import AUGUST, listing, make_source, page, person
from .conftest import fetching as page_of
from .fetching.servers import running_server

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("evidence_root", "first_of_september", "extraction_is_the_page"),
]
HOST = "https://rank.example.gov.cn"


def png(shade: int = 0, *, size: tuple[int, int] = (40, 30)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, (shade, 0, 0)).save(buffer, "PNG")
    return buffer.getvalue()


def pictured(*addresses: str, **details) -> dict:
    """A page whose only list is the pictures at ``addresses``."""
    board = listing(needs_transcription=True, pictures=list(addresses))
    return page(board, verdict="needs_transcription", flags=["picture_only"], **details)


def run_of(source, content) -> Run:
    return services.run_source(None, source, AUGUST, Trigger.COMMAND, fetch=page_of(content))


@pytest.fixture(autouse=True)
def no_chromium(monkeypatch) -> None:
    monkeypatch.setattr("scrapers.browser.installed", lambda: None)


class Pictures:
    """A ``fetch`` that has these pictures or errors by address, and remembers what was asked."""

    def __init__(self, **by_name: object) -> None:
        self.by_name = by_name
        self.asked: list[tuple[str, dict]] = []

    def __call__(self, url: str, *, allowed_hosts, **details) -> FetchedPage:
        self.asked.append((url, {"allowed_hosts": allowed_hosts, **details}))
        found = self.by_name[url.rpartition("/")[2].partition(".")[0]]
        if isinstance(found, BaseException):
            raise found
        return FetchedPage(
            data=found or b"",
            url=url,
            final_url=url,
            status=200 if found else 304,
            content_type="image/png",
            fetched_at=timezone.now().astimezone(UTC),
            headers={"ETag": '"one"'},
            not_modified=not found,
        )


def shown(run: Run) -> list[tuple[int, int, bool, str]]:
    return [(p.board, p.number, p.sighting is not None, p.problem) for p in run.pictures.all()]


# --- keeping ----------------------------------------------------------------------------------


def test_every_picture_of_the_board_is_kept_with_the_run(source) -> None:
    run = run_of(source, pictured(f"{HOST}/a.png", f"{HOST}/b.png"))
    assert run.state == RunState.TRANSCRIPTION
    assert shown(run) == [(0, 0, False, ""), (0, 1, False, "")]
    fetch = Pictures(a=png(1), b=png(2))
    assert services.keep_pictures(run.pk, fetch=fetch) == 2
    assert shown(run) == [(0, 0, True, ""), (0, 1, True, "")]
    url, details = fetch.asked[0]
    assert url == f"{HOST}/a.png"
    assert details["expect"] == "picture"
    assert details["allowed_hosts"] == ["rank.example.gov.cn"]
    sighting = run.pictures.first().sighting
    assert sighting.kind == Sighting.Kind.PICTURE
    assert sighting.url == f"{HOST}/a.png"
    assert evidence.read(sighting.capture) == png(1)


def test_again_fetches_nothing_twice(source) -> None:
    run = run_of(source, pictured(f"{HOST}/a.png", f"{HOST}/b.png"))
    with pytest.raises(KeyboardInterrupt):
        services.keep_pictures(run.pk, fetch=Pictures(a=png(1), b=KeyboardInterrupt()))
    fetch = Pictures(b=png(2))
    assert services.keep_pictures(run.pk, fetch=fetch) == 1
    assert [url for url, _ in fetch.asked] == [f"{HOST}/b.png"]
    pictures.note_pictures(run)
    assert services.keep_pictures(run.pk, fetch=Pictures()) == 0
    assert run.pictures.count() == 2


def test_one_address_twice_on_a_page_is_fetched_once(source) -> None:
    run = run_of(source, pictured(f"{HOST}/a.png", f"{HOST}/a.png"))
    fetch = Pictures(a=png(1))
    assert services.keep_pictures(run.pk, fetch=fetch) == 2
    assert len(fetch.asked) == 1
    assert Sighting.objects.filter(kind=Sighting.Kind.PICTURE).count() == 1


def test_another_worker_at_the_same_run_is_left_to_it(source) -> None:
    run = run_of(source, pictured(f"{HOST}/a.png"))
    with alone(f"pictures:{run.pk}") as mine:
        assert mine
        assert services.keep_pictures(run.pk, fetch=Pictures()) == 0
    assert services.keep_pictures(run.pk, fetch=Pictures(a=png())) == 1


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("https://mmbiz.qpic.cn/a.png", "里加一行 mmbiz.qpic.cn，再点“重新取图片”"),
        ("https://rank.example.gov.cn:8443/a.png", None),
        ("https://cdn.example.cn:8443/a.png", "加一行 cdn.example.cn:8443"),
    ],
    ids=["other-host", "own-host", "other-port"],
)
def test_a_picture_on_another_host_is_not_fetched(source, address, sentence) -> None:
    run = run_of(source, pictured(address))
    fetch = Pictures(a=png())
    services.keep_pictures(run.pk, fetch=fetch)
    assert bool(fetch.asked) is (sentence is None)
    assert (sentence or "") in run.pictures.get().problem


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "ftp://rank.example.gov.cn/a.png", "http://[bad/a.png", "javascript:0"],
)
def test_what_is_no_web_address_is_refused_by_the_fetch(source, address) -> None:
    run = run_of(source, pictured(address))
    assert services.keep_pictures(run.pk) == 0
    assert run.pictures.get().problem


def test_a_picture_that_fails_leaves_the_run_and_the_others_alone(source) -> None:
    run = run_of(source, pictured(f"{HOST}/a.png", f"{HOST}/b.png"))
    gone = BadStatus("页面不存在（HTTP 404）。", 404)
    assert services.keep_pictures(run.pk, fetch=Pictures(a=gone, b=png())) == 1
    assert shown(run) == [(0, 0, False, "页面不存在（HTTP 404）。"), (0, 1, True, "")]
    run.refresh_from_db()
    assert run.state == RunState.TRANSCRIPTION


def test_a_host_that_asks_for_patience_is_asked_again_later_and_not_for_ever(source) -> None:
    run = run_of(source, pictured(f"{HOST}/a.png"))
    later = TryLater("请稍后再来。", timezone.now() + timedelta(hours=1))
    for _ in range(pictures.ATTEMPTS):
        assert run.pictures.get().problem == ""
        services.keep_pictures(run.pk, fetch=Pictures(a=later))
    services.keep_pictures(run.pk, fetch=Pictures())
    assert "试了 3 次" in run.pictures.get().problem


def test_no_more_than_forty_pictures_and_it_is_said(source) -> None:
    run = run_of(source, pictured(*(f"{HOST}/a.png?{n}" for n in range(60))))
    assert run.pictures.count() == pictures.MOST + 1
    assert "还有 20 张图片没有保存" in run.pictures.last().problem
    fetch = Pictures(a=png())
    assert services.keep_pictures(run.pk, fetch=fetch) == pictures.MOST


def test_no_more_than_so_many_bytes_a_page(source, monkeypatch) -> None:
    monkeypatch.setattr(pictures, "TOGETHER", len(png(1)) + 1)
    run = run_of(source, pictured(*(f"{HOST}/{name}.png" for name in "abc")))
    assert services.keep_pictures(run.pk, fetch=Pictures(a=png(1), b=png(2), c=png(3))) == 2
    assert "上限" in run.pictures.last().problem


def test_an_address_too_long_is_a_problem_of_its_own(source) -> None:
    run = run_of(source, pictured(f"{HOST}/{'x' * 3000}.png", f"{HOST}/a.png"))
    assert services.keep_pictures(run.pk, fetch=Pictures(a=png())) == 1
    assert "超过 2000 个字符" in run.pictures.first().problem


def test_a_full_disk_keeps_no_row_without_its_picture(source, monkeypatch) -> None:
    run = run_of(source, pictured(f"{HOST}/a.png"))

    def full(*args, **details):
        raise evidence.EvidenceError("存证文件写入失败（磁盘已满）。")

    captures = Capture.objects.count()
    monkeypatch.setattr(evidence, "store", full)
    assert services.keep_pictures(run.pk, fetch=Pictures(a=png())) == 0
    assert shown(run) == [(0, 0, False, "存证文件写入失败（磁盘已满）。")]
    assert Capture.objects.count() == captures


def test_pages_without_pictures_and_failed_runs_have_none(source) -> None:
    assert not run_of(source, page()).pictures.exists()
    assert not run_of(source, BadStatus("页面不存在。", 404)).pictures.exists()


# --- a picture inside the page ----------------------------------------------------------------


def embedding(content: bytes) -> bytes:
    data = base64.b64encode(content).decode()
    return (
        "<meta charset=utf-8><title>2019年8月榜单</title><h1>2019年8月榜单</h1>"
        f'<h2>2019年8月县级政务公众号排行榜</h2><p><img src="data:image/png;base64,{data}">'
    ).encode()


def noise(size: int) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((size, size), 80).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("whole", "sentence"), [(True, ""), (False, "不完整，或不是图片")], ids=["whole", "broken"]
)
def test_a_picture_inside_the_page(source, monkeypatch, whole, sentence) -> None:
    monkeypatch.undo()  # the real extraction
    content = noise(100) if whole else b"no picture " * 1000
    run = run_of(source, embedding(content))
    assert services.keep_pictures(run.pk, fetch=Pictures()) == whole
    picture = run.pictures.get()
    assert sentence in picture.problem
    if whole:
        assert evidence.read(picture.sighting.capture) == content
        assert picture.sighting.fetched_at == run.sighting.fetched_at


# --- the revised list -------------------------------------------------------------------------


def test_a_picture_that_is_unchanged_is_not_sent_again(source, first_of_september) -> None:
    first = run_of(source, pictured(f"{HOST}/a.png"))
    services.keep_pictures(first.pk, fetch=Pictures(a=png()))
    first_of_september.shift(timedelta(days=7))
    second = run_of(source, pictured(f"{HOST}/a.png"))
    fetch = Pictures(a=None)
    services.keep_pictures(second.pk, fetch=fetch)
    assert fetch.asked[0][1]["seen"].etag == '"one"'
    assert second.pictures.get().sighting == first.pictures.get().sighting
    second.refresh_from_db()
    assert second.state == RunState.UNCHANGED


def test_another_picture_under_the_same_page_is_shown_to_people(source, first_of_september) -> None:
    first = run_of(source, pictured(f"{HOST}/a.png"))
    services.keep_pictures(first.pk, fetch=Pictures(a=png(1)))
    first_of_september.shift(timedelta(days=7))
    second = run_of(source, pictured(f"{HOST}/a.png"))
    assert second.state == RunState.UNCHANGED
    services.keep_pictures(second.pk, fetch=Pictures(a=png(2)))
    second.refresh_from_db()
    assert second.state == RunState.TRANSCRIPTION
    assert f"第 {first.pk} 号" in second.reason


# --- reading ----------------------------------------------------------------------------------


class Reader:
    """Stands for ``scrapers.ocr.read_picture``."""

    def __init__(self, *answers: object) -> None:
        self.answers = list(answers)
        self.given: list[tuple[bytes, dict]] = []

    def __call__(self, data: bytes, **details) -> Extraction:
        self.given.append((data, details))
        answer = self.answers.pop(0) if self.answers else Extraction("needs_transcription")
        if isinstance(answer, BaseException):
            raise answer
        return answer


def kept(source, *names: str) -> Run:
    run = run_of(source, pictured(*(f"{HOST}/{name}.png" for name in names)))
    services.keep_pictures(run.pk, fetch=Pictures(**{n: png(i) for i, n in enumerate(names)}))
    return run


def test_pictures_are_read_one_after_another(source) -> None:
    run = kept(source, "a", "b")
    reader = Reader()
    assert services.read_pictures(reader=reader) == 2
    assert services.read_pictures(reader=reader) == 0
    data, details = reader.given[0]
    assert data == png(0)
    assert details["url"] == f"{HOST}/a.png"
    assert details["fetched_at"] == run.pictures.first().sighting.fetched_at
    assert all(p.reading["verdict"] == "needs_transcription" for p in run.pictures.all())
    assert all(p.read_at for p in run.pictures.all())


def test_a_picture_without_a_list_says_so(source) -> None:
    run = kept(source, "a")
    services.read_pictures(reader=Reader(Extraction.refused("图片里没有榜单。")))
    assert run.pictures.get().problem == "图片里没有榜单。"


def test_what_kills_the_reader_is_not_read_for_ever(source) -> None:
    run = kept(source, "a", "b")
    for _ in range(pictures.ATTEMPTS):
        with pytest.raises(MemoryError):
            services.read_pictures(reader=Reader(MemoryError()))
    assert services.read_pictures(reader=Reader()) == 1
    assert "中断了 3 次" in run.pictures.first().problem
    assert run.pictures.last().reading


def test_one_reader_at_a_time(source) -> None:
    kept(source, "a")
    with alone("ocr"):
        assert services.read_pictures(reader=Reader()) == 0


def test_nothing_is_read_for_runs_that_wait_for_nobody(source) -> None:
    run = kept(source, "a")
    Run.objects.filter(pk=run.pk).update(state=RunState.REJECTED)
    reader = Reader()
    assert services.read_pictures(reader=reader) == 0
    assert not reader.given


def test_evidence_that_is_damaged_is_not_read(source, evidence_root) -> None:
    run = kept(source, "a")
    (evidence_root / run.pictures.get().sighting.capture.path).unlink()
    assert services.read_pictures(reader=Reader()) == 0
    assert "不见了" in run.pictures.get().problem


# --- by the worker and by people --------------------------------------------------------------


def queued() -> list[str]:
    return [entry.func() for entry in OrmQ.objects.order_by("pk")]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_worker_goes_on_from_run_to_pictures_to_reading(source, monkeypatch) -> None:
    run = services.request_run(None, source, AUGUST, Trigger.SCHEDULE)
    content = pictured(f"{HOST}/a.png")
    real = services.execute_run
    monkeypatch.setattr(services, "execute_run", lambda pk: real(pk, fetch=page_of(content)))
    keep = services.keep_pictures
    monkeypatch.setattr(services, "keep_pictures", lambda pk: keep(pk, fetch=Pictures(a=png())))
    OrmQ.objects.all().delete()
    tasks.execute(run.pk)
    assert queued() == [pictures.KEEP]
    OrmQ.objects.all().delete()
    assert tasks.keep_pictures(run.pk) == 1
    assert queued() == [pictures.READ]


def test_what_a_killed_worker_left_is_taken_up(source) -> None:
    run = run_of(source, pictured(f"{HOST}/a.png"))
    tasks.continue_pictures()
    assert queued() == [pictures.KEEP]
    OrmQ.objects.all().delete()
    services.keep_pictures(run.pk, fetch=Pictures(a=png()))
    tasks.continue_pictures()
    assert queued() == [pictures.READ]


def test_a_person_lets_it_be_tried_again_once_the_host_is_allowed(
    source, django_capture_on_commit_callbacks
) -> None:
    run = run_of(source, pictured("https://mmbiz.qpic.cn/a.png"))
    services.keep_pictures(run.pk, fetch=Pictures())
    source.allowed_hosts += "\nmmbiz.qpic.cn"
    source.save()
    reviewer = person("scrapers.review_run")
    with django_capture_on_commit_callbacks(execute=True):
        assert services.retry_pictures(reviewer, run) == 1
    assert queued() == [pictures.KEEP]
    assert AuditEntry.objects.filter(action="scrape.pictures").get().detail == {"pictures": 1}
    assert services.keep_pictures(run.pk, fetch=Pictures(a=png())) == 1
    with pytest.raises(services.ScrapeError, match="没有需要"):
        services.retry_pictures(reviewer, run)


def test_not_everybody_may_have_it_tried_again(source) -> None:
    run = run_of(source, pictured("https://mmbiz.qpic.cn/a.png"))
    with pytest.raises(PermissionDenied):
        services.retry_pictures(person("scrapers.view_run"), run)


def test_the_place_is_free_again_after_the_work_and_after_a_fault() -> None:
    with pytest.raises(MemoryError), alone("x"):
        raise MemoryError
    with alone("x") as mine, alone("x") as other, alone("y") as third:
        assert (mine, other, third) == (True, False, True)
    cache.clear()


# --- the real thing ---------------------------------------------------------------------------


def test_over_the_wire(board, monkeypatch) -> None:
    monkeypatch.undo()  # the real extraction
    with running_server() as server:
        server.put(
            "/a/201908.html",
            "<meta charset=utf-8><title>2019年8月榜单</title><h1>2019年8月榜单</h1>"
            "<h2>2019年8月县级政务公众号排行榜</h2><img src=list.png><img src=fake.png>".encode(),
        )
        server.put("/a/list.png", png(7), Content_Type="image/png")
        server.put("/a/fake.png", b"<html>hotlink</html>", Content_Type="image/png")
        local = make_source(
            board, address=server.url("/a/{year}{month:02d}.html"), allowed_hosts="127.0.0.1"
        )
        run = services.run_source(None, local, AUGUST, Trigger.COMMAND)
        assert services.keep_pictures(run.pk) == 1
    first, second = run.pictures.all()
    assert evidence.read(first.sighting.capture) == png(7)
    assert "不是图片" in second.problem


@pytest.mark.needs("ocr", "fonts-noto-cjk")
def test_a_kept_picture_is_really_read(source) -> None:
    printed = draw(DESIGNS[0], 3, 1, ["在荷塘", "荷塘发布", "掌上张家界"])
    run = run_of(source, pictured(f"{HOST}/a.png"))
    services.keep_pictures(run.pk, fetch=Pictures(a=printed.data))
    assert services.read_pictures() == 1
    picture = run.pictures.get()
    assert picture.problem == ""
    [board] = picture.reading["boards"]
    assert [row["account"] for row in board["rows"]] == ["在荷塘", "荷塘发布", "掌上张家界"]
    assert len(services.effective_of(run)["boards"][0]["rows"]) == 3


def test_without_the_reading_program_the_picture_says_how_to_install_it(
    source, monkeypatch
) -> None:
    run = kept(source, "a")
    monkeypatch.setattr("scrapers.ocr.ocr_available", lambda: False)
    monkeypatch.setattr("scrapers.ocr.why_unavailable", lambda: "请安装 requirements-ocr.txt。")
    assert services.read_pictures() == 0
    picture = run.pictures.get()
    assert picture.problem == "请安装 requirements-ocr.txt。"
    assert picture.reading is None
    run.refresh_from_db()
    assert run.state == RunState.TRANSCRIPTION
    assert services.retry_pictures(person("scrapers.review_run"), run) == 1
    assert services.read_pictures(reader=Reader()) == 1
