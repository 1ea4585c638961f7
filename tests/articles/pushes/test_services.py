"""What people do with pushes: each action, who may not, and what it leaves behind."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from wagtail.models import TaskState

from articles import publishing
from articles.approval_sheet.content import rows
from articles.approval_sheet.reading import revision_of, sheet
from articles.models import (
    ArticlePage,
    Delivery,
    DeliveryStage,
    Push,
    PushSettings,
    SentNoticed,
    WithdrawalKind,
)
from articles.pushes import services
from articles.pushes.digest import push_digest
from articles.pushes.refusals import PushRefused
from articles.release import urgent, withdrawal
from articles.review import services as reviews
from articles.review.ready import is_ready
from articles.status import Stage, standing
from cms import workdays
from cms.ops.models import AuditEntry, DayKind
from tests.factories.articles import ArticleFactory, approve_by

from .conftest import TODAY, again, on

pytestmark = pytest.mark.django_db


def order(push):
    rows = list(push.members.select_related("article").order_by("position"))
    assert [row.position for row in rows] == list(range(len(rows)))
    return [row.article.title for row in rows]


def deeds(push):
    entries = AuditEntry.objects.filter(object_type="articles.push", object_id=str(push.pk))
    return list(entries.order_by("pk").values_list("action", flat=True))


def refused(said, deed, *args, **kwargs):
    with pytest.raises(PushRefused, match=said):
        deed(*args, **kwargs)


# --- assembling -----------------------------------------------------------------------------------


def test_articles_are_put_together_in_their_order(people, ready):
    push = services.create(people.publisher, [ready[2], ready[0]])
    assert order(push) == ["稿2", "稿0"]
    assert push.title == "《稿2》等2篇"
    assert deeds(push) == ["push.create"]
    assert not is_ready(again(ready[0])) and is_ready(again(ready[1]))
    services.add(people.publisher, push, ready[1])
    services.reorder(people.second, push, [ready[n].pk for n in (1, 2, 0)])
    assert order(push) == ["稿1", "稿2", "稿0"]
    services.remove(people.publisher, push, ready[2], "改日再发")
    assert order(push) == ["稿1", "稿0"]
    assert is_ready(again(ready[2]))
    assert set(push.assemblers.all()) == {people.publisher, people.second}
    assert deeds(push)[1:] == ["push.add", "push.reorder", "push.remove"]


def test_the_same_order_again_is_no_deed(people, assemble, ready):
    push = assemble(2, approved=True)
    services.reorder(people.publisher, push, [ready[0].pk, ready[1].pk])
    assert again(push).approved_at and deeds(push)[-1] == "push.approve"


def test_who_may_not_join(people, ready, assemble):
    push = assemble(1)
    refused("《稿0》已经编入推送《稿0》", services.create, people.publisher, [ready[0]])
    publishing.schedule(people.publisher, ready[1], on(1))
    refused("已经单独定时", services.add, people.publisher, push, ready[1])
    draft = ArticleFactory(writer=people.editor, title="在写")
    refused("可信、可读、可亲审核还没有通过", services.add, people.publisher, push, draft)
    refused("选了两次", services.create, people.publisher, [ready[2], ready[2]])
    refused("至少选择一篇", services.create, people.publisher, [])
    refused("不是这次|刚刚有变动", services.reorder, people.publisher, push, [ready[2].pk])
    refused("没有这个选项", _form, people.publisher, push, ready[0], form="poster")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("title", "荷" * 33, "标题有 33 个字"), ("author", "融" * 17, "作者有 17 个字")],
)
def test_what_wechat_has_no_room_for_does_not_join(people, scene, clock, field, value, said):
    three = people.reviewer_credible, people.reviewer_readable, people.reviewer_approachable
    article = ArticleFactory(writer=people.editor, column=scene.column, **{field: value})
    reviews.submit(people.editor, article)
    approve_by(article, *three)
    refused(said, services.create, people.publisher, [again(article)])


def _form(actor, push, article, form="newspic", comments="closed"):
    return services.set_form(actor, push, article, form=form, comments=comments)


def test_permissions_are_asked_of_every_deed(people, assemble, ready):
    push = assemble(1)
    editor, article = people.editor, ready[0]
    for deed in (
        lambda: services.create(editor, [ready[1]]),
        lambda: services.add(editor, push, ready[1]),
        lambda: services.remove(editor, push, article, "不要"),
        lambda: services.reorder(editor, push, [article.pk]),
        lambda: _form(editor, push, article),
        lambda: services.dissolve(editor, push, "不要"),
        lambda: services.approve(editor, push),
        lambda: services.undo_approval(editor, push, "不要"),
        lambda: services.commit(editor, push, on(1)),
        lambda: services.uncommit(editor, push, "不要"),
        lambda: services.publish_now(editor, push),
        lambda: services.retry(editor, push),
        lambda: services.record_sent(editor, push, on(0), noticed=SentNoticed.PASTED),
        lambda: services.plan(people.reviewer_credible, push, TODAY),
    ):
        refused("您没有", deed)
    services.plan(editor, push, TODAY)  # planning is the editors' too


def test_a_permission_taken_away_since_counts_no_more(people, assemble):
    push = assemble(1)
    assert people.second.has_perm(services.APPROVE)
    people.second.groups.clear()
    refused("您没有审定推送的权限", services.approve, people.second, push)


def test_dissolving_lets_all_go(people, assemble, ready):
    push = assemble(2, at=on(1))
    refused("请写明解散的原因", services.dissolve, people.publisher, push, " ")
    services.dissolve(people.publisher, push, "领导改期")
    push = again(push)
    assert push.dissolved_at and not push.go_live_at
    assert push.title == "《稿0》等2篇"  # the record stays
    assert all(is_ready(again(article)) for article in ready[:2])
    refused("已经解散", services.add, people.publisher, push, ready[2])
    assert services.create(people.second, ready[:2])


# --- approving ------------------------------------------------------------------------------------


def test_nobody_approves_their_own_push(people, assemble, ready):
    push = assemble(2)
    services.add(people.second, push, ready[2])
    services.remove(people.second, push, ready[2], "不要")
    for person in (people.publisher, people.second):
        refused("您参与过这次组稿", services.approve, person, push)
    services.approve(people.reviewer_readable, push, "可以发")
    push = again(push)
    assert push.approved_by == people.reviewer_readable
    assert push.approved_digest == push_digest(push)
    refused("已由.*审定", services.approve, people.reviewer_credible, push)


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize(
    "change",
    [
        lambda p, push, ready: services.add(p.publisher, push, ready[2]),
        lambda p, push, ready: services.remove(p.publisher, push, ready[1], "不要"),
        lambda p, push, ready: services.reorder(p.publisher, push, [ready[1].pk, ready[0].pk]),
        lambda p, push, ready: _form(p.publisher, push, ready[0]),
        lambda p, push, ready: _form(p.publisher, push, ready[0], form="news"),
        lambda p, push, ready: ready[0].save_revision(user=p.administrator),
        lambda p, push, ready: services.undo_approval(p.second, push, "再看看"),
    ],
    ids=["add", "remove", "reorder", "form", "comments", "save", "undo"],
)
def test_any_change_undoes_the_approval_and_the_minute(people, assemble, ready, change, committed):
    push = assemble(2, approved=True, at=on(1) if committed else None)
    change(people, push, ready)
    push = again(push)
    assert (push.approved_at, push.approved_by, push.approved_digest) == (None, None, "")
    assert push.go_live_at is None
    entry = AuditEntry.objects.filter(action="push.reopen").latest("pk")
    assert entry.detail["reason"] and ("go_live_at" in entry.detail) == committed


def test_a_saved_text_must_leave_before_the_push_is_approved_again(people, assemble, ready):
    push = assemble(2, approved=True)
    article = again(ready[0])
    article.title = "改了题目"
    article.save_revision(user=people.administrator)
    refused("《稿0》编入之后又保存过新的一稿", services.approve, people.second, push)
    services.remove(people.publisher, push, ready[0], "改过了")
    article = again(ready[0])
    assert not is_ready(article)  # its text has passed nothing
    assert article.current_workflow_state is None
    services.approve(people.second, push)


def test_a_replaced_picture_is_found_out(people, assemble, ready, monkeypatch):
    push = assemble(2, approved=True)
    monkeypatch.setattr(ArticlePage, "content_digest", property(lambda a: f"other {a.pk}"))
    (why, *_) = services.why_not_deliver(push)
    assert "《稿0》编入之后内容或图片有变动" in why
    refused("内容或图片有变动", services.commit, people.publisher, push, on(1))


def test_a_forged_composition_is_found_out(people, assemble, ready):
    push = assemble(2, at=on(1))
    push.members.filter(position=1).update(form="newspic")
    assert "请重新审定" in services.why_not_deliver(push)[0]
    refused("请重新审定", services.publish_now, people.publisher, push)


# --- days and minutes -----------------------------------------------------------------------------


def test_a_plan_is_no_commitment(people, assemble):
    push = assemble(1, approved=True)
    assert services.plan(people.editor, push, TODAY + dt.timedelta(days=1), dt.time(8, 30)) == ""
    push = again(push)
    assert push.planned_for and push.planned_slot and not push.go_live_at and push.approved_at
    services.plan(people.editor, push, None)
    assert again(push).planned_slot is None
    details = AuditEntry.objects.filter(action="push.plan").order_by("pk")
    assert [row.detail["to"] for row in details] == ["2026-12-09 08:30", "没有计划"]
    refused("已经过去", services.plan, people.editor, push, TODAY - dt.timedelta(days=1))


def test_two_in_one_slot_are_refused_with_the_other_named(people, assemble):
    first, second = assemble(1, at=on(1)), assemble(1, approved=True)
    named = "《稿0》（.*12月09日 08:30定时）"
    refused(named, services.commit, people.publisher, second, on(1, "10:00"))
    refused(named, services.plan, people.editor, second, on(1).date(), dt.time(8, 30))
    assert "已经排满：《稿0》" in services.plan(people.editor, second, on(1).date())
    services.uncommit(people.publisher, first, "改期")
    services.commit(people.publisher, second, on(1, "10:00"))
    refused("10:00定时", services.commit, people.publisher, first, on(1))
    services.uncommit(people.publisher, second, "改期")
    services.commit(people.publisher, first, on(1))


def test_a_day_has_so_many_turns(people, assemble):
    PushSettings.objects.update_or_create(defaults={"slots": "08:30 18:00", "daily_allowance": 1})
    assemble(1, at=on(1))
    second = assemble(1, approved=True)
    refused("1次推送已经用完", services.commit, people.publisher, second, on(1, "18:00"))
    PushSettings.objects.update(daily_allowance=2)
    services.commit(people.publisher, second, on(1, "18:00"))


def test_quiet_days_and_holidays(people, assemble):
    push, day = assemble(1, approved=True), on(1).date()
    workdays.add(people.administrator, DayKind.QUIET, "公祭日", day)
    refused("静默日（公祭日）", services.commit, people.publisher, push, on(1))
    refused("静默日（公祭日）", services.plan, people.publisher, push, day)
    workdays.add(people.administrator, DayKind.REST, "庆典", on(2).date())
    PushSettings.objects.update_or_create(defaults={"send_on_holidays": False})
    refused("是庆典，按设置不推送", services.commit, people.publisher, push, on(2))
    services.commit(people.publisher, push, on(3))


def test_only_what_is_approved_gets_a_minute(people, assemble):
    push = assemble(1)
    refused("还没有审定", services.commit, people.publisher, push, on(1))
    refused("还没有审定", services.publish_now, people.publisher, push)
    services.approve(people.second, push)
    refused("已经过去", services.commit, people.publisher, push, on(0))
    services.commit(people.publisher, push, on(1))
    refused("已定于12月09日 08:30发布", services.commit, people.publisher, push, on(2))
    refused("请先取消定时", services.plan, people.publisher, push, TODAY)
    services.uncommit(people.publisher, push, "改期")
    assert again(push).approved_at  # nothing of it has changed


def test_nothing_is_changed_while_it_is_sent(people, assemble, ready):
    push = assemble(1, approved=True)
    Delivery.objects.create(
        push=push,
        stage=DeliveryStage.SENDING,
        requested_by=people.publisher,
        requested_at=timezone.now(),
    )
    refused("正在微信群发", services.add, people.publisher, push, ready[1])


# --- an article that a push holds -----------------------------------------------------------------


def test_a_member_goes_no_way_of_its_own(people, assemble, ready):
    push = assemble(2)
    article = again(ready[0])
    step = TaskState.objects.for_instance(article).latest("pk")
    for deed in (
        lambda: publishing.schedule(people.publisher, article, on(1)),
        lambda: publishing.publish_now(people.publisher, article),
        lambda: reviews.take_back(people.editor, article, "要改"),
        lambda: reviews.send_back(people.publisher, step, "要改"),
        lambda: urgent.request_urgent(people.publisher, article, "下午四点停水，来不及等了"),
        lambda: article.get_latest_revision().publish(skip_permission_checks=True),
    ):
        with pytest.raises(PermissionDenied, match="已编入推送《稿0》等2篇，随推送一起发布"):
            deed()
    with pytest.raises(PermissionDenied):
        reviews.submit(people.editor, article)
    assert not again(article).live
    lock = article.get_lock()
    assert lock.for_user(people.administrator)
    assert f"由{people.publisher}组稿" in lock.get_message(people.editor)
    assert "请发布人员在推送页把它移出" in lock.get_message(people.editor)
    assert not article.permissions_for_user(people.administrator).can_delete()
    assert push.pk


def test_the_stage_of_a_member_says_how_far_the_push_is(people, assemble, ready):
    push = assemble(1, approved=True)
    assert str(standing(again(ready[0]))) == Stage.IN_PUSH == "已编入推送"
    services.plan(people.editor, push, on(1).date())
    assert str(standing(again(ready[0]))) == "推送计划 12月09日"
    services.commit(people.publisher, push, on(1))
    assert str(standing(again(ready[0]))) == "推送定时 12月09日 08:30"
    assert again(ready[0]) in ArticlePage.objects.on_their_way()


def test_a_withdrawal_voids_what_was_to_follow(people, assemble, ready):
    publishing.publish_now(people.publisher, ready[0])
    article = again(ready[0])
    article.title = "新的一稿"
    article.save_revision(user=people.editor)
    reviews.submit(people.editor, article)
    three = people.reviewer_credible, people.reviewer_readable, people.reviewer_approachable
    approve_by(article, *three)
    push = services.create(people.publisher, [again(article)])
    services.approve(people.second, push)
    withdrawal.withdraw(people.publisher, article, WithdrawalKind.values[0], "内容有误，先撤下")
    assert again(push).approved_at is None
    refused("还不能审定", services.approve, people.second, push)
    services.remove(people.publisher, push, again(article), "撤稿了")
    assert not is_ready(again(article))


def test_what_is_unscheduled_waits_in_ready_again(people, ready):
    publishing.schedule(people.publisher, ready[0], on(1))
    assert not is_ready(again(ready[0]))
    publishing.unschedule(people.publisher, ready[0], "改期")
    assert is_ready(again(ready[0])) and standing(again(ready[0])).stage == Stage.READY
    services.create(people.publisher, [again(ready[0])])


# --- sent -----------------------------------------------------------------------------------------


def test_what_is_sent_is_recorded_once(people, assemble, ready):
    push = assemble(2, approved=True)
    services.publish_now(people.publisher, push)
    at = timezone.now()
    url = "https://mp.weixin.qq.com/s/abc"
    services.record_sent(None, push, at, noticed=SentNoticed.STATISTICS, msg_data_id="224")
    services.record_sent(
        people.publisher, push, at, noticed=SentNoticed.PASTED, urls={ready[0].pk: url}
    )
    push = again(push)
    assert (push.msg_data_id, push.sent_noticed) == ("224", "statistics")
    assert push.members.get(position=0).wechat_url == url
    assert deeds(push).count("push.sent") == 1
    refused("已经发出", services.dissolve, people.publisher, push, "不要了")
    assert services.why_not_deliver(push) == ["这次推送已经发出。"]


def test_what_cannot_be_recorded(people, assemble, ready):
    push = assemble(1, approved=True)
    record = {"noticed": SentNoticed.PASTED}
    refused("还没有到", services.record_sent, people.publisher, push, on(1), **record)
    stray = {**record, "urls": {ready[3].pk: "https://mp.weixin.qq.com/s/x"}}
    refused("1个地址不属于", services.record_sent, people.publisher, push, on(0), **stray)
    services.dissolve(people.publisher, push, "不发了")
    refused("已经解散", services.record_sent, people.publisher, push, on(0), **record)
    assert not Push.objects.get(pk=push.pk).sent_at


def test_the_sheet_names_the_push(people, assemble, ready):
    push = assemble(2, at=on(1))

    def lines():
        article = again(ready[1])
        filled = sheet(article, revision_of(article))
        cells = {cell.label: cell.lines for row in rows(filled) for cell in row}
        return cells["发布渠道"], cells["定时"]

    channels, timed = lines()
    assert channels[:2] == ["网页镜像（已定时）", "微信推送　《稿0》等2篇第2条，还没有发出"]
    assert channels[2].startswith(f"推送审定：{people.second}")
    assert timed == ["2026年12月9日 08:30（随推送）"]
    services.uncommit(people.publisher, push, "提前")
    services.publish_now(people.publisher, push)
    url = "https://mp.weixin.qq.com/s/abc"
    record = {"noticed": SentNoticed.PASTED, "urls": {ready[1].pk: url}}
    services.record_sent(people.publisher, push, on(0), **record)
    channels, _ = lines()
    assert channels[0].startswith("网页镜像　")
    assert channels[1] == f"微信推送　《稿0》等2篇第2条，2026年12月8日 08:30发出　{url}"
