"""Forms of the screens that take words from files."""

from pathlib import PurePath
from typing import Any

from django import forms

from media.models import CustomImage, Licence

from ..models import ColumnPage, Kind
from .archive import ArchiveRefused, open_bytes
from .drafts import Described
from .word import WordRefused, read_word

PAST_BYTES = 50 * 1024 * 1024


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
        self.fields["licence"].choices = [("", "请选择"), *Licence.choices]
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


class PastForm(forms.Form):
    """A file of past articles, and what it does not say. ``data`` among the cleaned data."""

    file = forms.FileField(
        label="文件",
        help_text="ZIP（保存的网页，可带一个表格）、单个网页（.html），"
        "或只有地址和日期的表格（.xlsx、.csv）。最大 50 MB。",
        error_messages={"required": "请选择文件。", "empty": "文件是空的，请检查后重新选择。"},
    )
    column = forms.ModelChoiceField(
        label="栏目",
        queryset=ColumnPage.objects.live(),
        required=False,
        empty_label="表格里已写明",
        help_text="没有写明栏目的文章归入这里。",
    )
    author = forms.CharField(
        label="作者", required=False, max_length=60, help_text="文章没有写明作者时用。"
    )
    in_charge = forms.CharField(
        label="责任编辑", required=False, max_length=60, help_text="文章没有写明责任编辑时用。"
    )
    kind = forms.ChoiceField(label="体裁", choices=Kind.choices)
    alt_from_caption = forms.BooleanField(
        label="带入有图注的图片，用图注作替代文字",
        required=False,
        help_text="只带入随网页保存下来的图片。没有图注的不带入，以后可以在文章里补。",
    )
    credit = forms.CharField(label="图片来源", required=False, max_length=120)
    licence = forms.ChoiceField(
        label="授权情况", required=False, choices=[("", "请选择"), *Licence.choices]
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > PAST_BYTES:
            raise forms.ValidationError(
                f"文件超过 {PAST_BYTES // 1024 // 1024} MB，请分成几份，"
                "或请维护人员用 import_articles 命令导入。"
            )
        self.cleaned_data["data"] = file.read()
        try:
            open_bytes(self.cleaned_data["data"], file.name)
        except ArchiveRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return file

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("alt_from_caption"):
            for name, words in (("credit", "图片来源"), ("licence", "授权情况")):
                if not data.get(name):
                    self.add_error(name, f"带入图片要写明{words}。")
        return data

    def said(self) -> dict[str, Any]:
        """The options as plain values, for the next step."""
        names = ("author", "in_charge", "kind", "credit", "licence", "alt_from_caption")
        column = self.cleaned_data["column"]
        return {
            **{name: self.cleaned_data[name] for name in names},
            "column": column.pk if column else None,
        }
