"""Forms of the article screens."""

from typing import Any

from django import forms
from wagtail.admin.forms.pages import ParentChooserForm
from wagtail.admin.widgets import AdminDateTimeInput

from .models import ArticlePage, ColumnPage


class ColumnChoiceForm(ParentChooserForm):
    """Where a new article belongs: the few columns as a list instead of the page tree."""

    def __init__(self, user: Any, *args: Any, **kwargs: Any):
        super().__init__(ArticlePage, user, *args, **kwargs)
        self.fields["parent_page"] = forms.ModelChoiceField(
            label="栏目",
            queryset=ColumnPage.objects.live().order_by("path"),
            widget=forms.RadioSelect,
            empty_label=None,
            error_messages={"required": "请选择一个栏目。"},
        )


class ScheduleForm(forms.Form):
    go_live_at = forms.DateTimeField(
        label="发布时间",
        widget=AdminDateTimeInput(),
        help_text="北京时间，到点自动发布到网页镜像。",
        error_messages={
            "required": "请填写发布时间，例如 2026-12-01 08:30。",
            "invalid": "时间格式不对，请写成 2026-12-01 08:30 这样。",
        },
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="原因",
        max_length=300,
        widget=forms.TextInput(),
        error_messages={"required": "请写明原因。"},
    )
