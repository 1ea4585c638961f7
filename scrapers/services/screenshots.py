"""A picture of how a page looked, kept beside its bytes. Only where there is a Chromium."""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils import timezone
from django_q.tasks import async_task

from rankings.evidence import service as evidence
from rankings.evidence.kinds import HTML, kind_of
from rankings.evidence.models import Sighting
from rankings.evidence.service import EvidenceError

from .. import browser, screenshots
from ..browser import BrowserFailed
from ..models import OPEN_STATES, Run, RunPicture
from .alone import alone

logger = logging.getLogger(__name__)

DRAW = "scrapers.tasks.take_screenshot"
# Pages that Chromium cannot draw are not tried for ever; nobody misses an old one.
TRIES = 2
TRIED_FOR = timedelta(days=2)

Draw = Callable[..., screenshots.Drawing]


def ask_for_screenshots(run: Run | None = None) -> None:
    """Let the worker draw the page of ``run``, or of all late runs that lack it."""
    if browser.installed() is None:
        return
    lacking = _lacking() if run is None else _lacking().filter(pk=run.pk)
    for pk in lacking.values_list("pk", flat=True):
        if cache.get(_key(pk), 0) < TRIES:
            async_task(DRAW, pk, task_name=f"截图 {pk}")


def take_screenshot(pk: int, *, draw: Draw = screenshots.screenshot) -> bool:
    """Draw the run's page as it was kept; whether there is a picture now.

    Trouble is only logged: the page itself is the evidence. One page at a time.
    """
    run = _lacking().select_related("sighting__capture").filter(pk=pk).first()
    with alone("screenshot") as mine:
        if run is None or not mine or cache.get(_key(pk), 0) >= TRIES:
            return False
        cache.set(_key(pk), cache.get(_key(pk), 0) + 1, TRIED_FOR.total_seconds())
        try:
            kept = _same_page(run) or _drawn(run, draw)
        except (BrowserFailed, EvidenceError) as error:
            logger.warning("no screenshot of run %s: %s", pk, error)
            return False
        if kept is not None:
            Run.objects.filter(pk=pk, screenshot=None).update(screenshot=kept)
    return kept is not None


def _lacking() -> QuerySet[Run]:
    """Late runs whose page came and whose pictures are no longer being fetched."""
    return (
        Run.objects.filter(
            sighting__kind=Sighting.Kind.PAGE,
            screenshot=None,
            finished_at__gt=timezone.now() - TRIED_FOR,
        )
        .exclude(state__in=OPEN_STATES)
        .exclude(pictures__in=RunPicture.objects.filter(sighting=None, problem=""))
    )


def _same_page(run: Run) -> Sighting | None:
    """The picture of an earlier run that met the same bytes; pages with pictures may differ."""
    if run.pictures.exists():
        return None
    earlier = Run.objects.filter(sighting__capture=run.sighting.capture).exclude(screenshot=None)
    found = earlier.filter(sighting__url=run.sighting.url, pictures=None).first()
    return found.screenshot if found else None


def _drawn(run: Run, draw: Draw) -> Sighting | None:
    """The drawing, kept; None where the bytes are no page."""
    sighting = run.sighting
    data = evidence.read(sighting.capture)
    if kind_of(data) is not HTML:
        return None
    pictures = {
        picture.url: evidence.read(picture.sighting.capture)
        for picture in run.pictures.exclude(sighting=None).select_related("sighting__capture")
    }
    drawing = draw(
        data,
        url=sighting.final_url or sighting.url,
        content_type=sighting.content_type,
        pictures=pictures,
    )
    # No address: these bytes came from nobody's server.
    return evidence.store(
        drawing.data,
        kind=Sighting.Kind.PICTURE,
        content_type="image/png",
        request_headers={
            "Drawn-By": drawing.program,
            "Drawn-From": sighting.capture.sha256,
        },
        fetched_at=timezone.now(),
    )


def _key(pk: int) -> str:
    return f"scrapers:screenshot:{pk}"
