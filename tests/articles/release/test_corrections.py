"""更正: written by one, let out by another, printed with its day."""

import pytest

from articles.models import CorrectionNote, CorrectionStatus, WeChatAction
from articles.release import corrections, withdrawal
from articles.release.base import ReleaseRefused
from cms.ops.models import AuditEntry
from tests.factories.users import UserFactory

from .conftest import again, change, review

pytestmark = pytest.mark.django_db

TEXT = "第二段“七点半”应为“八点半”，谨向读者致歉。"


@pytest.fixture
def note(people, live) -> CorrectionNote:
    return corrections.propose_correction(people.editor, live, TEXT, WeChatAction.EDITED)


def test_printed_below_the_text_with_its_day(people, live, note, client, time_machine):
    assert TEXT not in client.get(live.url).content.decode()
    time_machine.move_to("2026-06-03 10:00:00+08:00", tick=False)
    corrections.publish_correction(people.reviewer_credible, note)
    html = client.get(live.url).content.decode()
    assert '<h2 id="corrections">更正</h2>' in html
    assert TEXT in html and "2026年6月3日" in html
    assert html.index("正文结束") < html.index(TEXT)
    # What was done in WeChat is the newsroom's.
    assert note.get_wechat_action_display() not in html
    entry = AuditEntry.objects.get(action="article.correction_publish")
    assert entry.detail == {"text": TEXT, "wechat": "已在微信改正"}
    assert entry.actor == people.reviewer_credible


def test_an_article_without_any_has_no_box(live, client):
    assert "更正" not in client.get(live.url).content.decode()


def test_no_part_of_what_was_approved(people, live, note):
    digest = live.content_digest
    corrections.publish_correction(people.reviewer_credible, note)
    assert again(live).content_digest == digest
    assert again(live).latest_revision_id == live.latest_revision_id


def test_hostile_words_are_only_words(people, live, client):
    note = corrections.propose_correction(
        people.editor, live, "<script>alert(1)</script>\n第二行", WeChatAction.NONE
    )
    corrections.publish_correction(people.reviewer_credible, note)
    html = client.get(live.url).content.decode()
    assert "<script>alert" not in html and "&lt;script&gt;" in html


def test_nobody_lets_out_their_own(people, live, second):
    boss = UserFactory(is_superuser=True)
    for person in (people.publisher, boss):
        note = corrections.propose_correction(person, live, f"{TEXT}{person}", "none")
        with pytest.raises(ReleaseRefused, match="另一个人"):
            corrections.publish_correction(person, note)
    corrections.publish_correction(second, note)


@pytest.mark.parametrize("role", ["editor", "office", "administrator", "auditor", "contributor"])
def test_only_reviewers_and_publishers_let_one_out(people, note, role):
    with pytest.raises(ReleaseRefused, match="权限"):
        corrections.publish_correction(getattr(people, role), note)


@pytest.mark.parametrize(
    "role", ["reviewer_credible", "office", "administrator", "auditor", "contributor"]
)
def test_only_editors_and_publishers_propose(people, live, role):
    with pytest.raises(ReleaseRefused, match="权限"):
        corrections.propose_correction(getattr(people, role), live, TEXT, "none")


@pytest.mark.parametrize(
    ("text", "action", "words"),
    [
        ("", "none", "更正内容"),
        ("  改  ", "none", "更正内容"),
        ("改" * 501, "none", "更正内容"),
        (TEXT, "", "微信"),
        (TEXT, "burned", "微信"),
    ],
    ids=range(5),
)
def test_bad_input_gets_a_sentence(people, live, text, action, words):
    with pytest.raises(ReleaseRefused, match=words):
        corrections.propose_correction(people.editor, live, text, action)
    assert not CorrectionNote.objects.exists()


def test_only_below_what_is_public(people, draft, live, note):
    with pytest.raises(ReleaseRefused, match="不在公开页面"):
        corrections.propose_correction(people.editor, draft, TEXT, "none")
    withdrawal.withdraw(people.publisher, live, "wrong", "整篇都不对")
    with pytest.raises(ReleaseRefused, match="已经处理过了"):
        corrections.publish_correction(people.reviewer_credible, note)


def test_posting_twice_proposes_once(people, live, note):
    with pytest.raises(ReleaseRefused, match="已经提出"):
        corrections.propose_correction(people.editor, live, TEXT, "none")
    assert CorrectionNote.objects.count() == 1


def test_answered_once(people, note, second):
    corrections.publish_correction(people.reviewer_credible, note)
    with pytest.raises(ReleaseRefused, match="已经处理过了"):
        corrections.publish_correction(second, note)
    with pytest.raises(ReleaseRefused, match="已经处理过了"):
        corrections.decline_correction(second, note, "改得不准确")
    assert AuditEntry.objects.filter(action="article.correction_publish").count() == 1


def test_declined_stays_inside(people, live, note, client):
    with pytest.raises(ReleaseRefused, match="原因"):
        corrections.decline_correction(people.reviewer_credible, note, "")
    corrections.decline_correction(people.reviewer_credible, note, "原文没有错")
    note.refresh_from_db()
    assert (note.status, note.decision_note) == (CorrectionStatus.DECLINED, "原文没有错")
    with pytest.raises(ReleaseRefused, match="已经处理过了"):
        corrections.publish_correction(people.reviewer_credible, note)
    assert TEXT not in client.get(live.url).content.decode()


def test_the_proposer_takes_it_back_and_others_do_not(people, note):
    with pytest.raises(ReleaseRefused, match="权限"):
        corrections.decline_correction(UserFactory(roles=["editor"]), note, "不想要了呀")
    corrections.decline_correction(people.editor, note, "看错了，原文无误")
    note.refresh_from_db()
    assert note.status == CorrectionStatus.DECLINED


def test_notes_stay_when_the_text_is_published_anew(people, live, note, client):
    from articles import publishing

    corrections.publish_correction(people.reviewer_credible, note)
    article = review(people, change(live, people.editor, title="新标题"))
    publishing.publish_now(people.publisher, article)
    assert TEXT in client.get(live.url).content.decode()
