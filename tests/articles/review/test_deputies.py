"""代审: who may arrange it, for whom, on which days, and what a deputy may do."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from articles import queues
from articles.models import Deputation, ReviewTask
from articles.queues import View
from articles.review import approvals, deputies, services
from articles.review.deputies import DeputationRefused, appoint, end, why_not_days
from cms.ops.models import AuditEntry
from cms.users.models import User
from tests.factories.articles import ArticleFactory, approve_by, running_step
from tests.factories.users import UserFactory

TODAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12)


def at(day: date, clock: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(f"{day} {clock}"))


@pytest.fixture
def clock():
    with time_machine.travel(timezone.make_aware(NOON), tick=False) as traveller:
        yield traveller


@pytest.mark.parametrize(
    ("starts", "ends", "words"),
    [
        (TODAY, TODAY, ""),
        (TODAY, TODAY + timedelta(days=59), ""),
        (TODAY + timedelta(days=30), TODAY + timedelta(days=31), ""),
        (TODAY - timedelta(days=1), TODAY, "已经过去"),
        (TODAY, TODAY - timedelta(days=1), "早于开始日期"),
        (TODAY, TODAY + timedelta(days=60), "最长60天"),
    ],
)
def test_which_days_are_sane(starts, ends, words):
    refusal = why_not_days(starts, ends, TODAY)
    assert words in refusal and bool(refusal) == bool(words)


def arrange(actor, person, deputy, first=0, last=2, dimension="readable", reason="出差"):
    return appoint(
        actor,
        dimension,
        person,
        deputy,
        TODAY + timedelta(days=first),
        TODAY + timedelta(days=last),
        reason,
    )


@pytest.mark.django_db
def test_a_reviewer_appoints_a_deputy(people, clock):
    made = arrange(people.reviewer_readable, people.reviewer_readable, people.publisher)
    assert str(made) == f"{people.publisher}代{people.reviewer_readable}（可读）"
    entry = AuditEntry.objects.get(action="deputation.appoint")
    assert entry.detail == {
        "person": str(people.reviewer_readable),
        "deputy": str(people.publisher),
        "dimension": "可读",
        "from": "2026-11-23",
        "to": "2026-11-25",
        "reason": "出差",
    }
    assert "从：2026-11-23" in entry.detail_text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("actor", "person", "deputy", "options", "words"),
    [
        ("editor", "reviewer_readable", "publisher", {}, "只能为自己安排"),
        ("reviewer_credible", "reviewer_readable", "publisher", {}, "只能为自己安排"),
        ("publisher", "reviewer_readable", "publisher", {}, "只能为自己安排"),
        ("administrator", "editor", "publisher", {}, "不在“可读审核”的审核人员中"),
        ("reviewer_readable", "reviewer_readable", "reviewer_readable", {}, "不能是本人"),
        ("reviewer_readable", "reviewer_readable", "office", {}, "没有查看稿件的权限"),
        ("reviewer_readable", "reviewer_readable", "contributor", {}, "没有查看稿件的权限"),
        ("administrator", "reviewer_readable", "administrator", {}, "不能安排自己"),
        ("reviewer_readable", "reviewer_readable", "publisher", {"first": -1}, "已经过去"),
        ("reviewer_readable", "reviewer_readable", "publisher", {"reason": " "}, "写明代审的原因"),
    ],
)
def test_what_is_refused(people, clock, actor, person, deputy, options, words):
    with pytest.raises(DeputationRefused, match=words):
        arrange(*(getattr(people, role) for role in (actor, person, deputy)), **options)
    assert not Deputation.objects.exists() and not AuditEntry.objects.exists()


@pytest.mark.django_db
def test_people_that_cannot_be_deputies(people, clock):
    gone = UserFactory(display_name="老张", roles=["editor"], is_active=False)
    colleague = UserFactory(display_name="老李", roles=["reviewer_readable"])
    mine = people.reviewer_readable
    with pytest.raises(DeputationRefused, match="老张的账号已停用"):
        arrange(mine, mine, gone)
    with pytest.raises(DeputationRefused, match="老李本来就是"):
        arrange(mine, mine, colleague)


@pytest.mark.django_db
def test_days_of_one_review_do_not_overlap(people, clock):
    mine = people.reviewer_readable
    first = arrange(mine, mine, people.publisher, 0, 2)
    for days in ((2, 5), (0, 0), (1, 1), (0, 9)):
        with pytest.raises(DeputationRefused, match=r"11月23日 至 11月25日 .*先结束"):
            arrange(people.administrator, mine, people.editor, *days)
    arrange(mine, mine, people.editor, 3, 5)
    end(mine, first, "提前回来")
    arrange(mine, mine, people.editor, 0, 2)
    assert Deputation.objects.in_force(TODAY).count() == 1


@pytest.mark.django_db
def test_from_the_first_to_the_last_midnight(people, clock):
    article = ArticleFactory(writer=people.editor)
    services.submit(people.editor, article)
    approve_by(article, people.reviewer_credible)
    mine, deputy = people.reviewer_readable, people.publisher
    arrange(mine, mine, deputy, 1, 2)

    def waits() -> bool:
        person = User.objects.get(pk=deputy.pk)
        (found,) = queues.fill(person, queues.steps(View.REVIEWS, person))
        in_queue = queues.steps(View.MINE, person).exists()
        assert found.is_mine == in_queue
        assert (found.deputation is not None) == in_queue
        return in_queue

    for day, time, expected in (
        (0, "23:59:59", False),
        (1, "00:00:00", True),
        (2, "23:59:59", True),
        (3, "00:00:00", False),
    ):
        clock.move_to(at(TODAY + timedelta(days=day), time))
        assert waits() is expected, (day, time)


@pytest.mark.django_db
def test_a_deputy_approves_in_their_own_name(people, clock):
    article = ArticleFactory(writer=people.editor)
    services.submit(people.editor, article)
    approve_by(article, people.reviewer_credible)
    made = arrange(people.reviewer_readable, people.reviewer_readable, people.publisher)
    step = running_step(article)
    approve_by(article, people.publisher)
    step.refresh_from_db()
    assert step.finished_by == people.publisher
    assert step.specific.deputation == made
    assert [a.person for a in approvals.given(article)][-1] == people.publisher.pk


@pytest.mark.django_db
def test_the_four_eyes_hold_for_deputies(people, clock):
    mine = people.reviewer_readable
    arrange(mine, mine, people.editor)
    arrange(
        people.administrator,
        people.reviewer_approachable,
        people.publisher,
        dimension="approachable",
    )
    article = ArticleFactory(writer=people.editor)
    services.submit(people.editor, article)
    approve_by(article, people.reviewer_credible)
    with pytest.raises(services.ReviewRefused, match="不能审核自己的文章"):
        approve_by(article, User.objects.get(pk=people.editor.pk))
    people.publisher.groups.add(*mine.groups.all())
    publisher = User.objects.get(pk=people.publisher.pk)
    approve_by(article, publisher)
    with pytest.raises(services.ReviewRefused, match="三个人分别完成"):
        approve_by(article, publisher)


@pytest.mark.django_db
def test_it_ends_with_the_membership_or_the_account_of_the_one_it_stands_for(people, clock):
    mine = people.reviewer_readable
    arrange(mine, mine, people.publisher)
    task = ReviewTask.objects.get(dimension="readable")

    def admitted() -> bool:
        return task.admits(User.objects.get(pk=people.publisher.pk))

    assert admitted()
    groups = list(mine.groups.all())
    mine.groups.clear()
    assert not admitted()
    mine.groups.set(groups)
    mine.is_active = False
    mine.save()
    assert not admitted()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("reviewer_readable", True),
        ("publisher", True),  # the deputy gives it back
        ("administrator", True),
        ("editor", False),
        ("reviewer_credible", False),
    ],
)
def test_who_ends_it(people, clock, role, may):
    made = arrange(people.reviewer_readable, people.reviewer_readable, people.publisher)
    actor = getattr(people, role)
    if not may:
        with pytest.raises(DeputationRefused, match="联系他们"):
            end(actor, made, "回来了")
        return
    with pytest.raises(DeputationRefused, match="写明提前结束的原因"):
        end(actor, made, "  ")
    end(actor, made, "回来了")
    made.refresh_from_db()
    assert made.ended_by == actor and not Deputation.objects.in_force().exists()
    with pytest.raises(DeputationRefused, match="已经结束"):
        end(actor, made, "再来")
    assert AuditEntry.objects.filter(action="deputation.end").count() == 1


# --- the screens ------------------------------------------------------------------------------


def post(client, person, colleague, **changes):
    data = {
        "review": f"readable-{person.pk}",
        "deputy": colleague.pk,
        "starts_on": str(TODAY),
        "ends_on": str(TODAY + timedelta(days=3)),
        "reason": "出差",
        **changes,
    }
    return client.post(reverse("articles_deputy_add"), data, follow=True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "looks", "arranges"),
    [
        ("reviewer_credible", True, True),
        ("administrator", True, True),
        ("editor", True, False),
        ("publisher", True, False),
        ("office", False, False),
    ],
)
def test_who_sees_the_screens(people, client, role, looks, arranges):
    client.force_login(getattr(people, role))
    listed = client.get(reverse("articles_deputies"))
    assert (listed.status_code == 200) == looks
    assert (client.get(reverse("articles_deputy_add")).status_code == 200) == arranges
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert (f'"{reverse("articles_deputies")}"' in home) == arranges


@pytest.mark.django_db
def test_arranging_and_ending_by_hand(people, client, clock):
    mine = people.reviewer_readable
    client.force_login(mine)
    form = client.get(reverse("articles_deputy_add")).content.decode()
    assert f"{mine} 的可读审核" in form and "可信审核" not in form
    response = post(client, mine, people.publisher)
    html = response.content.decode()
    assert "已安排" in html and "进行中" in html and "2026-11-23 至 2026-11-26" in html
    made = Deputation.objects.get()
    address = reverse("articles_deputy_end", args=[made.pk])
    assert "写明提前结束" in client.post(address, {"reason": ""}, follow=True).content.decode()
    html = client.post(address, {"reason": "回来了"}, follow=True).content.decode()
    assert "已结束" in html and f"已由{mine}结束" in html and address not in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"review": ""}, "请选择由谁的哪一审"),
        ({"review": "credible-1"}, "有效"),
        ({"deputy": ""}, "请选择代审人"),
        ({"deputy": "999999"}, "这位同事不能代审"),
        ({"starts_on": "下周"}, "日期格式不对"),
        ({"starts_on": "2026-11-01"}, "开始日期已经过去"),
        ({"ends_on": "2026-11-01"}, "早于开始日期"),
        ({"ends_on": "2027-11-01"}, "最长60天"),
        ({"reason": ""}, "请写明代审的原因"),
    ],
)
def test_what_does_not_fit_comes_back_as_typed(people, client, clock, changes, words):
    client.force_login(people.reviewer_readable)
    response = post(client, people.reviewer_readable, people.publisher, **changes)
    html = response.content.decode()
    assert response.status_code == 200 and words in html
    assert not Deputation.objects.exists()
    if "reason" not in changes:
        assert 'value="出差"' in html


@pytest.mark.django_db
def test_the_list_costs_the_same_however_long(people, client, clock, django_assert_max_num_queries):
    client.force_login(people.administrator)
    for number in range(8):
        arrange(
            people.administrator,
            people.reviewer_readable,
            people.publisher,
            number,
            number,
        )
    client.get(reverse("articles_deputies"))
    with django_assert_max_num_queries(22):
        client.get(reverse("articles_deputies"))
    assert deputies.may_arrange(people.administrator)
