"""An article leans on a claim: printed only while it holds, and told when it falls."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.blocks import StructBlockValidationError
from wagtail.models import PageLogEntry

from articles import claim_watch, health, publishing
from articles.blocks import RankingFactBlock
from articles.models import ArticlePage, PublishFailure
from articles.review import services
from articles.review.services import ReviewRefused
from articles.status import Stage, standing
from cms.ops.models import AuditEntry
from rankings.dependents import dependents_of
from rankings.models import Claim, ClaimStatus
from rankings.services import correct_observation
from rankings.services.claims import restore_claim, withdraw_claim
from rankings.services.corrections import confirm_observations
from tests.factories.articles import ArticleFactory, approve_by, body
from tests.factories.claims import approved_claim
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim(people) -> Claim:
    return approved_claim()


def text_with(claim: Claim) -> str:
    return body(
        ("paragraph", "<p>说说名次。</p>"),
        ("ranking_fact", {"claim": claim.pk, "sentence": claim.text}),
    )


@pytest.fixture
def article(people, claim) -> ArticlePage:
    return ArticleFactory(writer=people.editor, body=text_with(claim))


def reviewers(people):
    return people.reviewer_credible, people.reviewer_readable, people.reviewer_approachable


def again(article: ArticlePage) -> ArticlePage:
    return ArticlePage.objects.get(pk=article.pk)


def publish(people, article: ArticlePage) -> ArticlePage:
    services.submit(people.editor, article)
    approve_by(article, *reviewers(people))
    publishing.publish_now(people.publisher, again(article))
    return again(article)


def break_(claim: Claim) -> Claim:
    """A correction takes the last month's first place away; two people have a hand in it."""
    row = claim.observations.order_by("-month").first()
    new = correct_observation(
        UserFactory(roles=["office"]), row, "发布机构更正，当月第二名", {"rank": 2}
    )
    confirm_observations(UserFactory(roles=["office"]), [new])
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.REVIEW
    return claim


def shown(client, article: ArticlePage) -> str:
    return client.get(article.url).content.decode()


class TestTheBlock:
    def test_the_sentence_is_the_claim_s_whatever_is_typed(self, claim):
        block = RankingFactBlock()
        value = block.clean(block.to_python({"claim": claim.pk, "sentence": "连续一百年第一"}))
        assert value["sentence"] == claim.text

    @pytest.mark.parametrize("state", ["proposed", "review", "rejected", "withdrawn"])
    def test_only_a_claim_that_holds_is_taken(self, claim, state):
        Claim.objects.filter(pk=claim.pk).update(status=state)
        block = RankingFactBlock()
        with pytest.raises(StructBlockValidationError) as refused:
            block.clean(block.to_python({"claim": claim.pk, "sentence": ""}))
        error = str(refused.value.block_errors["claim"])
        assert claim.number in error and "不能再用" in error

    def test_both_are_in_the_digest(self, article):
        before = article.content_digest
        other = approved_claim(["2018-01", "2018-02"])
        article.body = json.loads(text_with(other))
        assert article.content_digest != before

    def test_a_text_has_one_digest_however_it_was_read(self, article):
        """Stored without some keys, as an older version of the block would have left it."""
        article.body = json.loads(body(("quotation", {"text": "好", "speaker": "王"})))
        article.save_revision()
        unread = article.get_latest_revision_as_object()
        read = article.get_latest_revision_as_object()
        assert [block.value for block in read.body]
        assert unread.content_digest == read.content_digest


class TestBeforePublication:
    def test_a_text_with_a_fallen_claim_is_not_submitted(self, people, article, claim):
        break_(claim)
        with pytest.raises(ReviewRefused, match=f"{claim.number}.*需复核"):
            services.submit(people.editor, article)

    def test_nor_approved_and_the_desk_is_told(self, people, article, claim):
        services.submit(people.editor, article)
        break_(claim)
        with pytest.raises(ReviewRefused, match="不能通过"):
            approve_by(article, people.reviewer_credible)
        [finding] = health.claims()
        assert "不能发布" in finding.message and article.title in finding.message

    def test_what_is_scheduled_fails_visibly_and_goes_live_once_the_claim_is_restored(
        self, people, article, claim, time_machine
    ):
        services.submit(people.editor, article)
        approve_by(article, *reviewers(people))
        at = timezone.now() + timezone.timedelta(hours=1)
        publishing.schedule(people.publisher, again(article), at)
        Claim.objects.filter(pk=claim.pk).update(status=ClaimStatus.REVIEW)
        time_machine.move_to(at + timezone.timedelta(minutes=1))
        publishing.publish_due()
        assert not again(article).live
        failure = PublishFailure.objects.get()
        assert claim.number in failure.reason
        claim.refresh_from_db()
        restore_claim(UserFactory(roles=["office"]), claim, "查对无误")
        publishing.retry(people.publisher, failure)
        assert again(article).live

    def test_a_block_without_its_claim_is_neither_printed_nor_published(
        self, people, client, article
    ):
        article.body = json.loads(body(("ranking_fact", {"claim": None, "sentence": "旧句子"})))
        article.save_revision(user=people.editor)
        with pytest.raises(PermissionDenied, match="重新选择结论"):
            services.submit(people.editor, article)


class TestAfterPublication:
    def test_the_page_adds_a_dated_note_and_keeps_the_approved_sentence(
        self, people, client, article, claim
    ):
        article = publish(people, article)
        assert "正在复核" not in shown(client, article)
        break_(claim)
        html = shown(client, article)
        day = timezone.localtime(claim.review_since)
        assert claim.text in html
        assert f"{day.year}年{day.month}月{day.day}日起，这一结论正在复核。" in html

    def test_it_turns_to_recheck_everywhere(self, people, client, article, claim):
        article = publish(people, article)
        assert standing(article).stage == Stage.LIVE
        break_(claim)
        assert standing(again(article)).stage == Stage.RECHECK
        client.force_login(people.editor)
        assert "已发布，需复核" in client.get("/admin/articles/").content.decode()
        [finding] = health.claims()
        assert article.title in finding.message and "需复核" in finding.message
        assert f"《{article.title}》" in client.get("/admin/").content.decode()

    def test_history_and_audit_tell_when_it_fell_and_when_it_was_restored(
        self, people, article, claim, django_capture_on_commit_callbacks
    ):
        article = publish(people, article)
        with django_capture_on_commit_callbacks(execute=True):
            break_(claim)
        assert AuditEntry.objects.filter(action="article.claim_in_doubt").count() == 1
        assert PageLogEntry.objects.filter(page=article, action=claim_watch.DOUBT).count() == 1
        row = claim.observations.order_by("-month").first().superseded_by.get()
        back = correct_observation(
            UserFactory(roles=["office"]), row, "更正有误，恢复原名次", {"rank": 1}
        )
        confirm_observations(UserFactory(roles=["office"]), [back])
        assert standing(again(article)).stage == Stage.RECHECK
        with django_capture_on_commit_callbacks(execute=True):
            withdraw_claim(people.office, claim, "换新结论", "以新结论为准")
        assert AuditEntry.objects.filter(action="article.claim_in_doubt").count() == 2

    def test_a_new_sentence_needs_review(self, people, article, claim):
        article = publish(people, article)
        break_(claim)
        other = approved_claim(["2018-01", "2018-02"])
        article.body = json.loads(text_with(other))
        article.save_revision(user=people.editor)
        with pytest.raises(PermissionDenied, match="须重审"):
            publishing.publish_now(people.publisher, again(article))
        publish(people, article)
        assert standing(again(article)).stage == Stage.LIVE

    def test_a_withdrawn_claim_says_why(self, people, client, article, claim):
        article = publish(people, article)
        withdraw_claim(people.office, claim, "口径有误", "发布机构撤回了当月榜单")
        html = shown(client, article)
        assert "这一结论已撤回：发布机构撤回了当月榜单。" in html


class TestWhatLeans:
    def test_live_and_coming_articles_are_listed(self, people, article, claim):
        coming = ArticleFactory(writer=people.editor, body=text_with(claim))
        ArticleFactory(writer=people.editor)
        publish(people, article)
        services.submit(people.editor, coming)
        row = claim.observations.first()
        [group] = [group for group in dependents_of([row]) if group.key == "articles"]
        assert [(each.label, each.status, each.url) for each in group.items] == [
            (f"《{article.title}》", "已发布", reverse("articles_desk", args=[article.pk])),
            (f"《{coming.title}》", "审核或待发布", reverse("articles_desk", args=[coming.pk])),
        ]

    def test_nobody_leans_on_a_statement_without_a_claim(self, people, article, claim):
        other = approved_claim(["2017-01"])
        found = dependents_of(list(other.observations.all()))
        assert "articles" not in {group.key for group in found}

    @pytest.mark.parametrize("stored", [None, "", "[]", '[{"type": "paragraph", "value": "x"}]'])
    def test_texts_without_a_claim(self, stored):
        assert claim_watch.printed_in(stored) == set()

    def test_the_list_learns_of_all_of_them_in_its_one_query(self, people, client, claim):
        client.force_login(people.editor)
        for _ in range(3):
            publish(people, ArticleFactory(writer=people.editor, body=text_with(claim)))
        break_(claim)
        with CaptureQueriesContext(connection) as asked:
            html = client.get("/admin/articles/").content.decode()
        assert html.count("已发布，需复核") == 3
        assert sum("rankings_claim" in query["sql"] for query in asked) == 1
