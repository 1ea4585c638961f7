"""Random people press random buttons in any order; the law of publication holds all the same.

Whatever is live was approved in this exact digest by three different people, none of whom had
written any of it since the last live version; or two people let it out as 特急, with a reason; or
it came in as history. The machine keeps its own record of who wrote and who approved, beside the
rows it tests, so that a rule that reads the rows wrongly is found out.
"""

from datetime import UTC, datetime, timedelta

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
from articles.models import ArticlePage, ColumnPage
from articles.release import urgent, withdrawal
from articles.review import services
from cms.users.roles import ROLES
from tests.factories.articles import ArticleFactory, ColumnFactory, complete_answers, running_step
from tests.factories.users import UserFactory

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
EXAMPLES = 20
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


class Newsroom(RuleBasedStateMachine):
    """Each run in a savepoint of its own; ``people`` and ``column`` are made once for all."""

    people: list
    column: ColumnPage

    @initialize()
    def open(self):
        self.travel = time_machine.travel(START, tick=False)
        self.now = self.travel.start()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.article = ArticleFactory(writer=self.people[0], column=self.column, title="晨跑")
        # Our own record: who has written since the live text, and who approved which digest.
        self.writers = {self.people[0].pk}
        self.approved = []
        self.urgent = None  # the digest that went out as 特急, until it has been reviewed
        self.history = set()
        self.was_live = {}

    def teardown(self):
        if hasattr(self, "savepoint"):
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)
            self.travel.stop()

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

    def fresh(self):
        return ArticlePage.objects.get(pk=self.article.pk)

    def latest(self):
        return self.fresh().get_latest_revision()

    @rule(who=person, words=title)
    def write(self, who, words):
        """Past the lock of the screen, as a script would."""
        text = self.latest().as_object()
        text.title = words
        self.attempt(text.save_revision, self.people[who])
        self.writers.add(self.people[who].pk)

    @rule(who=person)
    def revert(self, who):
        first = self.fresh().revisions.order_by("pk").first()
        self.attempt(first.as_object().save_revision, self.people[who])
        self.writers.add(self.people[who].pk)

    @rule(who=person)
    def submit(self, who):
        self.attempt(services.submit, self.people[who], self.fresh())

    @rule(who=person)
    def approve(self, who):
        self._approve(who)

    def _approve(self, who):
        step = running_step(self.article)
        if step is None or not hasattr(step.task.specific, "dimension"):
            return
        digest = self.latest().as_object().content_digest

        def deed():
            services.approve(self.people[who], step, answers=complete_answers(step))

        if self.attempt(deed):
            self.approved.append((step.task.specific.dimension, self.people[who].pk, digest))

    @rule(words=title)
    def review_through(self, words):
        """A whole round, by whoever may: random presses alone would seldom get this far."""
        self.write(0, words)
        self.submit(0)
        for _ in range(3):
            for who in range(len(PEOPLE)):
                self._approve(who)

    @rule(who=person)
    def send_back(self, who):
        if (step := running_step(self.article)) is not None:
            self.attempt(services.send_back, self.people[who], step, "重写导语")

    @rule(who=person)
    def take_back(self, who):
        self.attempt(services.take_back, self.people[who], self.fresh(), "还要改")

    @rule(who=person)
    def publish_now(self, who):
        self.attempt(publishing.publish_now, self.people[who], self.fresh())

    @rule(who=person)
    def schedule(self, who):
        at = datetime.now(UTC) + timedelta(hours=1)
        self.attempt(publishing.schedule, self.people[who], self.fresh(), at)

    @rule(who=person)
    def unschedule(self, who):
        self.attempt(publishing.unschedule, self.people[who], self.fresh(), "改期")

    @rule(minutes=st.sampled_from([5, 90]))
    def time_passes(self, minutes):
        self.now.shift(timedelta(minutes=minutes))
        report = publishing.publish_due()
        assert not report.postponed

    @rule(asker=person, second=person)
    def urgent_release(self, asker, second):
        text = self.latest().as_object()
        release = self.attempt(urgent.request_urgent, self.people[asker], self.fresh(), REASON)
        if not release:
            return
        if self.attempt(urgent.confirm_urgent, self.people[second], release):
            assert asker != second, "one person let it out alone"
            assert self.people[second].pk not in self.writers, "the second person had written it"
            self.urgent = text.content_digest

    @rule(who=person)
    def withdraw(self, who):
        if self.attempt(withdrawal.withdraw, self.people[who], self.fresh(), "wrong", REASON):
            self.approved.clear()
            self.writers |= self.savers(self.fresh().revisions.all())
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
        for _ in range(2):
            self._approve(who)
        self.people[who].groups.set(groups)

    # --- the law --------------------------------------------------------------------------------

    @staticmethod
    def savers(revisions):
        return set(revisions.exclude(user=None).values_list("user_id", flat=True))

    def why_not_lawful(self, digest):
        by = {
            dimension: who
            for dimension, who, approved in self.approved
            if approved == digest and who not in self.writers
        }
        return "" if len(set(by.values())) == 3 else f"{by} of {self.approved}"

    @invariant()
    def only_the_approved_is_live(self):
        if not hasattr(self, "savepoint"):
            return
        live = {a.pk: (a.content_digest, a.live_revision_id) for a in ArticlePage.objects.live()}
        for pk, (digest, revision) in live.items():
            if pk in self.history:
                continue
            assert pk == self.article.pk, "something else went live"
            fault = self.why_not_lawful(digest)
            if self.was_live.get(pk) != (digest, revision) and fault:
                assert digest == self.urgent, f"live with the approvals {fault}"
            if not fault or self.was_live.get(pk) != (digest, revision):
                self.urgent = digest if fault else None
            if not self.urgent:  # what is live has been reviewed: only what came later counts
                self.writers = self.savers(self.fresh().revisions.filter(pk__gt=revision))
        self.was_live = live


@pytest.mark.django_db
def test_whatever_people_press():
    Newsroom.people = [
        UserFactory(roles=roles, is_superuser=i >= len(PEOPLE) - 2)
        for i, roles in enumerate(PEOPLE)
    ]
    Newsroom.column = ColumnFactory()
    run_state_machine_as_test(
        Newsroom, settings=settings(max_examples=EXAMPLES, stateful_step_count=20, deadline=None)
    )
