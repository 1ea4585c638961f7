"""留言: one message of a resident."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import timezone

from articles.models import ArticlePage

from .places import Place, Unit

USER = settings.AUTH_USER_MODEL


class Category(models.TextChoices):
    QUESTION = "question", "咨询"
    HELP = "help", "求助"
    IDEA = "idea", "建议"
    COMPLAINT = "complaint", "投诉"
    THANKS = "thanks", "感谢"
    ERROR = "error", "找错（网站或文章有误）"


class State(models.TextChoices):
    RECEIVED = "received", "待受理"
    ACCEPTED = "accepted", "已受理，待交办"
    ASSIGNED = "assigned", "已交办，办理中"
    REPORTED = "reported", "已落实，待督查"
    SUPERVISED = "supervised", "已督查，待答复"
    DRAFTED = "drafted", "答复待审"
    ANSWERED = "answered", "已答复"
    CLOSED = "closed", "已办结"
    REFUSED = "refused", "不予受理"
    MERGED = "merged", "已合并"


UNFINISHED = (
    State.RECEIVED,
    State.ACCEPTED,
    State.ASSIGNED,
    State.REPORTED,
    State.SUPERVISED,
    State.DRAFTED,
)


class Difficulty(models.TextChoices):
    ORDINARY = "ordinary", "普通"
    HARD = "hard", "疑难"


class RefusalKind(models.TextChoices):
    """Why a message is not dealt with; each is told to the sender in these words."""

    NOT_OURS = "not_ours", "不属于本区办理范围"
    LEGAL = "legal", "应通过诉讼、仲裁、复议等法定途径解决"
    PENDING = "pending", "正在其他渠道办理"
    UNCLEAR = "unclear", "内容不清楚，又无法联系到本人"
    UNLAWFUL = "unlawful", "内容违反法律法规或侮辱、诽谤他人"
    ADVERTISING = "advertising", "广告或与留言无关的内容"


class ContactCheck(models.TextChoices):
    """How somebody found out that the contact is the sender's."""

    CALLED = "called", "打电话核实"
    WROTE = "wrote", "书面核实"
    LINK = "link", "点开邮件里的链接"


class Satisfaction(models.TextChoices):
    SATISFIED = "satisfied", "满意"
    FAIR = "fair", "基本满意"
    UNSATISFIED = "unsatisfied", "不满意"


class Publication(models.TextChoices):
    NONE = "none", "不公开"
    PREPARED = "prepared", "公开文字待审"
    PUBLIC = "public", "已公开"
    WITHDRAWN = "withdrawn", "已撤下"


class MessageQuerySet(models.QuerySet):
    def public(self) -> "MessageQuerySet":
        """What stands on the mirror, newest first; read only the ``public_…`` fields of them."""
        return (
            self.filter(publication=Publication.PUBLIC, is_public_wish=True)
            .select_related("place__parent")
            .order_by("-published_at", "-pk")
        )

    def unfinished(self) -> "MessageQuerySet":
        """Those that wait for somebody of the house."""
        return self.filter(state__in=UNFINISHED)

    def overdue(self, now: dt.datetime) -> "MessageQuerySet":
        """Unfinished ones whose answer is due."""
        return self.unfinished().filter(due_at__lt=now)


class Message(models.Model):
    """A message with all that was decided about it; how it came so stands in its steps.

    Its own name is its number: name, contact and words of the sender appear in no log.
    """

    number = models.CharField("编号", max_length=20, unique=True)
    secret_hash = models.CharField("查询码摘要", max_length=64, blank=True)

    category = models.CharField("类别", max_length=12, choices=Category.choices)
    title = models.CharField("标题", max_length=60)
    text = models.TextField("内容", max_length=3000)
    name = models.CharField("称呼", max_length=30, blank=True)
    contact = models.CharField("联系方式", max_length=100, blank=True)
    contact_verified_at = models.DateTimeField("联系方式核实时间", null=True, blank=True)
    contact_verified_how = models.CharField(
        "怎样核实", max_length=10, choices=ContactCheck.choices, blank=True
    )
    contact_verified_by = models.ForeignKey(
        USER,
        verbose_name="核实人",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    place = models.ForeignKey(
        Place,
        verbose_name="地点",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="messages",
    )
    article = models.ForeignKey(
        ArticlePage,
        verbose_name="从哪篇文章留言",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    received_at = models.DateTimeField("收到时间", default=timezone.now, db_index=True)
    consent_at = models.DateTimeField("同意时间")
    consent_text = models.TextField("同意的条款", max_length=300)
    is_public_wish = models.BooleanField("愿意公开", default=False)

    state = models.CharField(
        "状态", max_length=12, choices=State.choices, default=State.RECEIVED, db_index=True
    )
    difficulty = models.CharField(
        "难度", max_length=10, choices=Difficulty.choices, default=Difficulty.ORDINARY
    )
    due_at = models.DateTimeField("答复期限", db_index=True)
    step_due_at = models.DateTimeField("本环节期限")
    handler = models.ForeignKey(
        USER,
        verbose_name="经办人",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="feedback_handled",
    )
    unit = models.ForeignKey(
        Unit,
        verbose_name="承办单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="messages",
    )
    shares_contact = models.BooleanField("承办单位可见联系方式", default=False)
    reported_by = models.ForeignKey(
        USER, verbose_name="填报人", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    refusal_kind = models.CharField(
        "不予受理的原因", max_length=12, choices=RefusalKind.choices, blank=True
    )
    refusal_note = models.CharField("给留言人的说明", max_length=300, blank=True)
    merged_into = models.ForeignKey(
        "self",
        verbose_name="并入",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged",
    )

    extension_asked_at = models.DateTimeField("申请延期时间", null=True, blank=True)
    extension_asked_by = models.ForeignKey(
        USER, verbose_name="延期申请人", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    extension_reason = models.CharField("延期原因", max_length=200, blank=True)
    extension_decided_at = models.DateTimeField("延期审定时间", null=True, blank=True)
    is_extended = models.BooleanField("已延期", default=False)

    answer = models.TextField("答复", max_length=3000, blank=True)
    answer_by = models.ForeignKey(
        USER, verbose_name="答复起草人", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    answer_approved_by = models.ForeignKey(
        USER, verbose_name="答复审定人", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    satisfaction = models.CharField(
        "满意度", max_length=12, choices=Satisfaction.choices, blank=True
    )
    satisfaction_comment = models.CharField("评价", max_length=300, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)

    publication = models.CharField(
        "公开情况", max_length=10, choices=Publication.choices, default=Publication.NONE
    )
    public_title = models.CharField("公开标题", max_length=60, blank=True)
    public_question = models.TextField("公开的留言", max_length=3000, blank=True)
    public_answer = models.TextField("公开的答复", max_length=3000, blank=True)
    public_by = models.ForeignKey(
        USER, verbose_name="公开文字起草人", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_by = models.ForeignKey(
        USER, verbose_name="公开审定人", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_at = models.DateTimeField("公开时间", null=True, blank=True, db_index=True)
    withdrawn_at = models.DateTimeField("撤下时间", null=True, blank=True)

    # What residents write shows on no page's list of uses.
    wagtail_reference_index_ignore = True

    # The deadlines that were told to be over; a new deadline is told anew.
    told_due_at = models.DateTimeField(null=True, editable=False)
    told_step_due_at = models.DateTimeField(null=True, editable=False)
    erased_at = models.DateTimeField("个人信息删除时间", null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "留言"
        verbose_name_plural = "留言"
        ordering = ["-pk"]
        permissions = [
            ("handle_message", "可以受理、交办、督查、答复留言"),
            ("carry_out_message", "可以报告交办给本单位的留言落实情况"),
            ("approve_answer", "可以审定留言的答复、延期和公开"),
            ("view_figures", "可以看留言月报"),
            ("hand_over_message", "可以移交别人经办的留言"),
        ]

    def __str__(self) -> str:
        return f"留言 {self.number}"

    @property
    def is_unfinished(self) -> bool:
        """Whether it waits for somebody of the house."""
        return self.state in UNFINISHED

    @property
    def is_public(self) -> bool:
        """Whether it stands on the mirror."""
        return self.publication == Publication.PUBLIC and self.is_public_wish

    @property
    def is_extension_open(self) -> bool:
        """Whether an extension was asked for and nobody has decided."""
        return self.extension_asked_at is not None and self.extension_decided_at is None

    @property
    def is_contact_verified(self) -> bool:
        return self.contact_verified_at is not None

    @property
    def final_answer(self) -> str:
        """What the sender may read: the answer once it was approved."""
        return self.answer if self.answered_at else ""
