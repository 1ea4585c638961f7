"""What the office decides once: time limits, the consent line, how long personal data is kept."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

CONSENT = (
    "我同意为办理这条留言使用我填写的内容。姓名和联系方式只给办理人员看，不公开，办结后按期限删除。"
)


def _days(label: str, default: int, help_text: str = "") -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        label,
        default=default,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text=help_text,
    )


@register_setting(icon="comment", order=310)
class FeedbackSettings(BaseGenericSetting):
    """Time limits are working days after the day of receipt (国办发〔2017〕47号)."""

    is_open = models.BooleanField(
        "开放留言",
        default=True,
        help_text="不勾选时，网站上不能提交新留言；已收到的照常办理。检查指标要求有留言渠道。",
    )
    days_ordinary = _days("普通留言", 7, "《政府网站发展指引》：一般 7 个工作日内答复。")
    days_hard = _days("疑难留言", 15, "情况复杂的可以延长到 15 个工作日。")
    days_error = _days("网站找错", 3, "“我为政府网站找错”：3 个工作日内答复。")
    days_accept = _days("受理", 1)
    days_assign = _days("交办", 1)
    days_carry_out = _days("落实", 4, "疑难留言多出的天数都算在落实上。")
    days_supervise = _days("督查", 1)
    days_answer = _days("答复", 1)
    days_to_rate = models.PositiveSmallIntegerField(
        "评价期（天）",
        default=15,
        validators=[MinValueValidator(1), MaxValueValidator(180)],
        help_text="答复后多少天没有评价，就自动办结。",
    )
    months_kept = models.PositiveSmallIntegerField(
        "个人信息保存（月）",
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text="办结后满这么多个月，姓名、联系方式和原文自动删除；已公开的遮盖后文字保留。",
    )
    consent = models.TextField("同意条款", max_length=300, default=CONSENT)

    panels = [
        FieldPanel("is_open"),
        MultiFieldPanel(
            [
                FieldRowPanel(
                    [
                        FieldPanel("days_ordinary"),
                        FieldPanel("days_hard"),
                        FieldPanel("days_error"),
                    ]
                )
            ],
            heading="答复期限（工作日）",
        ),
        MultiFieldPanel(
            [
                FieldRowPanel(
                    [
                        FieldPanel("days_accept"),
                        FieldPanel("days_assign"),
                        FieldPanel("days_carry_out"),
                        FieldPanel("days_supervise"),
                        FieldPanel("days_answer"),
                    ]
                )
            ],
            heading="各环节期限（工作日，到总期限为止）",
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("days_to_rate"), FieldPanel("months_kept")]),
                FieldPanel("consent"),
            ],
            heading="评价与个人信息",
        ),
    ]

    class Meta:
        verbose_name = "留言设置"
        verbose_name_plural = "留言设置"

    def clean(self) -> None:
        super().clean()
        given = (self.days_error, self.days_ordinary, self.days_hard)
        if None not in given and not self.days_error <= self.days_ordinary < self.days_hard:
            raise ValidationError(
                {"days_hard": "三个期限应当是：找错不长于普通，普通短于疑难，例如 3、7、15。"}
            )
