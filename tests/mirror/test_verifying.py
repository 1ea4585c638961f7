"""Every difference is found, told from what only waits, and mended; others' doings ring."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import QuerySet

from cms.mirror import health, jobs, rendering, tasks, upkeep, verifying, worker
from cms.mirror.files import Store
from cms.mirror.models import (
    Alteration,
    Closing,
    DifferenceKind,
    MirrorFile,
    MirrorJob,
    VerificationRound,
)
from cms.ops.models import AuditEntry, Notice
from cms.ops.registry import Level
from tests.factories.users import UserFactory, one_of_each

from .scene import FEED, OTHER, PAGE, Site, build, site, waiting

__all__ = ["site"]
pytestmark = pytest.mark.django_db

K = DifferenceKind


@pytest.fixture
def built(site: Site, mirror: Store) -> Store:
    build()
    return mirror


def found(*, is_full: bool = True) -> dict[str, tuple[DifferenceKind, bool]]:
    return {
        each.address: (each.kind, each.is_altered)
        for _, result in verifying.verify(is_full=is_full)
        for each in result.differences
    }


@pytest.mark.parametrize("is_full", [True, False])
def test_a_mirror_just_built_is_as_it_should_be(built: Store, is_full: bool) -> None:
    results = [result for _, result in verifying.verify(is_full=is_full)]
    assert sum(result.checked for result in results) == 6
    assert not any(r.differences or r.waiting or r.undecided for r in results)


def put_there(store: Store) -> None:
    store.put("/evil/", b"evil", None)


def break_the_copy(store: Store) -> None:
    store.path(PAGE).with_name("index.html.gz").write_bytes(b"evil")


def make_a_folder_of_it(store: Store) -> None:
    store.path(PAGE).unlink()
    store.path(PAGE).mkdir()


ALTERATIONS: dict[str, tuple[Callable[[Store], Any], str, DifferenceKind]] = {
    "written over": (lambda s: s.path(PAGE).write_bytes(b"evil"), PAGE, K.DIFFERENT),
    "emptied": (lambda s: s.path(PAGE).write_bytes(b""), PAGE, K.DIFFERENT),
    "removed": (lambda s: s.path(PAGE).unlink(), PAGE, K.MISSING),
    "a feed written over": (lambda s: s.path(FEED).write_bytes(b"evil"), FEED, K.DIFFERENT),
    "taken down by hand": (lambda s: s.take_down(PAGE, b"evil"), PAGE, K.DIFFERENT),
    "put there": (put_there, "/evil/", K.EXTRA),
    "copy": (break_the_copy, PAGE, K.COPY),
    "folder": (make_a_folder_of_it, PAGE, K.DIFFERENT),
    "script": (lambda s: (s.pages / "x.php").write_bytes(b"x"), "/x.php", K.EXTRA),
    "hidden": (lambda s: (s.pages / ".x").write_bytes(b"x"), "/.x", K.STRANGER),
    "bytes that are no letters": (
        lambda s: (s.pages / os.fsdecode(b"\xff")).write_bytes(b"x"),
        "/\\udcff",
        K.STRANGER,
    ),
    "link": (lambda s: (s.pages / "etc").symlink_to("/etc"), "/etc", K.STRANGER),
}


@pytest.mark.parametrize("is_full", [True, False])
@pytest.mark.parametrize("name", ALTERATIONS)
def test_what_others_did_is_found_kept_told_and_mended(
    site: Site, built: Store, name: str, is_full: bool
) -> None:
    people = one_of_each()
    before = {address: built.read(address) for address in site.words}
    alter, address, kind = ALTERATIONS[name]
    alter(built)
    assert found(is_full=is_full) == {address: (kind, True)}

    tasks.verify_fully() if is_full else tasks.verify_quickly()
    worker.render_pending()

    assert found(is_full=is_full) == {}
    assert {address: built.read(address) for address in site.words} == before
    row = Alteration.objects.get()
    assert (row.address, row.kind) == (address, kind)
    if name not in ("removed",):
        assert row.kept_as.startswith("altered/")
        assert list(built.root.glob(f"{os.path.dirname(row.kept_as)}/*"))
    entry = AuditEntry.objects.get(action=verifying.ALTERED)
    assert entry.detail == {"number": 1, "where": [address]} and "位置" in entry.detail_text
    notice = Notice.objects.get(event=verifying.ALTERED, recipient=people.administrator)
    assert address in notice.message
    assert not Notice.objects.filter(recipient=people.editor).exists()
    alarms = [r for r in health.check() if r.level == Level.ALARM and "被改动" in r.message]
    assert len(alarms) == 1 and address in alarms[0].message

    with pytest.raises(upkeep.UpkeepRefused, match="请写明"):
        upkeep.acknowledge(people.administrator, " ")
    with pytest.raises(upkeep.UpkeepRefused, match="没有重建"):
        upkeep.acknowledge(people.publisher, "查过了")
    assert upkeep.acknowledge(people.administrator, "维护时误改，已查清") == 1
    assert not [r for r in health.check() if "被改动" in r.message]
    assert AuditEntry.objects.get(action=upkeep.SEEN).actor == people.administrator


def test_the_bytes_that_others_wrote_are_kept(built: Store) -> None:
    built.path(PAGE).write_bytes(b"evil")
    tasks.verify_quickly()
    kept = built.root / Alteration.objects.get().kept_as
    assert kept.read_bytes() == b"evil"
    assert built.read(PAGE) == (200, f"words of {PAGE}".encode())  # at once


def test_a_page_that_was_put_right_meanwhile_is_not_moved_away(site: Site, built: Store) -> None:
    built.path(PAGE).write_bytes(b"evil")
    differences = [d for _, result in verifying.verify(is_full=False) for d in result.differences]
    site.change(PAGE, "新")
    worker.render_at_once([PAGE])  # as a withdrawal does, before its job is done
    verifying.repair(differences)
    assert built.read(PAGE) == (200, "新".encode())
    assert Alteration.objects.get().kept_as == ""


def test_a_page_where_a_notice_should_be_is_told_apart(site: Site, built: Store) -> None:
    site.gone.add(PAGE)
    jobs.request([PAGE], "撤稿")
    worker.render_pending()
    built.put(PAGE, b"back again", built.mark(PAGE))
    assert found() == {PAGE: (K.NOTICE, True)}
    assert found(is_full=False) == {PAGE: (K.NOTICE, True)}


def test_a_closed_address_shows_the_notice_and_nothing_else(site: Site, built: Store) -> None:
    Closing.objects.create(address=PAGE, reason="急", closed_by=UserFactory())
    assert found() == {PAGE: (K.NOTICE, False)}
    jobs.request([PAGE], "急")
    worker.render_pending()
    assert found() == {}


def test_a_difference_that_a_job_explains_is_none(site: Site, built: Store) -> None:
    site.change(PAGE, "新")
    built.path(OTHER).write_bytes(b"evil")
    jobs.request([OTHER], "改")
    for is_full in (True, False):
        assert found(is_full=is_full) == {}
    results = [result for _, result in verifying.verify(is_full=True)]
    assert sum(result.waiting for result in results) == 2
    tasks.verify_fully()
    assert not Alteration.objects.exists()


def test_a_change_that_passed_the_mirror_by_rings_no_alarm(site: Site, built: Store) -> None:
    site.words[PAGE] = "新，没有任务"
    site.words["/added/"] = "新"
    del site.words[OTHER]
    assert found(is_full=False) == {}
    assert found() == {
        PAGE: (K.DIFFERENT, False),
        "/added/": (K.MISSING, False),
        OTHER: (K.EXTRA, False),
    }
    tasks.verify_fully()
    assert not Alteration.objects.exists() and not Notice.objects.exists()
    assert VerificationRound.objects.get().outdated == 3
    assert sorted(waiting()) == sorted([PAGE, "/added/", OTHER])
    worker.render_pending()
    assert found() == {}


def test_a_page_that_cannot_be_rendered_is_told_and_left(site: Site, built: Store) -> None:
    site.broken.add(PAGE)
    assert found() == {PAGE: (K.FAILED, False)}
    tasks.verify_fully()
    assert not Alteration.objects.exists()
    assert built.read(PAGE) == (200, f"words of {PAGE}".encode())


def test_no_alarm_for_a_page_that_is_being_written(site: Site, built: Store) -> None:
    """The worker has put the file there, and has not yet noted it."""
    built.path(PAGE).write_bytes(b"being written")
    with worker.only_one() as mine:
        assert mine
        assert found() == {}
        (result, _) = (result for _, result in verifying.verify(is_full=False))
        assert result.undecided == 1
    assert found() == {PAGE: (K.DIFFERENT, True)}


def test_what_looked_wrong_is_looked_at_again(
    site: Site, built: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the two looks the worker finished its page."""
    looks = []
    look = verifying._look

    def between(addresses: list[str], is_full: bool) -> Any:
        looks.append(addresses)
        answer = look(addresses, is_full)
        if len(looks) == 1:
            worker.keep(worker.render_all([PAGE]))
        return answer

    built.path(PAGE).write_bytes(b"half")
    monkeypatch.setattr(verifying, "_look", between)
    assert found(is_full=False) == {}
    assert looks[1] == [PAGE]


def test_a_round_goes_on_where_it_stopped(
    site: Site, built: Store, monkeypatch: pytest.MonkeyPatch, time_machine: Any
) -> None:
    time_machine.move_to("2026-11-24 09:00+08:00", tick=False)
    monkeypatch.setattr(verifying, "BATCH", 2)
    late = iter(range(0, 100_000, 200)).__next__
    for position in sorted(site.words)[1::2]:
        assert VerificationRound.objects.filter(finished_at=None).count() in (0, 1)
        verifying.continue_round(is_full=True, clock=late)
        assert VerificationRound.objects.get().position == position
    verifying.continue_round(is_full=True, clock=late)
    done = VerificationRound.objects.get()
    assert done.finished_at is not None and done.checked == 6
    assert verifying.continue_round(is_full=True) == "还没有到下一次核对的时间"
    time_machine.move_to("2026-11-25 01:59+08:00", tick=False)
    verifying.continue_round(is_full=True)
    assert VerificationRound.objects.count() == 1
    time_machine.move_to("2026-11-25 02:00+08:00", tick=False)
    verifying.continue_round(is_full=True)
    assert VerificationRound.objects.count() == 2


def test_a_quick_round_begins_each_hour(site: Site, built: Store, time_machine: Any) -> None:
    time_machine.move_to("2026-11-24 09:00+08:00", tick=False)
    for minute, rounds in ((0, 1), (5, 1), (55, 1), (60, 2)):
        time_machine.move_to(f"2026-11-24 {9 + minute // 60:02}:{minute % 60:02}+08:00", tick=False)
        tasks.verify_quickly()
        assert VerificationRound.objects.filter(is_full=False).count() == rounds


def test_a_round_that_somebody_holds_is_left_until_they_must_be_dead(
    site: Site, built: Store, time_machine: Any
) -> None:
    time_machine.move_to("2026-11-24 09:00+08:00", tick=False)
    VerificationRound.objects.create(
        is_full=True, busy_until=verifying.timezone.now() + verifying.HELD
    )
    assert "还没有到" in tasks.verify_fully()
    time_machine.shift(verifying.HELD)
    assert "核对 6" in tasks.verify_fully()


def test_nothing_is_verified_before_there_is_a_mirror(site: Site, mirror: Store) -> None:
    assert tasks.verify_quickly() == "镜像还没有建好，先不核对"


def test_the_day_is_no_difference(site: Site, built: Store) -> None:
    site.words["/day.css"] = "grey"
    assert found() == {}
    assert waiting() == ["/day.css"]


def test_whole_folders_lost_are_told_once_and_built_again(
    site: Site, built: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    people = one_of_each()
    monkeypatch.setattr(verifying, "TOLD", 3)
    shutil.rmtree(built.pages)
    tasks.verify_quickly()
    assert Alteration.objects.count() == 3
    assert "共 6 处" in Notice.objects.get(recipient=people.administrator).message
    worker.render_pending()
    assert found() == {}


# --- health ---------------------------------------------------------------------------------------


def said(word: str) -> list[Level]:
    return [result.level for result in health.check() if word in result.message]


def test_pages_that_wait_too_long_are_told(site: Site, built: Store, time_machine: Any) -> None:
    time_machine.move_to("2026-11-24 09:00+08:00", tick=False)
    MirrorFile.objects.update(written_at=verifying.timezone.now())
    site.change(PAGE, "新")
    assert said("等着更新") == []
    time_machine.move_to("2026-11-24 09:02+08:00", tick=False)
    assert said("等着更新") == []  # much to do, and it is being done
    time_machine.move_to("2026-11-24 09:03+08:00", tick=False)
    assert said("等着更新") == [Level.WARNING]
    time_machine.move_to("2026-11-24 09:10+08:00", tick=False)
    assert said("等着更新") == [Level.ALARM]
    worker.render_pending()
    assert said("等着更新") == []


def test_pages_that_fail_are_told_with_their_reason(site: Site, built: Store) -> None:
    site.broken.add(PAGE)
    site.change(PAGE, "新")
    worker.render_pending()
    assert said("is broken") == [Level.WARNING]
    MirrorJob.objects.update(attempts=5)
    assert said("is broken") == [Level.ALARM]


def test_an_empty_mirror_a_full_disk_and_a_forgotten_round_are_told(
    site: Site, mirror: Store, settings: Any, monkeypatch: pytest.MonkeyPatch, time_machine: Any
) -> None:
    time_machine.move_to("2026-11-24 09:00+08:00")
    settings.MIRROR_LIVE = False
    assert said("是空的") == [Level.ALARM]
    build()
    assert said("是空的") == [] and said("磁盘") == []
    for free, levels in ((600, []), (300, [Level.WARNING]), (50, [Level.ALARM])):
        usage = type("Usage", (), {"free": free * 1024**2})
        monkeypatch.setattr(health.shutil, "disk_usage", lambda root, usage=usage: usage)
        assert said("磁盘") == levels
    assert said("没有完整核对") == []
    time_machine.move_to("2026-11-28 09:00+08:00")
    assert said("没有完整核对") == [Level.WARNING]
    tasks.verify_fully()
    assert said("没有完整核对") == []


def test_the_real_site_verifies_clean_whoever_renders_it(mirror: Store) -> None:
    from tests.articles.public.scene import live

    article = live(title="开潮了")
    jobs.everything("建")
    worker.render_pending()
    addresses: QuerySet = MirrorFile.objects.values_list("address", flat=True)
    assert rendering.render(article.url_path.removeprefix("/home")).status == 200
    assert {"/", "/404.html", "/sitemap.xml", "/robots.txt"} <= set(addresses)
    assert found() == {} and found(is_full=False) == {}
