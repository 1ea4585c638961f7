"""When a page is drawn, what is kept of it, and that trouble with it troubles nothing else."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ

from rankings.evidence import service as evidence
from rankings.evidence.models import Sighting
from scrapers import services, tasks
from scrapers.browser import BrowserFailed
from scrapers.models import Run, RunState, Trigger
from scrapers.screenshots import Drawing
from scrapers.services import screenshots

from .conftest import AUGUST, person
from .conftest import fetching as page_of
from .test_pictures import Pictures, png

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("evidence_root", "first_of_september", "chromium"),
]
PICTURED = (
    "<!doctype html><meta charset=utf-8><title>2019年8月榜单</title><h1>2019年8月榜单</h1>"
    "<h2>2019年8月县级政务公众号排行榜</h2><img src=a.png>"
).encode()
PLAIN = "<!doctype html><meta charset=utf-8><title>公告</title><p>没有榜单".encode()
SHOT = png(9)


@pytest.fixture
def chromium(monkeypatch) -> None:
    monkeypatch.setattr("scrapers.browser.installed", lambda: "/usr/bin/chromium")


class Pen:
    """Stands for the drawing, and remembers what it was given."""

    def __init__(self, answer: object = Drawing(SHOT, "Chrome/1")) -> None:
        self.answer = answer
        self.given: list[dict] = []

    def __call__(self, data: bytes, **details) -> Drawing:
        self.given.append({"data": data, **details})
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


def run_of(source, content: bytes) -> Run:
    return services.run_source(None, source, AUGUST, Trigger.COMMAND, fetch=page_of(content))


def test_the_kept_page_is_drawn_with_its_kept_pictures(source) -> None:
    run = run_of(source, PICTURED)
    pen = Pen()
    assert not services.take_screenshot(run.pk, draw=pen)  # its pictures are still to come
    services.keep_pictures(run.pk, fetch=Pictures(a=png(1)))
    assert services.take_screenshot(run.pk, draw=pen)
    [given] = pen.given
    assert given["data"] == PICTURED
    assert given["url"] == "https://rank.example.gov.cn/2019/08.html"
    assert given["pictures"] == {"https://rank.example.gov.cn/2019/a.png": png(1)}
    run.refresh_from_db()
    assert evidence.read(run.screenshot.capture) == SHOT
    assert run.screenshot.kind == Sighting.Kind.PICTURE
    assert run.screenshot.url == ""
    assert run.screenshot.request_headers == {
        "Drawn-By": "Chrome/1",
        "Drawn-From": run.sighting.capture.sha256,
    }
    assert not services.take_screenshot(run.pk, draw=pen)
    assert len(pen.given) == 1


def test_a_failed_run_that_got_a_page_is_drawn_as_well(source) -> None:
    run = run_of(source, PLAIN)
    assert run.state == RunState.FAILED
    assert services.take_screenshot(run.pk, draw=Pen())


def test_the_same_page_again_is_not_drawn_again(source, first_of_september) -> None:
    first = run_of(source, PLAIN)
    services.take_screenshot(first.pk, draw=Pen())
    first_of_september.shift(timedelta(hours=20))
    second = run_of(source, PLAIN)
    pen = Pen()
    assert services.take_screenshot(second.pk, draw=pen)
    first.refresh_from_db()
    second.refresh_from_db()
    assert second.screenshot == first.screenshot
    assert not pen.given


@pytest.mark.parametrize(
    "trouble", [BrowserFailed("crashed"), evidence.EvidenceError("磁盘已满。")]
)
def test_trouble_is_tried_twice_and_leaves_the_run_alone(source, trouble) -> None:
    run = run_of(source, PLAIN)
    before = (run.state, run.reason)
    pen = Pen(trouble)
    for _ in range(4):
        assert not services.take_screenshot(run.pk, draw=pen)
    assert len(pen.given) == screenshots.TRIES
    run.refresh_from_db()
    assert (run.state, run.reason, run.screenshot) == (*before, None)


def test_what_is_no_page_is_not_drawn(source) -> None:
    run = run_of(source, b'{"not": "a page"}')
    pen = Pen()
    assert not services.take_screenshot(run.pk, draw=pen)
    assert not pen.given


def queued() -> list[str]:
    return [entry.func() for entry in OrmQ.objects.order_by("pk")]


def test_the_worker_is_asked_once_the_pictures_are_there(source) -> None:
    run = run_of(source, PICTURED)
    services.follow_up(run)
    assert screenshots.DRAW not in queued()
    services.keep_pictures(run.pk, fetch=Pictures(a=png(1)))
    services.follow_up(run)
    assert screenshots.DRAW in queued()


def test_old_runs_and_machines_without_chromium_are_left_alone(source, monkeypatch) -> None:
    run = run_of(source, PLAIN)
    Run.objects.filter(pk=run.pk).update(finished_at=timezone.now() - timedelta(days=3))
    tasks.continue_pictures()
    assert queued() == []
    Run.objects.filter(pk=run.pk).update(finished_at=timezone.now())
    monkeypatch.setattr("scrapers.browser.installed", lambda: None)
    tasks.continue_pictures()
    assert queued() == []
    monkeypatch.setattr("scrapers.browser.installed", lambda: "/usr/bin/chromium")
    tasks.continue_pictures()
    assert queued() == [screenshots.DRAW]


def test_page_pictures_and_screenshot_lead_to_one_another(source, client) -> None:
    run = run_of(source, PICTURED)
    services.keep_pictures(run.pk, fetch=Pictures(a=png(1)))
    services.take_screenshot(run.pk, draw=Pen())
    run.refresh_from_db()
    client.force_login(person("rankings.view_report", "scrapers.view_run"))

    def shown(sighting: Sighting) -> str:
        return client.get(reverse("rankings:evidence", args=[sighting.capture_id])).content.decode()

    page = shown(run.sighting)
    picture = run.pictures.get().sighting
    for other in (picture, run.screenshot):
        assert reverse("rankings:evidence", args=[other.capture_id]) in page
        assert reverse("rankings:evidence_picture", args=[other.capture_id]) in page
        assert reverse("rankings:evidence", args=[run.sighting.capture_id]) in shown(other)
    answer = client.get(reverse("scrapers_run:show", args=[run.pk])).content.decode()
    assert reverse("rankings:evidence", args=[run.screenshot.capture_id]) in answer


@pytest.mark.needs("chromium")
def test_the_real_thing(source, monkeypatch) -> None:
    monkeypatch.undo()
    run = run_of(source, PICTURED)
    services.keep_pictures(run.pk, fetch=Pictures(a=png(200, size=(400, 300))))
    assert services.take_screenshot(run.pk)
    run.refresh_from_db()
    assert evidence.read(run.screenshot.capture).startswith(b"\x89PNG")
    assert "Chrome" in run.screenshot.request_headers["Drawn-By"]
