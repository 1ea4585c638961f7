"""Forms of the desk's panels about a release."""

from typing import Any

from django import forms
from wagtail.admin.widgets import AdminDateTimeInput

from ..models import WeChatAction
from . import corrections, dates, urgent, withdrawal


class WordsField(forms.CharField):
    """A few sentences that have to be written; ``name`` is what people call them."""

    def __init__(self, name: str, *, least: int, most: int, rows: int = 3, **kwargs: Any):
        errors = {
            "required": f"请写明{name}。",
            "min_length": f"请把{name}写清楚，至少%(limit_value)d个字，现在有%(show_value)d个字。",
            "max_length": f"{name}写得太长，请压缩到%(limit_value)d个字以内。",
        }
        super().__init__(
            label=kwargs.pop("label", name),
            min_length=least,
            max_length=most,
            # The server answers in a sentence and keeps the words; a browser would cut them off.
            widget=forms.Textarea(attrs={"rows": rows}),
            error_messages=errors,
            **kwargs,
        )

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        return {k: v for k, v in attrs.items() if k not in ("minlength", "maxlength")}


class UrgentRequestForm(forms.Form):
    prefix = "urgent"

    reason = WordsField(
        "特急理由",
        least=urgent.MIN_REASON,
        most=urgent.MAX_REASON,
        help_text="为什么等不到三审。理由会留在记录和发布审批单里。",
    )


class UrgentConfirmForm(forms.Form):
    prefix = "urgent-confirm"

    note = forms.CharField(
        label="第二人意见",
        required=False,
        max_length=urgent.MAX_DECLINE,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="同意时可不填。",
        error_messages={"max_length": "意见写得太长，请压缩到%(limit_value)d个字以内。"},
    )


class UrgentDeclineForm(forms.Form):
    prefix = "urgent-decline"

    reason = WordsField("不同意的原因", least=urgent.MIN_DECLINE, most=urgent.MAX_DECLINE, rows=2)


class WithdrawForm(forms.Form):
    prefix = "withdraw"

    kind = forms.ChoiceField(
        label="公开说明",
        choices=[("", "请选择"), *withdrawal.CHOICES],
        help_text="读者打开原地址时会看到这几个字和撤下的日期。",
        error_messages={"required": "请选择公开说明的撤稿原因。"},
    )
    reason = WordsField(
        "撤稿原因",
        least=withdrawal.MIN_REASON,
        most=withdrawal.MAX_REASON,
        help_text="只留在内部记录里，不公开。",
    )


class CorrectionForm(forms.Form):
    prefix = "correction"

    text = WordsField(
        "更正内容",
        least=corrections.MIN_TEXT,
        most=corrections.MAX_TEXT,
        help_text="照实写明哪里有误、应为什么。确认后连同日期登在正文下面，正文不改。",
    )
    wechat_action = forms.ChoiceField(
        label="微信里的那一篇",
        choices=[("", "请选择"), *WeChatAction.choices],
        error_messages={"required": "请选择微信里的那一篇是怎样处理的。"},
    )


class CorrectionDeclineForm(forms.Form):
    prefix = "correction-decline"

    reason = WordsField(
        "不同意的原因", least=corrections.MIN_DECLINE, most=corrections.MAX_DECLINE, rows=2
    )


class PublicDateForm(forms.Form):
    prefix = "public-date"

    at = forms.DateTimeField(
        label="新的公开日期",
        widget=AdminDateTimeInput(),
        help_text="北京时间。只能比现在的公开日期晚，不能晚于此刻。",
        error_messages={
            "required": "请填写新的公开日期，例如 2026-12-01 08:30。",
            "invalid": "时间格式不对，请写成 2026-12-01 08:30 这样。",
        },
    )
    reason = WordsField("改日期的原因", least=dates.MIN_REASON, most=dates.MAX_REASON, rows=2)
