"""What the workbench keeps of its dealings with WeChat."""

from django.conf import settings
from django.db import models

from .pushes import Push

USER = settings.AUTH_USER_MODEL


class WeChatToken(models.Model):
    """The access token all processes share. Never shown, never logged."""

    appid = models.CharField("AppID", max_length=64, unique=True)
    token = models.TextField("访问凭证")
    expires_at = models.DateTimeField("失效时间")
    fetched_at = models.DateTimeField("取得时间")

    class Meta:
        verbose_name = "微信访问凭证"
        verbose_name_plural = "微信访问凭证"

    def __str__(self) -> str:
        return f"{self.appid} 的访问凭证"


class WeChatQuota(models.Model):
    """How often an endpoint was called on one local day; ``spent_at`` once WeChat said 45009."""

    appid = models.CharField("AppID", max_length=64)
    day = models.DateField("日期")
    endpoint = models.CharField("接口", max_length=80)
    used = models.PositiveIntegerField("已用次数", default=0)
    spent_at = models.DateTimeField("用完时间", null=True)

    class Meta:
        verbose_name = "微信接口用量"
        verbose_name_plural = "微信接口用量"
        constraints = [
            models.UniqueConstraint(
                fields=["appid", "day", "endpoint"], name="articles_wechat_quota_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.endpoint} {self.used} 次"


class WeChatCall(models.Model):
    """One request to WeChat with its answer, secrets left out, for whoever looks for a fault."""

    at = models.DateTimeField("时间", auto_now_add=True, db_index=True)
    push = models.ForeignKey(
        Push, verbose_name="推送", null=True, on_delete=models.SET_NULL, related_name="wechat_calls"
    )
    endpoint = models.CharField("接口", max_length=80)
    sent = models.TextField("发出", blank=True)
    answered = models.TextField("回答", blank=True)
    status = models.PositiveSmallIntegerField("HTTP 状态", null=True)
    errcode = models.IntegerField("错误代码", null=True)
    milliseconds = models.PositiveIntegerField("用时（毫秒）", default=0)

    class Meta:
        verbose_name = "微信接口记录"
        verbose_name_plural = "微信接口记录"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.endpoint} {self.errcode}"


class UploadPurpose(models.TextChoices):
    BODY = "body", "正文图片"
    MATERIAL = "material", "永久素材"


class WeChatUpload(models.Model):
    """A file WeChat already has, found by the hash of the bytes that were sent."""

    appid = models.CharField("AppID", max_length=64)
    purpose = models.CharField("用途", max_length=10, choices=UploadPurpose.choices)
    sha256 = models.CharField("校验值", max_length=64)
    url = models.URLField("微信地址", max_length=1000, blank=True)
    media_id = models.CharField("素材编号", max_length=200, blank=True)
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        verbose_name = "已上传到微信的文件"
        verbose_name_plural = "已上传到微信的文件"
        constraints = [
            models.UniqueConstraint(
                fields=["appid", "purpose", "sha256"], name="articles_wechat_upload_once"
            )
        ]

    def __str__(self) -> str:
        return self.url or self.media_id


class DeliveryStage(models.TextChoices):
    """How far a push has come on its way to WeChat; each stage names what is being done."""

    PREFLIGHT = "preflight", "预检"
    PICTURES = "pictures", "传图片"
    COVERS = "covers", "传封面"
    DRAFT = "draft", "写草稿"
    DELIVERED = "delivered", "草稿已送达"
    SENDING = "sending", "群发中"
    CONFIRMING = "confirming", "等管理员在手机上确认"
    PUBLISHING = "publishing", "生成永久链接中"
    LINKED = "linked", "已有永久链接"
    SENT = "sent", "已发出"


class Delivery(models.Model):
    """A push's way to WeChat. The row is the truth; the worker only takes it further.

    ``attempted_at`` marks a call whose outcome is not yet known: set and committed before a call
    that must not be made twice, cleared with its result. ``stored`` is what we know of each article
    of the draft (`articles.wechat.delivery.plan.Entry`), above all what WeChat answered to
    ``draft/get`` right after our writing, against which changes by hand are seen (``drift``).
    """

    push = models.OneToOneField(
        Push, verbose_name="推送", on_delete=models.CASCADE, related_name="delivery"
    )
    stage = models.CharField(
        "阶段", max_length=20, choices=DeliveryStage.choices, default=DeliveryStage.PREFLIGHT
    )
    push_digest = models.CharField("推送内容摘要值", max_length=64, blank=True)
    requested_by = models.ForeignKey(
        USER, verbose_name="送出人", on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField("送出时间")
    busy_until = models.DateTimeField("处理中，至", null=True)
    next_at = models.DateTimeField("下次处理", null=True, db_index=True)
    attempts = models.PositiveSmallIntegerField("连续失败次数", default=0)
    attempted_at = models.DateTimeField("未知结果的调用时间", null=True)
    failed_at = models.DateTimeField("失败时间", null=True)
    reason = models.CharField("失败原因", max_length=500, blank=True)
    detail = models.TextField("技术细节", blank=True)
    done = models.PositiveSmallIntegerField("已传", default=0)
    total = models.PositiveSmallIntegerField("要传", default=0)
    media_id = models.CharField("草稿编号", max_length=200, blank=True)
    stored = models.JSONField("微信里的草稿", default=list, blank=True)
    drift = models.JSONField("后台改动", default=list, blank=True)
    delivered_at = models.DateTimeField("送达时间", null=True)
    clientmsgid = models.CharField("群发编号", max_length=64, blank=True)
    msg_id = models.CharField("群发任务编号", max_length=64, blank=True)
    publish_id = models.CharField("发布任务编号", max_length=64, blank=True)

    class Meta:
        verbose_name = "送达微信"
        verbose_name_plural = "送达微信"

    def __str__(self) -> str:
        return f"{self.push}：{self.get_stage_display()}"


class PhoneReader(models.Model):
    """Who may be sent a preview on the phone; they must follow the account."""

    name = models.CharField("姓名", max_length=40)
    wechat_name = models.CharField("微信号", max_length=80, unique=True)
    is_active = models.BooleanField("使用", default=True)

    class Meta:
        verbose_name = "手机预览人"
        verbose_name_plural = "手机预览人"
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class CallbackEvent(models.Model):
    """An event WeChat told us of. ``key`` is what makes two deliveries of it one."""

    key = models.CharField("标识", max_length=160, unique=True)
    event = models.CharField("事件", max_length=60)
    payload = models.JSONField("内容", default=dict)
    received_at = models.DateTimeField("收到时间", auto_now_add=True)
    handled_at = models.DateTimeField("处理时间", null=True)
    note = models.CharField("处理结果", max_length=300, blank=True)

    class Meta:
        verbose_name = "微信通知"
        verbose_name_plural = "微信通知"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.event} {self.key}"
