"""What WeChat tells of our posts: readings, followers, comments."""

from django.conf import settings
from django.db import models

from rankings.figures import AT_LEAST, EXACT

from .intake import private_storage
from .pages import ArticlePage
from .pushes import PushMember

USER = settings.AUTH_USER_MODEL


class PublishType(models.TextChoices):
    SENT = "sent", "群发"
    PUBLISHED = "published", "仅发布，未推送粉丝"
    UNKNOWN = "unknown", "不明"


class WeChatPost(models.Model):
    """One item the account really published in WeChat, ours or made in the back office.

    Known by ``(msg_data_id, index)``, the ``mid`` and ``idx`` of its address; ``index`` counts
    from 1. Articles are joined on that pair or on the address, never on a title.
    """

    msg_data_id = models.CharField("微信消息编号", max_length=40, blank=True)
    index = models.PositiveSmallIntegerField("第几条", default=1)
    title = models.CharField("标题", max_length=200)
    url = models.URLField("地址", max_length=500, blank=True)
    published_on = models.DateField("发布日期", db_index=True)
    publish_type = models.CharField(
        "方式", max_length=10, choices=PublishType.choices, default=PublishType.UNKNOWN
    )
    article = models.ForeignKey(
        ArticlePage,
        verbose_name="文章",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="wechat_posts",
    )
    member = models.ForeignKey(
        PushMember,
        verbose_name="推送里的文章",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="wechat_posts",
    )

    class Meta:
        verbose_name = "微信文章"
        verbose_name_plural = "微信文章"
        ordering = ["-published_on", "msg_data_id", "index"]
        constraints = [
            models.UniqueConstraint(
                fields=["msg_data_id", "index"],
                condition=~models.Q(msg_data_id=""),
                name="articles_wechat_post_once",
            )
        ]

    def __str__(self) -> str:
        return f"《{self.title}》"

    @property
    def has_place(self) -> bool:
        """Whether ``index`` was told; a row of a sheet without an address says nothing of it."""
        return bool(self.msg_data_id) or self.member_id is not None

    @property
    def is_headline(self) -> bool:
        return self.has_place and self.index == 1

    @property
    def place(self) -> str:
        """头条, 第2条, or nothing where it is not known."""
        if not self.has_place:
            return ""
        return "头条" if self.index == 1 else f"第{self.index}条"


class Metric(models.TextChoices):
    """What is counted. Readers are people, reads are times; they are never added or compared."""

    READERS = "readers", "阅读人数"
    READS = "reads", "阅读次数"
    SHARERS = "sharers", "分享人数"
    SHARES = "shares", "分享次数"
    HEARTS = "hearts", "爱心赞人数"
    LIKES = "likes", "拇指赞人数"
    COMMENTS = "comments", "留言数"
    COLLECTIONS = "collections", "收藏人数"
    NEW_FOLLOWERS = "new_followers", "阅读后关注人数"
    DELIVERY_RATE = "delivery_rate", "送达阅读率"
    FINISH_RATE = "finish_rate", "读完率"
    MINUTES = "minutes", "平均阅读分钟"
    PRAISE = "praise", "赞赏（分）"


class Window(models.TextChoices):
    """Over what time a value was counted."""

    TO_DATE = "to_date", "发布至当日累计"
    DAY = "day", "当日"
    AT_EXPORT = "at_export", "导出时累计"
    SEVEN_DAYS = "seven_days", "发布后七日"
    THIRTY_DAYS = "thirty_days", "发布后三十日"


class ReadingSource(models.TextChoices):
    """Where a value comes from."""

    STATISTICS = "statistics", "官方统计接口"
    EXPORT = "export", "后台导出表"
    TYPED = "typed", "人工录入"


class ReadingImport(models.Model):
    """One sheet of the back office that was read in, kept as it came."""

    name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField("校验值", max_length=64, unique=True)
    file = models.FileField("文件", upload_to="readings/", storage=private_storage)
    imported_by = models.ForeignKey(
        USER, verbose_name="导入人", on_delete=models.PROTECT, related_name="+"
    )
    imported_at = models.DateTimeField("导入时间", auto_now_add=True)
    exported_on = models.DateField("导出日期")
    rows = models.PositiveIntegerField("行数", default=0)

    class Meta:
        verbose_name = "阅读数据导入"
        verbose_name_plural = "阅读数据导入"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name


class Reading(models.Model):
    """One value of one post: metric, window, source and time are part of what it says.

    ``bound`` and ``capped`` as in `rankings.figures.Figure`: 10万+ is 100001, at least, capped.
    ``stat_date`` is the last day counted.
    """

    post = models.ForeignKey(
        WeChatPost, verbose_name="微信文章", on_delete=models.CASCADE, related_name="readings"
    )
    metric = models.CharField("指标", max_length=20, choices=Metric.choices)
    window = models.CharField("口径", max_length=20, choices=Window.choices)
    source = models.CharField("来源", max_length=20, choices=ReadingSource.choices)
    stat_date = models.DateField("统计日")
    value = models.DecimalField("数值", max_digits=18, decimal_places=4)
    bound = models.CharField(
        "界限", max_length=10, choices=[(EXACT, "准确"), (AT_LEAST, "至少")], default=EXACT
    )
    capped = models.BooleanField("封顶", default=False)
    raw = models.CharField("原文", max_length=64, blank=True)
    note = models.CharField("在哪里看到", max_length=100, blank=True)
    taken_at = models.DateTimeField("取得时间")
    imported = models.ForeignKey(
        ReadingImport, verbose_name="导入", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "阅读数据"
        verbose_name_plural = "阅读数据"
        ordering = ["post", "metric", "stat_date"]
        permissions = [("import_reading", "可以导入阅读数据")]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "metric", "window", "source", "stat_date"],
                name="articles_reading_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["metric", "window", "source", "-value"], name="articles_reading_top"
            )
        ]

    def __str__(self) -> str:
        return f"{self.post} {self.get_metric_display()} {self.raw or self.value}"


class AccountMetric(models.TextChoices):
    """What is told of the account as a whole, day by day."""

    READERS = "readers", "阅读人数"
    SHARERS = "sharers", "分享人数"
    NEW_FOLLOWERS = "new_followers", "新关注"
    LOST_FOLLOWERS = "lost_followers", "取消关注"
    FOLLOWERS = "followers", "累计关注"


class AccountReading(models.Model):
    """One value of the account on one day, from the official statistics."""

    day = models.DateField("日期")
    metric = models.CharField("指标", max_length=20, choices=AccountMetric.choices)
    value = models.PositiveBigIntegerField("数值")
    taken_at = models.DateTimeField("取得时间")

    class Meta:
        verbose_name = "公众号每日数据"
        verbose_name_plural = "公众号每日数据"
        ordering = ["-day", "metric"]
        constraints = [
            models.UniqueConstraint(fields=["day", "metric"], name="articles_account_reading_once")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.get_metric_display()} {self.value}"


class StatisticsSubject(models.TextChoices):
    """What is fetched from WeChat day by day."""

    POSTS = "posts", "文章"
    ACCOUNT = "account", "公众号"
    FOLLOWERS = "followers", "关注人数"
    COMMENTS = "comments", "留言"


class StatisticsDay(models.Model):
    """What was fetched for one day, and what is to be tried again.

    ``day`` is the publishing day of posts and of their comments, else the last day of the span that
    was asked for.
    """

    subject = models.CharField(
        "内容",
        max_length=10,
        choices=StatisticsSubject.choices,
        default=StatisticsSubject.POSTS,
    )
    day = models.DateField("日期")
    fetched_at = models.DateTimeField("取得时间", null=True)
    next_at = models.DateTimeField("下次", null=True)
    attempts = models.PositiveSmallIntegerField("连续失败次数", default=0)
    is_delayed = models.BooleanField("统计尚未出齐", default=False)
    reason = models.CharField("没有取到的原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "统计取数"
        verbose_name_plural = "统计取数"
        ordering = ["-day", "subject"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "day"], name="articles_statistics_day_once")
        ]

    def __str__(self) -> str:
        return f"{self.day} 的{self.get_subject_display()}统计"


class WeChatComment(models.Model):
    """A reader's comment below a post in WeChat. Who wrote it is not kept."""

    post = models.ForeignKey(
        WeChatPost, verbose_name="微信文章", on_delete=models.CASCADE, related_name="comments"
    )
    user_comment_id = models.BigIntegerField("留言编号")
    content = models.TextField("内容")
    written_at = models.DateTimeField("留言时间")
    is_elected = models.BooleanField("精选", default=False)
    reply = models.TextField("回复", blank=True)
    replied_at = models.DateTimeField("回复时间", null=True)
    fetched_at = models.DateTimeField("取得时间")
    gone_at = models.DateTimeField("已不在微信", null=True)

    class Meta:
        verbose_name = "微信留言"
        verbose_name_plural = "微信留言"
        ordering = ["-written_at"]
        permissions = [("answer_wechatcomment", "可以精选和回复微信留言")]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "user_comment_id"], name="articles_wechat_comment_once"
            )
        ]

    def __str__(self) -> str:
        return self.content[:40]
