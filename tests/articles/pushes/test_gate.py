"""The rows of pushes in the table of ways onto the mirror: tried by everybody, nobody gets round.

The people are those of `gate_scene.make`; each presses the button alone. The push was put together
by somebody else and nobody has approved it.
"""

from copy import deepcopy
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import publishing
from articles.models import Push, SentNoticed
from articles.pushes import services
from tests import scenes
from tests.articles import gate_scene
from tests.articles.gate_scene import again, change

pytestmark = pytest.mark.django_db


def make() -> SimpleNamespace:
    s = gate_scene.make()
    s.push = services.create(s.publisher, [s.ready])
    return s


scene = scenes.fixture(make)


@pytest.fixture
def s(scene, db):
    return deepcopy(scene)


def free(s):
    """The text waits in 待发布 again, for whoever wants to begin anew."""
    services.dissolve(s.publisher, s.push, "换人组稿")
    return again(s.ready)


def all_alone(s, person):
    push = services.create(person, [free(s)])
    services.approve(person, push)
    services.publish_now(person, push)


def with_a_hand_in_it(s, person):
    """Who only took something out and put it back has put it together too."""
    services.remove(person, s.push, s.ready, "看看")
    services.add(person, s.push, s.ready)
    services.approve(person, s.push)


def change_what_was_approved(s, person):
    services.approve(s.people["reviewer_credible"], s.push)
    services.set_form(person, s.push, s.ready, form="newspic", comments="closed")
    services.publish_now(person, again(s.push))


def change_the_text_and_publish(s, person):
    services.approve(s.people["reviewer_credible"], s.push)
    change(s.ready, person, "审定之后改")
    services.publish_now(person, again(s.push))


def forge(**fields):
    def way(s, person):
        given = {"approved_by": person, "approved_at": timezone.now()}
        Push.objects.filter(pk=s.push.pk).update(**given, **fields)
        services.publish_now(person, again(s.push))

    return way


def forged_minute(s, person):
    Push.objects.filter(pk=s.push.pk).update(go_live_at=timezone.now())
    report = publishing.publish_due()
    assert report.failed and not report.published


def sent_by_hand(s, person):
    services.record_sent(person, s.push, timezone.now(), noticed=SentNoticed.PASTED)


CODE = {
    "all alone": all_alone,
    "approve with a hand in it": with_a_hand_in_it,
    "publish what nobody approved": lambda s, p: services.publish_now(p, s.push),
    "commit what nobody approved": lambda s, p: services.commit(p, s.push, s.at),
    "retry what has not failed": lambda s, p: services.retry(p, s.push),
    "change what was approved": change_what_was_approved,
    "change the text": change_the_text_and_publish,
    "forge an approval": forge(),
    "forge an approval of something else": forge(approved_digest="0" * 64),
    "a forged minute": forged_minute,
    "recorded as sent": sent_by_hand,
    "publish an article of it": lambda s, p: publishing.publish_now(p, s.ready),
    "schedule an article of it": lambda s, p: publishing.schedule(p, s.ready, s.at),
    "revision.publish": lambda s, p: s.ready.get_latest_revision().publish(
        user=p, skip_permission_checks=True
    ),
    "revision.publish by nobody": lambda s, p: s.ready.get_latest_revision().publish(),
}
# These do something that is allowed, and nothing of it reaches the mirror.
HARMLESS = {"a forged minute", "recorded as sent"}


@pytest.mark.parametrize("mode", ["at_minute", "when_sent"])
def test_no_code_path_lets_a_push_out_for_one_person(s, settings, mode):
    settings.MIRROR_PUBLISH = mode
    ways = CODE if mode == "at_minute" else {"recorded as sent": sent_by_hand}
    failed = gate_scene.what_got_round(s, ways, HARMLESS)
    assert not failed, "\n".join(failed)


def test_no_button_lets_out_what_nobody_approved(s, client):
    before = gate_scene.what_readers_see(s)
    show = reverse("pushes_show", args=[s.push.pk])
    for person in s.people.values():
        client.force_login(person)
        for action in ("publish_now", "commit", "retry", "undo_approval"):
            client.post(show, {"action": action, "at": "2030-01-01 08:30", "reason": "发"})
        client.post(reverse("pushes_new"), {"articles": [s.ready.pk]})
    push = again(s.push)
    assert Push.objects.count() == 1
    assert (push.go_live_at, push.published_at, push.approved_at) == (None, None, None)
    assert gate_scene.changes(before, s) == []


def test_the_table_can_tell(s):
    """The proof of the proofs: approved by another, it goes out, and that is seen."""
    before = gate_scene.what_readers_see(s)
    services.approve(s.people["reviewer_credible"], s.push)
    services.publish_now(s.people["publisher"], s.push)
    assert gate_scene.changes(before, s)
