"""The gate when people press at once, leave mid-way, or switch things off."""

import threading
from contextlib import contextmanager

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import connections, transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.images.tests.utils import get_test_image_file_jpeg
from wagtail.models import Page, PageLogEntry, TaskState, Workflow

from articles import file_uses, health, publishing
from articles.gate import NotApproved
from articles.models import ArticlePage, Contribution, HomePage, ReadyTask, ReviewTask
from articles.publishing import PublishRefused
from articles.release.withdrawal import withdraw
from articles.review import approvals, services
from articles.review.services import ReviewRefused
from articles.setup import WORKFLOW, is_workflow_whole
from cms import four_eyes
from cms.ops.models import AuditEntry
from cms.pages import PublishingRefused
from cms.users.keeping import UserKept
from cms.users.services import sync_roles
from media.guards import FileInUse
from media.models import CustomImage
from tests.factories.articles import (
    ArticleFactory,
    ColumnFactory,
    approve_by,
    body,
    complete_answers,
    running_step,
)
from tests.factories.media import DocumentFactory, ImageFactory
from tests.factories.users import UserFactory

from .gate_scene import again, change
from .test_publishing import make_ready, reviewers

pytestmark = pytest.mark.django_db


@contextmanager
def refused(kind, match=None):
    """As the site would: the refused deed takes back what it had begun."""
    with pytest.raises(kind, match=match), transaction.atomic():
        yield


def in_review(people, **fields):
    article = ArticleFactory(writer=people.editor, **fields)
    services.submit(people.editor, article)
    return again(article)


def reasons(article):
    return "".join(approvals.why_not_publish(again(article).get_latest_revision()))


# --- people who leave ---------------------------------------------------------------------------


def test_an_approval_outlives_the_role_of_who_gave_it(people):
    article = make_ready(people)
    for person in reviewers(people):
        person.groups.clear()
        person.is_active = False
        person.save()
    publishing.publish_now(people.publisher, article)
    assert again(article).live


def test_who_left_the_group_approves_no_more(people):
    article = in_review(people)
    step = running_step(article)
    people.reviewer_credible.groups.clear()
    with refused(ReviewRefused):
        services.approve(people.reviewer_credible, step, answers=complete_answers(step))


def test_who_wrote_or_approved_is_never_deleted(people, client):
    in_review(people)
    superuser = UserFactory(is_superuser=True)
    client.force_login(superuser)
    with refused(UserKept, match="取消“启用”"):
        people.editor.delete()
    answer = client.post(reverse("wagtailusers_users:delete", args=[people.editor.pk]), follow=True)
    assert "取消“启用”" in answer.content.decode()
    bulk = reverse("wagtail_bulk_action", args=["users", "user", "delete"])
    answer = client.post(f"{bulk}?id={people.editor.pk}", follow=True)
    assert "取消“启用”" in answer.content.decode()
    people.editor.refresh_from_db()
    newcomer = UserFactory()
    newcomer.delete()  # an account that never did anything


def test_an_approval_without_its_person_counts_no_more(people):
    article = make_ready(people)
    TaskState.objects.filter(finished_by=people.reviewer_readable).update(finished_by=None)
    assert "可读审核还没有通过" in reasons(article)


# --- what an administrator switches off ---------------------------------------------------------


@pytest.mark.parametrize(
    "switch_off",
    [
        lambda s: Workflow.objects.get(name=WORKFLOW).deactivate(),
        lambda s: Workflow.objects.filter(name=WORKFLOW).delete(),
        lambda s: ReviewTask.objects.get(dimension="readable").deactivate(),
        lambda s: ReadyTask.objects.get().deactivate(),
    ],
    ids=["workflow off", "workflow deleted", "a review off", "ready off"],
)
def test_without_its_reviews_a_text_stays_where_it_is(people, switch_off):
    article = in_review(people)
    approve_by(article, people.reviewer_credible)
    assert is_workflow_whole()
    switch_off(None)
    (finding,) = health.reviewers()
    assert "sync_roles" in finding.message
    with refused(PublishRefused):
        publishing.publish_now(people.publisher, again(article))
    with refused(NotApproved):
        again(article).get_latest_revision().publish()
    sync_roles()
    assert is_workflow_whole() and not health.reviewers()
    article = again(article)
    if not article.workflow_in_progress:
        services.submit(people.editor, article)
    while (step := running_step(article)) and not isinstance(step.task.specific, ReadyTask):
        stage = step.task.specific.dimension
        approve_by(article, getattr(people, f"reviewer_{stage}"))
    publishing.publish_now(people.publisher, again(article))
    assert again(article).live


def test_a_deleted_group_is_made_again(people):
    article = in_review(people)
    Group.objects.filter(name="可信审核").delete()
    (finding,) = health.reviewers()
    assert "可信审核没有可用的审核人" in finding.message
    with refused(ReviewRefused):
        step = running_step(article)
        services.approve(people.reviewer_credible, step, answers=complete_answers(step))
    groups = sync_roles()
    people.reviewer_credible.groups.add(groups["reviewer_credible"])
    assert not health.reviewers()
    approve_by(article, people.reviewer_credible)


def test_two_people_for_three_reviews_are_too_few(people):
    people.reviewer_readable.groups.set(people.reviewer_credible.groups.all())
    people.reviewer_approachable.is_active = False
    people.reviewer_approachable.save()
    both = Group.objects.filter(name__in=["可读审核", "可亲审核"])
    people.reviewer_credible.groups.add(*both)
    (finding,) = health.reviewers()
    assert "三个不同的人" in finding.message


# --- authors ------------------------------------------------------------------------------------


def test_whoever_began_or_sent_in_a_text_is_its_author(people):
    column = ColumnFactory()
    article = ArticlePage(title="稿", digest="稿", author="甲", editor_in_charge="乙", live=False)
    article.owner = people.reviewer_credible
    column.add_child(instance=article)
    article.save_revision(user=people.editor)
    Contribution.objects.create(title="来稿", sent_by=people.contributor, article=article)
    found = approvals.authors_since_live(again(article))
    assert found == {people.reviewer_credible.pk, people.editor.pk, people.contributor.pk}


def test_a_revision_is_never_written_over(people):
    article = ArticleFactory(writer=people.editor)
    first = article.get_latest_revision()
    text = first.as_object()
    text.title = "盖掉原来的"
    second = text.save_revision(user=people.editor, overwrite_revision=first)
    assert second.pk != first.pk and again(article).revisions.count() == 2


# --- frame pages --------------------------------------------------------------------------------


def test_what_one_writes_in_a_column_another_publishes(people, client):
    column = ColumnFactory(title="身边")
    other = UserFactory(roles=["administrator"])
    revision = change(column, people.administrator, "身边事")
    with refused(PublishingRefused, match="另一位有发布权限"):
        revision.publish(user=people.administrator)
    assert str(other) in four_eyes.who_may(column)
    assert str(people.administrator) not in four_eyes.who_may(column)
    edit = reverse("wagtailadmin_pages:edit", args=[column.pk])
    client.force_login(people.administrator)
    html = client.get(edit).content.decode()
    assert 'name="action-publish"' not in html and str(other) in html
    client.force_login(people.publisher)
    html = client.get(edit).content.decode()
    assert 'name="action-publish"' in html
    assert f"{people.administrator}改过这一页，还没有发布" in html
    form = {
        "title": "身边事",
        "slug": column.slug,
        "description": column.description,
        "column_type": column.column_type,
    }
    client.post(
        edit,
        {**form, "action-publish": "1", "comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0},
    )
    assert again(column).title == "身边事"


def test_the_second_person_who_writes_as_well_keeps_a_draft(people, client):
    column = ColumnFactory(title="身边")
    change(column, people.administrator, "身边事")
    client.force_login(people.publisher)
    answer = client.post(
        reverse("wagtailadmin_pages:edit", args=[column.pk]),
        {
            "title": "又改一次",
            "slug": column.slug,
            "description": "说身边的事",
            "column_type": column.column_type,
            "action-publish": "1",
            "comments-TOTAL_FORMS": 0,
            "comments-INITIAL_FORMS": 0,
        },
        follow=True,
    )
    assert "已存为草稿，还没有发布" in answer.content.decode()
    assert again(column).title == "身边"
    assert again(column).get_latest_revision_as_object().title == "又改一次"


def test_an_empty_column_may_go_but_none_that_holds_a_public_text(people):
    article = ArticleFactory(live=True, first_published_at=timezone.now())
    column = article.get_parent()
    with refused(NotApproved, match="公开过"):
        column.specific.delete()
    with refused(NotApproved):
        HomePage.objects.get().delete()
    assert again(article).live and Page.objects.filter(pk=column.pk).exists()
    empty = ColumnFactory()
    empty.delete()


# --- files that readers see ---------------------------------------------------------------------


@pytest.fixture
def shown(people):
    image, document = ImageFactory(), DocumentFactory()
    blocks = (
        ("picture", {"image": image.pk, "caption": "", "alt_text": ""}),
        ("attachment", {"document": document.pk, "title": ""}),
    )
    article = in_review(people, title="有图", body=body(*blocks))
    return image, document, article


def test_a_file_on_its_way_to_readers_stays_as_it_is(people, shown, client):
    image, document, _ = shown
    assert file_uses.titles_showing(image) == ["有图"] == file_uses.titles_showing(document)
    for name, value in (("alt_text", "别的话"), ("credit", "别人"), ("is_machine_made", True)):
        changed = CustomImage.objects.get(pk=image.pk)
        setattr(changed, name, value)
        with refused(FileInUse, match=r"《有图》.*另外上传"):
            changed.save()
    document.title = "别的名字"
    with refused(FileInUse):
        document.save()
    for file in shown[:2]:
        with refused(FileInUse, match="不能删除"):
            file.delete()
    changed = CustomImage.objects.get(pk=image.pk)
    changed.file = get_test_image_file_jpeg(filename="other.jpg")
    with refused(FileInUse):
        changed.save()
    client.force_login(UserFactory(is_superuser=True))
    answer = client.post(
        reverse("wagtailimages:edit", args=[image.pk]),
        {
            "title": "新名",
            "alt_text": "别的话",
            "credit": "别人",
            "licence": "own",
            "collection": image.collection_id,
        },
    )
    assert "《有图》" in answer.content.decode()


def test_what_readers_do_not_see_of_a_file_may_change(people, shown):
    image, *_ = shown
    image = CustomImage.objects.get(pk=image.pk)
    image.title, image.consent_note = "库里的名字", "本人同意"
    image.focal_point_x = image.focal_point_y = 5
    image.focal_point_width = image.focal_point_height = 5
    image.save()


def test_a_picture_that_readers_still_see_is_no_draft_s_to_drop(people):
    image = ImageFactory()
    blocks = body(("picture", {"image": image.pk, "caption": "", "alt_text": ""}))
    article = make_ready(people, title="已公开", body=blocks)
    publishing.publish_now(people.publisher, article)
    text = again(article).get_latest_revision_as_object()
    text.body = body(("paragraph", "<p>没有图了</p>"))
    text.save_revision(user=people.editor)
    with refused(FileInUse, match="《已公开》"):
        image.delete()


def test_a_picture_nobody_shows_is_free(people):
    image = ImageFactory()
    ArticleFactory(writer=people.editor, cover=image)  # a draft is nobody's reading
    image.alt_text = "改了"
    image.save()
    assert file_uses.titles_showing(image) == []


# --- at once ------------------------------------------------------------------------------------


def at_once(*deeds):
    """Run ``deeds`` in threads of their own; answer what each said, '' for done."""
    barrier = threading.Barrier(len(deeds))
    said = [None] * len(deeds)

    def run(number, deed):
        try:
            barrier.wait(30)
            deed()
            said[number] = ""
        except PermissionDenied as refusal:
            said[number] = str(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return said


@pytest.mark.only_on("postgresql")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_reviewers_at_once_give_one_approval(people):
    article = in_review(people)
    other = UserFactory(roles=["reviewer_credible"])
    step = running_step(article)
    answers = complete_answers(step)
    said = at_once(
        *(
            lambda who=who: services.approve(
                who, TaskState.objects.get(pk=step.pk), answers=answers
            )
            for who in (people.reviewer_credible, other)
        )
    )
    assert sorted(map(bool, said)) == [False, True], said
    assert AuditEntry.objects.filter(action="article.approve").count() == 1


@pytest.mark.only_on("postgresql")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_publishers_at_once_publish_once(people):
    article = make_ready(people)
    other = UserFactory(roles=["publisher"])
    said = at_once(
        *(
            lambda who=who: publishing.publish_now(who, ArticlePage.objects.get(pk=article.pk))
            for who in (people.publisher, other)
        )
    )
    assert sorted(map(bool, said)) == [False, True], said
    assert PageLogEntry.objects.filter(action="wagtail.publish", page=article.pk).count() == 1


@pytest.mark.only_on("postgresql")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("turn", range(3))
def test_a_save_during_the_last_approval_is_never_published_unseen(people, turn):
    article = in_review(people)
    approve_by(article, people.reviewer_credible, people.reviewer_readable)
    step = running_step(article)
    answers = complete_answers(step)
    at_once(
        lambda: services.approve(
            people.reviewer_approachable, TaskState.objects.get(pk=step.pk), answers=answers
        ),
        lambda: change(article, people.editor, "趁审核时改的"),
    )
    with refused(PublishRefused):
        publishing.publish_now(people.publisher, again(article))
    assert not again(article).live


def test_the_slower_of_two_reviewers_is_told(people):
    article = in_review(people)
    other = UserFactory(roles=["reviewer_credible"])
    step = running_step(article)
    answers = complete_answers(step)
    services.approve(people.reviewer_credible, step, answers=answers)
    with refused(ReviewRefused, match="已经有人"):
        services.approve(other, TaskState.objects.get(pk=step.pk), answers=answers)


def test_the_slower_of_two_publishers_is_told(people):
    article = make_ready(people)
    publishing.publish_now(people.publisher, article)
    with refused(PublishRefused, match="没有可发布的新内容"):
        publishing.publish_now(UserFactory(roles=["publisher"]), article)


def test_rounds_before_a_withdrawal_count_for_nothing(people):
    article = make_ready(people)
    publishing.publish_now(people.publisher, article)
    withdraw(people.publisher, again(article), "wrong", "数字写错了，先撤下")
    assert "还没有通过" in reasons(article)
    with refused(PublishRefused):
        publishing.publish_now(people.publisher, again(article))
    assert not again(article).live
