"""Forms of the import: where the table is, what it does not say itself, and how to import it."""

from typing import Any

from django import forms
from wagtail.admin.widgets import AdminDateInput

from ..forms import PeriodField
from ..importing.columns import UnusableTable
from ..importing.options import ImportOptions
from ..importing.pasting import pasted_table
from ..importing.plan import columns_of
from ..importing.reading import UnreadableFile, open_table
from ..models import Board, Edition, Observation, SourceKind, Status

MAX_BYTES = 10 * 1024 * 1024
EVIDENCE_TYPES = ".png,.jpg,.jpeg,.webp,.gif,.pdf,.html,.htm,.csv,.xlsx"


def length_of(field: str) -> int:
    return Observation._meta.get_field(field).max_length


class EvidenceField(forms.FileField):
    """A file that proves something; what it is, is told from its content when it is kept."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": EVIDENCE_TYPES}))
        kwargs.setdefault("error_messages", {"empty": "文件是空的，请检查后重新选择。"})
        super().__init__(**kwargs)


class UploadForm(forms.Form):
    """A file or a pasted table; and what holds for all rows where the table does not say."""

    file = forms.FileField(
        label="文件",
        required=False,
        help_text="CSV 或 XLSX，最大 10 MB。",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={"empty": "文件是空的，请检查后重新选择。"},
    )
    text = forms.CharField(
        label="或者粘贴表格",
        required=False,
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 8, "class": "rk-paste", "spellcheck": "false", "wrap": "off"}
        ),
        help_text="从 Excel、WPS、Word 或网页上连同表头选中复制，粘贴到这里。",
    )
    board = forms.ModelChoiceField(
        label="榜单",
        queryset=Board.objects.none(),
        required=False,
        empty_label="以表中“榜单”一栏为准",
    )
    period = PeriodField(label="统计期", required=False, help_text="只有一个月时填，例如 2019-08。")
    source_kind = forms.ChoiceField(
        label="来源种类", required=False, choices=[("", "以表中为准"), *SourceKind.choices]
    )
    source_name = forms.CharField(
        label="来源名称", required=False, max_length=length_of("source_name")
    )
    source_url = forms.URLField(
        label="来源网址", required=False, max_length=length_of("source_url"), assume_scheme="https"
    )
    published = forms.DateField(label="发布日期", required=False, widget=AdminDateInput)
    list_size = forms.IntegerField(
        label="公布名次数", required=False, min_value=1, help_text="只公布前 N 名的榜单填 N。"
    )
    method = forms.CharField(label="计算方法", required=False, max_length=length_of("method"))
    edition = forms.ChoiceField(
        label="版次", required=False, choices=[("", "以表中为准"), *Edition.choices]
    )
    status = forms.ChoiceField(
        label="核实情况",
        required=False,
        choices=[
            ("", "以表中为准"),
            (Status.REPORTED.value, "据报道"),
            (Status.CONFIRMED.value, "已核实（看到榜单原件）"),
        ],
    )
    evidence = EvidenceField(
        label="榜单原件",
        help_text="图片、PDF、保存的网页、CSV 或 XLSX，最大 20 MB。存入存证，每一行都指向它。",
    )

    DEFAULTS = (
        "period",
        "source_kind",
        "source_name",
        "source_url",
        "published",
        "list_size",
        "method",
        "edition",
        "status",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["board"].queryset = Board.objects.all()

    def clean(self) -> dict[str, Any]:
        """Read the table far enough to know that it has the columns needed."""
        data = super().clean()
        file, text = data.get("file"), data.get("text", "").strip("\r\n ")
        if "file" in self.errors:
            return data
        if file is None and not text.strip():
            self.add_error("file", "请选择要导入的文件，或在下面粘贴表格。")
        elif file is not None and text.strip():
            self.add_error("file", "文件和粘贴的表格只能用一样，请清空其中一样。")
        elif file is not None and file.size > MAX_BYTES:
            self.add_error("file", "文件超过 10 MB，请拆成几份，分次导入。")
        else:
            self._read("file" if file is not None else "text", data)
        return data

    def _read(self, field: str, data: dict[str, Any]) -> None:
        try:
            if field == "file":
                table = open_table(data["file"].read())
            else:
                table = pasted_table(data["text"])
            given = set(self.defaults())
            columns_of(table, given | {"board"} if data.get("board") else given)
        except (UnreadableFile, UnusableTable) as error:
            self.add_error(field, str(error))
        else:
            data["table"] = table

    def defaults(self) -> dict[str, str]:
        """What was filled in for all rows, by field, as a table would say it."""
        filled = ((name, self.cleaned_data.get(name)) for name in self.DEFAULTS)
        return {name: str(value) for name, value in filled if value not in (None, "")}

    @property
    def default_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in (*self.DEFAULTS, "evidence")]

    @property
    def says_defaults(self) -> bool:
        """Whether the part of the form with the defaults should be open."""
        return self.is_bound and any(
            self.errors.get(field.name) or field.value() for field in self.default_fields
        )


class OptionsForm(forms.Form):
    """How to import. Ticking a box changes the differences, so they are shown once more."""

    create = forms.BooleanField(
        label="同时新建表里陌生的榜单和公众号",
        required=False,
        help_text="先核对上面列出的名称，确认不是笔误。",
    )
    skip_bad_rows = forms.BooleanField(
        label="跳过有问题的行，只导入其余的行",
        required=False,
        help_text="不勾选时，只要有一行有问题，就一行也不导入。",
    )
    reason = forms.CharField(
        label="更正理由",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="表里有内容和已有记录不同时必须填写，会和旧版一起长期保留。",
    )

    def options(self, board: str, defaults: dict[str, str]) -> ImportOptions:
        return ImportOptions(board=board, defaults=defaults, **self.cleaned_data)
