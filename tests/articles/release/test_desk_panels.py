"""The panels of the desk: where they appear, what they post, what comes back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import publishing
from articles.models import CorrectionNote, Priority, UrgentRelease, UrgentStatus, Withdrawal
from articles.release import corrections, urgent, withdrawal
from articles.review import deadlines, services
from cms.ops.templatetags.site_tags import on_site
from tests.factories.articles import approve_by
from tests.factories.users import UserFactory

from .conftest import again, change, review, reviewers

pytestmark = pytest.mark.django_db

REASON = "全区学校今天下午停课，家长要马上知道。"


@pytest.fixture
def desk(client):
    """Open or post to an article's desk as somebody; answers the page that is shown then."""

    def visit(person, article, **post) -> str:
        client.force_login(person)
        url = reverse("articles_desk", args=[article.pk])
        response = client.post(url, post, follow=True) if post else client.get(url)
        assert response.status_code == 200
        return response.content.decode()

    return visit


def test_urgent_from_request_to_reviews(people, draft, desk):
    page = desk(people.publisher, draft)
    assert "更多操作：特急发布" in page
    page = desk(people.publisher, draft, action="urgent_request", **{"urgent-reason": REASON})
    assert "已发起特急" in page and "撤回特急" in page and "同意，立即发布" not in page
    release = UrgentRelease.objects.get()
    page = desk(people.reviewer_credible, draft)
    assert REASON in page and "同意，立即发布" in page and str(people.publisher) in page
    page = desk(
        people.reviewer_credible,
        draft,
        action="urgent_confirm",
        release=release.pk,
        **{"urgent-confirm-note": "已电话核实"},
    )
    assert "已特急发布" in page and "待补审" in page and "已电话核实" in page
    assert again(draft).live
    # The same form sent again.
    page = desk(people.reviewer_credible, draft, action="urgent_confirm", release=release.pk)
    assert "已经处理过了" in page and again(draft).workflow_states.count() == 1


def test_urgent_is_not_offered_where_it_does_not_apply(people, draft, live, desk):
    for person in (people.editor, people.reviewer_credible, people.administrator):
        assert "特急" not in desk(person, draft)
    assert "特急" not in desk(people.publisher, live)


def test_a_writer_is_told_why_they_are_no_second_person(people, draft, desk):
    urgent.request_urgent(people.publisher, draft, REASON)
    people.reviewer_credible.is_superuser = False
    change(draft, people.reviewer_credible, title="改过的标题")
    page = desk(people.reviewer_credible, draft)
    assert "写过或改过" in page and "同意，立即发布" not in page
    page = desk(people.reviewer_readable, draft)
    assert "已不能确认" in page and "同意，立即发布" not in page


def test_declining_needs_words_and_keeps_them(people, draft, desk):
    release = urgent.request_urgent(people.publisher, draft, REASON)
    page = desk(
        people.reviewer_credible,
        draft,
        action="urgent_decline",
        release=release.pk,
        **{"urgent-decline-reason": "不行"},
    )
    assert "至少5个字，现在有2个字" in page and ">\n不行</textarea>" in page
    desk(
        people.reviewer_credible,
        draft,
        action="urgent_decline",
        release=release.pk,
        **{"urgent-decline-reason": "消息还没有核实"},
    )
    release.refresh_from_db()
    assert release.status == UrgentStatus.DECLINED


def test_a_short_reason_comes_back_as_typed(people, draft, desk):
    page = desk(people.publisher, draft, action="urgent_request", **{"urgent-reason": "快发"})
    assert "至少10个字" in page and ">\n快发</textarea>" in page
    assert not UrgentRelease.objects.exists()


@pytest.mark.parametrize("posted", ["", "0", "-1", "九", "1e3", "9" * 40, "²"], ids=range(7))
def test_a_strange_id_is_answered_with_a_sentence(people, draft, live, desk, posted):
    urgent.request_urgent(people.publisher, draft, REASON)
    page = desk(people.reviewer_credible, draft, action="urgent_confirm", release=posted)
    assert "没有找到这次特急" in page
    page = desk(people.reviewer_credible, live, action="correction_publish", note=posted)
    assert "没有找到这条更正" in page


def test_another_article_s_request_is_not_answered_here(people, draft, live, desk):
    release = urgent.request_urgent(people.publisher, draft, REASON)
    page = desk(people.reviewer_credible, live, action="urgent_confirm", release=release.pk)
    assert "没有找到这次特急" in page and not again(draft).live


def test_withdrawing_from_the_desk(people, live, desk):
    assert "更多操作：撤稿" in desk(people.publisher, live)
    assert "更多操作：撤稿" not in desk(people.editor, live)
    page = desk(people.publisher, live, action="withdraw", **{"withdraw-reason": "内容写错了"})
    assert "请选择公开说明" in page and "内容写错了</textarea>" in page and again(live).live
    page = desk(
        people.publisher,
        live,
        action="withdraw",
        **{"withdraw-kind": "wrong", "withdraw-reason": "内容写错了"},
    )
    assert "已撤稿" in page and "公开说明：内容有误" in page
    assert Withdrawal.objects.get().reason == "内容写错了"
    assert "内容写错了" in desk(people.editor, live)


def test_correcting_from_the_desk(people, live, desk):
    text = "“七点半”应为“八点半”。"
    page = desk(
        people.editor,
        live,
        action="correction_propose",
        **{"correction-text": text, "correction-wechat_action": ""},
    )
    assert "微信里的那一篇" in page and f"{text}</textarea>" in page
    page = desk(
        people.editor,
        live,
        action="correction_propose",
        **{"correction-text": text, "correction-wechat_action": "deleted"},
    )
    note = CorrectionNote.objects.get()
    assert "待第二人确认" in page and "登在正文下面</button>" not in page and "撤回这条更正" in page
    page = desk(people.reviewer_credible, live, action="correction_publish", note=note.pk)
    assert "更正已登在正文下面" in page and "已在微信删除" in page


def test_declining_a_correction_shows_the_error_at_its_own_form(people, live, desk):
    notes = [
        corrections.propose_correction(people.editor, live, f"第{n}处时间有误。", "none")
        for n in (1, 2)
    ]
    page = desk(
        people.reviewer_credible,
        live,
        action="correction_decline",
        note=notes[1].pk,
        **{"correction-decline-reason": "不"},
    )
    assert page.count("现在有1个字") == 1
    assert page.index("第2处") < page.index("现在有1个字")


def test_changing_the_date_from_the_desk(people, live, desk, time_machine):
    time_machine.move_to(timezone.now() + timedelta(days=3), tick=False)
    at = timezone.localtime(live.first_published_at + timedelta(days=1))
    post = {"public-date-at": f"{at:%Y-%m-%d %H:%M}", "public-date-reason": "正式公布在次日"}
    assert "日期倒签" in desk(people.publisher, live)
    assert "改公开日期" not in desk(people.editor, live)
    page = desk(people.publisher, live, action="change_public_date", **post)
    assert "公开日期已改为" in page
    page = desk(people.publisher, live, action="change_public_date", **post)
    assert "否决项" in page
    post["public-date-at"] = "明天"
    page = desk(people.publisher, live, action="change_public_date", **post)
    assert "时间格式不对" in page and "正式公布在次日</textarea>" in page


@pytest.mark.parametrize("role", ["editor", "reviewer_credible", "administrator"])
def test_posting_without_the_right_is_refused_with_a_sentence(people, live, draft, desk, role):
    person = getattr(people, role)
    posts = [
        {"action": "withdraw", "withdraw-kind": "wrong", "withdraw-reason": "内容写错了"},
        {
            "action": "change_public_date",
            "public-date-at": "2020-01-01 08:00",
            "public-date-reason": "改早一点点",
        },
    ]
    for post in posts:
        assert "权限" in desk(person, live, **post)
    assert "权限" in desk(person, draft, action="urgent_request", **{"urgent-reason": REASON})
    assert again(live).live


def test_a_withdrawn_article_leads_back_through_the_reviews(people, live, desk):
    withdrawal.withdraw(people.publisher, live, "outdated", "活动已经结束")
    page = desk(people.publisher, live)
    assert "三审通过后再发布" in page and "立即发布" not in page and "特急" not in page


def test_a_withdrawn_article_s_desk_says_so_first_and_nothing_of_the_old_round(
    people, draft, desk, time_machine
):
    time_machine.move_to("2026-06-01 09:00:00+08:00", tick=False)
    services.submit(people.editor, draft)
    deadlines.set_plan(
        people.publisher, draft, timezone.now() + timedelta(hours=9), Priority.TOP, "今天要发"
    )
    approve_by(draft, *reviewers(people))
    publishing.publish_now(people.publisher, again(draft))
    time_machine.move_to("2026-06-02 10:30:00+08:00", tick=False)
    withdrawal.withdraw(people.publisher, again(draft), "wrong", "停课的区域写错了")
    page = desk(people.publisher, draft)
    found = [
        page.index(words)
        for words in (
            "<h3>已撤稿</h3>",
            f"{people.publisher}于 2026年6月2日 10:30 撤稿",
            "公开说明：内容有误",
            "停课的区域写错了",
            f'<a href="{on_site(again(draft).url)}">',
            "desk-preview",
        )
    ]
    assert found == sorted(found)
    for old in ("三审进度", "截稿", "今天要发", "queue-mark", "可信审核"):
        assert old not in page.partition("<h3>经过</h3>")[0], old
    # Submitted again, the new round shows as every round does, and is not late from the start.
    services.submit(people.editor, again(draft))
    page = desk(people.reviewer_credible, draft)
    assert "三审进度" in page and "新一轮审核已经开始" in page and 'value="approve"' in page
    assert "截稿" in page and "已超" not in page and "今天要发" not in page


def test_an_expired_article_s_desk_says_who_took_it_down(people, draft, desk, time_machine):
    change(draft, people.editor, expire_at=timezone.now() + timedelta(days=1))
    publishing.publish_now(people.publisher, review(people, draft))
    time_machine.move_to(timezone.now() + timedelta(days=2), tick=False)
    publishing.publish_due()
    page = desk(people.editor, draft)
    assert "<h3>已到期撤下</h3>" in page and "按设定的时间撤下" in page and "三审进度" not in page


def test_the_explorer_offers_withdrawal_in_place_of_deletion(people, live, draft, client):
    """In the list of its column, and on the article's own screens for those who open them."""
    there = reverse("articles_desk", args=[live.pk]) + "#withdrawal"
    words = "公开过的文章不能删除"
    column = reverse("wagtailadmin_explore", args=[live.column.pk])
    edit = reverse("wagtailadmin_pages:edit", args=[live.pk])
    for person, url in (
        (people.publisher, column),
        (UserFactory(is_superuser=True), column),
        (UserFactory(is_superuser=True), edit),
    ):
        client.force_login(person)
        html = client.get(url).content.decode()
        assert there in html and words in html
        assert reverse("wagtailadmin_pages:delete", args=[live.pk]) not in html
    other = reverse("wagtailadmin_pages:edit", args=[draft.pk])
    assert words not in client.get(other).content.decode()
    client.force_login(people.editor)
    assert words not in client.get(edit).content.decode()
