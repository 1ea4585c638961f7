"""代审: for some days a colleague gives a review in a reviewer's place.

The rules about distinct people and authors hold for deputies as for everybody.
"""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cms.ops import audit
from cms.users.holders import holders
from cms.users.models import User
from cms.users.roles import ACCESS_ADMIN

from .models import Deputation, ReviewTask
from .stages import Dimension

MANAGE = "articles.manage_deputation"
READ = "articles.view_articlepage"
LONGEST = 60  # days; who is away longer leaves the group


class DeputationRefused(PermissionDenied):
    """The deputation is against the rules; the message is a Chinese sentence."""


def why_not_days(starts_on: date, ends_on: date, today: date) -> str:
    """What speaks against a deputation from ``starts_on`` to ``ends_on``, both included."""
    if starts_on < today:
        return "开始日期已经过去，请从今天或以后的日子开始。"
    if ends_on < starts_on:
        return "结束日期早于开始日期，请改正。"
    if (ends_on - starts_on).days >= LONGEST:
        return f"代审一次最长{LONGEST}天。时间更长时，请管理员调整审核组的成员。"
    return ""


def draft_readers() -> QuerySet[User]:
    """Active people who may read drafts: who can be a deputy."""
    return holders(READ)


def may_arrange(actor: Any) -> bool:
    """Reviewers arrange their own deputies, administrators everybody's. At most one query."""
    return (
        actor.has_perm(MANAGE)
        or ReviewTask.objects.filter(active=True, groups__in=actor.groups.all()).exists()
    )


@transaction.atomic
def appoint(
    actor: Any,
    dimension: str,
    person: User,
    deputy: User,
    starts_on: date,
    ends_on: date,
    reason: str,
) -> Deputation:
    """Let ``deputy`` give ``person``'s review from the first to the last day (Asia/Shanghai).

    Raises:
        DeputationRefused: the actor may not arrange it, or people or days do not fit.
    """
    label = Dimension(dimension).label
    person = User.objects.select_for_update().get(pk=person.pk)
    deputy = User.objects.get(pk=deputy.pk)
    if actor.pk != person.pk and not actor.has_perm(MANAGE):
        raise DeputationRefused("只能为自己安排代审。为他人安排时，请联系管理员。")
    if refusal := _why_not_people(actor, dimension, person, deputy):
        raise DeputationRefused(refusal)
    if refusal := why_not_days(starts_on, ends_on, timezone.localdate()):
        raise DeputationRefused(refusal)
    if not reason.strip():
        raise DeputationRefused("请写明代审的原因，例如“出差”。")
    other = Deputation.objects.filter(
        dimension=dimension,
        person=person,
        ended_at=None,
        starts_on__lte=ends_on,
        ends_on__gte=starts_on,
    ).first()
    if other is not None:
        raise DeputationRefused(
            f"{person}的{label}审核在 {other.starts_on:%m月%d日} 至 {other.ends_on:%m月%d日} "
            f"已由{other.deputy}代审。请先结束原来的安排，或错开日期。"
        )
    deputation = Deputation.objects.create(
        dimension=dimension,
        person=person,
        deputy=deputy,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason.strip(),
        created_by=actor,
    )
    audit.record(actor, "deputation.appoint", deputation, _detail(deputation, reason))
    return deputation


@transaction.atomic
def end(actor: Any, deputation: Deputation, reason: str) -> None:
    """End ``deputation`` at once. Approvals that were given stay.

    Raises:
        DeputationRefused: the actor may not, it is over, or no reason is given.
    """
    deputation = Deputation.objects.select_for_update().get(pk=deputation.pk)
    if not may_end(actor, deputation):
        raise DeputationRefused("代审由审核人、代审人或管理员结束，请联系他们。")
    if deputation.ended_at or deputation.ends_on < timezone.localdate():
        raise DeputationRefused("这次代审已经结束。")
    if not reason.strip():
        raise DeputationRefused("请写明提前结束的原因。")
    deputation.ended_by, deputation.ended_at = actor, timezone.now()
    deputation.save(update_fields=["ended_by", "ended_at"])
    audit.record(actor, "deputation.end", deputation, _detail(deputation, reason))


def may_end(actor: Any, deputation: Deputation) -> bool:
    """The one it stands for, the deputy, who may also give it back, and administrators."""
    own = actor.pk in (deputation.person_id, deputation.deputy_id)
    return own or actor.has_perm(MANAGE)


def _why_not_people(actor: Any, dimension: str, person: User, deputy: User) -> str:
    task = ReviewTask.objects.filter(dimension=dimension, active=True).first()
    if task is None:
        return "这一审没有启用，请管理员联系维护人员恢复。"
    if not person.is_active or not task.admits(person) or task.deputation_for(person):
        return f"{person}不在“{task.name}”的审核人员中，不需要代审。"
    if deputy.pk == person.pk:
        return "代审人不能是本人，请选择其他同事。"
    if not deputy.is_active:
        return f"{deputy}的账号已停用，不能代审。"
    if actor.pk == deputy.pk:
        # Or an administrator could make a reviewer of himself.
        return "不能安排自己代审，请由审核人本人或其他管理员安排。"
    if task.admits(deputy) and task.deputation_for(deputy) is None:
        return f"{deputy}本来就是“{task.name}”的审核人员，不需要代审。"
    if not (deputy.has_perm(ACCESS_ADMIN) and deputy.has_perm(READ)):
        return f"{deputy}没有查看稿件的权限，不能代审。请选择编辑、审核或发布人员。"
    return ""


def _detail(deputation: Deputation, reason: str) -> dict[str, Any]:
    return {
        "person": str(deputation.person),
        "deputy": str(deputation.deputy),
        "dimension": deputation.get_dimension_display(),
        "from": deputation.starts_on,
        "to": deputation.ends_on,
        "reason": reason.strip(),
    }
