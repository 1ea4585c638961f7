"""Holidays, make-up days and quiet days: the table, its screens, who may change it."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db.models import Q
from django.urls import reverse

from cms import workdays
from cms.ops import health
from cms.ops.models import AuditEntry, DayKind, SpecialDay
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db


def days_of(year: int, kind: str) -> list[str]:
    rows = SpecialDay.objects.filter(day__year=year, kind=kind)
    return [f"{row.day:%m%d} {row.name}" for row in rows]


def test_the_table_of_2026():
    """As the State Council's notice of 2025-11-04 has it."""
    assert days_of(2026, "work") == [
        "0104 元旦",
        "0214 春节",
        "0228 春节",
        "0509 劳动节",
        "0920 国庆节",
        "1010 国庆节",
    ]
    rest = days_of(2026, "rest")
    assert len(rest) == 3 + 9 + 3 + 5 + 3 + 3 + 7
    assert (rest[0], rest[-1]) == ("0101 元旦", "1007 国庆节")
    # Every day that is worked instead is one of a weekend.
    worked = SpecialDay.objects.filter(day__year=2026, kind="work")
    assert all(row.day.weekday() >= 5 for row in worked)


@pytest.mark.parametrize(
    ("day", "holiday", "workday"),
    [
        ("2026-10-01", True, False),  # Thursday of the National Day
        ("2026-10-10", False, True),  # Saturday worked instead
        ("2026-10-17", False, False),  # a plain Saturday
        ("2026-10-19", False, True),  # a plain Monday
    ],
)
def test_what_a_day_is(day, holiday, workday):
    day = date.fromisoformat(day)
    assert (workdays.is_holiday(day), workdays.is_workday(day)) == (holiday, workday)


@pytest.fixture
def administrator():
    return UserFactory(roles=["administrator"])


def test_a_quiet_day_is_worked_by_its_weekday(administrator):
    sunday = date(2026, 12, 13)
    workdays.add(administrator, DayKind.QUIET, "国家公祭日", sunday)
    monday = sunday + timedelta(days=1)
    workdays.add(administrator, DayKind.QUIET, "哀悼日", monday)
    assert workdays.is_quiet(sunday) and not workdays.is_quiet(date(2026, 12, 15))
    assert workdays.kind_of(sunday) == DayKind.QUIET
    assert (workdays.is_workday(sunday), workdays.is_workday(monday)) == (False, True)


def test_a_range_is_entered_at_once_or_not_at_all(administrator):
    first, last = date(2027, 2, 6), date(2027, 2, 12)
    workdays.add(administrator, DayKind.REST, "春节", first, last)
    assert list(workdays.days_between(first, last + timedelta(days=3))) == [
        first + timedelta(days=n) for n in range(7)
    ]
    with pytest.raises(workdays.DayRefused, match="2027-02-12 春节，放假"):
        workdays.add(administrator, DayKind.WORK, "春节", last, last + timedelta(days=2))
    assert SpecialDay.objects.filter(day__year=2027).count() == 7
    entry = AuditEntry.objects.get(action="special_day.add")
    assert entry.detail == {"from": "2027-02-06", "to": "2027-02-12"}


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [("2027-05-03", "2027-05-01", "早于"), ("2027-05-01", "2027-06-01", "最多录入31天")],
)
def test_what_is_no_range(first, last, words):
    assert words in workdays.why_not_add(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("role", ["editor", "publisher", "office", "auditor"])
def test_only_the_administrator_changes_the_table(role, client):
    person = UserFactory(roles=[role])
    row = SpecialDay.objects.get(day=date(2026, 10, 1))
    for deed in (
        lambda: workdays.add(person, DayKind.REST, "元旦", date(2027, 1, 1)),
        lambda: workdays.change(person, row, day=row.day, kind="work", name="国庆节"),
        lambda: workdays.remove(person, row),
    ):
        with pytest.raises(workdays.DayRefused):
            deed()
    client.force_login(person)
    assert client.get(reverse("special_days:index")).status_code == 302
    assert client.get(reverse("special_days:add")).status_code == 302


# --- the screens ----------------------------------------------------------------------------------


def test_the_administrator_enters_a_year(administrator, client):
    client.force_login(administrator)
    post = {"kind": "rest", "name": "元旦", "day": "2027-01-01", "last": "2027-01-03"}
    html = client.post(reverse("special_days:add"), post, follow=True).content.decode()
    assert "已录入“2027-01-01 元旦，放假”" in html
    shown = client.get(reverse("special_days:index"), {"year": "2027"})
    assert [row.day.day for row in shown.context["object_list"]] == [3, 2, 1]
    assert "星期五" in shown.content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"day": "2026-10-01", "last": ""}, "已经有了：2026-10-01 国庆节，放假"),
        ({"day": "2027-01-03", "last": "2027-01-01"}, "结束日期早于开始日期"),
        ({"day": ""}, "请填写日期"),
        ({"day": "明年"}, "日期格式不对"),
        ({"name": ""}, "请填写名称"),
    ],
)
def test_what_cannot_be_entered_is_said(administrator, client, changes, words):
    client.force_login(administrator)
    post = {"kind": "rest", "name": "元旦", "day": "2027-01-01", "last": ""} | changes
    html = client.post(reverse("special_days:add"), post).content.decode()
    assert words in html
    assert not SpecialDay.objects.filter(day__year=2027).exists()


def test_a_day_is_changed_and_deleted_on_record(administrator, client):
    client.force_login(administrator)
    row = SpecialDay.objects.get(day=date(2026, 10, 7))
    post = {"kind": "quiet", "name": "静默", "day": "2026-10-08"}
    client.post(reverse("special_days:edit", args=[row.pk]), post)
    row.refresh_from_db()
    assert str(row) == "2026-10-08 静默，静默（不推送）"
    html = client.post(
        reverse("special_days:edit", args=[row.pk]), post | {"day": "2026-10-01"}
    ).content.decode()
    assert "已经有安排" in html
    client.post(reverse("special_days:delete", args=[row.pk]))
    assert not SpecialDay.objects.filter(pk=row.pk).exists()
    entries = AuditEntry.objects.filter(Q(action__startswith="special_day.")).order_by("pk")
    assert [(e.action, e.actor) for e in entries] == [
        ("special_day.change", administrator),
        ("special_day.remove", administrator),
    ]
    assert entries[0].detail["from"] == "2026-10-07 国庆节，放假"


# --- the reminder ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "years"),
    [
        ("2026-11-30", []),
        ("2026-12-01", [2027]),
        ("2027-01-05", [2027]),
        ("2027-12-01", [2027, 2028]),
    ],
)
def test_a_missing_year_is_told_from_december_on(now, years):
    with time_machine.travel(f"{now}T09:00:00+08:00", tick=False):
        said = [result.message for result in workdays.missing_tables()]
    assert [int(message[5:9]) for message in said] == years


def test_the_reminder_ends_when_the_year_is_entered(administrator):
    with time_machine.travel("2026-12-01T09:00:00+08:00", tick=False):
        assert health.report().checks["special_days"][1]
        workdays.add(administrator, DayKind.REST, "元旦", date(2027, 1, 1))
        assert not health.report().checks["special_days"][1]
