"""Forms of the screens that take words from files."""

from pathlib import PurePath
from typing import Any

from django import forms

from media.models import CustomImage

from ..models import ColumnPage
from .drafts import Described
from .word import WordRefused, read_word


class WordUploadForm(forms.Form):
    """``text`` is among the cleaned data when the file could be read."""

    column = forms.ModelChoiceField(
        label="栏目",
        queryset=ColumnPage.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "请选择一个栏目。"},
    )
    file = forms.FileField(
        label="Word 文件",
        help_text="只收 .docx，最大 20 MB。WPS、旧版 Word 请先“另存为 .docx”。",
        widget=forms.FileInput(
            attrs={
                "accept": ".docx,application/"
                "vnd.openxmlformats-officedocument.wordprocessingml.document"
            }
        ),
        error_messages={
            "required": "请选择一个 Word 文件。",
            "empty": "文件是空的，请检查后重新选择。",
        },
    )
    credit = forms.CharField(
        label="图片来源",
        required=False,
        max_length=120,
        help_text="文件里的图片多数出自同一处时填一次，下一步可逐张修改。",
    )

    def __init__(self, *args: Any, columns: list[ColumnPage] | None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if columns is None:
            del self.fields["column"]
        else:
            self.fields["column"].queryset = ColumnPage.objects.filter(
                pk__in=[column.pk for column in columns]
            ).order_by("path")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            self.cleaned_data["text"] = read_word(file.read(), file.name)
        except WordRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return file


class DraftForm(forms.Form):
    title = forms.CharField(
        label="标题", max_length=255, error_messages={"required": "请填写标题。"}
    )
    author = forms.CharField(
        label="作者",
        max_length=60,
        help_text="印在文章上的署名。",
        error_messages={"required": "请填写作者。"},
    )


class PictureForm(forms.ModelForm):
    """What must be said of a picture before it is stored."""

    left_out = forms.BooleanField(label="不带入这张图片", required=False)

    class Meta:
        model = CustomImage
        fields = ("alt_text", "credit", "licence", "consent_note", "is_machine_made")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, words in (
            ("alt_text", "请写出图里有什么，或选“不带入这张图片”。"),
            ("credit", "请写明图片来源。"),
            ("licence", "请选择授权情况。"),
        ):
            self.fields[name].error_messages["required"] = words
        if self.is_bound and self["left_out"].value():
            for field in self.fields.values():
                field.required = False

    def _post_clean(self) -> None:
        """The image itself is made, and checked, by the service."""

    def described(self) -> Described | None:
        """What the person said; None when the picture is to be left out."""
        data = dict(self.cleaned_data)
        return None if data.pop("left_out") else Described(**data)


def title_of(name: str) -> str:
    """A title for a file without a heading: its name without the ending."""
    return PurePath(name.replace("\\", "/")).stem.strip()[:255]
