"""留言月报: the counting as a table, the month from the database, screen and files."""

import csv
import datetime as dt
import io
from urllib.parse import quote
from zoneinfo import ZoneInfo

import openpyxl
import pytest
import time_machine
from django.urls import reverse

from feedback import figures
from feedback.figures import ALL, NOWHERE, Case, monthly, rows_of, share_words
from feedback.models import State
from feedback.services import answering, handling, receiving
from rankings.periods import Month
from tests.factories.feedback import PlaceFactory, message_in, receive
from tests.factories.users import UserFactory

NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)
HERE = ZoneInfo("Asia/Shanghai")


def case(**given) -> Case:
    return Case(
        **{
            "category": "help",
            "street": NOWHERE,
            "received": True,
            "answered": False,
            "in_time": False,
            "days": None,
            "refused": False,
            "open_at_end": False,
            "satisfaction": "",
            **given,
        }
    )


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [(0, 0, "—"), (0, 3, "0%"), (2, 3, "66%"), (199, 200, "99%"), (3, 3, "100%")],
)
def test_shares_never_flatter(part, whole, words):
    assert share_words(part, whole) == words


def test_rows_are_all_then_categories_then_streets():
    done = {"answered": True, "in_time": True}
    rows = rows_of(
        [
            case(**done, days=2, satisfaction="satisfied", street="乙街道"),
            case(answered=True, days=9, satisfaction="unsatisfied", street="甲街道"),
            case(**done, days=4, category="idea", satisfaction="fair"),
            case(open_at_end=True, received=False),
            case(refused=True),
        ],
        ["甲街道", "乙街道", "丙街道"],
    )
    assert [row.name for row in rows] == [ALL, "求助", "建议", "甲街道", "乙街道", NOWHERE]
    whole = rows[0]
    assert (whole.received, whole.answered, whole.in_time) == (4, 3, 2)
    assert (whole.refused, whole.open_at_end) == (1, 1)
    assert (whole.in_time_words, whole.median_words, whole.satisfied_words) == ("66%", "4", "66%")
    assert rows[1].median_words == "5.5" and rows[4].in_time_words == "100%"
    assert rows_of([], []) == [figures._row(figures.OF_ALL, ALL, [])]


@pytest.fixture
def november(people):
    """Received late in November, answered in December, one refused, one merged, one waiting."""
    with time_machine.travel(dt.datetime(2026, 11, 27, 9, tzinfo=HERE), tick=False) as clock:
        street = PlaceFactory(name="示范街道")
        community = PlaceFactory(name="示范社区", level="community", parent=street)
        slow = message_in(State.SUPERVISED, people, place=community)
        quick = message_in(State.ANSWERED, people, category="idea")
        handling.refuse(people.office, receive(), "not_ours")
        message_in(State.MERGED, people)
        clock.move_to(dt.datetime(2026, 12, 11, 9, tzinfo=HERE))
        receiving.rate(quick, "satisfied")
        answering.approve_answer(
            people.boss, answering.draft_answer(people.office, slow, "修好了。")
        )
        yield people


@pytest.mark.django_db
def test_each_month_counts_what_happened_in_it(november, django_assert_num_queries):
    # Messages with their places, special days, streets.
    with django_assert_num_queries(3):
        rows = {row.name: row for row in monthly(NOVEMBER)}
    whole = rows[ALL]
    # The message that another was merged into still waits.
    assert (whole.received, whole.answered, whole.refused, whole.open_at_end) == (5, 1, 1, 2)
    assert (whole.in_time_words, whole.median_words, whole.satisfied_words) == ("100%", "0", "—")
    assert (rows["示范街道"].received, rows["示范街道"].open_at_end) == (1, 1)
    rows = {row.name: row for row in monthly(DECEMBER)}
    whole = rows[ALL]
    assert (whole.received, whole.answered, whole.open_at_end) == (0, 1, 1)
    assert (whole.in_time_words, whole.median_words, whole.satisfied_words) == ("0%", "10", "100%")
    assert rows["示范街道"].answered == 1 and rows["建议"].satisfied == 1
    assert monthly(Month(2026, 10)) == []
    assert next(row.open_at_end for row in monthly(Month(2027, 1))) == 1


@pytest.mark.django_db
def test_the_report_and_its_files(client, november):
    client.force_login(november.boss)
    url = reverse("feedback_figures")
    html = client.get(f"{url}?month=2026-11").content.decode()
    assert "2026年11月" in html and "示范街道" in html and "不给单位和个人排名" in html
    assert november.unit.name not in html and str(november.office) not in html
    sheet = client.get(f"{url}?month=2026-11&export=csv")
    assert quote("留言月报-2026-11.csv") in sheet["Content-Disposition"]
    text = b"".join(sheet.streaming_content).decode()
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0]["名称"] == ALL and rows[0]["收到"] == "5"
    book = client.get(f"{url}?month=2026-11&export=xlsx")
    page = openpyxl.load_workbook(io.BytesIO(b"".join(book.streaming_content))).active
    cells = list(page.iter_rows(values_only=True))
    assert cells[0][:3] == ("按", "名称", "收到") and cells[1][:3] == ("全部", ALL, 5)
    assert "2026年10月没有留言" in client.get(f"{url}?month=2026-10").content.decode()
    assert client.get(f"{url}?month=rubbish").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("office", True),
        ("feedback", True),
        ("auditor", True),
        ("feedback_unit", False),
        ("editor", False),
        ("administrator", False),
    ],
)
def test_who_sees_the_figures(client, role, may):
    client.force_login(UserFactory(roles=[role]))
    assert (client.get(reverse("feedback_figures")).status_code == 200) is may
