"""站点标识: who keeps the site, and the marks that every government site bears.

Nothing is made up: what is not filled in is not shown, and the health report says what is missing.
The names and marks are those of the 政府网站发展指引 (国办发〔2017〕47号).
"""

from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import DatabaseError, models
from django.db.models.signals import post_save
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.images import get_image_model_string

from cms.ops.registry import HealthResult, Level

GOVERNMENT_DOMAINS = "gov.cn"
NAME = "站点标识"


@register_setting(icon="site", order=200)
class SiteIdentity(BaseGenericSetting):
    """What the foot and the tags of every public page say of the site."""

    site_code = models.CharField(
        "网站标识码",
        max_length=10,
        blank=True,
        validators=[
            RegexValidator(
                r"^([0-9]{10}|bm[0-9]{8})$",
                "网站标识码是 10 位：6 位行政区划代码加 4 位顺序号，或者 bm 加 8 位数字。"
                "请照全国政府网站信息报送系统里的填写。",
            )
        ],
        help_text="在全国政府网站信息报送系统里查到的 10 位标识码。",
    )
    sponsor = models.CharField(
        "主办单位", max_length=80, blank=True, help_text="填写全称，与单位公章一致。"
    )
    organiser = models.CharField(
        "承办单位", max_length=80, blank=True, help_text="负责日常维护的单位，填写全称。"
    )
    phone = models.CharField(
        "联系电话",
        max_length=60,
        blank=True,
        validators=[
            RegexValidator(
                r"^[0-9\s()（）+、;；转-]+$",
                "请只写电话号码，几个之间用顿号隔开，例如：0731-22220000。",
            )
        ],
        help_text="网站的联系电话，工作时间应有人接听。",
    )
    address = models.CharField("联系地址", max_length=120, blank=True)
    email = models.EmailField("邮箱", blank=True)
    icp = models.CharField(
        "ICP备案编号",
        max_length=60,
        blank=True,
        validators=[
            RegexValidator(
                r"^[\u4e00-\u9fff]ICP备[0-9]{6,12}号(-[0-9]+)?$",
                "请照备案证书填写，例如：湘ICP备12345678号-1。",
            )
        ],
        help_text="工业和信息化部备案系统里的编号，例如：湘ICP备12345678号-1。",
    )
    police = models.CharField(
        "公安机关备案号",
        max_length=60,
        blank=True,
        validators=[
            RegexValidator(
                r"^[\u4e00-\u9fff]公网安备\s?[0-9]{14}号$",
                "请照全国互联网安全管理服务平台上的填写，例如：湘公网安备43020202000001号。",
            )
        ],
        help_text="全国互联网安全管理服务平台上的编号，例如：湘公网安备43020202000001号。",
    )
    mark_url = models.URLField(
        "党政机关网站标识链接",
        blank=True,
        max_length=300,
        help_text="标识核发后得到的地址（bszs.conac.cn 或省里指定的），点标识时打开。",
    )
    mark_image = models.ForeignKey(
        get_image_model_string(),
        verbose_name="党政机关网站标识图片",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="核发给本站的标识图片。先在图片库上传，替代文字写“党政机关网站标识”。",
    )
    mistakes_url = models.URLField(
        "我为政府网站找错链接",
        blank=True,
        max_length=300,
        help_text="核发给本站的找错页面地址。留空则用本站的留言页面。",
    )
    description = models.CharField(
        "网站说明", max_length=160, blank=True, help_text="一两句话，搜索引擎和分享卡片会用到。"
    )
    keywords = models.CharField(
        "网站关键词",
        max_length=160,
        blank=True,
        help_text="几个之间用逗号隔开，例如：荷塘区,株洲。",
    )
    government_domains = models.CharField(
        "政府网站域名",
        max_length=300,
        default=GOVERNMENT_DOMAINS,
        validators=[
            RegexValidator(
                r"^\s*([a-z0-9-]+\.)+[a-z]{2,}(\s+([a-z0-9-]+\.)+[a-z]{2,})*\s*$",
                "请写域名，不带 http，小写，几个之间用空格隔开，例如：gov.cn 12371.cn。",
            )
        ],
        help_text="链接到这些域名时不提示“您将离开本站”。几个之间用空格隔开。",
    )

    select_related = ["mark_image"]
    panels = [
        MultiFieldPanel(
            [
                FieldPanel("site_code"),
                FieldRowPanel([FieldPanel("sponsor"), FieldPanel("organiser")]),
                FieldRowPanel([FieldPanel("phone"), FieldPanel("email")]),
                FieldPanel("address"),
            ],
            heading="单位与联系方式",
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("icp"), FieldPanel("police")]),
                FieldRowPanel([FieldPanel("mark_url"), FieldPanel("mark_image")]),
                FieldPanel("mistakes_url"),
            ],
            heading="备案与标识",
        ),
        MultiFieldPanel(
            [FieldPanel("description"), FieldPanel("keywords"), FieldPanel("government_domains")],
            heading="网页标签与链接",
        ),
    ]

    class Meta:
        verbose_name = NAME
        verbose_name_plural = NAME

    @property
    def domains(self) -> tuple[str, ...]:
        """The domains whose hosts are the government's."""
        return tuple(self.government_domains.split())

    @property
    def police_number(self) -> str:
        """The digits of the police record, which its page is asked with."""
        return "".join(c for c in self.police if c.isascii() and c.isdigit())

    @cached_property
    def mark_picture(self) -> Any:
        """The mark in the size of the foot, or nothing where there is no image."""
        return self.mark_image.get_rendition("max-160x120") if self.mark_image else None


def identity_of(request: HttpRequest | None) -> SiteIdentity:
    """What the pages say of the site: asked once a request, and once for pages made together.

    Error pages need no database: without a request, or where the database does not answer, nothing
    is known.
    """
    from .rendering import shared

    name = SiteIdentity.get_cache_attr_name()
    if request is None:
        return SiteIdentity()
    if not hasattr(request, name):
        try:
            found = shared("identity", lambda: SiteIdentity.base_queryset().first())
        except DatabaseError:
            found = None
        setattr(request, name, found or SiteIdentity())
    return getattr(request, name)


def missing(identity: SiteIdentity) -> list[str]:
    """The names of the marks that inspection looks for and that are not filled in."""
    needed = ("site_code", "sponsor", "phone", "icp", "police", "mark_url", "mark_image")
    return [
        str(SiteIdentity._meta.get_field(name).verbose_name)
        for name in needed
        if not getattr(identity, f"{name}_id" if name == "mark_image" else name)
    ]


def findings() -> list[HealthResult]:
    """Marks that are missing; a demo has none of its own."""
    names = [] if settings.DEMO else missing(SiteIdentity.objects.first() or SiteIdentity())
    if not names:
        return []
    try:
        url = reverse("wagtailsettings:edit", args=["mirror", "siteidentity"])
    except NoReverseMatch:
        url = ""
    sentence = (
        f"公开网页还缺{'、'.join(names)}，检查会扣分。请管理员在“设置 - {NAME}”里照核发的填写。"
    )
    return [HealthResult(Level.WARNING, sentence, url)]


def _on_saved(instance: SiteIdentity, raw: bool = False, **kwargs: Any) -> None:
    from . import jobs

    if not raw:
        jobs.everything(NAME)


def _on_image_saved(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    if not raw and SiteIdentity.objects.filter(mark_image=instance.pk).exists():
        _on_saved(instance)


def connect(image_model: type[models.Model]) -> None:
    """Called in the app's ``ready()``: every page shows the foot."""
    post_save.connect(_on_saved, sender=SiteIdentity, dispatch_uid="mirror.identity")
    post_save.connect(_on_image_saved, sender=image_model, dispatch_uid="mirror.identity.image")
