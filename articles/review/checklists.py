"""The questions each review answers: defaults in code, wording and number the administrator's."""

import uuid
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction

from cms.ops import audit

from .models import ChecklistQuestion
from .stages import Dimension

PERMISSION = "articles.change_checklistquestion"


class ChecklistRefused(PermissionDenied):
    """The change would leave a review without what it must ask; the message is a sentence."""


class Default(NamedTuple):
    """A question as the workbench brings it. ``yes`` is always the good answer."""

    code: str
    text: str
    help_text: str
    is_secrecy: bool = False


DEFAULTS: dict[Dimension, tuple[Default, ...]] = {
    Dimension.CREDIBLE: (
        Default(
            "credible-sources",
            "每个事实都有可靠的信源吗？",
            "要有文件、公告、当事人或现场采访作依据；网上转来的，找到最初的出处。",
        ),
        Default(
            "credible-names",
            "人名、职务、单位全称都核对无误吗？",
            "对照最新的任职；单位用全称或规范简称，领导的称谓和排序按规定。",
        ),
        Default(
            "credible-figures",
            "数字、单位和日期都算过、对过吗？",
            "百分比与绝对数对得上，万、亿、平方米没有写错，日期与星期相符。",
        ),
        Default(
            "credible-quotations",
            "引语是本人说的，意思没有走样吗？",
            "对照录音、记录或文件原文；删节后意思不能变。",
        ),
        Default(
            "credible-secrecy",
            "没有国家秘密、工作秘密和不宜公开的内容吗？",
            "未公布的文件、数据、人事和会议内容，警务、军事设施，一律不上网；拿不准的先送保密审查。",
            is_secrecy=True,
        ),
        Default(
            "credible-privacy",
            "没有泄露个人信息，能认出的人都同意公开吗？",
            "隐去身份证号、住址、病情；认得出的未成年人要有监护人同意，图片的“肖像同意”里写明。",
        ),
        Default(
            "credible-ranks",
            "“第一”“首个”“唯一”一类说法都有依据吗？",
            "账号的名次只用“名次结论”；其他的要写明谁评的、什么时间、什么范围。",
        ),
        Default(
            "credible-links",
            "链接、附件和二维码都打得开，指的是对的内容吗？",
            "逐个点开看；政务事项只链到官方网站。",
        ),
    ),
    Dimension.READABLE: (
        Default(
            "readable-title",
            "标题准确、不夸张，一眼看得懂吗？",
            "与正文一致，不做标题党；人名、地名、数字没有错字。",
        ),
        Default(
            "readable-lead",
            "开头一段说清了谁、什么时间、做了什么吗？",
            "最要紧的放在最前面，读者不往下看也知道是什么事。",
        ),
        Default(
            "readable-wording",
            "用词准确，没有错字、漏字和病句吗？",
            "同音字、形近字和多音字多看一遍；同一事物前后说法一致。",
        ),
        Default(
            "readable-punctuation",
            "标点、数字和计量单位的写法规范吗？",
            "引号、书名号成对；数字用法前后一致；计量单位用法定单位。",
        ),
        Default(
            "readable-structure",
            "层次清楚，段落不长，小标题说到点子上吗？",
            "手机上一段不超过四五行；先说结果，再说经过。",
        ),
        Default(
            "readable-pictures",
            "图片清楚，图注和替代文字写对了，来源写明了吗？",
            "图上的人和事与文字对得上；看不见图的人靠替代文字知道图里是什么。",
        ),
        Default(
            "readable-length",
            "篇幅合适，没有可以删去的话吗？",
            "一般两三分钟读完；空话、套话和重复的话删去。",
        ),
    ),
    Dimension.APPROACHABLE: (
        Default(
            "approachable-plain",
            "用的是老百姓听得懂的话吗？",
            "专业名词有解释，文件用语换成日常说法，长句拆开。",
        ),
        Default(
            "approachable-people",
            "有人、有细节，不只是会议和口号吗？",
            "写得出是谁、在哪里、怎样变好了；通知类文章可答“不适用”。",
        ),
        Default(
            "approachable-service",
            "要办的事写全了时间、地点、电话和材料吗？",
            "照着能办成；电话打过，地址能找到。没有要办的事，答“不适用”。",
        ),
        Default(
            "approachable-card",
            "封面和摘要让人想点开，又不骗人点开吗？",
            "转发卡片上的图和字看得清；封面裁切后主体还在。",
        ),
        Default(
            "approachable-tone",
            "语气平和，站在读者一边，不会伤到谁吗？",
            "不居高临下，不拿难处、残疾和贫困作看点；想一想会引来什么样的留言。",
        ),
        Default(
            "approachable-final",
            "作为终审，我通读了全文，同意发布吗？",
            "前两审的意见都已落实；现在发布，时机合适。",
        ),
    ),
}


def asked(dimension: str) -> list[ChecklistQuestion]:
    """The questions the review ``dimension`` asks now, in their order."""
    return list(ChecklistQuestion.objects.filter(dimension=dimension, is_active=True))


@transaction.atomic
def sync(sender: Any = None, **kwargs: Any) -> None:
    """Bring in the defaults that are missing; what the administrator changed stays as it is.

    Receives `cms.users.services.roles_synced`; safe to repeat. A default that is no longer in the
    code stays too: past reviews answered it.
    """
    known = set(ChecklistQuestion.objects.values_list("code", flat=True))
    ChecklistQuestion.objects.bulk_create(
        ChecklistQuestion(
            dimension=dimension,
            code=default.code,
            text=default.text,
            help_text=default.help_text,
            order=10 * number,
            is_secrecy=default.is_secrecy,
        )
        for dimension, defaults in DEFAULTS.items()
        for number, default in enumerate(defaults, start=1)
        if default.code not in known
    )


def why_not_leave(active: Mapping[str, Collection[bool]]) -> str:
    """What the reviews would lack; empty when they ask enough.

    ``active`` holds of each dimension, for each question in use, whether it is of secrecy.
    """
    for dimension in Dimension:
        if not active.get(dimension.value):
            return (
                f"{dimension.label}审核至少要留一个使用中的问题。"
                "请先加一个新问题，再停用或移走这一个。"
            )
    if not any(active[Dimension.CREDIBLE.value]):
        return (
            "可信审核至少要留一个使用中的“属于保密审查”的问题，发布审批单要印它的答案。"
            "请先另设一个，再改这一个。"
        )
    return ""


def why_not_save(question: ChecklistQuestion) -> str:
    """What speaks against keeping ``question`` as it stands in memory; empty when nothing does."""
    active: dict[str, list[bool]] = {}
    others = ChecklistQuestion.objects.filter(is_active=True).exclude(pk=question.pk)
    for dimension, is_secrecy in others.values_list("dimension", "is_secrecy"):
        active.setdefault(dimension, []).append(is_secrecy)
    if question.is_active:
        active.setdefault(question.dimension, []).append(question.is_secrecy)
    return why_not_leave(active)


@transaction.atomic
def save_question(actor: Any, question: ChecklistQuestion) -> ChecklistQuestion:
    """Keep a new or changed question; reviews that are open are asked it from now on.

    Raises:
        ChecklistRefused: no permission, or a review would be left without what it must ask.
    """
    if not actor.has_perm(PERMISSION):
        raise ChecklistRefused("您没有修改审核清单的权限，请找管理员。")
    # All rows, for the rule is about all of them.
    list(ChecklistQuestion.objects.select_for_update().values_list("pk", flat=True))
    if refusal := why_not_save(question):
        raise ChecklistRefused(refusal)
    before = ChecklistQuestion.objects.filter(pk=question.pk).first()
    question.code = before.code if before else f"own-{uuid.uuid4().hex[:12]}"
    question.save()
    names = ("dimension", "text", "help_text", "order", "is_active", "is_secrecy")
    changed = [
        str(ChecklistQuestion._meta.get_field(name).verbose_name)
        for name in names
        if before and getattr(before, name) != getattr(question, name)
    ]
    detail = {"fields": changed} if before else {"created": question.text}
    if before and before.text != question.text:
        detail |= {"from": before.text, "to": question.text}
    audit.record(actor, "article.checklist_change", question, detail)
    return question
