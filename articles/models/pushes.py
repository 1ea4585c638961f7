"""推送: one WeChat sending of one to eight articles, and what is planned around it."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.models import Revision

from ..pushes.slots import read_slots
from .pages import ArticlePage

USER = settings.AUTH_USER_MODEL


class SentNoticed(models.TextChoices):
    """How the workbench came to know that followers have a push."""

    STATISTICS = "statistics", "次日统计"
    CALLBACK = "callback", "微信通知"
    PASTED = "pasted", "人工登记"
    MASS_SEND = "mass_send", "由工作台群发"


class PushQuerySet(models.QuerySet):
    def standing(self) -> "PushQuerySet":
        """Those that were not dissolved."""
        return self.filter(dissolved_at=None)

    def open(self) -> "PushQuerySet":
        """Those whose articles still wait: neither public, nor sent, nor dissolved."""
        return self.standing().filter(published_at=None, sent_at=None)

    def holding(self) -> "PushQuerySet":
        """Those that hold their articles: nothing of them is on the mirror yet."""
        return self.standing().filter(published_at=None)


class Push(models.Model):
    """One sending: ordered articles, all or nothing.

    ``planned_for`` (计划) is a proposal, ``go_live_at`` (定时) a committed minute.
    ``approved_digest`` is of `articles.pushes.digest.push_digest`; an approval holds for that
    very composition only. ``assemblers`` are all who ever put it together, none of whom may
    approve it.
    """

    planned_for = models.DateField("计划日期", null=True, blank=True, db_index=True)
    planned_slot = models.TimeField("计划时段", null=True, blank=True)
    go_live_at = models.DateTimeField("定时", null=True, blank=True, db_index=True)
    note = models.CharField("备注", max_length=200, blank=True)
    created_by = models.ForeignKey(
        USER, verbose_name="组稿人", on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    assemblers = models.ManyToManyField(USER, verbose_name="参与组稿的人", related_name="+")
    approved_by = models.ForeignKey(
        USER, verbose_name="审定人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField("审定时间", null=True)
    approved_digest = models.CharField("审定的内容摘要值", max_length=64, blank=True)
    published_at = models.DateTimeField("镜像发布时间", null=True, db_index=True)
    publish_failed_at = models.DateTimeField("镜像发布失败时间", null=True)
    publish_failure = models.CharField("镜像发布失败原因", max_length=300, blank=True)
    publish_failure_detail = models.TextField("技术细节", blank=True)
    sent_at = models.DateTimeField("发出时间", null=True, db_index=True)
    sent_noticed = models.CharField(
        "怎样得知发出", max_length=20, choices=SentNoticed.choices, blank=True
    )
    sent_recorded_by = models.ForeignKey(
        USER, verbose_name="登记人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    msg_data_id = models.CharField("微信消息编号", max_length=40, blank=True, db_index=True)
    dissolved_at = models.DateTimeField("解散时间", null=True)
    dissolved_by = models.ForeignKey(
        USER, verbose_name="解散人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    dissolve_reason = models.CharField("解散原因", max_length=200, blank=True)

    objects = PushQuerySet.as_manager()

    class Meta:
        verbose_name = "推送"
        verbose_name_plural = "推送"
        ordering = ["-pk"]
        permissions = [
            ("plan_push", "可以安排推送的计划日期"),
            ("assemble_push", "可以组稿推送"),
            ("approve_push", "可以审定推送"),
            ("deliver_push", "可以把推送送到微信"),
            ("mass_send_push", "可以从工作台群发"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The headline's title in book-title marks, and how many follow it."""
        members = list(self.members.all())
        if not members:
            return f"空推送 {self.pk}"
        more = f"等{len(members)}篇" if len(members) > 1 else ""
        return f"《{members[0].article.draft_title or members[0].article.title}》{more}"


class MemberForm(models.TextChoices):
    """What WeChat calls ``article_type``."""

    NEWS = "news", "图文"
    PICTURES = "newspic", "图片消息"


class WeChatComments(models.TextChoices):
    """Who may write 留言 below an article in WeChat."""

    CLOSED = "closed", "不开留言"
    EVERYONE = "everyone", "所有人可留言"
    FOLLOWERS = "followers", "仅粉丝可留言"


class PushMember(models.Model):
    """An article in a push, as the very text that was approved when it joined.

    ``position`` counts from 0; the first one is the headline (头条). ``content_digest`` is the
    digest of ``revision``'s text.
    """

    push = models.ForeignKey(
        Push, verbose_name="推送", on_delete=models.CASCADE, related_name="members"
    )
    article = models.ForeignKey(
        ArticlePage, verbose_name="文章", on_delete=models.PROTECT, related_name="push_members"
    )
    revision = models.ForeignKey(
        Revision, verbose_name="修订版本", on_delete=models.PROTECT, related_name="+"
    )
    content_digest = models.CharField("内容摘要值", max_length=64)
    position = models.PositiveSmallIntegerField("次序")
    form = models.CharField(
        "形式", max_length=10, choices=MemberForm.choices, default=MemberForm.NEWS
    )
    comments = models.CharField(
        "留言", max_length=10, choices=WeChatComments.choices, default=WeChatComments.EVERYONE
    )
    wechat_url = models.URLField("微信文章地址", max_length=500, blank=True)

    class Meta:
        verbose_name = "推送里的文章"
        verbose_name_plural = "推送里的文章"
        ordering = ["push", "position"]
        constraints = [
            models.UniqueConstraint(fields=["push", "position"], name="articles_push_position"),
            models.UniqueConstraint(fields=["push", "article"], name="articles_push_article_once"),
        ]

    def __str__(self) -> str:
        return f"{self.position + 1}. {self.article}"

    @property
    def is_headline(self) -> bool:
        return self.position == 0


class BackOfficeKind(models.TextChoices):
    """What WeChat's interface cannot do, so that a person does it in the back office."""

    VIDEO = "video", "插入视频"
    AUDIO = "audio", "插入音频"
    VOTE = "vote", "插入投票"
    MINI_PROGRAM = "mini_program", "插入小程序卡片"
    ORIGINAL = "original", "声明原创"
    ALBUM = "album", "加入合集"
    MACHINE_MADE = "machine_made", "声明内容由 AI 生成"
    OTHER = "other", "其他"


class BackOfficeItem(models.Model):
    """One line of “在公众号后台完成”: ``found`` when a block asked for it, else a person's."""

    push = models.ForeignKey(
        Push, verbose_name="推送", on_delete=models.CASCADE, related_name="back_office_items"
    )
    article = models.ForeignKey(
        ArticlePage, verbose_name="文章", null=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField("事项", max_length=20, choices=BackOfficeKind.choices)
    text = models.CharField("说明", max_length=200, blank=True)
    found = models.BooleanField("由正文得出", default=False)
    done_at = models.DateTimeField("完成时间", null=True)
    done_by = models.ForeignKey(
        USER, verbose_name="完成人", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "后台待办"
        verbose_name_plural = "后台待办"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.text}".strip()


class CalendarFeed(models.Model):
    """A person's secret address of the calendar, for the calendar of a phone."""

    person = models.OneToOneField(
        USER, verbose_name="订阅人", on_delete=models.CASCADE, related_name="calendar_feed"
    )
    secret = models.CharField("密钥", max_length=64, unique=True)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    class Meta:
        verbose_name = "日历订阅"
        verbose_name_plural = "日历订阅"

    def __str__(self) -> str:
        return f"{self.person} 的日历订阅"


@register_setting(icon="calendar", order=300)
class PushSettings(BaseGenericSetting):
    """When pushes may go out, and how long the account may be silent."""

    slots = models.CharField(
        "推送时段",
        max_length=80,
        default="08:30",
        help_text="每天可以推送的时间，几个之间用空格隔开，例如：08:30 18:00。",
    )
    daily_allowance = models.PositiveSmallIntegerField(
        "每天次数",
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text="微信允许本号每天群发几次，一般是 1。",
    )
    send_on_holidays = models.BooleanField(
        "节假日照常推送", default=True, help_text="不勾选时，法定节假日不能定时推送。"
    )
    warn_days = models.PositiveSmallIntegerField("提醒天数", default=7)
    alarm_days = models.PositiveSmallIntegerField("告急天数", default=10)
    breach_days = models.PositiveSmallIntegerField(
        "违规天数", default=14, help_text="政府网站与政务新媒体检查指标：两周不更新即不合格。"
    )
    allow_mass_send = models.BooleanField(
        "允许从工作台群发",
        default=False,
        help_text="不勾选时，由人在公众号后台按“群发”。群发给全部粉丝，不能撤回。",
    )
    verified_until = models.DateField(
        "认证有效期至",
        null=True,
        blank=True,
        help_text="公众号认证每年一次，过期后不能再送草稿。到期前会提醒。",
    )

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("slots"),
                FieldRowPanel([FieldPanel("daily_allowance"), FieldPanel("send_on_holidays")]),
            ],
            heading="时段",
        ),
        MultiFieldPanel(
            [
                FieldRowPanel(
                    [FieldPanel("warn_days"), FieldPanel("alarm_days"), FieldPanel("breach_days")]
                )
            ],
            heading="多少天没有推送",
        ),
        MultiFieldPanel(
            [FieldPanel("allow_mass_send"), FieldPanel("verified_until")], heading="微信"
        ),
    ]

    class Meta:
        verbose_name = "推送设置"
        verbose_name_plural = "推送设置"

    def clean(self) -> None:
        super().clean()
        try:
            self.slots = " ".join(f"{slot:%H:%M}" for slot in read_slots(self.slots))
        except ValueError as error:
            raise ValidationError({"slots": str(error)}) from error
        if not 0 < self.warn_days < self.alarm_days < self.breach_days:
            raise ValidationError({"breach_days": "三个天数要依次变大，例如 7、10、14。"})
