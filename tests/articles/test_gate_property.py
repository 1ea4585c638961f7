"""Random people press random buttons in any order; the law of publication holds all the same.

Whatever is live was approved in this exact digest by three different people, none of whom had
written any of it since the last live version; or two people let it out as 特急, with a reason; or
it came in as history. Nobody's approval is even taken that could not count. The machine keeps its
own record of who wrote and who approved, beside the rows it tests, so that a rule that reads the
rows wrongly is found out.
"""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NamedTuple

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction
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
from articles.importing import import_past_article
from articles.models import ArticlePage, ColumnPage, ReadyTask, ReviewTask
from articles.release import urgent, withdrawal
from articles.review import services
from cms.users.roles import ROLES
from tests.factories.articles import ArticleFactory, ColumnFactory, complete_answers, running_step
from tests.factories.users import UserFactory

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
EXAMPLES = 4  # of each stage
STEPS = 12
REASON = "天气预警，来不及等三审"
# Few people with many roles each, so that they get into each other's way.
PEOPLE = (
    ("editor", "reviewer_credible"),
    ("editor", "reviewer_readable", "publisher"),
    ("reviewer_credible", "reviewer_readable", "reviewer_approachable"),
    ("reviewer_approachable", "publisher"),
    ("reviewer_readable", "reviewer_approachable", "editor"),
    tuple(role.key for role in ROLES),
)
person = st.integers(0, len(PEOPLE) - 1)
title = st.sampled_from(["晨跑", "停水通知", "新书到馆"])
HOW = st.sampled_from(["停水通知", "same", "晨跑", "first"])
# Where stories begin: random presses alone would seldom get this far.
STAGES = [
    "draft",
    "ready",
    "signed",
    "outgrown",
    "returned",
    "taken_back",
    "live",
    "withdrawn",
    "urgent",
]


class Given(NamedTuple):
    """An approval that was taken: in which round, of what, by whom, for which text."""

    round: int
    dimension: str
    who: int
    digest: str


class Newsroom(RuleBasedStateMachine):
    """Each run in a savepoint of its own; what is the same in all of a stage is made once."""

    people: list
    stage: str
    column: ColumnPage
    article: ArticlePage
    begun: dict  # our own record when the runs begin
    began: datetime

    @classmethod
    def begin(cls, stage):
        """Go as far into ``stage`` as hangs on nobody's choice."""
        cls.stage = stage
        cls.people = [
            UserFactory(roles=roles, is_superuser=i >= len(PEOPLE) - 2)
            for i, roles in enumerate(PEOPLE)
        ]
        cls.column = ColumnFactory()
        first = cls()
        with time_machine.travel(START, tick=False) as first.now:
            cls.article = ArticleFactory(writer=cls.people[0], column=cls.column, title="晨跑")
            cls.begun = {
                # Who saved which revision, which one the reviews last let out, and the approvals
                # that count.
                "saves": [(first.latest().pk, cls.people[0].pk)],
                "reviewed": 0,
                "approved": [],
                "asked": None,  # the digest for which somebody last asked for 特急, and who it was
                "urgent": None,  # the digest that went out as 特急, until it has been reviewed
                "history": set(),
                "was_live": {},
                "forms": {},  # a filled form for each step
            }
            vars(first).update(cls.begun)
            if stage not in ("draft", "urgent"):
                first.review_through("晨跑")
            if stage in ("live", "withdrawn"):
                first.publish_now(1)
                first.only_the_approved_is_live()
            cls.begun = {name: getattr(first, name) for name in cls.begun}
            cls.began = datetime.now(UTC)

    @initialize(who=person, how=HOW)
    def open(self, who, how):
        self.travel = time_machine.travel(self.began, tick=False)
        self.now = self.travel.start()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        vars(self).update(deepcopy(self.begun))
        getattr(self, f"_{self.stage}")(who, how)

    def _draft(self, who, how):
        pass

    def _ready(self, who, how):
        self.change(who, how, in_a_hurry=True)

    def _signed(self, who, how):
        """Somebody who has approved saves the same text, before it comes back and after."""
        self.change(2, "same", in_a_hurry=True)
        self.send_back(who)
        self.submit(0)
        self._approve_all()

    def _outgrown(self, who, how):
        self.change(0, "停水通知", in_a_hurry=True)

    def _returned(self, who, how):
        self.send_back_rewrite_and_submit(0, "停水通知")

    def _taken_back(self, who, how):
        self.take_back(1)
        self.publish_now(who)
        self.publish_with_wagtail(who)

    def _live(self, who, how):
        self.change(who, how, in_a_hurry=True)

    def _withdrawn(self, who, how):
        self.withdraw(1)
        self.only_the_approved_is_live()
        self.publish_now(who)

    def _urgent(self, who, how):
        self.urgent_release(who)

    def teardown(self):
        if hasattr(self, "savepoint"):
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)
            self.travel.stop()

    @property
    def writers(self):
        """Who has written since the last text that passed the reviews."""
        return {who for revision, who in self.saves if revision > self.reviewed}

    # --- what people do -------------------------------------------------------------------------

    def attempt(self, deed, *args):
        """Do it as the site would, in one transaction; a refusal is an answer, a crash is not."""
        self.now.shift(timedelta(seconds=1))
        try:
            with transaction.atomic():
                return deed(*args) or True
        except PermissionDenied as refusal:
            assert str(refusal), "refused without a sentence"
            return None

    def anyone(self, first, deed, *args):
        """Let ``first`` try, then the others in turn, until somebody manages; say who did."""
        for turn in range(len(PEOPLE)):
            actor = self.people[(first + turn) % len(PEOPLE)]
            if self.attempt(deed, actor, *args):
                return actor
        return None

    def fresh(self):
        return ArticlePage.objects.get(pk=self.article.pk)

    def latest(self):
        return self.fresh().get_latest_revision()

    def digest(self):
        return self.latest().as_object().content_digest

    def _save(self, who, text):
        revision = text.save_revision(user=self.people[who])
        self.saves.append((revision.pk, self.people[who].pk))

    def write(self, who, words):
        """Past the lock of the screen, as a script would."""
        text = self.latest().as_object()
        text.title = words
        self._save(who, text)

    @rule(who=person, how=HOW, in_a_hurry=st.booleans())
    def change(self, who, how, in_a_hurry):
        """Save what is there (it is theirs now), the first version, or a new title."""
        if how == "same":
            self._save(who, self.latest().as_object())
        elif how == "first":
            self._save(who, self.fresh().revisions.order_by("pk").first().as_object())
        else:
            self.write(who, how)
        if in_a_hurry:
            self.publish_now(who)
            self.publish_with_wagtail(who)

    @rule(who=person)
    def submit(self, who):
        if self.attempt(services.submit, self.people[who], self.fresh()):
            self._only_this_round_counts()
            self._what_waits_is_reviewed()

    def _only_this_round_counts(self):
        state, digest = self.fresh().current_workflow_state, self.digest()
        self.approved = [g for g in self.approved if (g.round, g.digest) == (state.pk, digest)]

    @rule(who=person)
    def approve(self, who):
        self._approve(who)

    def _approve(self, who):
        step = running_step(self.article)
        if step is None or not isinstance(step.task.specific, ReviewTask):
            return False
        actor, text = self.people[who], self.latest()
        if step.pk not in self.forms:
            self.forms[step.pk] = complete_answers(step)
        if not self.attempt(partial(services.approve, actor, step, answers=self.forms[step.pk])):
            return False
        digest = text.as_object().content_digest
        assert actor.pk not in self.writers, "approved what they had written"
        assert actor.pk not in {g.who for g in self.approved}, "gave two of the three approvals"
        self.approved.append(
            Given(step.workflow_state_id, step.task.specific.dimension, actor.pk, digest)
        )
        self._what_waits_is_reviewed()
        return True

    def _what_waits_is_reviewed(self):
        """Nothing comes into 待发布 without three approvals of this very text."""
        step = running_step(self.article)
        if step is not None and isinstance(step.task.specific, ReadyTask):
            digest = self.digest()
            people = {
                g.dimension: g.who
                for g in self.approved
                if g.digest == digest and g.who not in self.writers
            }
            assert len(set(people.values())) == 3, f"waits with the approvals {people}"

    @rule(words=title)
    def review_through(self, words):
        """A whole round, by whoever may.

        Whoever has given one approval tries to give the next as well.
        """
        self.write(0, words)
        self.submit(0)
        self._approve_all()

    def _approve_all(self):
        for _ in range(3):
            for who in range(len(PEOPLE)):
                while self._approve(who):
                    pass

    @rule(who=person)
    def send_back(self, who):
        if (step := running_step(self.article)) is not None:
            self.anyone(who, services.send_back, step, "重写导语")

    @rule(who=person, words=title)
    def send_back_rewrite_and_submit(self, who, words):
        self.send_back(who)
        self.write(who, words)
        self.submit(0)

    @rule(who=person)
    def take_back(self, who):
        if self.attempt(services.take_back, self.people[who], self.fresh(), "还要改"):
            self.approved.clear()

    @rule(who=person)
    def publish_now(self, who):
        self.anyone(who, publishing.publish_now, self.fresh())

    @rule(who=person)
    def schedule(self, who):
        self.anyone(who, publishing.schedule, self.fresh(), datetime.now(UTC) + timedelta(hours=1))

    @rule(who=person)
    def unschedule(self, who):
        self.attempt(publishing.unschedule, self.people[who], self.fresh(), "改期")

    @rule(minutes=st.sampled_from([5, 90]))
    def time_passes(self, minutes):
        self.now.shift(timedelta(minutes=minutes))
        report = publishing.publish_due()
        assert not report.postponed

    @rule(who=person)
    def ask_for_urgent_release(self, who):
        digest = self.digest()
        if asker := self.anyone(who, urgent.request_urgent, self.fresh(), REASON):
            self.asked = (asker.pk, digest)

    @rule(who=person)
    def confirm_urgent_release(self, who):
        for turn in range(len(PEOPLE)):
            self._confirm(self.people[(who + turn) % len(PEOPLE)])

    def _confirm(self, second):
        for release in self.article.urgent_releases.waiting():
            digest, writers = self.digest(), self.writers
            if self.attempt(urgent.confirm_urgent, second, release):
                assert self.asked[0] != second.pk, "one person let it out alone"
                assert self.asked[1] == digest, "it was asked for another text"
                assert second.pk not in writers, "the second person had written it"
                self.urgent = digest
                self._only_this_round_counts()

    @rule(who=person)
    def urgent_release(self, who):
        """Whoever asks or has written tries to answer first."""
        self.ask_for_urgent_release(who)
        keen = {self.asked[0], *self.writers} if self.asked else set()
        for turn in [n for n, p in enumerate(self.people) if p.pk in keen] or [who]:
            self._confirm(self.people[turn])
        self.confirm_urgent_release(who)

    @rule(who=person)
    def withdraw(self, who):
        if self.anyone(who, withdrawal.withdraw, self.fresh(), "wrong", REASON):
            self.approved.clear()
            self.reviewed = 0
            self.urgent = None

    @rule(who=person)
    def publish_with_wagtail(self, who):
        self.attempt(lambda: self.latest().publish(self.people[who], skip_permission_checks=True))

    @rule(who=person)
    def publish_with_a_forged_time(self, who):
        revision = self.latest()
        revision.approved_go_live_at = datetime.now(UTC)
        revision.save(update_fields=["approved_go_live_at"])

    @rule(words=title)
    def save_the_row(self, words):
        article = self.fresh()
        article.live, article.title = True, words
        self.attempt(article.save)

    @rule(who=person)
    def copy_live(self, who):
        column = self.column.specific_class.objects.get(pk=self.column.pk)
        self.attempt(
            lambda: self.fresh().copy(
                to=column, keep_live=True, update_attrs={"slug": "copy"}, user=self.people[who]
            )
        )
        for copy in ArticlePage.objects.exclude(pk=self.article.pk).filter(slug__endswith="copy"):
            assert not copy.live

    @rule(who=person)
    def import_history(self, who):
        past = ArticlePage(title="旧闻", digest="旧", author="甲", editor_in_charge="乙")
        if self.attempt(import_past_article, self.people[who], self.column, past, START):
            assert self.people[who].has_perm("articles.import_past_article")
            self.history.add(past.pk)

    @rule(who=person)
    def leave_and_return(self, who):
        groups = list(self.people[who].groups.all())
        self.people[who].groups.clear()
        assert not self._approve(who), "approved without the role"
        self.people[who].groups.set(groups)

    # --- the law --------------------------------------------------------------------------------

    def why_not_lawful(self, digest):
        by = {
            g.dimension: g.who
            for g in self.approved
            if g.digest == digest and g.who not in self.writers
        }
        return "" if len(set(by.values())) == 3 else f"{by} of {self.approved}"

    @invariant()
    def only_the_approved_is_live(self):
        if not hasattr(self, "was_live"):
            return
        live = {a.pk: (a.content_digest, a.live_revision_id) for a in ArticlePage.objects.live()}
        for pk, (digest, revision) in live.items():
            if pk in self.history:
                continue
            assert pk == self.article.pk, "something else went live"
            fault, is_new = self.why_not_lawful(digest), self.was_live.get(pk) != live[pk]
            if is_new and fault:
                assert digest == self.urgent, f"live with the approvals {fault}"
            if is_new or not fault:
                self.urgent = digest if fault else None
            if not self.urgent:  # what is live has been reviewed: only what came later counts
                self.reviewed = revision
        self.was_live = live
        owed = self.article.urgent_releases.unreviewed().exists()
        assert owed == bool(self.urgent), "the reviews owed for a 特急 are not those on record"


@pytest.mark.django_db
@pytest.mark.parametrize("stage", STAGES)
def test_whatever_people_press(stage):
    Newsroom.begin(stage)
    # Other presses in every run, in CI as well: a law is not proved by the same few stories.
    run_state_machine_as_test(
        Newsroom,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=STEPS, derandomize=False, print_blob=True
        ),
    )
