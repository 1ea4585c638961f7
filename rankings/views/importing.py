"""导入: upload, look at the differences, confirm. Nothing is written before the last step."""

import hashlib
import io
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from openpyxl import Workbook
from wagtail.admin import messages

from .. import services, uploads
from ..dependents import DependentGroup, dependents_of
from ..importing.apply import ImportResult, import_table
from ..importing.columns import FIGURE_LABELS, PLAIN, UnusableTable
from ..importing.mending import bad_rows_csv
from ..importing.options import ImportOptions
from ..importing.plan import Plan, preview
from ..importing.reading import Table, UnreadableFile, open_table, reopened
from ..models import Board, Edition, Observation, SourceKind, Status
from ..resolve import NotResolved, find_board
from .base import RankingScreen
from .import_forms import OptionsForm, UploadForm
from .report import XLSX, download

SESSION_KEY = "rankings_imports"
DONE_KEY = "rankings_import_done"
# Uploads one person may have waiting; the oldest gives way.
WAITING_UPLOADS = 5
SHOWN_ROWS = 100
PASTED = "粘贴的表格"
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


class UploadView(RankingScreen):
    title = "导入名次"
    permissions = ("import_rankings",)
    template_name = "rankings/admin/import_upload.html"
    header_icon = "upload"

    def get(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm()
        return self.show(form=form, media=form.media, **self._context())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(status=422, form=form, media=form.media, **self._context())
        table: Table = form.cleaned_data["table"]
        board, file = form.cleaned_data["board"], form.cleaned_data["file"]
        defaults = form.defaults()
        if form.cleaned_data["evidence"] is not None:
            try:
                capture = services.keep_upload(
                    request.user,
                    form.cleaned_data["evidence"].read(),
                    url=form.cleaned_data["source_url"],
                )
            except services.RankingError as error:
                form.add_error("evidence", str(error))
                return self.show(status=422, form=form, media=form.media, **self._context())
            defaults["evidence_sha256"] = capture.sha256
        upload = uploads.keep(table.data)
        waiting = request.session.get(SESSION_KEY, {})
        while len(waiting) >= WAITING_UPLOADS:
            oldest = next(iter(waiting))
            uploads.discard(uploads.Upload(oldest, waiting.pop(oldest)["sha256"]))
        waiting[upload.token] = {
            "sha256": upload.sha256,
            "name": PASTED if file is None else file.name[:200],
            "board": "" if board is None else _spoken_name(board),
            "defaults": defaults,
            # What was pasted is kept as a table of our own making, never guessed at again.
            "written": file is None,
        }
        request.session[SESSION_KEY] = waiting
        return redirect("rankings:import_preview", upload.token)

    def _context(self) -> dict[str, Any]:
        return {"headings": template_headings()}


def _stored_table(token: str, info: dict[str, Any]) -> Table:
    """Raises ``UploadGone`` and ``UnreadableFile``."""
    data = uploads.read(uploads.Upload(token, info["sha256"]))
    return reopened(data) if info.get("written") else open_table(data)


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
        options = form.options(info["board"], info.get("defaults", {}))
        try:
            table = _stored_table(token, info)
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
        info["create"] = options.create
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
            said=_said(info.get("defaults", {})),
            leaning=_leaning(plan),
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


class BadRowsView(RankingScreen):
    """The rows with faults as CSV, to be mended and imported again."""

    permissions = ("import_rankings",)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        info = request.session.get(SESSION_KEY, {}).get(token)
        if info is None:
            messages.error(request, "上传的文件已过期或已处理，请重新上传。")
            return redirect("rankings:import")
        options = ImportOptions(
            board=info["board"], defaults=info["defaults"], create=info.get("create", False)
        )
        try:
            plan = preview(_stored_table(token, info), options, request.user)
            data = bad_rows_csv(plan, options)
        except (UnreadableFile, UnusableTable, uploads.UploadGone, services.RankingError) as error:
            messages.error(request, str(error))
            return redirect("rankings:import")
        return download(data, "text/csv; charset=utf-8", "有问题的行.csv")


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


def _said(defaults: dict[str, str]) -> list[tuple[str, str]]:
    """What the form said for all rows, in words."""
    words = {
        "source_kind": dict(SourceKind.choices),
        "edition": dict(Edition.choices),
        "status": dict(Status.choices),
    }
    return [
        (PLAIN[name][0], words.get(name, {}).get(text, text)) for name, text in defaults.items()
    ]


def _leaning(plan: Plan) -> list[DependentGroup]:
    """What leans on the statements that the listed corrections would replace."""
    replaced = [row.before for row in plan.changed_rows if row.before is not None]
    if not replaced:
        return []
    return dependents_of(list(Observation.objects.filter(pk__in=replaced)))


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
