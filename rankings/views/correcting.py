"""更正: a new version with a reason, shown as a difference before it is saved."""

import copy
from typing import Any

from django import forms
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateInput

from .. import services, uploads
from ..dependents import DependentGroup, dependents_of
from ..evidence import kinds
from ..evidence.service import EvidenceError
from ..figures import parse_figure
from ..importing.columns import FIGURE_LABELS
from ..models import Observation, State, Status
from ..reports import figure_text, statement_card, statement_differences
from ..services.recording import figure_json
from ..services.writing import key_of
from .base import RankingScreen, month_page
from .capture_choice import CaptureField, captures_near
from .import_forms import EvidenceField

_KEPT_SALT = "rankings.correction.file"
_KEPT_SECONDS = 24 * 3600


class CorrectionForm(forms.Form):
    """What a new version may say otherwise. Who is spoken of and who speaks stay as they are."""

    state = forms.ChoiceField(label="状态")
    rank = forms.IntegerField(
        label="名次", min_value=1, required=False, help_text="没有名次时留空。"
    )
    tied = forms.BooleanField(label="并列", required=False)
    status = forms.ChoiceField(
        label="核实情况", choices=[(Status.CONFIRMED, "已核实"), (Status.REPORTED, "据报道")]
    )
    source_url = forms.URLField(
        label="来源网址", required=False, max_length=500, assume_scheme="https"
    )
    published = forms.DateField(label="发布日期", required=False, widget=AdminDateInput)
    list_size = forms.IntegerField(label="公布名次数", min_value=1, required=False)
    method = forms.CharField(label="计算方法", required=False, max_length=60)
    note = forms.CharField(label="备注", required=False, max_length=500)
    capture = CaptureField(label="存证")
    evidence = EvidenceField(
        label="上传新的存证",
        help_text="图片、PDF、保存的网页、CSV 或 XLSX，最大 20 MB；截图可以直接粘贴。",
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="更正理由",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明错在哪里、依据是什么，会和旧版一起长期保留。",
        error_messages={"required": "请写明更正理由。"},
    )

    CONTENT = (
        "state",
        "rank",
        "tied",
        "status",
        "source_url",
        "published",
        "list_size",
        "method",
        "note",
    )

    def __init__(self, observation: Observation, *args: Any, **kwargs: Any) -> None:
        self.observation = observation
        initial = {name: getattr(observation, name) for name in self.CONTENT}
        initial["capture"] = observation.capture_id or ""
        if observation.status == Status.PROPOSED:
            initial["status"] = Status.CONFIRMED
        for key, figure in observation.figures.items():
            initial[f"figure_{key}"] = _written(figure)
        super().__init__(*args, initial=initial, **kwargs)
        whole_board = observation.account_id is None
        self.fields["state"].choices = [
            choice for choice in State.choices if (choice[0] == State.NOT_ISSUED) == whole_board
        ]
        self.fields["capture"].offer(
            captures_near(
                observation.board, observation.start, observation.end, observation.capture_id
            )
        )
        for key, label in FIGURE_LABELS.items():
            self.fields[f"figure_{key}"] = forms.CharField(
                label=label, required=False, max_length=64
            )
        self.order_fields([*self.CONTENT, *(f"figure_{key}" for key in FIGURE_LABELS), "reason"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        state, rank = data.get("state"), data.get("rank")
        if state == State.RANKED and rank is None and "rank" not in self.errors:
            self.add_error("rank", "状态是“有名次”，请填写名次。")
        if state and state != State.RANKED and (rank is not None or data.get("tied")):
            self.add_error("rank", "这个状态没有名次，请清空名次和并列。")
        data["figures"] = self._figures(data)
        self._clean_file(data)
        return data

    def _figures(self, data: dict[str, Any]) -> dict[str, Any]:
        figures = {}
        for key, label in FIGURE_LABELS.items():
            field = f"figure_{key}"
            text = data.get(field, "")
            before = self.observation.figures.get(key)
            if not text:
                continue
            if before and text == _written(before):
                figures[key] = before
                continue
            figure = parse_figure(text, single_article=key == "max_reads")
            if figure is None or figure.value < 0:
                self.add_error(field, f"看不懂{label}“{text}”，请写成 88096、3.6万 或 10万+。")
            else:
                figures[key] = figure_json(figure)
        return figures

    def _clean_file(self, data: dict[str, Any]) -> None:
        """The bytes of a new file as ``upload``: sent now, or kept since the preview."""
        data["upload"], data["upload_name"] = None, ""
        file, kept = data.get("evidence"), data.get("kept", "")
        try:
            if file is not None:
                data["upload"], data["upload_name"] = file.read(), file.name[:200]
                kinds.check_upload(data["upload"])
            elif kept:
                told = signing.loads(kept, salt=_KEPT_SALT, max_age=_KEPT_SECONDS)
                data["upload"] = uploads.read(uploads.Upload(told["token"], told["sha256"]))
                data["upload_name"] = told["name"]
        except EvidenceError as error:
            self.add_error("evidence", str(error))
        except (signing.BadSignature, uploads.UploadGone):
            self.add_error("evidence", "上传的文件已过期，请重新选择。")

    @property
    def changes(self) -> dict[str, Any]:
        changed = {name: self.cleaned_data[name] for name in (*self.CONTENT, "figures")}
        return {**changed, "capture": self.cleaned_data["capture"]}

    def proposed(self) -> Observation:
        """The statement as it would stand, unsaved."""
        row = copy.copy(self.observation)
        for name, value in self.changes.items():
            setattr(row, name, value)
        return row

    def keep_file(self) -> str:
        """Keep a file that was sent until the correction is confirmed; what finds it again."""
        data, name = self.cleaned_data["upload"], self.cleaned_data["upload_name"]
        if data is None:
            return ""
        if self.cleaned_data["evidence"] is None:
            return self.cleaned_data["kept"]
        upload = uploads.keep(data)
        told = {"token": upload.token, "sha256": upload.sha256, "name": name}
        return signing.dumps(told, salt=_KEPT_SALT)

    @property
    def figure_fields(self) -> list[forms.BoundField]:
        return [self[f"figure_{key}"] for key in FIGURE_LABELS]

    @property
    def figures_open(self) -> bool:
        return any(field.errors for field in self.figure_fields)

    @property
    def content_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in (*self.CONTENT, "capture", "evidence")]


def _written(figure: dict[str, Any]) -> str:
    """The figure as it would be typed: as printed, where that is kept."""
    return str(figure.get("raw") or "") or figure_text(figure)


class CorrectView(RankingScreen):
    """The form, then old and new side by side, then the new version. The old one is kept."""

    title = "更正名次"
    permissions = ("record_observation",)
    template_name = "rankings/admin/correct.html"
    header_icon = "edit"

    def get_page_subtitle(self) -> str:
        return str(self.row)

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.row: Observation | None = None

    def _load(self, pk: int) -> Observation:
        rows = Observation.objects.select_related("board", "account", "capture", "recorded_by")
        self.row = get_object_or_404(rows, pk=pk)
        return self.row

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._show(CorrectionForm(self._load(pk)))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self._load(pk)
        form = CorrectionForm(row, request.POST, request.FILES)
        if not form.is_valid():
            return self._show(form, status=422)
        action = request.POST.get("action")
        if action == "confirm":
            return self._save(form)
        if action == "edit":
            return self._show(_with_kept(form, row))
        new = form.proposed()
        differences = statement_differences(row, new)
        upload_name = form.cleaned_data["upload_name"]
        if not differences and not upload_name:
            form.add_error(None, "内容没有变化，不需要更正。")
            return self._show(form, status=422)
        waits = new.status in (Status.CONFIRMED, Status.PROPOSED)
        return self._show(
            form,
            new=statement_card(new),
            differences=differences,
            upload_name=upload_name,
            kept=form.keep_file(),
            waits=waits,
            hidden=_as_hidden(form),
        )

    def _save(self, form: CorrectionForm) -> HttpResponse:
        try:
            new = services.correct_observation(
                self.request.user,
                self.row,
                form.cleaned_data["reason"],
                form.changes,
                upload=form.cleaned_data["upload"],
            )
        except services.RankingError as error:
            form.add_error(None, str(error))
            return self._show(form, status=422)
        if new.status == Status.PROPOSED:
            text = "更正已提交，等另一位同事复核后生效；在此之前仍以原来的版本为准。"
        else:
            text = "更正已保存，旧版保留在记录里。"
        messages.success(self.request, text)
        return redirect("rankings:corrected", new.pk)

    def _show(self, form: CorrectionForm, status: int = 200, **context: Any) -> HttpResponse:
        return self.show(
            status=status,
            form=form,
            card=statement_card(self.row),
            media=form.media,
            row=self.row,
            leaning=_leaning(self.row),
            **context,
        )


class CorrectedView(RankingScreen):
    """What a correction came to: old and new, and how what leans on it stands now."""

    title = "更正结果"
    permissions = ("record_observation",)
    template_name = "rankings/admin/corrected.html"
    header_icon = "edit"

    def get_page_subtitle(self) -> str:
        return str(self.row)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = Observation.objects.select_related(
            "board", "account", "capture", "recorded_by", "supersedes__capture"
        )
        self.row = get_object_or_404(rows, pk=pk)
        before = self.row.supersedes
        return self.show(
            row=self.row,
            card=statement_card(self.row),
            differences=[] if before is None else statement_differences(before, self.row),
            leaning=_leaning(self.row),
            back=month_page(self.row) or reverse("rankings:observations"),
        )


def _leaning(row: Observation) -> list[DependentGroup]:
    """What leans on any version of the statement: it may have been made with an earlier one."""
    return dependents_of(list(Observation.objects.filter(**key_of(row)._asdict())))


def _as_hidden(form: CorrectionForm) -> list[str]:
    """What was typed, to be sent again with the confirmation; files are kept apart."""
    skipped = ("evidence", "kept")
    return [form[name].as_hidden() for name in form.fields if name not in skipped]


def _with_kept(form: CorrectionForm, row: Observation) -> CorrectionForm:
    """The form open again, with the file that was sent before still at hand."""
    data = form.data.copy()
    data["kept"] = form.keep_file()
    again = CorrectionForm(row, data)
    again.is_valid()
    return again
