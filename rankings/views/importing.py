"""导入: upload, look at the differences, confirm. Nothing is written before the last step."""

import hashlib
import io
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from openpyxl import Workbook
from wagtail.admin import messages

from .. import services, uploads
from ..importing.apply import ImportResult, import_table
from ..importing.columns import FIGURE_LABELS, PLAIN, UnusableTable, match
from ..importing.options import ImportOptions
from ..importing.plan import Plan, preview
from ..importing.reading import Table, UnreadableFile, open_table
from ..models import Board
from ..resolve import NotResolved, find_board
from .base import RankingScreen
from .report import XLSX, download

MAX_BYTES = 10 * 1024 * 1024
SESSION_KEY = "rankings_imports"
DONE_KEY = "rankings_import_done"
# Uploads one person may have waiting; the oldest gives way.
WAITING_UPLOADS = 5
SHOWN_ROWS = 100
TEMPLATE_COLUMNS = (
    "board",
    "period",
    "account",
    "rank",
    "tied",
    "state",
    *FIGURE_LABELS,
    "status",
    "source_kind",
    "source_name",
    "source_url",
    "published",
    "note",
)


class UploadForm(forms.Form):
    file = forms.FileField(
        label="文件",
        help_text="CSV 或 XLSX，最大 10 MB。第一行是表头。",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={
            "required": "请选择要导入的文件。",
            "empty": "文件是空的，请检查后重新选择。",
        },
    )
    board = forms.ModelChoiceField(
        label="榜单",
        queryset=Board.objects.none(),
        required=False,
        empty_label="以表中“榜单”一栏为准",
        help_text="表里没有“榜单”一栏时，在这里选择。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["board"].queryset = Board.objects.all()

    def clean(self) -> dict[str, Any]:
        """Read the file far enough to know that it is a table with the columns needed."""
        data = super().clean()
        file = data.get("file")
        if file is None:
            return data
        if file.size > MAX_BYTES:
            self.add_error("file", "文件超过 10 MB，请拆成几份，分次导入。")
            return data
        try:
            table = open_table(file.read())
            match(table, board_given=data.get("board") is not None)
        except (UnreadableFile, UnusableTable) as error:
            self.add_error("file", str(error))
        else:
            data["table"] = table
        return data


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

    def options(self, board: str) -> ImportOptions:
        return ImportOptions(board=board, **self.cleaned_data)


class UploadView(RankingScreen):
    title = "导入名次"
    permissions = ("import_rankings",)
    template_name = "rankings/admin/import_upload.html"
    header_icon = "upload"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(form=UploadForm(), **self._context())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(status=422, form=form, **self._context())
        table: Table = form.cleaned_data["table"]
        board = form.cleaned_data["board"]
        upload = uploads.keep(table.data)
        waiting = request.session.get(SESSION_KEY, {})
        while len(waiting) >= WAITING_UPLOADS:
            oldest = next(iter(waiting))
            uploads.discard(uploads.Upload(oldest, waiting.pop(oldest)["sha256"]))
        waiting[upload.token] = {
            "sha256": upload.sha256,
            "name": form.cleaned_data["file"].name[:200],
            "board": "" if board is None else _spoken_name(board),
        }
        request.session[SESSION_KEY] = waiting
        return redirect("rankings:import_preview", upload.token)

    def _context(self) -> dict[str, Any]:
        return {"headings": template_headings()}


class PreviewView(RankingScreen):
    """The differences; POST confirms exactly these, or shows what has changed since."""

    title = "导入名次"
    permissions = ("import_rankings",)
    template_name = "rankings/admin/import_preview.html"
    header_icon = "upload"

    def get_page_subtitle(self) -> str:
        return "核对差异"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self._handle(token, OptionsForm({}), confirmed=False)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        action = request.POST.get("action")
        if action == "cancel":
            self._forget(token)
            messages.success(request, "已放弃这次导入，没有写入任何内容。")
            return redirect("rankings:import")
        return self._handle(token, OptionsForm(request.POST), confirmed=action == "confirm")

    def _handle(self, token: str, form: OptionsForm, *, confirmed: bool) -> HttpResponse:
        info = self.request.session.get(SESSION_KEY, {}).get(token)
        if info is None:
            messages.error(self.request, "上传的文件已过期或已处理，请重新上传。")
            return redirect("rankings:import")
        if not form.is_valid():
            form = OptionsForm({})
            form.is_valid()
        options = form.options(info["board"])
        try:
            table = open_table(uploads.read(uploads.Upload(token, info["sha256"])))
            if confirmed:
                return self._confirm(token, info, table, options, form)
            return self._preview(token, info, table, options, form)
        except (UnreadableFile, UnusableTable, uploads.UploadGone, services.RankingError) as error:
            messages.error(self.request, str(error))
            self._forget(token)
            return redirect("rankings:import")

    def _preview(
        self,
        token: str,
        info: dict[str, str],
        table: Table,
        options: ImportOptions,
        form: OptionsForm,
        notice: str = "",
        status: int = 200,
    ) -> HttpResponse:
        plan = preview(table, options, self.request.user)
        info["seen"] = _digest(plan, options)
        self.request.session.modified = True
        blocked = bool(plan.bad) and not options.skip_bad_rows
        return self.show(
            status=status,
            plan=plan,
            options=options,
            form=form,
            token=token,
            file_name=info["name"],
            board=find_board(info["board"]) if info["board"] else None,
            notice=notice,
            shown=SHOWN_ROWS,
            blocked=blocked or (bool(plan.without_reason) and not options.skip_bad_rows),
            nothing=not (plan.new or plan.changed),
            offer_create=options.create or any(_is_unknown(row.errors) for row in plan.bad),
        )

    def _confirm(
        self,
        token: str,
        info: dict[str, str],
        table: Table,
        options: ImportOptions,
        form: OptionsForm,
    ) -> HttpResponse:
        seen = info.get("seen", "")
        # Options that were changed on the page change the plan: show it before writing.
        if seen != _digest(preview(table, options, self.request.user), options):
            return self._preview(
                token,
                info,
                table,
                options,
                form,
                "选项或已有的记录有了变化，差异已经重新计算，请核对后再确认。还没有写入任何内容。",
                409,
            )
        result = import_table(self.request.user, table, options)
        if not result.written:
            return self._preview(
                token, info, table, options, form, "有问题的行还没有处理，没有写入任何内容。", 422
            )
        self.request.session[DONE_KEY] = _summary(result, info["name"])
        self._forget(token)
        return redirect("rankings:import_done")

    def _forget(self, token: str) -> None:
        waiting = self.request.session.get(SESSION_KEY, {})
        info = waiting.pop(token, None)
        if info is not None:
            uploads.discard(uploads.Upload(token, info["sha256"]))
            self.request.session[SESSION_KEY] = waiting


class DoneView(RankingScreen):
    """What the last import of this person came to."""

    title = "导入名次"
    permissions = ("import_rankings",)
    template_name = "rankings/admin/import_done.html"
    header_icon = "upload"

    def get_page_subtitle(self) -> str:
        return "结果"

    def get(self, request: HttpRequest) -> HttpResponse:
        done = request.session.get(DONE_KEY)
        if done is None:
            return redirect("rankings:import")
        return self.show(done=done)


class TemplateView(RankingScreen):
    """An empty table with the headings the importer knows."""

    permissions = ("import_rankings",)

    def get(self, request: HttpRequest) -> HttpResponse:
        book = Workbook()
        book.active.title = "名次"
        book.active.append(template_headings())
        buffer = io.BytesIO()
        book.save(buffer)
        return download(buffer.getvalue(), XLSX, "名次导入模板.xlsx")


def template_headings() -> list[str]:
    return [PLAIN[name][0] if name in PLAIN else FIGURE_LABELS[name] for name in TEMPLATE_COLUMNS]


def _spoken_name(board: Board) -> str:
    """The name where it finds the board, so that rows read well; else its key."""
    try:
        return board.name if find_board(board.name) == board else board.key
    except NotResolved:
        return board.key


def _is_unknown(errors: list[str]) -> bool:
    return any("同时新建" in error for error in errors)


def _digest(plan: Plan, options: ImportOptions) -> str:
    """What a person saw: the same again only for the same plan under the same options."""
    shown = (
        options.create,
        options.skip_bad_rows,
        options.reason.strip(),
        plan.new,
        plan.changed,
        plan.unchanged,
        plan.waiting,
        [(row.line, row.errors) for row in plan.bad],
        [
            (row.line, row.title, row.status, [str(each) for each in row.differences])
            for row in (*plan.new_rows, *plan.changed_rows)
        ],
        plan.new_boards,
        plan.new_accounts,
    )
    return hashlib.sha256(repr(shown).encode()).hexdigest()


def _summary(result: ImportResult, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "created": result.result.created,
        "corrected": result.result.corrected,
        "unchanged": result.plan.unchanged,
        "waiting": result.result.waiting,
        "bad": len(result.plan.bad),
        "new_boards": result.plan.new_boards[:SHOWN_ROWS],
        "new_accounts": result.plan.new_accounts[:SHOWN_ROWS],
    }
