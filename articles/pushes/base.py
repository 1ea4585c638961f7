"""What the services of pushes have in common.

Locks are taken in one order: the days with their slots, articles by their id, the push.
"""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from cms.ops import audit
from cms.users.models import User

from ..models import ArticlePage, Delivery, DeliveryStage, Push, PushMember
from .refusals import PushRefused

ASSEMBLE = "articles.assemble_push"
PLAN = "articles.plan_push"
APPROVE = "articles.approve_push"
COMMIT = "articles.schedule_article"
DELIVER = "articles.deliver_push"
_REFUSALS = {
    ASSEMBLE: "您没有组稿推送的权限。推送由“发布”人员组稿。",
    PLAN: "您没有安排推送计划的权限。计划由编辑和“发布”人员安排。",
    APPROVE: "您没有审定推送的权限。推送由没有参与组稿的审核或发布人员审定。",
    COMMIT: "您没有定时和发布推送的权限。定时和发布由“发布”人员完成。",
    DELIVER: "您没有登记推送发出的权限。由“发布”人员登记。",
}
MAX_REASON = 200


def demand(actor: Any, permission: str) -> None:
    """Raise `PushRefused` unless ``actor`` has ``permission`` by now.

    The actor is read again: permissions are remembered on the object.
    """
    if not User.objects.get(pk=actor.pk).has_perm(permission):
        raise PushRefused(_REFUSALS[permission])


def reason_given(text: str, name: str) -> str:
    """``text`` cut to what fits; ``name`` is what people call it.

    Raises:
        PushRefused: it is empty.
    """
    if not text.strip():
        raise PushRefused(f"请写明{name}。")
    return text.strip()[:MAX_REASON]


def lock_days() -> None:
    """One at a time decides about days and slots; two commits of one slot meet here.

    The row is one that is always there; that of the settings is made when it is first asked for.
    """
    kind = ContentType.objects.get_for_model(Push)
    ContentType.objects.select_for_update(no_key=True).get(pk=kind.pk)


def open_push(push: Push) -> Push:
    """``push`` read again with its row locked; raises `PushRefused` when it is over."""
    push = Push.objects.select_for_update().get(pk=push.pk)
    check_open(push)
    return push


def check_open(push: Push) -> None:
    """Raise `PushRefused` when the locked ``push`` is over, or is being sent just now."""
    if push.dissolved_at:
        raise PushRefused("这次推送已经解散，不能再改。")
    if push.sent_at:
        raise PushRefused("这次推送已经发出，不能再改。")
    if push.published_at:
        raise PushRefused("这次推送的文章已经公开，不能再改。内容有错的，请撤稿或提出更正。")
    sending = (DeliveryStage.SENDING, DeliveryStage.CONFIRMING, DeliveryStage.SENT)
    if Delivery.objects.filter(push=push, stage__in=sending).exists():
        raise PushRefused("这次推送正在微信群发，结果出来之前不能改。")


def member_of(push: Push, article: ArticlePage) -> PushMember:
    """The row of ``article`` in ``push``; raises `PushRefused` when it is not in it."""
    member = push.members.filter(article=article.pk).first()
    if member is None:
        raise PushRefused("这篇文章不在这次推送里，可能刚刚被移出。请刷新页面查看。")
    return member


def changed(actor: Any, push: Push, what: str) -> None:
    """Note who had a hand in the push, and undo an approval that was of another one."""
    push.assemblers.add(actor)
    if push.approved_at:
        undo(actor, push, f"审定之后{what}")


def undo(actor: Any, push: Push, reason: str) -> None:
    """Undo the approval of the locked ``push``, and with it the minute it was committed to."""
    detail: dict[str, Any] = {"reason": reason, "approved_by": str(push.approved_by)}
    if push.go_live_at:
        detail["go_live_at"] = push.go_live_at
    push.approved_by, push.approved_at, push.approved_digest = None, None, ""
    push.go_live_at = None
    forget_failure(push)
    push.save()
    audit.record(actor, "push.reopen", push, detail)


def forget_failure(push: Push) -> None:
    """Clear what the last publication failed at; the caller saves."""
    push.publish_failed_at, push.publish_failure, push.publish_failure_detail = None, "", ""


def committed(push: Push) -> str:
    """When the push is committed for, as the end of a sentence."""
    return f"定于{timezone.localtime(push.go_live_at):%m月%d日 %H:%M}发布"
