"""The pictures of a page: noted with its run, then fetched, kept and read by the worker.

The rows are the truth: a picture with neither ``sighting`` nor ``problem`` has still to be fetched,
one with neither ``read_at`` nor ``problem`` has still to be read. So work that was cut short is
taken up again. A picture that fails never fails its run; the sentence stands beside it.
"""

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django_q.tasks import async_task

from cms.ops import audit
from rankings.evidence import service as evidence
from rankings.evidence.kinds import kind_of
from rankings.evidence.models import Capture, Sighting
from rankings.evidence.service import EvidenceError
from rankings.models import Account

from .. import fetching
from ..extract import PageRefused
from ..extract.picture_sources import EMBEDDED, embedded
from ..fetch_errors import FetchError, TryLater
from ..models import OPEN_STATES, WAITING_STATES, Run, RunPicture, RunState
from .alone import alone
from .closing import close
from .errors import ScrapeError
from .extracting import storable
from .hosts import HostRows

logger = logging.getLogger(__name__)

MOST = 40
TOGETHER = 30 * 1024 * 1024
ATTEMPTS = 3
# A task begins nothing new after so many seconds, so that it ends well before the queue ends it.
TASK_SECONDS = 90
# One picture may take so long: the page itself has come from there a moment ago.
LIMITS = fetching.Limits(total=30, attempts=2, waiting=60)
URL_LIMIT = RunPicture._meta.get_field("url").max_length

KEEP = "scrapers.tasks.keep_pictures"
READ = "scrapers.tasks.read_pictures"

Fetch = Callable[..., fetching.FetchedPage]
# ``scrapers.ocr.read_picture``.
Reader = Callable[..., Any]


# --- which pictures ---------------------------------------------------------------------------


def note_pictures(run: Run) -> None:
    """Make a row for each picture that ``run.extraction`` names; any number of times.

    Only the first ``MOST`` of a page are kept; one row more says how many are not.
    """
    places = [
        (position, number, address)
        for position, board in enumerate((run.extraction or {}).get("boards", []))
        for number, address in enumerate(board.get("pictures", []))
    ]
    rows = [_row(run, *place) for place in places[: MOST + 1]]
    if len(places) > MOST:
        rows[MOST].problem = (
            f"从这一张起还有 {len(places) - MOST} 张图片没有保存（一页最多 {MOST} 张），"
            "请打开原网页核对。"
        )
    RunPicture.objects.bulk_create(rows, ignore_conflicts=True)


def _row(run: Run, board: int, number: int, address: str) -> RunPicture:
    long = len(address) > URL_LIMIT
    return RunPicture(
        run=run,
        board=board,
        number=number,
        url=address[:URL_LIMIT],
        problem=f"图片地址超过 {URL_LIMIT} 个字符，没有下载。请打开原网页核对。" if long else "",
    )


def _to_fetch() -> QuerySet[RunPicture]:
    return RunPicture.objects.filter(sighting=None, problem="").exclude(run__state__in=OPEN_STATES)


def _to_read() -> QuerySet[RunPicture]:
    """Only of runs that wait for a person: nobody reads the others' tables."""
    return RunPicture.objects.filter(
        sighting__isnull=False, read_at=None, problem="", run__state__in=WAITING_STATES
    ).order_by("pk")


# --- by the worker ----------------------------------------------------------------------------


def ask_for_pictures(run: Run | None = None) -> None:
    """Let the worker do what is still to be done, for ``run`` or for all."""
    pending = _to_fetch() if run is None else _to_fetch().filter(run=run)
    for pk in pending.order_by("run").values_list("run", flat=True).distinct():
        async_task(KEEP, pk, task_name=f"取图片 {pk}")
    if _to_read().exists():
        async_task(READ, task_name="识别图片")


def keep_pictures(pk: int, *, fetch: Fetch = fetching.fetch) -> int:
    """Fetch and keep the run's pictures that are not yet; answers how many were kept.

    May be called any number of times. Does nothing while another worker is at the same run.
    """
    run = Run.objects.select_related("source", "sighting__capture").get(pk=pk)
    kept = 0
    with alone(f"pictures:{pk}") as mine:
        if not mine:
            return 0
        begun = time.monotonic()
        for picture in _to_fetch().filter(run=run).order_by("board", "number"):
            if time.monotonic() - begun > TASK_SECONDS:
                break
            kept += _keep(run, picture, fetch)
    return kept


def _keep(run: Run, picture: RunPicture, fetch: Fetch) -> bool:
    if picture.attempts >= ATTEMPTS:
        _fail(
            picture,
            f"取这张图片试了 {ATTEMPTS} 次都没有成功（对方网站让我们等，或进程被终止），"
            "请稍后点“重新取图片”。",
        )
        return False
    # Counted first: what kills the worker must not be tried for ever.
    RunPicture.objects.filter(pk=picture.pk).update(attempts=F("attempts") + 1)
    twin = run.pictures.filter(url=picture.url, sighting__isnull=False).first()
    try:
        sighting = twin.sighting if twin else _sighting(run, picture, fetch)
    except TryLater as later:
        logger.info("picture %s of run %s: %s", picture.number, run.pk, later)
        return False
    except (FetchError, EvidenceError, ScrapeError, PageRefused) as error:
        _fail(picture, str(error))
        return False
    with transaction.atomic():
        RunPicture.objects.filter(pk=picture.pk).update(sighting=sighting, attempts=0)
        _notice_change(run, picture, sighting)
    return True


def _fail(picture: RunPicture, problem: str) -> None:
    RunPicture.objects.filter(pk=picture.pk).update(problem=problem)


def _sighting(run: Run, picture: RunPicture, fetch: Fetch) -> Sighting:
    """The picture, kept. Raises ``FetchError``, ``EvidenceError`` or ``ScrapeError``."""
    if picture.url.startswith(EMBEDDED):
        return _from_the_page(run, picture)
    _check_host(run, picture.url)
    before = _before(run, picture)
    seen = None
    if before is not None:
        etag, modified = fetching.validators(before.response_headers, before.fetched_at)
        seen = fetching.Seen(before.final_url or before.url, etag, modified)
    left = TOGETHER - _kept_bytes(run)
    if left <= 0:
        raise ScrapeError(
            f"这一页的图片合计已到 {TOGETHER // 2**20} MB 的上限，这张没有下载。"
            "请打开原网页核对，或在网页上另存后上传。"
        )
    page = fetch(
        picture.url,
        allowed_hosts=run.source.hosts,
        expect="picture",
        seen=seen,
        hosts=HostRows(),
        limits=LIMITS,
    )
    if page.not_modified and before is not None:
        return before
    return evidence.store(
        page.data,
        kind=Sighting.Kind.PICTURE,
        url=page.url,
        final_url=page.final_url,
        http_status=page.status,
        content_type=page.content_type,
        request_headers=page.request_headers,
        response_headers=page.headers,
        fetched_at=page.fetched_at,
    )


def _from_the_page(run: Run, picture: RunPicture) -> Sighting:
    """A picture that lies in the page itself: nothing is fetched."""
    page = run.sighting
    data = embedded(evidence.read(page.capture), page.content_type).get(picture.url, b"")
    kind = kind_of(data)
    if not kind.picture:
        raise ScrapeError("网页里嵌入的这张图片不完整，或不是图片。请打开原网页核对。")
    return evidence.store(
        data, kind=Sighting.Kind.PICTURE, content_type=kind.content_type, fetched_at=page.fetched_at
    )


def _check_host(run: Run, url: str) -> None:
    """Say which host would have to be allowed; the fetch itself checks again."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return
    if parts.scheme not in ("http", "https") or not host:
        return
    wanted = f"{host}:{port}" if port else host
    if not {host, wanted} & set(run.source.hosts):
        raise ScrapeError(
            f"图片在另一台主机 {wanted} 上，没有下载。需要时请在来源“{run.source}”的"
            f"“允许的主机”里加一行 {wanted}，再点“重新取图片”。"
        )


def _earlier(run: Run, picture: RunPicture) -> QuerySet[RunPicture]:
    """The same address on earlier runs of the source, the latest first."""
    return (
        RunPicture.objects.filter(run__source=run.source, url=picture.url, run__lt=run.pk)
        .exclude(sighting=None)
        .select_related("sighting__capture")
        .order_by("-run")
    )


def _before(run: Run, picture: RunPicture) -> Sighting | None:
    """What was held last, if its bytes are sound: it need not come again if it is unchanged."""
    earlier = _earlier(run, picture).filter(sighting__http_status=200).first()
    if earlier is None:
        return None
    try:
        evidence.read(earlier.sighting.capture)
    except EvidenceError:
        return None
    return earlier.sighting


def _kept_bytes(run: Run) -> int:
    captures = run.pictures.exclude(sighting=None).values("sighting__capture")
    return sum(Capture.objects.filter(pk__in=captures).values_list("size", flat=True))


def _notice_change(run: Run, picture: RunPicture, sighting: Sighting) -> None:
    """A page that is as before and whose picture is not is a revised list: people must look."""
    before = _earlier(run, picture).filter(run__month=run.month).first()
    if before is None or before.sighting.capture_id == sighting.capture_id:
        return
    run = Run.objects.select_for_update().get(pk=run.pk)
    if run.state == RunState.UNCHANGED:
        close(
            run,
            RunState.TRANSCRIPTION,
            f"网页没有变化，但榜单图片与第 {before.run_id} 号抓取记录时不同，"
            "可能是更正后的榜单，请对照图片核对。",
            {},
        )


# --- reading ----------------------------------------------------------------------------------


def read_pictures(*, reader: Reader | None = None) -> int:
    """Read the kept pictures that are not yet, one after another; answers how many.

    One worker at a time on all machines, for it takes all of a processor and much memory.
    """
    done = 0
    with alone("ocr") as mine:
        begun = time.monotonic()
        while mine and time.monotonic() - begun <= TASK_SECONDS:
            picture = _to_read().select_related("run__source", "sighting__capture").first()
            if picture is None:
                break
            done += _read(picture, reader)
    return done


def _read(picture: RunPicture, reader: Reader | None) -> bool:
    if picture.attempts >= ATTEMPTS:
        _fail(picture, f"识别时中断了 {ATTEMPTS} 次，不再自动重试。请对照图片录入。")
        return False
    RunPicture.objects.filter(pk=picture.pk).update(attempts=F("attempts") + 1)
    try:
        reading = _reading(picture, reader)
    except (EvidenceError, ScrapeError, PageRefused) as error:
        _fail(picture, str(error))
        return False
    problem = reading["note"] if reading["verdict"] == "failed" else ""
    RunPicture.objects.filter(pk=picture.pk).update(
        reading=reading, read_at=timezone.now(), problem=problem, attempts=0
    )
    return True


def _reading(picture: RunPicture, reader: Reader | None) -> Mapping[str, Any]:
    if reader is None:
        # The engine is heavy and optional: it is loaded only where it is used.
        from .. import ocr

        if not ocr.ocr_available():
            raise ScrapeError(ocr.why_unavailable())
        reader = ocr.read_picture
    sighting = picture.sighting
    found = reader(
        evidence.read(sighting.capture),
        fetched_at=sighting.fetched_at,
        url=sighting.final_url or sighting.url,
        names=tuple(Account.objects.values_list("name", flat=True)),
    )
    return storable(found.to_json(explain=True))


# --- by a person ------------------------------------------------------------------------------


def retry_pictures(actor: Any, run: Run) -> int:
    """Try the pictures again that were not fetched or not read; answers how many.

    For when a host has been allowed, or the reading program installed, in the meantime. Raises
    ``PermissionDenied`` or ``ScrapeError`` (there is nothing to try again).
    """
    if not (actor.has_perm("scrapers.run_source") or actor.has_perm("scrapers.review_run")):
        raise PermissionDenied("您没有抓取来源的权限。")
    with transaction.atomic():
        Run.objects.select_for_update().get(pk=run.pk)
        failed = run.pictures.exclude(problem="").filter(read_at=None)
        # The row that only counts what is beyond the cap stays as it is.
        within = list(run.pictures.values_list("pk", flat=True)[:MOST])
        count = failed.filter(pk__in=within).update(problem="", attempts=0)
        if not count:
            raise ScrapeError("没有需要重新取的图片。")
        audit.record(actor, "scrape.pictures", run, {"pictures": count})
        transaction.on_commit(lambda: ask_for_pictures(run))
    return count
