"""Random people press random buttons of pushes in any order; the laws hold all the same.

Never is a push public whose composition or texts differ from what somebody approved who had no
hand in it. Never are two pushes in one slot, or an article in two pushes; the mirror has all of a
push or nothing; its places are numbered without a gap. The machine keeps its own record of who did
what, beside the rows it tests.
"""

import datetime as dt
from types import SimpleNamespace

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from articles import publishing
from articles.models import (
    ArticlePage,
    MemberForm,
    Push,
    PushMember,
    PushSettings,
    SentNoticed,
)
from articles.pushes import rules, services
from articles.pushes.slots import read_slots
from tests import scenes
from tests.factories.users import UserFactory

from .conftest import NOW, READY, TODAY, make, on

EXAMPLES = 15  # of each stage
STEPS = 12
SLOTS = "08:30 18:00"

person = st.integers(0, 2)
which = st.integers(0, READY - 1)
hour = st.sampled_from(["08:30", "09:15", "18:00"])
day = st.integers(1, 2)
HOW = st.sampled_from(["", "add", "remove", "turn_round", "set_form", "save_past_the_lock"])


class Newsroom(RuleBasedStateMachine):
    """Each run in a savepoint of its own, from the same four texts in 待发布."""

    scene: SimpleNamespace
    stage: str

    @initialize(who=person, days=day, clock=hour)
    def open(self, who, days, clock):
        """Two pushes; random presses alone would seldom get them approved and committed."""
        self.travel = time_machine.travel(NOW, tick=False)
        self.now = self.travel.start()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        PushSettings.objects.update_or_create(defaults={"slots": SLOTS, "daily_allowance": 2})
        self.people = [
            self.scene.people.publisher,
            self.scene.people.second,
            UserFactory(roles=["publisher"], is_superuser=True),
        ]
        self.pks = [article.pk for article in self.scene.ready]
        self.hands = {}  # push: who put it together
        self.approved = {}  # push: what was approved, by people without a hand in it
        self.public = set()
        self.create(who, 0, 1)
        self.create((who + 1) % 3, 2, 2)
        if self.stage != "assembled":
            self.approve_by_whoever_may(who, 0)
            self.approve_by_whoever_may(who, 1)
        if self.stage == "committed":
            self.commit(who, 0, 1, "08:30")
            self.commit(who, 1, days, clock)

    def teardown(self):
        if hasattr(self, "savepoint"):
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)
            self.travel.stop()

    def attempt(self, deed, *args, **kwargs):
        """What the deed answers, True for nothing; False when it is refused with a sentence."""
        try:
            with transaction.atomic():
                return deed(*args, **kwargs) or True
        except PermissionDenied as refusal:
            assert str(refusal), "refused without a sentence"
            return False

    def push(self, number):
        pushes = list(Push.objects.order_by("pk"))
        return pushes[number % len(pushes)]

    def article(self, number):
        return ArticlePage.objects.get(pk=self.pks[number])

    def composition(self, push):
        """What would go out: the texts as they are now, not as the rows say."""
        rows = push.members.select_related("article").order_by("position")
        return [
            (
                row.article_id,
                row.article.get_latest_revision_as_object().content_digest,
                row.form,
                row.comments,
            )
            for row in rows
        ]

    def assembled(self, done, push, who):
        if done:
            self.hands.setdefault(push.pk, set()).add(self.people[who].pk)

    # --- the buttons ------------------------------------------------------------------------------

    @rule(who=person, first=which, second=which)
    def create(self, who, first, second):
        articles = [self.article(number) for number in dict.fromkeys([first, second])]
        push = self.attempt(services.create, self.people[who], articles)
        if push:
            self.hands[push.pk] = {self.people[who].pk}

    @rule(
        who=person,
        number=which,
        article=which,
        how=HOW,
    )
    def change(self, who, number, article, how):
        if how:
            getattr(self, how)(who, number, article)

    def add(self, who, number, article):
        push = self.push(number)
        done = self.attempt(services.add, self.people[who], push, self.article(article))
        self.assembled(done, push, who)

    def remove(self, who, number, article):
        push = self.push(number)
        done = self.attempt(services.remove, self.people[who], push, self.article(article), "换")
        self.assembled(done, push, who)

    def turn_round(self, who, number, article):
        push = self.push(number)
        ids = list(push.members.values_list("article", flat=True))[::-1]
        done = self.attempt(services.reorder, self.people[who], push, ids)
        self.assembled(done and len(ids) > 1, push, who)

    def set_form(self, who, number, article):
        push, before = self.push(number), self.composition(self.push(number))
        member = push.members.filter(article=self.pks[article]).first()
        form = "newspic" if member and member.form == "news" else "news"
        choice = {"form": form, "comments": "closed"}
        self.attempt(services.set_form, self.people[who], push, self.article(article), **choice)
        self.assembled(self.composition(push) != before, push, who)

    def save_past_the_lock(self, who, number, article):
        text = self.article(article)
        text.title = "改了"
        text.save_revision(user=self.scene.people.administrator)

    @rule(who=person, number=which)
    def approve(self, who, number):
        push = self.push(number)
        seen = self.composition(push)
        if self.attempt(services.approve, self.people[who], push):
            assert self.people[who].pk not in self.hands[push.pk], "approved by an assembler"
            self.approved.setdefault(push.pk, []).append((seen, self.people[who].pk))

    @rule(who=person, number=which)
    def approve_by_whoever_may(self, who, number):
        for turn in range(3):
            self.approve((who + turn) % 3, number)

    @rule(who=person, number=which, deed=st.sampled_from(["undo_approval", "uncommit", "dissolve"]))
    def go_back(self, who, number, deed):
        self.attempt(getattr(services, deed), self.people[who], self.push(number), "不发了")

    @rule(who=person, number=which, days=day, slot=st.sampled_from([None, *read_slots(SLOTS)]))
    def plan(self, who, number, days, slot):
        planned = TODAY + dt.timedelta(days=days)
        self.attempt(services.plan, self.people[who], self.push(number), planned, slot)

    @rule(who=person, number=which, days=day, clock=hour)
    def commit(self, who, number, days, clock):
        self.attempt(services.commit, self.people[who], self.push(number), on(days, clock))

    @rule(who=person, number=which, article=which, days=day, clock=hour, how=HOW)
    def go_all_the_way(self, who, number, article, days, clock, how):
        """Approved, changed, committed and waited for; a change must not get through."""
        self.approve_by_whoever_may(who, number)
        self.change(who, number, article, how)
        self.commit(who, number, days, clock)
        self.laws()
        self.time_passes(48)

    @rule(who=person, number=which)
    def publish_now(self, who, number):
        self.attempt(services.publish_now, self.people[who], self.push(number))

    @rule(who=person, number=which)
    def record_sent(self, who, number):
        push, now = self.push(number), timezone.now()
        noticed = {"noticed": SentNoticed.PASTED}
        self.attempt(services.record_sent, self.people[who], push, now, **noticed)

    @rule(who=person, article=which)
    def publish_alone(self, who, article):
        held = PushMember.objects.filter(push__in=Push.objects.holding())
        is_held = held.filter(article=self.pks[article]).exists()
        publish = self.article(article).get_latest_revision().publish
        done = self.attempt(publish, user=self.people[who], skip_permission_checks=True)
        assert not (done and is_held), "went out without its push"

    @rule(number=which, form=st.sampled_from(MemberForm.values))
    def forge_a_row(self, number, form):
        Push.objects.get(pk=self.push(number).pk).members.filter(
            push__in=Push.objects.holding()
        ).update(form=form)

    @rule(hours=st.sampled_from([1, 24, 48]))
    def time_passes(self, hours):
        self.now.shift(dt.timedelta(hours=hours))
        assert not publishing.publish_due().postponed

    # --- the laws ---------------------------------------------------------------------------------

    @invariant()
    def laws(self):
        if not hasattr(self, "public"):
            return
        pushes = list(Push.objects.prefetch_related("members__article"))
        self.only_what_was_approved(pushes)
        held, slots = [], []
        for push in pushes:
            members = sorted(push.members.all(), key=lambda member: member.position)
            assert [member.position for member in members] == list(range(len(members)))
            if push.dissolved_at or push.published_at:
                continue
            held += [member.article_id for member in members]
            at = timezone.localtime(push.go_live_at) if push.go_live_at else None
            if push.sent_at:
                continue
            if at:
                slots.append((at.date(), rules.slot_of(at.time(), read_slots(SLOTS))))
            elif push.planned_slot:
                slots.append((push.planned_for, push.planned_slot))
        assert len(held) == len(set(held)), "an article in two pushes"
        assert len(slots) == len(set(slots)), "two pushes in one slot"

    def only_what_was_approved(self, pushes):
        for push in pushes:
            if push.published_at is None or push.pk in self.public:
                continue
            self.public.add(push.pk)
            seen = self.composition(push)
            approvers = [who for what, who in self.approved.get(push.pk, []) if what == seen]
            assert set(approvers) - self.hands[push.pk], "public, and nobody approved it so"
            assert all(member.article.live for member in push.members.all()), "half of it"


scene = scenes.fixture(make)


@pytest.mark.django_db
@pytest.mark.parametrize("stage", ["assembled", "approved", "committed"])
def test_whatever_people_press(scene, stage):
    Newsroom.scene, Newsroom.stage = scene, stage
    # Other presses in every run, in CI as well: a law is not proved by the same few stories.
    run_state_machine_as_test(
        Newsroom,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=STEPS, derandomize=False, print_blob=True
        ),
    )
