"""Forms of 选题单 and 投稿箱."""

from typing import Any

from django import forms
from wagtail.admin.widgets import AdminDateInput

from cms.users.holders import holders
from cms.users.models import User

from ..models import ColumnPage, Topic
from .files import MOST_BYTES, MOST_FILES


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, answered as a list."""

    def __init__(self, **kwargs: Any):
        super().__init__(widget=FilesInput(attrs={"accept": ".docx,image/*"}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, (list, tuple)) else [data] if data else []
        return [super(FilesField, self).clean(each, initial) for each in given]


class ContributionForm(forms.Form):
    title = forms.CharField(
        label="标题", max_length=80, error_messages={"required": "请写标题，一句话说清楚是什么事。"}
    )
    text = forms.CharField(
        label="正文",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="可以直接写在这里，也可以附 Word 稿件。写清时间、地点、人物和经过。",
    )
    source = forms.CharField(
        label="信源",
        max_length=160,
        required=False,
        help_text="事实从哪里来，例如“月塘街道办事处 11月20日现场”。",
    )
    files = FilesField(
        label="附件",
        required=False,
        help_text=(
            f"Word（.docx）或图片，最多 {MOST_FILES} 个，"
            f"每个不超过 {MOST_BYTES // 1024 // 1024} MB。"
            "图片里有可辨认的未成年人时，请先取得监护人同意，并在正文里说明。"
        ),
    )


class TakeOverForm(forms.Form):
    column = forms.ModelChoiceField(
        label="放进哪个栏目",
        queryset=ColumnPage.objects.live().order_by("path"),
        empty_label="请选择",
        error_messages={"required": "请选择一个栏目。"},
    )
    answer = forms.CharField(label="给通讯员的话", required=False, max_length=300)


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label="答复",
        max_length=300,
        error_messages={"required": "请写一句答复，让通讯员知道为什么没有采用。"},
    )


class TopicForm(forms.ModelForm):
    class Meta:
        model = Topic
        fields = ["title", "angle", "column", "planned_for"]
        widgets = {"planned_for": AdminDateInput(), "angle": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["column"].queryset = ColumnPage.objects.live().order_by("path")
        self.fields["column"].empty_label = "还没定"


def writers() -> Any:
    """Active people who may write articles."""
    return holders("articles.change_topic", superusers=False).order_by("display_name")


class AcceptForm(forms.Form):
    assigned_to = forms.ModelChoiceField(
        label="由谁写", queryset=User.objects.none(), required=False, empty_label="还没定"
    )
    planned_for = forms.DateField(label="计划日期", required=False, widget=AdminDateInput())

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["assigned_to"].queryset = writers()


class DropForm(forms.Form):
    reason = forms.CharField(
        label="不做的原因", max_length=200, error_messages={"required": "请写明不做的原因。"}
    )


class WriteForm(forms.Form):
    column = forms.ModelChoiceField(
        label="栏目",
        queryset=ColumnPage.objects.live().order_by("path"),
        empty_label="请选择",
        error_messages={"required": "请选择一个栏目。"},
    )
