"""Jobs become files: none is lost, none stops another, and nobody writes beside the one at work."""

import errno
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from cms.mirror import closing, jobs, release, tasks, worker
from cms.mirror.files import Store, sha256
from cms.mirror.models import MirrorFile, MirrorJob
from tests.factories.users import UserFactory

from .scene import FEED, OTHER, PAGE, Site, build, site, waiting, written

__all__ = ["site"]
pytestmark = pytest.mark.django_db


def test_a_job_becomes_a_file_and_is_forgotten(site: Site, mirror: Store) -> None:
    site.change(PAGE, "新")
    report = worker.render_pending()
    assert (report.written, report.unchanged, report.failed) == (1, 0, [])
    assert mirror.read(PAGE) == (200, "新".encode())
    assert waiting() == []
    row = MirrorFile.objects.get(address=PAGE)
    assert (row.status, row.sha256, row.size) == (200, sha256("新".encode()), 3)


def test_many_requests_of_an_address_are_one_rendering(site: Site) -> None:
    for number in range(5):
        site.change(PAGE, str(number))
    assert worker.render_pending().done == 1
    assert site.rendered == [PAGE] and waiting() == []


def test_what_people_did_last_comes_before_a_rebuilding(site: Site, mirror: Store) -> None:
    jobs.request((f"/old/{number}/" for number in range(150)), "重建")
    site.change(PAGE, "新")
    worker.render_pending()
    assert site.rendered[0] == PAGE


def test_a_page_that_is_gone_leaves_its_notice_and_no_row_of_feeds(
    site: Site, mirror: Store
) -> None:
    build()
    site.gone = {PAGE, FEED}
    jobs.request([PAGE, FEED], "撤稿")
    worker.render_pending()
    assert mirror.read(PAGE) == (410, b"gone") and mirror.read(FEED) is None
    assert written()[PAGE] == 410 and FEED not in written()


def test_what_is_no_longer_there_is_removed(site: Site, mirror: Store) -> None:
    build()
    site.change(PAGE, None)
    worker.render_pending()
    assert mirror.read(PAGE) is None and PAGE not in written()


def test_a_job_that_comes_while_its_page_is_rendered_is_not_lost(site: Site, mirror: Store) -> None:
    site.change(PAGE, "一")
    site.meanwhile[PAGE] = lambda: site.change(PAGE, "二")
    worker.render_pending()
    assert site.rendered == [PAGE, PAGE]
    assert mirror.read(PAGE) == (200, "二".encode()) and waiting() == []


def test_a_failing_page_stops_no_other_and_is_tried_again_after_a_rest(
    site: Site, mirror: Store, time_machine: Any
) -> None:
    time_machine.move_to("2026-11-24 08:00+08:00", tick=False)
    build()
    site.broken = {PAGE}
    site.change(OTHER, "新")
    site.change(PAGE, "新")
    report = worker.render_pending()
    assert report.failed == [(PAGE, f"ValueError: {PAGE} is broken")]
    assert mirror.read(OTHER) == (200, "新".encode())
    assert mirror.read(PAGE) == (200, f"words of {PAGE}".encode())
    job = MirrorJob.objects.get()
    assert (job.attempts, job.error) == (1, f"ValueError: {PAGE} is broken")
    rests = [job.retry_at - timezone.now()]
    assert worker.render_pending().failed == []  # it rests
    for _ in range(9):
        time_machine.move_to(job.retry_at, tick=False)
        worker.render_pending()
        job.refresh_from_db()
        rests.append(job.retry_at - timezone.now())
    assert rests[:3] == [timedelta(seconds=s) for s in (15, 30, 60)]
    assert rests[-1] == timedelta(hours=1)
    site.broken = set()
    # Somebody changes it once more: that settles the old one, too.
    site.change(PAGE, "wieder")
    worker.render_pending()
    assert waiting() == [] and mirror.read(PAGE) == (200, b"wieder")


def test_a_full_disk_leaves_old_files_and_their_jobs(
    site: Site, mirror: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    build()
    with monkeypatch.context() as patch:

        def full(self: Path, *args: Any, **kwargs: Any) -> Any:
            raise OSError(errno.ENOSPC, "No space left on device")

        patch.setattr(Path, "open", full)
        site.change(PAGE, "新")
        # Even the lock cannot be opened then; the lock's file is there already in real life.
        with pytest.raises(OSError, match="No space"):
            worker.render_pending()
        outcomes = worker.render_all([PAGE])
    assert [each.status for each in outcomes] == [0]
    assert "No space left" in outcomes[0].error
    assert mirror.read(PAGE) == (200, f"words of {PAGE}".encode())
    assert worker.render_pending().written == 1
    assert mirror.read(PAGE) == (200, "新".encode())


def test_two_workers_do_not_work_at_once(site: Site, mirror: Store) -> None:
    site.change(PAGE, "新")
    with worker.only_one() as mine:
        assert mine
        assert worker.render_pending().is_busy
        assert waiting() == [PAGE]
    assert not worker.render_pending().is_busy
    assert waiting() == []


def test_who_was_turned_away_at_the_last_moment_is_served_all_the_same(
    site: Site, mirror: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.change(PAGE, "一")
    looks: list[bool] = []
    batch = worker._batch

    def and_then_somebody_asks(size: int) -> dict[str, list[int]]:
        found = batch(size)
        if not found and not looks:  # the last look, with the lock still held
            looks.append(worker.render_pending().is_busy)
            site.change(OTHER, "二")
        return found

    monkeypatch.setattr(worker, "_batch", and_then_somebody_asks)
    worker.render_pending()
    assert looks == [True]
    assert mirror.read(OTHER) == (200, "二".encode()) and waiting() == []


def test_a_task_that_runs_out_of_time_wakes_the_next(
    site: Site, mirror: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(jobs, "async_task", lambda name, **kwargs: sent.append(name))
    monkeypatch.setattr(worker, "BATCH", 1)
    site.change(PAGE, "一")
    site.change(OTHER, "二")
    # Somebody was woken meanwhile and turned away.
    site.meanwhile[OTHER] = lambda: cache.set(jobs.AWAKE, time.time(), 30)
    report = worker.render_pending(seconds=-1)
    assert report.done == 1 and waiting() == [PAGE]
    assert sent == [jobs.TASK]


def test_a_closing_made_while_a_batch_is_rendered_holds(
    site: Site, mirror: Store, django_capture_on_commit_callbacks: Any
) -> None:
    """Whatever the order of pages within the batch."""
    build()
    publisher = UserFactory(is_superuser=True)

    def take_down() -> None:
        for address in (PAGE, OTHER):
            with django_capture_on_commit_callbacks(execute=True):
                closing.take_down(publisher, address, "出错了")
        seen.append((mirror.read(PAGE)[0], mirror.read(OTHER)[0]))

    seen: list[tuple[int, int]] = []
    site.meanwhile[PAGE] = take_down
    outcomes = worker.render_all([PAGE, OTHER])
    assert [each.status for each in outcomes] == [200, 200]
    assert seen == [(410, 410)]
    assert mirror.read(PAGE)[0] == mirror.read(OTHER)[0] == 410
    worker.render_pending()
    assert mirror.read(PAGE)[0] == mirror.read(OTHER)[0] == 410


def test_whoever_causes_a_rendering_their_time_zone_does_not_show(mirror: Store) -> None:
    from cms.mirror import rendering
    from tests.articles.public.scene import live

    address = live().url_path.removeprefix("/home")
    here = rendering.render(address)
    with timezone.override("America/New_York"):
        assert rendering.render(address) == here
    assert here.status == 200


def test_requests_stand_or_fall_with_their_transaction(site: Site) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        jobs.request([PAGE], "改")
        raise ZeroDivisionError
    assert waiting() == []
    with transaction.atomic(), jobs.requested_together():
        jobs.request([PAGE, OTHER], "改")
        jobs.request([PAGE], "又改")
        assert waiting() == []
    assert sorted(waiting()) == sorted([PAGE, OTHER])
    with pytest.raises(ValueError, match="not addresses"):
        jobs.request(["/../"], "改")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_queue_is_woken_once_however_many_ask(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(jobs, "async_task", lambda name, **kwargs: sent.append(name))
    jobs.awake()
    with transaction.atomic():
        jobs.request([PAGE], "改")
        jobs.request([OTHER], "改")
        assert sent == []
    jobs.request([FEED], "改")
    assert sent == [jobs.TASK]
    worker.render_pending()
    jobs.request([FEED], "改")
    assert sent == [jobs.TASK] * 2


# --- releases and days ----------------------------------------------------------------------------


def test_another_release_has_everything_rendered_once(
    site: Site, mirror: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not release.is_built()
    assert "新 6" in tasks.render()
    assert release.is_built() and "新 0，没有变化 0" in tasks.render()
    monkeypatch.setattr(release, "VERSION", "99.0")
    assert not release.is_built()
    assert "新 0，没有变化 6" in tasks.render()
    assert release.is_built()


def test_the_fingerprint_is_of_templates_and_styles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {path.parent.name for path in release._folders()}
    assert {"cms", "articles", "rankings", "feedback"} <= names
    monkeypatch.setattr(release, "_folders", lambda: [tmp_path])
    prints = []
    for text in ("a", "b", "a"):
        (tmp_path / "page.html").write_text(text)
        release._fingerprint.cache_clear()
        prints.append(release.fingerprint())
    release._fingerprint.cache_clear()
    assert prints[0] != prints[1] and prints[0] == prints[2]


def test_a_new_day_is_rendered_when_it_looks_different(site: Site, mirror: Store) -> None:
    build()
    tasks.new_day()
    assert waiting() == []
    site.words["/day.css"] = "grey"
    tasks.new_day()
    assert waiting() == ["/day.css"]
    worker.render_pending()
    assert mirror.read("/day.css") == (200, b"grey")


def test_pages_that_the_mirror_forgot_are_removed_with_everything(
    site: Site, mirror: Store
) -> None:
    build()
    mirror.put("/left/behind/", b"old", None)
    del site.words[OTHER]  # without a job
    assert build().failed == []
    assert mirror.read("/left/behind/") is None and mirror.read(OTHER) is None
