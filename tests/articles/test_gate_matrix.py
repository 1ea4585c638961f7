"""Nobody gets round the gate: every way onto the mirror, tried by every role.

The rows of the two tables are the ways, the columns everybody of `gate_scene.make`: one person a
role, a superuser, and a superuser who is in all groups as well. Each of them presses the button
alone. Afterwards nothing new may be live, and readers must see exactly what they saw before.
"""

from copy import deepcopy
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.copy_page import CopyPageAction
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.actions.move_page import MovePageAction
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.images.tests.utils import get_test_image_file_jpeg
from wagtail.models import Page, PageViewRestriction, Revision, Workflow

from articles import publishing
from articles.importing import import_past_article
from articles.models import ArticlePage, ColumnPage
from articles.release import urgent
from articles.review import services
from articles.setup import WORKFLOW
from media.models import CustomImage
from tests import scenes
from tests.factories.articles import complete_answers, filled_form, running_step

from . import gate_scene
from .gate_scene import again, change
from .test_editor import form

pytestmark = pytest.mark.django_db


scene = scenes.fixture(gate_scene.make)


@pytest.fixture
def s(scene, db):
    return deepcopy(scene)


# --- ways through screens: (scene, client of the person) -> the last answer ---------------------


def page_url(name, *args):
    return reverse(f"wagtailadmin_pages:{name}", args=args)


def press(client, url, **data):
    client.cookies.pop("messages", None)  # what the last answer said, and nobody has read
    return client.post(url, data)


def bulk(client, action, *pages, **data):
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    return press(client, url + "?" + "&".join(f"id={page.pk}" for page in pages), **data)


def edit(client, page, **changes):
    loaded = {"loaded_revision_id": again(page).latest_revision_id}
    return press(client, page_url("edit", page.pk), **form(**{**loaded, **changes}))


def desk(client, article, **data):
    return press(client, reverse("articles_desk", args=[article.pk]), **data)


def step_url(name, article, *more):
    return page_url(name, article.pk, *more, article.current_workflow_task_state.pk)


def workflow_approve(article):
    def way(s, client):
        text = getattr(s, article)
        return press(client, step_url("workflow_action", text, "approve"), next="/admin/")

    return way


def copy_form(s, **more):
    return {
        "new_title": "再说一次",
        "new_slug": "again",
        "new_parent_page": s.column.pk,
        "copy_subpages": "on",
        **more,
    }


def column_form(**changes):
    return {
        "title": "新栏目",
        "slug": "new",
        "description": "一个人写的",
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
        "action-publish": "1",
        **changes,
    }


def api(s, client, page, action, **data):
    return press(client, f"/admin/api/main/pages/{page.pk}/action/{action}/", **data)


def save_while_scheduled(s, client):
    """A stale tab saves over a text with a time; the time comes."""
    answer = edit(client, s.scheduled, title="趁定时改的题目")
    revision = again(s.scheduled).scheduled_revision
    assert revision is None or revision.content["title"] == "定时"
    with transaction.atomic(), time_machine.travel(s.at + timedelta(minutes=1)):
        report = publishing.publish_due()
        assert not report.failed and again(s.scheduled).title == "定时"
        transaction.set_rollback(True)  # what was approved may go out, and is no change
    return answer


def every_approval(s, client):
    """One person fills in the form of every review, then publishes."""
    for _ in range(3):
        step = running_step(s.reviewing)
        desk(client, s.reviewing, **filled_form(step))
        if running_step(s.reviewing) == step:
            break
    assert running_step(s.reviewing) == step, "one person gave all three approvals"
    return desk(client, s.reviewing, action="publish")


def without_the_workflow(s, client):
    """Whoever may switches the reviews off and publishes."""
    workflow = Workflow.objects.get(name=WORKFLOW)
    press(client, reverse("wagtailadmin_workflows:disable", args=[workflow.pk]))
    return edit(client, s.draft, **{"action-publish": "1"})


SCREENS = {
    "publish in the editor": lambda s, c: edit(c, s.draft, **{"action-publish": "1"}),
    "publish a change of a live text": lambda s, c: edit(c, s.live, **{"action-publish": "1"}),
    "publish with a time in the editor": lambda s, c: edit(
        c, s.draft, go_live_at="2000-01-01 08:00", **{"action-publish": "1"}
    ),
    "create and publish": lambda s, c: press(
        c,
        page_url("add", "articles", "articlepage", s.column.pk),
        **form(**{"action-publish": "1"}),
    ),
    "approve one step from the dashboard": workflow_approve("reviewing"),
    "approve 待发布 from the dashboard": workflow_approve("ready"),
    "approve with an empty form": lambda s, c: press(
        c, step_url("collect_workflow_action_data", s.reviewing, "approve")
    ),
    "workflow action in the editor": lambda s, c: edit(
        c, s.ready, **{"action-workflow-action": "1", "workflow-action-name": "approve"}
    ),
    "bulk publish": lambda s, c: bulk(
        c, "publish", s.draft, s.live, s.withdrawn, s.home, include_descendants="on"
    ),
    "bulk unpublish": lambda s, c: bulk(c, "unpublish", s.live, s.column, include_descendants="on"),
    "bulk delete": lambda s, c: bulk(c, "delete", s.live, s.column),
    "bulk move": lambda s, c: bulk(c, "move", s.live, s.column, chooser=s.other_column.pk),
    "revert, then publish": lambda s, c: edit(
        c, s.live, revision=s.live.latest_revision_id, **{"action-publish": "1"}
    ),
    "copy and publish": lambda s, c: press(
        c, page_url("copy", s.live.pk), **copy_form(s, publish_copies="on")
    ),
    "copy as an alias": lambda s, c: press(
        c, page_url("copy", s.live.pk), **copy_form(s, alias="on")
    ),
    "copy a column with what it holds": lambda s, c: press(
        c,
        page_url("copy", s.column.pk),
        **copy_form(s, new_parent_page=s.home.pk, publish_copies="on"),
    ),
    "move": lambda s, c: press(c, page_url("move_confirm", s.live.pk, s.other_column.pk)),
    "unpublish": lambda s, c: press(c, page_url("unpublish", s.live.pk)),
    "unpublish a column": lambda s, c: press(
        c, page_url("unpublish", s.column.pk), include_descendants="on"
    ),
    "delete": lambda s, c: press(c, page_url("delete", s.live.pk)),
    "delete a column": lambda s, c: press(c, page_url("delete", s.column.pk)),
    "delete a column with what was withdrawn": lambda s, c: press(
        c, page_url("delete", s.other_column.pk)
    ),
    "hide from readers": lambda s, c: press(
        c, page_url("set_privacy", s.live.pk), restriction_type="login"
    ),
    "hide a column": lambda s, c: press(
        c, page_url("set_privacy", s.column.pk), restriction_type="login"
    ),
    "lock": lambda s, c: press(c, page_url("lock", s.live.pk)),
    "save while scheduled": save_while_scheduled,
    "cancel the time with Wagtail's button": lambda s, c: press(
        c, page_url("revisions_unschedule", s.scheduled.pk, s.scheduled.scheduled_revision.pk)
    ),
    "switch the reviews off": without_the_workflow,
    "write in a column and publish it": lambda s, c: press(
        c, page_url("edit", s.column.pk), **column_form()
    ),
    "write on the front page and publish it": lambda s, c: press(
        c, page_url("edit", s.home.pk), **column_form(tagline="一个人写的")
    ),
    "create a column and publish it": lambda s, c: press(
        c, page_url("add", "articles", "columnpage", s.home.pk), **column_form()
    ),
    "API: publish": lambda s, c: api(s, c, s.draft, "publish"),
    "API: delete a column": lambda s, c: api(s, c, s.other_column, "delete"),
    "API: copy": lambda s, c: api(s, c, s.live, "copy", keep_live="true"),
    "API: copy a column": lambda s, c: api(
        s, c, s.column, "copy", keep_live="true", recursive="true", slug="b"
    ),
    "API: alias": lambda s, c: api(s, c, s.live, "create_alias", slug="b"),
    "API: unpublish": lambda s, c: api(s, c, s.live, "unpublish"),
    "API: delete": lambda s, c: api(s, c, s.live, "delete"),
    "API: move": lambda s, c: api(
        s, c, s.live, "move", destination_page_id=s.other_column.pk, position="first-child"
    ),
    "API: revert": lambda s, c: api(
        s, c, s.live, "revert_to_page_revision", revision_id=s.live.live_revision.pk
    ),
    "desk: publish": lambda s, c: desk(c, s.draft, action="publish"),
    "desk: publish a change of a live text": lambda s, c: desk(c, s.live, action="publish"),
    "desk: give every approval, then publish": every_approval,
    "desk: publish what was withdrawn": lambda s, c: desk(c, s.withdrawn, action="publish"),
    "publish in the editor what was withdrawn": lambda s, c: edit(
        c, s.withdrawn, **{"action-publish": "1"}
    ),
    "API: publish what was withdrawn": lambda s, c: api(s, c, s.withdrawn, "publish"),
    "publish from a stale tab": lambda s, c: edit(
        c,
        s.live,
        loaded_revision_id=s.live.live_revision_id,
        title="旧标签页里的题目",
        **{"action-publish": "1"},
    ),
    "write over the live version from a stale tab": lambda s, c: edit(
        c,
        s.live,
        loaded_revision_id=s.live.live_revision_id,
        overwrite_revision_id=s.live.live_revision_id,
        title="盖在已公开的一版上",
    ),
    "replace a picture": lambda s, c: press(
        c,
        reverse("wagtailimages:edit", args=[s.image.pk]),
        title=s.image.title,
        alt_text="另一句话",
        credit="别人",
        licence="own",
        collection=s.image.collection_id,
        file=get_test_image_file_jpeg(filename="other.jpg"),
    ),
    "delete a picture": lambda s, c: press(c, reverse("wagtailimages:delete", args=[s.image.pk])),
}


def test_no_screen_lets_anybody_publish_alone(s, client):
    before = gate_scene.what_readers_see(s)
    failed = []
    for role in gate_scene.COLUMNS:
        client.force_login(s.people[role])
        for way, pressed in SCREENS.items():
            with transaction.atomic():
                s.forget()
                with gate_scene.Writes() as writes:
                    told = gate_scene.why_not_told(pressed(s, client))
                failed += [f"{role}: {way}: {told}"] if told else []
                if writes.any:
                    failed += [f"{role}: {way}: {c}" for c in gate_scene.changes(before, s)]
                transaction.set_rollback(True)
    assert not failed, "\n".join(failed)


# --- ways through code: (scene, person); each is refused with a sentence, or changes nothing ----


def due(revision):
    """Give ``revision`` a time that has come, as a forged row would."""
    Revision.objects.filter(pk=revision.pk).update(
        approved_go_live_at=timezone.now() - timedelta(minutes=1)
    )


def forged_time(command):
    def way(s, person):
        due(change(s.draft, person, "伪造的时间"))
        due(change(s.column, person, "伪造的栏目时间"))
        with pytest.raises(SystemExit):  # it says what failed, and cron hears of it
            call_command(command)

    return way


def overwrite_the_live_revision(s, person):
    """Autosave's way of saving: over the revision that readers see."""
    article = again(s.live)
    text = article.live_revision.as_object()
    text.title = "盖在已公开的一版上"
    saved = text.save_revision(user=person, overwrite_revision=article.live_revision)
    assert article.live_revision.as_object().title == "已公开"
    saved.publish(user=person)


def approve_alone(s, person):
    """All three approvals by one hand, past the services."""
    for _ in range(4):
        state = again(s.reviewing).current_workflow_task_state
        state.specific.approve(user=person)
    again(s.reviewing).get_latest_revision().publish(user=person, skip_permission_checks=True)


def save_as(text="draft", **fields):
    def way(s, person):
        article = again(getattr(s, text))
        for name, value in fields.items():
            setattr(article, name, value)
        article.save()

    return way


def change_what_is_live(s, person):
    article = again(s.live)
    article.title = "直接改的题目"
    article.save(update_fields=["title"])


def bare_row(s, person):
    page = Page.objects.get(pk=s.draft.pk)
    page.live = True
    page.save()


def earlier_date(s, person):
    article = again(s.live)
    article.first_published_at -= timedelta(days=365)
    article.save()


def forged_alias(s, person):
    """An alias row put into the database by hand is followed by nothing."""
    Page.objects.filter(pk=s.draft.pk).update(alias_of=s.live.pk)
    again(s.live).update_aliases()


def urgent_alone(s, person):
    urgent.confirm_urgent(person, urgent.request_urgent(person, s.draft, "下午四点停水，来不及等"))


def import_now(s, person):
    article = ArticlePage(
        title="旧文", digest="一句", author="甲", editor_in_charge="乙", original_url=""
    )
    # Who may take in the past (it is marked as such and on record) may not make it the future.
    may = person.has_perm("articles.import_past_article")
    import_past_article(person, s.column, article, timezone.now() + timedelta(minutes=5 * may))


def every_approval_by_services(s, person):
    for _ in range(3):
        step = running_step(s.reviewing)
        services.approve(person, step, answers=complete_answers(step))


def publish_the_column(s, person):
    change(s.column, person, "一个人改的栏目名").publish(user=person, skip_permission_checks=True)


CODE = {
    "revision.publish by the writer": lambda s, p: change(s.draft, p, "我写我发").publish(user=p),
    "revision.publish by nobody": lambda s, p: change(s.draft, p, "系统发").publish(user=None),
    "skip_permission_checks": lambda s, p: s.draft.get_latest_revision().publish(
        user=p, skip_permission_checks=True
    ),
    "the action behind the editor": lambda s, p: PublishPageRevisionAction(
        change(s.draft, p, "绕过模型"), user=p
    ).execute(skip_permission_checks=True),
    "a change after approval": lambda s, p: change(s.ready, p, "批准之后改").publish(
        user=p, skip_permission_checks=True
    ),
    "forged time, publish_due": forged_time("publish_due"),
    "forged time, publish_scheduled": forged_time("publish_scheduled"),
    "publish_now": lambda s, p: publishing.publish_now(p, s.draft),
    "schedule": lambda s, p: publishing.schedule(p, s.draft, timezone.now() + timedelta(hours=1)),
    "overwrite the live revision": overwrite_the_live_revision,
    "approve all steps alone": approve_alone,
    "approve all steps alone, by the services": every_approval_by_services,
    "publish_now what was withdrawn": lambda s, p: publishing.publish_now(p, s.withdrawn),
    "schedule what was withdrawn": lambda s, p: publishing.schedule(
        p, s.withdrawn, timezone.now() + timedelta(hours=1)
    ),
    "publish the version that was withdrawn": lambda s, p: (
        s.withdrawn.get_latest_revision().publish(user=p, skip_permission_checks=True)
    ),
    "save(live=True) what was withdrawn": save_as("withdrawn", live=True),
    "urgent, for what was withdrawn": lambda s, p: urgent.request_urgent(
        p, s.withdrawn, "下午四点停水，来不及等"
    ),
    "finish the workflow": lambda s, p: s.reviewing.current_workflow_state.finish(user=p),
    "save(live=True)": save_as(live=True),
    "save with an old public date": save_as(first_published_at=timezone.now()),
    "save a change of a live text": change_what_is_live,
    "save the bare page": bare_row,
    "an earlier public date": earlier_date,
    "add a live page": lambda s, p: s.column.add_child(
        instance=ArticlePage(title="新", digest="新", author="新", editor_in_charge="新", live=True)
    ),
    "copy a column with live texts": lambda s, p: CopyPageAction(
        s.column, to=s.home, recursive=True, keep_live=True, update_attrs={"slug": "b"}, user=p
    ).execute(skip_permission_checks=True),
    "copy a live text": lambda s, p: CopyPageAction(
        s.live, keep_live=True, update_attrs={"slug": "b"}, user=p
    ).execute(skip_permission_checks=True),
    "page.copy": lambda s, p: s.column.copy(recursive=True, update_attrs={"slug": "b"}, user=p),
    "create_alias": lambda s, p: s.live.create_alias(update_slug="b", user=p),
    "alias of a column": lambda s, p: CreatePageAliasAction(
        s.column, parent=s.home, recursive=True, update_slug="b", user=p
    ).execute(skip_permission_checks=True),
    "forged alias": forged_alias,
    "unpublish": lambda s, p: s.live.unpublish(user=p),
    "unpublish, not committed": lambda s, p: s.live.unpublish(user=p, commit=False),
    "the action behind unpublish": lambda s, p: UnpublishPageAction(s.live, user=p).execute(
        skip_permission_checks=True
    ),
    "delete": lambda s, p: s.live.delete(),
    "delete the column": lambda s, p: s.column.delete(),
    "delete the front page": lambda s, p: s.home.delete(),
    "delete by query": lambda s, p: Page.objects.filter(pk=s.live.pk).delete(),
    "move": lambda s, p: s.live.move(s.other_column, pos="last-child"),
    "take down by another object of the same row": lambda s, p: ArticlePage(
        **{**ArticlePage.objects.values().get(pk=s.live.pk), "live": False}
    ).save(),
    "the action behind move": lambda s, p: MovePageAction(
        s.column, s.other_column, pos="last-child", user=p
    ).execute(skip_permission_checks=True),
    "urgent, alone": urgent_alone,
    "import as history": import_now,
    "write in a column and publish": publish_the_column,
    "a column by the system": lambda s, p: change(s.column, p, "系统发的栏目").publish(user=None),
    "replace a picture": lambda s, p: CustomImage(
        **{**CustomImage.objects.values().get(pk=s.image.pk), "alt_text": "另一句话"}
    ).save(),
    "delete a picture": lambda s, p: s.image.delete(),
    "delete the writers' revisions": lambda s, p: s.draft.get_latest_revision().delete(),
}
# These do something that is allowed, and nothing of it reaches the mirror.
HARMLESS = {
    "forged time, publish_due",
    "forged time, publish_scheduled",
    "finish the workflow",
    "page.copy",
}


def test_no_code_path_publishes_for_one_person(s):
    failed = gate_scene.what_got_round(s, CODE, HARMLESS)
    assert not failed, "\n".join(failed)


def test_nothing_is_hidden_by_hand(s, client):
    """Whoever tries, no page of the mirror asks readers to sign in."""
    for person in s.people.values():
        client.force_login(person)
        for page in (s.live, s.column, s.home):
            press(client, page_url("set_privacy", page.pk), restriction_type="login")
    assert not PageViewRestriction.objects.exists()


def test_the_table_can_tell(s):
    """The proof of the proofs: what three reviewers let out is seen as a change."""
    before = gate_scene.what_readers_see(s)
    publishing.publish_now(s.publisher, s.ready)
    assert gate_scene.what_readers_see(s) != before
    assert ColumnPage.objects.live().count() == 2
