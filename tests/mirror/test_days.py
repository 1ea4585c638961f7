"""Grey on the days of mourning, and the screens on which such days are entered."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from cms.mirror import days, periods, tasks, worker
from cms.mirror.files import Store
from cms.mirror.models import SpecialPeriod
from cms.ops.models import AuditEntry
from tests import scenes
from tests.factories.users import one_of_each

pytestmark = pytest.mark.django_db
scene = scenes.fixture(one_of_each)

GREY = b"grayscale(1)"
FORM = {"name": "国家公祭日", "first": "2026-12-13", "last": "2026-12-13", "is_grey": "on"}


@pytest.fixture
def people(scene: SimpleNamespace, db: None) -> SimpleNamespace:
    return scene


def period(first: str, last: str, name: str = "会议", **kinds: bool) -> SpecialPeriod:
    return SpecialPeriod.objects.create(first=first, last=last, name=name, **kinds)


def test_the_style_is_grey_from_midnight_to_midnight(mirror: Store, time_machine: Any) -> None:
    time_machine.move_to("2026-12-12 23:50+08:00", tick=False)
    period("2026-12-13", "2026-12-13", is_grey=True)
    worker.render_pending()
    assert GREY not in mirror.read("/day.css")[1]
    for moment, is_grey in (
        ("2026-12-12 23:59:59", False),
        ("2026-12-13 00:00", True),
        ("2026-12-13 23:59:59", True),
        ("2026-12-14 00:00", False),
    ):
        time_machine.move_to(f"{moment}+08:00", tick=False)
        tasks.new_day()
        worker.render_pending()
        assert (GREY in mirror.read("/day.css")[1]) is is_grey, moment


def test_days_entered_changed_and_removed_show_without_waiting_for_midnight(
    people: Any, mirror: Store, time_machine: Any
) -> None:
    time_machine.move_to("2026-12-13 10:00+08:00", tick=False)
    today = SpecialPeriod(
        first=date(2026, 12, 13), last=date(2026, 12, 13), name="哀悼日", is_grey=True
    )
    periods.save(people.office, today)
    worker.render_pending()
    assert GREY in mirror.read("/day.css")[1]
    today.first = today.last = date(2026, 12, 20)
    periods.save(people.administrator, today)
    worker.render_pending()
    assert GREY not in mirror.read("/day.css")[1]
    periods.remove(people.office, today)
    entries = AuditEntry.objects.filter(action__startswith="mirror.period")
    assert [entry.action_label for entry in entries.order_by("pk")] == [
        "录入哀悼日或停止发布",
        "修改哀悼日或停止发布",
        "删除哀悼日或停止发布",
    ]
    assert "2026-12-20" in entries.get(action=periods.CHANGE).detail_text


def test_a_freeze_ends_where_the_last_of_those_that_touch_ends() -> None:
    period("2026-12-01", "2026-12-03", is_frozen=True)
    period("2026-12-02", "2026-12-05", "长的", is_frozen=True)
    period("2026-12-06", "2026-12-06", is_frozen=True)
    period("2026-12-07", "2026-12-08", "只变灰", is_grey=True)
    freeze = days.freeze_on(date(2026, 12, 2))
    assert freeze.name == "长的"
    assert days.goes_on(freeze) == date(2026, 12, 7)
    assert days.freeze_on(date(2026, 12, 7)) is None
    assert days.is_grey(date(2026, 12, 7)) and not days.is_grey(date(2026, 12, 2))
    assert days.why_not_publish(date(2026, 12, 6)) == (
        "12月6日在停止发布的日子里（会议），12月7日起才能发布。请换一天；急稿可以走特急。"
    )
    assert days.why_not_publish(date(2026, 12, 7)) == ""


@pytest.mark.parametrize("role", ["editor", "publisher", "auditor"])
def test_only_the_office_and_administrators_enter_days(people: Any, role: str) -> None:
    person = getattr(people, role)
    day = SpecialPeriod(first=date(2026, 12, 13), last=date(2026, 12, 13), name="x", is_grey=True)
    with pytest.raises(PermissionDenied, match="联系管理员或宣传部"):
        periods.save(person, day)
    stored = period("2026-12-13", "2026-12-13", is_grey=True)
    with pytest.raises(PermissionDenied):
        periods.save(person, stored)
    with pytest.raises(PermissionDenied):
        periods.remove(person, stored)


@pytest.mark.parametrize("role", ["office", "administrator"])
def test_the_screens(people: Any, client: Client, role: str) -> None:
    client.force_login(getattr(people, role))
    add = reverse("special_periods:add")
    for change, words in (
        ({"last": "2026-12-12"}, "结束日期早于开始日期"),
        ({"is_grey": ""}, "请至少勾选一项"),
        ({"name": ""}, "请填写名称"),
        ({"first": "十二月"}, "日期格式不对"),
    ):
        data = {name: value for name, value in (FORM | change).items() if value}
        assert words in client.post(add, data).content.decode()
    assert not SpecialPeriod.objects.exists()
    assert "已录入“国家公祭日（2026-12-13 至 2026-12-13）”" in (
        client.post(add, FORM, follow=True).content.decode()
    )
    made = SpecialPeriod.objects.get()
    edit = reverse("special_periods:edit", args=[made.pk])
    assert "已改为" in client.post(edit, FORM | {"is_frozen": "on"}, follow=True).content.decode()
    assert SpecialPeriod.objects.get().is_frozen
    delete = reverse("special_periods:delete", args=[made.pk])
    assert "停下的发布会自动继续" in client.post(delete, follow=True).content.decode()
    assert not SpecialPeriod.objects.exists()
    assert AuditEntry.objects.filter(action__startswith="mirror.period").count() == 3


def test_others_do_not_see_the_screens(people: Any, client: Client) -> None:
    client.force_login(people.editor)
    assert client.get(reverse("special_periods:index")).status_code in (302, 403)
