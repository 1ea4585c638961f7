"""截稿: the rule, what sets it on a step, the plan, and telling what is late once."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone
from hypothesis import assume, given
from hypothesis import strategies as st

from articles.models import ArticlePage, Priority, ReviewPlan
from articles.release import urgent
from articles.review import deadlines, services
from articles.review.deadlines import PlanRefused, step_due
from cms.ops.models import AuditEntry
from tests.factories.articles import ArticleFactory, approve_by, running_step

# 2026-11-23 10:00 in Beijing.
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


def at(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("steps", "final", "planned", "due"),
    [
        (3, None, None, "2026-11-24 10:00"),
        (1, None, None, "2026-11-24 10:00"),
        (3, "2026-11-23 16:00", None, "2026-11-23 12:00"),
        (2, "2026-11-23 16:00", None, "2026-11-23 13:00"),
        (1, "2026-11-23 16:00", None, "2026-11-23 16:00"),
        (3, "2026-11-29 10:00", None, "2026-11-25 10:00"),  # more than a day each, as was said
        (3, "2026-11-23 09:00", None, "2026-11-23 09:00"),  # passed: late at once
        (1, None, "2026-11-24", "2026-11-23 18:00"),  # through by the evening before
        (2, None, "2026-11-24", "2026-11-23 14:00"),
        (1, None, "2026-12-24", "2026-11-24 10:00"),  # far off: no slower than usual
        (1, None, "2026-11-23", "2026-11-24 10:00"),  # cannot be kept any more
        (1, "2026-11-23 16:00", "2026-11-30", "2026-11-23 16:00"),  # 截稿 goes before the day
    ],
)
def test_the_deadline_of_a_step(steps, final, planned, due):
    found = step_due(
        NOW,
        steps,
        24,
        final=at(final) if final else None,
        planned_for=date.fromisoformat(planned) if planned else None,
    )
    assert found == at(due)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))


@given(now=moments, final=moments, steps=st.integers(1, 3))
def test_steps_done_on_their_deadline_end_with_the_last_one(now, final, steps):
    assume(final > now)
    for left in range(steps, 0, -1):
        due = step_due(now, left, 24, final=final)
        assert now < due <= final
        now = due
    assert abs(now - final) < timedelta(milliseconds=1)


@given(
    now=moments,
    steps=st.integers(1, 3),
    planned=st.dates(date(2025, 12, 1), date(2027, 2, 1)),
)
def test_a_planned_day_never_slows_a_review_down(now, steps, planned):
    due = step_due(now, steps, 24, planned_for=planned)
    assert now < due <= now + timedelta(hours=24)


def test_a_step_that_is_done_has_no_deadline():
    with pytest.raises(ValueError, match="left to be done"):
        step_due(NOW, 0, 24)


# --- steps and plans --------------------------------------------------------------------------


def due_of(article: ArticlePage) -> datetime:
    return running_step(article).specific.due_at


@pytest.fixture
def article(people):
    with time_machine.travel(NOW, tick=False):
        yield ArticleFactory(writer=people.editor, title="楼道灯亮了")


@pytest.mark.django_db
def test_a_step_gets_its_deadline_when_it_starts(people, article):
    services.submit(people.editor, article)
    assert due_of(article) == NOW + timedelta(hours=settings.REVIEW_HOURS)


@pytest.mark.django_db
def test_what_is_left_is_shared_again_at_each_step(people, article):
    final = NOW + timedelta(hours=9)
    deadlines.set_plan(people.editor, article, final, Priority.NORMAL)
    services.submit(people.editor, article)
    assert due_of(article) == NOW + timedelta(hours=3)
    with time_machine.travel(NOW + timedelta(hours=5), tick=False):
        approve_by(article, people.reviewer_credible)
        assert due_of(article) == NOW + timedelta(hours=7)
        approve_by(article, people.reviewer_readable)
        assert due_of(article) == final


@pytest.mark.django_db
def test_the_planned_day_is_the_drafts_own(people, article):
    article.planned_for = date(2026, 11, 24)
    article.save_revision(user=people.editor)
    services.submit(people.editor, article)
    assert due_of(article) == at("2026-11-23 12:40")


@pytest.mark.django_db
def test_the_reviews_after_an_urgent_release_share_its_time(people, article):
    release = urgent.request_urgent(people.publisher, article, "今晚八点停水，须马上告知居民。")
    urgent.confirm_urgent(people.reviewer_credible, release, "同意")
    assert due_of(article) == NOW + timedelta(hours=settings.URGENT_REVIEW_HOURS / 3)


@pytest.mark.django_db
def test_a_new_plan_moves_the_running_step_and_is_no_content(people, article):
    services.submit(people.editor, article)
    before = ArticlePage.objects.get(pk=article.pk).get_latest_revision().pk
    deadlines.set_plan(
        people.publisher, article, NOW + timedelta(hours=6), Priority.TOP, " 区运会 "
    )
    assert due_of(article) == NOW + timedelta(hours=2)
    plan = ReviewPlan.objects.get(article=article)
    assert (plan.priority, plan.note, plan.set_by) == (Priority.TOP, "区运会", people.publisher)
    assert ArticlePage.objects.get(pk=article.pk).get_latest_revision().pk == before
    entry = AuditEntry.objects.get(action="article.plan")
    assert entry.detail == {"due_at": "2026-11-23T08:00:00Z", "priority": "急"}
    deadlines.set_plan(people.publisher, article, NOW + timedelta(hours=6), Priority.TOP, "区运会")
    assert AuditEntry.objects.filter(action="article.plan").count() == 1, "nothing changed"
    deadlines.set_plan(people.publisher, article, None, Priority.TOP)
    assert due_of(article) == NOW + timedelta(hours=settings.REVIEW_HOURS)


@pytest.mark.django_db
def test_a_past_deadline_is_refused_but_may_stay(people, article):
    with pytest.raises(PlanRefused, match="已经过去"):
        deadlines.set_plan(people.editor, article, NOW - timedelta(minutes=1), Priority.HIGH)
    assert not ReviewPlan.objects.exists()
    soon = NOW + timedelta(hours=1)
    deadlines.set_plan(people.editor, article, soon, Priority.NORMAL)
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        plan = deadlines.set_plan(people.editor, article, soon, Priority.TOP)
    assert (plan.due_at, plan.priority) == (soon, Priority.TOP)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("editor", True),
        ("reviewer_readable", True),
        ("publisher", True),
        ("administrator", True),  # may change pages
        ("office", False),
        ("contributor", False),
        ("auditor", False),
    ],
)
def test_who_may_plan(people, article, role, may):
    services.submit(people.editor, article)
    person = getattr(people, role)
    if may:
        deadlines.set_plan(person, article, NOW + timedelta(hours=6), Priority.HIGH)
        assert ReviewPlan.objects.get().set_by == person
    else:
        with pytest.raises(PlanRefused, match="由能修改"):
            deadlines.set_plan(person, article, NOW + timedelta(hours=6), Priority.HIGH)


# --- late -------------------------------------------------------------------------------------


def told() -> int:
    return AuditEntry.objects.filter(action="article.review_overdue").count()


@pytest.mark.django_db
def test_what_is_late_is_told_once_a_step(people, article):
    services.submit(people.editor, article)
    with time_machine.travel(NOW + timedelta(hours=23), tick=False):
        assert (deadlines.note_overdue(), told()) == (0, 0)
    with time_machine.travel(NOW + timedelta(hours=25), tick=False):
        assert (deadlines.note_overdue(), told()) == (1, 1)
        assert (deadlines.note_overdue(), told()) == (0, 1)
        assert AuditEntry.objects.get(action="article.review_overdue").actor is None
        approve_by(article, people.reviewer_credible)
    with time_machine.travel(NOW + timedelta(hours=60), tick=False):
        assert (deadlines.note_overdue(), told()) == (1, 2), "the next step, on its own"


@pytest.mark.django_db
def test_a_step_that_was_judged_or_withdrawn_is_not_late(people, article):
    services.submit(people.editor, article)
    services.send_back(people.reviewer_credible, running_step(article), "出处？")
    with time_machine.travel(NOW + timedelta(hours=48), tick=False):
        assert deadlines.note_overdue() == 0


@pytest.mark.django_db
def test_late_ones_are_found_in_a_fixed_number_of_queries(
    people, article, django_assert_max_num_queries
):
    services.submit(people.editor, article)
    for _ in range(3):
        services.submit(people.editor, ArticleFactory(writer=people.editor))
    with time_machine.travel(NOW + timedelta(hours=25), tick=False):
        deadlines.note_overdue()
        with django_assert_max_num_queries(2):
            assert deadlines.note_overdue() == 0
