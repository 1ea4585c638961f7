"""Forms of the screens of readings."""

from typing import Any

from django import forms
from django.utils import timezone
from wagtail.admin.widgets import AdminDateInput

from rankings.importing.reading import MAX_BYTES

from ..models import Metric

#: What people see on a phone or in the back office and may type in.
TYPED_METRICS = (
    Metric.READS,
    Metric.READERS,
    Metric.SHARES,
    Metric.SHARERS,
    Metric.HEARTS,
    Metric.LIKES,
    Metric.COMMENTS,
)
_BAD_DAY = {"invalid": "请填写日期，例如 2026-11-22。", "required": "请填写日期。"}


class TypedForm(forms.Form):
    """One value read off a screen."""

    metric = forms.ChoiceField(label="指标", choices=[(m.value, m.label) for m in TYPED_METRICS])
    value = forms.CharField(
        label="数值",
        max_length=40,
        help_text="照屏幕上的抄，例如 3200、1.2万、10万+。",
        error_messages={"required": "请填写数值。"},
    )
    day = forms.DateField(label="看到的日期", widget=AdminDateInput(), error_messages=_BAD_DAY)
    where = forms.CharField(
        label="在哪里看到",
        max_length=100,
        help_text="例如：手机上的文章页、公众号后台“发表记录”。",
        error_messages={"required": "请写明在哪里看到的。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = timezone.localdate


class RegisterForm(forms.Form):
    """Where an article stands in WeChat."""

    url = forms.CharField(
        label="微信文章地址",
        max_length=500,
        help_text="在微信里打开文章，点右上角“复制链接”。",
        error_messages={"required": "请粘贴微信文章的地址。"},
    )
    published_on = forms.DateField(
        label="微信发表日期", widget=AdminDateInput(), error_messages=_BAD_DAY
    )


class UploadForm(forms.Form):
    """An exported sheet; its bytes are ``data`` among the cleaned data."""

    file = forms.FileField(
        label="文件",
        help_text="公众号后台“内容分析”下载的表格，XLS、XLSX 或 CSV，最大 50 MB。",
        widget=forms.FileInput(attrs={"accept": ".xls,.xlsx,.csv"}),
        error_messages={"required": "请选择文件。", "empty": "文件是空的，请检查后重新选择。"},
    )
    exported_on = forms.DateField(
        label="导出日期",
        widget=AdminDateInput(),
        help_text="从后台下载这份表格的那一天。表里的数是到这一天为止的累计。",
        error_messages=_BAD_DAY,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["exported_on"].initial = timezone.localdate

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(f"文件超过 {MAX_BYTES // 2**20} MB，请分成几份。")
        self.cleaned_data["data"] = file.read()
        return file

    def clean_exported_on(self) -> Any:
        day = self.cleaned_data["exported_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("导出日期在今天之后，请核对。")
        return day
