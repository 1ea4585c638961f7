"""Forms of the desk and of the reader."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from .links import MAX_DAYS, MAX_NAME, MAX_NOTE, MAX_OPINION


class ShareForm(forms.Form):
    reader = forms.CharField(
        label="送给谁看",
        max_length=MAX_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="例如“王部长”。每人一个链接，才知道是谁看的。",
        error_messages={"required": "请写明送给谁看。"},
    )
    days = forms.IntegerField(
        label="有效期（天）",
        min_value=1,
        max_value=MAX_DAYS,
        error_messages={
            "required": "请填写有效期。",
            "invalid": "有效期请填整数天。",
            "min_value": "有效期至少1天。",
            "max_value": f"有效期最多{MAX_DAYS}天。",
        },
    )
    note = forms.CharField(
        label="附言",
        max_length=MAX_NOTE,
        required=False,
        widget=forms.TextInput(),
        help_text="显示在稿件上方，例如请重点看哪一段。",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["days"].initial = settings.READING_LINK_DAYS


class OpinionForm(forms.Form):
    """An opinion, or by the button ``read`` that there is none."""

    text = forms.CharField(
        label="意见",
        required=False,
        # The service counts: browsers send a line break as two characters.
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": MAX_OPINION}),
    )

    def clean_text(self) -> str:
        text = self.cleaned_data["text"].strip()
        if "read" in self.data and text:
            raise ValidationError(
                "您写了意见，还没有交。要交请点“交意见”；没有意见，请清空后再点“已阅，没有意见”。"
            )
        if "read" not in self.data and not text:
            raise ValidationError("请先写下意见再交；没有意见，请点“已阅，没有意见”。")
        return text
