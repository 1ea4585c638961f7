"""Who is told what: one table of what happens to articles and pushes, and to whom it is said.

Driven by the audit log: whatever is recorded is looked up here, in the transaction of the deed, so
that nothing is told that did not happen. Everything told stands in the workbench; ``mail`` says
whether it is mailed too.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from wagtail.models import Page

from cms.ops import notices
from cms.ops.models import AuditEntry
from cms.ops.registry import NoticeFamily

from .audience import Audience, To
from .models import Contribution, Deputation, Push, Topic


@dataclass(frozen=True)
class Event:
    """One row: when ``action`` is recorded, ``to`` read ``sentence``.

    The sentence is filled with ``title``, ``actor``, ``step`` (what the article waits for) and the
    keys of the entry's detail. Who acted is never told, and nobody is told twice: of several rows
    the first counts. A row that asks for a deed is ``settled_by`` the actions that do it or make it
    needless: what was not read by then is neither new nor mailed any more.
    """

    action: str
    to: tuple[To, ...]
    sentence: str
    mail: bool = False
    settled_by: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """What its notices are filed under; an asking row apart from those that only tell."""
        return f"{self.action}.ask" if self.settled_by else self.action


# What ends a step of the reviews, and with it everybody's being asked for it.
_STEP_OVER = frozenset(
    f"article.{deed}"
    for deed in (
        "approve",
        "expire",
        "publish",
        "push_join",
        "schedule",
        "send_back",
        "take_back",
        "urgent_publish",
        "withdraw",
    )
)
_PUSH_DECIDED = frozenset({"push.approve", "push.dissolve", "push.publish", "push.sent"})
_PUSH_TIMED = frozenset(
    {"push.commit", "push.dissolve", "push.publish", "push.reopen", "push.sent"}
)
_DELIVERY_SEEN_TO = frozenset(
    f"push.{deed}"
    for deed in (
        "delivery_retry",
        "delivered",
        "deliver",
        "keep_draft",
        "overwrite",
        "sent",
        "dissolve",
    )
)
_URGENT_DECIDED = frozenset(
    {"article.urgent_publish", "article.urgent_decline", "article.urgent_cancel"}
)
_CORRECTION_DECIDED = frozenset({"article.correction_publish", "article.correction_decline"})
_INTAKE_DECIDED = frozenset({"contribution.take", "contribution.decline", "contribution.recall"})


_REVIEW = (
    Event(
        "article.submit",
        (To.NEXT_REVIEWERS,),
        "《{title}》等您{step}，由{actor}提交。",
        True,
        _STEP_OVER,
    ),
    Event(
        "article.approve",
        (To.NEXT_REVIEWERS,),
        "《{title}》已通过{dimension}审核，等您{step}。",
        True,
        _STEP_OVER,
    ),
    Event(
        "article.approve",
        (To.READY_PUBLISHERS,),
        "《{title}》三审都已通过，等您定时或发布。",
        True,
        _STEP_OVER,
    ),
    Event("article.approve", (To.AUTHORS,), "《{title}》已通过{dimension}审核（{actor}）。"),
    Event(
        "article.send_back",
        (To.AUTHORS,),
        "《{title}》在“{stage}”被{actor}退回修改：{reason}",
        True,
    ),
    Event(
        "article.send_back",
        (To.EARLIER_REVIEWERS,),
        "您通过的《{title}》在“{stage}”被{actor}退回修改：{reason}",
        True,
    ),
    Event(
        "article.reopen_reviews",
        (To.EARLIER_REVIEWERS,),
        "您通过的《{title}》有改动，三审须重新进行。{changes}",
    ),
    Event(
        "article.reopen_review",
        (To.AUTHORS,),
        "《{title}》：{person}通过“{stage}”之后又保存过这一稿，这一审由其他同事重审。",
    ),
    Event("article.take_back", (To.EARLIER_REVIEWERS,), "《{title}》已撤回送审：{reason}"),
    Event("article.comment", (To.AUTHORS,), "{actor}在《{title}》写了批注：{text}"),
    Event("article.comment_resolve", (To.COMMENTERS,), "您在《{title}》的批注已解决：{text}"),
    Event(
        "article.review_overdue",
        (To.CLAIMER,),
        "《{title}》的“{stage}”已超过截稿时间（{due_at}），请尽快处理。",
        settled_by=_STEP_OVER,
    ),
    Event(
        "deputation.appoint",
        (To.DEPUTY,),
        "{actor}请您在 {from} 至 {to} 代{person}做{dimension}审核：{reason}",
        True,
    ),
    Event(
        "deputation.appoint",
        (To.DEPUTISED,),
        "{actor}安排{deputy}在 {from} 至 {to} 代您做{dimension}审核：{reason}",
    ),
    Event(
        "deputation.end",
        (To.DEPUTY, To.DEPUTISED),
        "{deputy}代{person}做{dimension}审核的安排已由{actor}提前结束：{reason}",
    ),
)
_RELEASE = (
    Event("article.schedule", (To.AUTHORS,), "《{title}》已定时，{go_live_at} 发布。"),
    Event("article.unschedule", (To.AUTHORS,), "《{title}》的定时已取消：{reason}"),
    Event(
        "article.plan_day",
        (To.AUTHORS,),
        "{actor}改了《{title}》的计划日期：从 {from} 改为 {to}。",
    ),
    Event("article.publish", (To.AUTHORS,), "《{title}》已发布。"),
    Event("article.publish_retry", (To.AUTHORS,), "《{title}》重试后已发布。"),
    Event(
        "article.publish_failed",
        (To.PUBLISHERS, To.ADMINISTRATORS),
        "《{title}》没有按时发布：{reason}。请打开审核与发布页处理后重试。",
        True,
    ),
    Event("article.expire", (To.AUTHORS, To.PUBLISHERS), "《{title}》已到有效期，自动撤下。"),
    Event(
        "article.claim_in_doubt",
        (To.AUTHORS, To.PUBLISHERS),
        "《{title}》引用的名次结论需复核，公开页面已加注说明。请换一条有效的结论，重新送审。",
    ),
    Event(
        "article.urgent_request",
        (To.SECOND_PERSONS,),
        "{actor}请求特急发布《{title}》，请您作为第二人确认：{reason}",
        True,
        _URGENT_DECIDED,
    ),
    Event(
        "article.urgent_publish",
        (To.REQUESTER,),
        "您发起的特急《{title}》已由{actor}确认并发布，须在 {review_due_at} 前补审。",
        True,
    ),
    Event(
        "article.urgent_publish",
        (To.AUTHORS,),
        "《{title}》已特急发布，须在 {review_due_at} 前补审。",
    ),
    Event(
        "article.urgent_decline",
        (To.REQUESTER,),
        "您发起的特急《{title}》，{actor}没有同意：{reason}",
        True,
    ),
    Event(
        "article.urgent_cancel",
        (To.SECOND_PERSONS, To.REQUESTER),
        "《{title}》的特急请求已撤回，不用再确认。{reason}",
    ),
    Event("article.urgent_reviewed", (To.REQUESTER,), "您发起的特急《{title}》已补审完毕。"),
    Event(
        "article.urgent_overdue",
        (To.NEXT_REVIEWERS, To.REQUESTER, To.PUBLISHERS),
        "特急发布的《{title}》已过补审期限，现在等{step}，请马上处理。",
        True,
    ),
    Event(
        "article.withdraw",
        (To.AUTHORS, To.EARLIER_REVIEWERS),
        "《{title}》已由{actor}撤稿（{kind}）：{reason}",
        True,
    ),
    Event(
        "article.correction_propose",
        (To.CONFIRMERS,),
        "{actor}对《{title}》提出更正，请您确认：{text}",
        True,
        _CORRECTION_DECIDED,
    ),
    Event(
        "article.correction_publish",
        (To.PROPOSER, To.AUTHORS),
        "《{title}》的更正已由{actor}确认并公开：{text}",
    ),
    Event(
        "article.correction_decline",
        (To.PROPOSER,),
        "您对《{title}》提出的更正没有公开：{reason}",
    ),
    Event(
        "article.change_public_date",
        (To.AUTHORS, To.PUBLISHERS),
        "{actor}改了《{title}》的公开日期：{reason}",
    ),
)
_PUSHES = (
    Event(
        "push.create",
        (To.PUSH_APPROVERS,),
        "推送{title}已由{actor}组好，请您审定。",
        True,
        _PUSH_DECIDED,
    ),
    Event(
        "push.approve",
        (To.PUBLISHERS, To.ASSEMBLERS),
        "推送{title}已由{actor}审定，等您定时。{note}",
        True,
        _PUSH_TIMED,
    ),
    Event(
        "push.reopen",
        (To.PUSH_APPROVER, To.ASSEMBLERS, To.PUBLISHERS),
        "推送{title}的审定作废，定时也一并取消：{reason}。请重新审定。",
        True,
    ),
    Event(
        "push.commit",
        (To.MEMBER_AUTHORS,),
        "您写的文章在推送{title}里，已定时，{go_live_at} 发布。",
    ),
    Event(
        "push.uncommit",
        (To.PUSH_APPROVER, To.MEMBER_AUTHORS),
        "推送{title}的定时已取消：{reason}",
    ),
    Event("push.publish", (To.MEMBER_AUTHORS,), "推送{title}的文章已一起发布到网页镜像。"),
    Event(
        "push.publish_retry",
        (To.MEMBER_AUTHORS,),
        "推送{title}重试后，文章已一起发布到网页镜像。",
    ),
    Event(
        "push.publish_failed",
        (To.PUBLISHERS, To.ADMINISTRATORS),
        "推送{title}没有按时发布，一篇也没有公开：{reason}。请打开推送页处理后重试。",
        True,
    ),
    Event(
        "push.delivered",
        (To.PUBLISHERS,),
        "推送{title}的草稿已送到公众号后台，等人群发。",
    ),
    Event(
        "push.delivery_failed",
        (To.PUBLISHERS,),
        "推送{title}在微信没有办成：{reason}请打开推送页处理。",
        True,
        _DELIVERY_SEEN_TO,
    ),
    Event(
        "push.draft_changed",
        (To.PUBLISHERS,),
        "推送{title}的草稿在公众号后台改动过，请打开推送页决定保留还是覆盖。",
        True,
        _DELIVERY_SEEN_TO,
    ),
    Event("push.mass_send", (To.PUBLISHERS,), "推送{title}由{actor}从工作台群发。"),
    Event("push.sent", (To.MEMBER_AUTHORS, To.PUBLISHERS), "推送{title}已在微信发出。"),
    Event("push.dissolve", (To.ASSEMBLERS,), "推送{title}已由{actor}解散：{reason}"),
    Event("article.push_leave", (To.AUTHORS,), "《{title}》已移出推送{push}：{reason}"),
)
_READING = (
    Event(
        "article.shared_opinion",
        (To.SHARER,),
        "{reader}看了您送阅的《{title}》：{text}",
        True,
    ),
    Event("article.shared_opinion", (To.AUTHORS,), "{reader}对《{title}》的意见：{text}"),
)
_INTAKE = (
    Event(
        "contribution.send",
        (To.INTAKE,),
        "{actor}投来稿件《{title}》。",
        settled_by=_INTAKE_DECIDED,
    ),
    Event("contribution.take", (To.CONTRIBUTOR,), "您的来稿《{title}》已采用，由编辑修改。", True),
    Event("contribution.decline", (To.CONTRIBUTOR,), "您的来稿《{title}》没有采用：{reason}", True),
    Event("topic.accept", (To.TOPIC_WRITER,), "选题“{title}”已采用，由您来写。", True),
    Event("topic.accept", (To.TOPIC_PROPOSER,), "您提的选题“{title}”已采用。"),
    Event("topic.drop", (To.TOPIC_PROPOSER,), "您提的选题“{title}”决定不做：{reason}"),
)
EVENTS: tuple[Event, ...] = (*_REVIEW, *_RELEASE, *_PUSHES, *_READING, *_INTAKE)

# Recorded, and told nobody: it concerns who does it, or the screens show it to whom it concerns.
SILENT = frozenset(
    {
        "article.checklist_change",
        "article.claim",
        "article.claim_restored",
        "article.from_paste",
        "article.from_word",
        "article.import_past",
        "article.plan",
        "article.push_join",
        "article.save_over",
        "article.share",
        "article.share_revoke",
        "article.shared_open",
        "article.unclaim",
        "contribution.recall",
        "mail.morning_digest",
        "push.add",
        "push.addresses",
        "push.back_office_add",
        "push.back_office_done",
        "push.back_office_remove",
        "push.back_office_undone",
        "push.deliver",
        "push.delivery_retry",
        "push.form",
        "push.keep_draft",
        "push.overwrite",
        "push.permanent_link",
        "push.plan",
        "push.preview",
        "push.remove",
        "push.reorder",
        "push.sent_correct",
        "reading.fetch_again",
        "reading.import",
        "reading.register",
        "reading.type_in",
        "topic.propose",
        "topic.write",
        "wechat_comment.elect",
        "wechat_comment.reply",
        "wechat_comment.reply_delete",
        "wechat_comment.unelect",
    }
)

# What people choose by on their account page; every action is in one family.
FAMILIES = tuple(
    NoticeFamily(key, label, help_text, frozenset(event.name for event in events))
    for key, label, help_text, events in (
        ("review", "审稿", "送审、通过、退回、重审、批注、超期、代审", _REVIEW),
        ("release", "发布", "定时、发布、失败、特急、撤稿、更正", _RELEASE),
        ("pushes", "推送", "组稿、审定、定时、发布、送达、失败、发出", _PUSHES),
        ("reading", "送阅意见", "领导在阅读链接里留下的意见", _READING),
        ("intake", "来稿与选题", "投稿、采用、选题安排", _INTAKE),
    )
)


_TOLD_OF = (Page, Contribution, Deputation, Push, Topic)


def on_recorded(sender: Any, entry: AuditEntry, obj: Model | None, **kwargs: Any) -> None:
    """Tell whom the table names; receives `cms.ops.audit.recorded`."""
    if not isinstance(obj, _TOLD_OF) or obj.pk is None:
        return
    if settled := {event.name for event in EVENTS if entry.action in event.settled_by}:
        notices.settle(settled, _address(obj))
    rows = [event for event in EVENTS if event.action == entry.action]
    if not rows:
        return
    audience = Audience(obj, entry.detail)
    words = _words(entry, audience, with_step=any("{step}" in row.sentence for row in rows))
    told = {entry.actor_id}
    for row in rows:
        ids = audience.ids(row.to) - told
        told |= ids
        sentence = row.sentence.format_map(words).rstrip("：").replace("。。", "。")
        notices.send_to(audience.people(ids), row.name, sentence, _address(obj), row.mail)


def _words(entry: AuditEntry, audience: Audience, *, with_step: bool) -> dict[str, str]:
    """What the sentences are filled with; a detail that is not there is nothing.

    The step is two queries, and few sentences name it.
    """
    words: dict[str, str] = defaultdict(str)
    words.update({key: _word(key, value) for key, value in entry.detail.items()})
    words["actor"] = entry.actor_name
    words["title"] = entry.object_label
    if isinstance(audience.obj, Page):
        words["title"] = audience.article.draft_title or audience.article.title
        if with_step:
            words["step"] = audience.step.task.name if audience.step else "处理"
    return words


def _word(key: str, value: Any) -> str:
    if isinstance(value, list):
        return "；".join(str(each) for each in value)
    at = parse_datetime(value) if key.endswith("_at") and isinstance(value, str) else None
    if at:
        return f"{timezone.localtime(at):%m月%d日 %H:%M}"
    return "" if value is None else str(value)


def _address(obj: Model) -> str:
    """Where to go from the notice."""
    if isinstance(obj, Page):
        return reverse("articles_desk", args=[obj.pk])
    if isinstance(obj, Push):
        return reverse("pushes_show", args=[obj.pk])
    if isinstance(obj, Contribution):
        return reverse("articles_contribution:show", args=[obj.pk])
    if isinstance(obj, Topic):
        return reverse("articles_topic:show", args=[obj.pk])
    return reverse("wagtailadmin_home")
