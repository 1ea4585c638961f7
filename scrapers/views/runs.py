"""One run: its progress, its evidence, and the desk where people judge it."""

import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from rankings.models import Board

from .. import cells, queries, services
from ..checking import flag_text
from ..desk import Desk, DeskBoard, Posted, desk, late_edit, pictures
from ..forms import ReviewForm, numbered, typed_cells, whole
from ..models import Run, RunState
from ..pasting import PasteError, merged, pasted_rows
from .evidence import check_may_view

MORE_ROWS = 10
_ON_BOARD = re.compile(r"(rows|paste|column|late)-(\d{1,4})")


class RunView(WagtailAdminTemplateMixin, TemplateView):
    """What is posted is kept or shown again as it was typed; nothing typed is ever lost."""

    template_name = "scrapers/admin/run.html"
    header_icon = "download"

    @cached_property
    def run(self) -> Run:
        runs = Run.objects.select_related(
            "source", "sighting__capture", "actor", "decided_by", "checked_by"
        )
        return get_object_or_404(runs, pk=self.kwargs["pk"])

    @property
    def may_review(self) -> bool:
        return self.request.user.has_perm("scrapers.review_run")

    @property
    def at_the_desk(self) -> bool:
        """Whether this person may type and decide now."""
        return self.may_review and self.run.state in (RunState.REVIEW, RunState.TRANSCRIPTION)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check_may_view(request)
        return super().dispatch(request, *args, **kwargs)

    # --- what people do -------------------------------------------------------------------

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        action = request.POST.get("action", "")
        on_board = _ON_BOARD.fullmatch(action)
        actions: dict[str, Callable[[], HttpResponse]] = {
            "save": self._save,
            "accept": self._accept,
            "reject": self._reject,
            "pass": self._pass,
            "return": self._return,
            "pictures": self._pictures,
        }
        try:
            if on_board is not None:
                return self._on_board(on_board[1], int(on_board[2]))
            if action in actions:
                return actions[action]()
            messages.error(request, "没有这个操作，请刷新页面后重试。")
        except PermissionDenied as refusal:
            messages.error(request, str(refusal))
        except services.ScrapeError as refusal:
            return self._again(str(refusal))
        return self._back()

    def _save(self) -> HttpResponse:
        found = self._typed()
        if found.errors:
            return self._again("有格子填得不对，还没有保存。请改正用红字标出的格子。")
        before = len(self.run.edits)
        run = self._keep(found)
        count = len(run.edits) - before
        if count:
            messages.success(self.request, f"已保存 {count} 处改动，还没有入库。")
        else:
            messages.info(self.request, "没有改动。")
        return self._back()

    def _accept(self) -> HttpResponse:
        found = self._typed()
        form = ReviewForm(self.request.POST, shown=found.boards)
        if found.errors:
            return self._again("有格子填得不对，还没有入库。请改正用红字标出的格子。")
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form, desk=found))
        self._keep(found)
        run = services.accept_run(
            self.request.user,
            self.run,
            form.cleaned_data["reason"],
            form.choices(),
            complete=form.cleaned_data["complete"],
        )
        messages.success(self.request, f"{run}：{run.reason}")
        return self._back()

    def _reject(self) -> HttpResponse:
        run = services.reject_run(self.request.user, self.run, self._reason)
        messages.success(self.request, f"{run}：已驳回，没有入库。")
        return self._back()

    def _pass(self) -> HttpResponse:
        run = services.pass_run(self.request.user, self.run)
        messages.success(self.request, f"{run}：{run.reason}")
        return self._back()

    def _return(self) -> HttpResponse:
        run = services.return_run(self.request.user, self.run, self._reason)
        messages.success(self.request, f"{run}：已退回，录入的内容都还在。")
        return self._back()

    def _pictures(self) -> HttpResponse:
        count = services.retry_pictures(self.request.user, self.run)
        messages.success(self.request, f"正在重新取 {count} 张图片，稍后刷新本页查看。")
        return self._back()

    def _on_board(self, what: str, position: int) -> HttpResponse:
        """Things that change what is shown; only ``late`` keeps anything."""
        data = self.request.POST.copy()
        if what == "late":
            found = self._typed()
            if found.errors:
                return self._again("有格子填得不对，请先改正用红字标出的格子。")
            edits = [*found.edits, late_edit(position)]
            services.edit_cells(
                self.request.user, self.run, edits, self._reason or "填入识别结果", seen=self._seen
            )
            return self._back(f"#board-{position}")
        if what == "rows":
            data[f"more-{position}"] = str((whole(data.get(f"more-{position}")) or 0) + MORE_ROWS)
        elif what == "column":
            asked = f"{data.get(f'columns-{position}', '')},{data.get(f'add-{position}', '')}"
            data[f"columns-{position}"] = asked
        elif problem := self._paste(data, position):
            return self._again(problem, data)
        return self._again("", data, at=position)

    def _paste(self, data: QueryDict, position: int) -> str:
        """Put pasted lines into the cells of ``data``; answers what is wrong with them."""
        found = self._typed()
        board = next((each for each in found.boards if each.position == position), None)
        if board is None or not board.recordable:
            return "页面上没有这个榜单，请刷新页面后重试。"
        try:
            lines = pasted_rows(
                data.get(f"paste-{position}", ""), [key for key, _ in board.columns]
            )
        except PasteError as error:
            return str(error)
        rows = services.effective_of(self.run)["boards"][position]["rows"]
        used = [row.id for row in board.rows if not row.blank or any(c.text for c in row.cells)]
        used += [each["row"] for each in self.run.edits if each["board"] == position]
        free = max((int(name[1:]) for name in used if name.startswith("n")), default=0) + 1
        for (name, key), text in merged(rows, lines, free).items():
            data[f"c-{position}-{name}-{key}"] = text
            if name not in data.getlist(f"rows-{position}"):
                data.appendlist(f"rows-{position}", name)
        data[f"paste-{position}"] = ""
        data[f"more-{position}"] = "0"
        messages.info(
            self.request, f"已填入 {len(lines)} 行，还没有保存。请对照图片核对用颜色标出的格子。"
        )
        return ""

    def _typed(self) -> Desk:
        return desk(self.run, posted=_posted(self.request.POST), editable=self.at_the_desk)

    def _keep(self, found: Desk) -> Run:
        if not found.edits:
            return self.run
        return services.edit_cells(
            self.request.user, self.run, found.edits, self._reason, seen=self._seen
        )

    @property
    def _reason(self) -> str:
        return self.request.POST.get("reason", "")

    @property
    def _seen(self) -> int | None:
        return whole(self.request.POST.get("seen"))

    def _back(self, anchor: str = "") -> HttpResponse:
        return redirect(reverse("scrapers_run:show", args=[self.run.pk]) + anchor)

    def _again(
        self, problem: str, data: QueryDict | None = None, *, at: int | None = None
    ) -> HttpResponse:
        """The same screen with everything as it was typed."""
        # Another's edits may be the reason; the screen has to show them.
        self.__dict__.pop("run", None)
        data = data if data is not None else self.request.POST
        if not self.at_the_desk:
            if problem:
                messages.error(self.request, problem)
            return self._back()
        found = desk(self.run, posted=_posted(data), editable=True)
        form = ReviewForm(data, shown=found.boards)
        # Half-typed screens are shown again without complaint.
        form.full_clean()
        form.errors.clear()
        if problem:
            form.add_error(None, problem)
        return self.render_to_response(self.get_context_data(form=form, desk=found, at=at))

    # --- what they see --------------------------------------------------------------------

    def get_page_title(self) -> str:
        return str(self.run)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("scrapers_run:index"), "label": "抓取记录"},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        run = self.run
        editing = self.at_the_desk
        found = kwargs.pop("desk", None) or desk(run, editable=editing, first=self._first)
        form = kwargs.pop("form", None)
        shown = pictures(run, found.boards) if run.extraction else []
        if editing and form is None:
            form = ReviewForm(shown=found.boards)
        extraction = run.extraction or {}
        checking = run.state == RunState.CHECK and self.may_review
        return super().get_context_data(
            run=run,
            form=form,
            seen=len(run.edits),
            editing=editing,
            checking=checking,
            check_problem=(
                services.second_person_problem(self.request.user, run) if checking else ""
            ),
            mine=run.decided_by_id == self.request.user.pk,
            steps=queries.steps_of(run),
            listings=[(board, _field(board, form)) for board in found.boards],
            only_different=self.request.GET.get("only") == "different",
            pictures=shown,
            retry=run.is_waiting and self.may_review and any(each.failed for each in shown),
            flags=[flag_text(code) for code in extraction.get("flags", [])],
            extraction=extraction,
            capture=run.sighting.capture if run.sighting else None,
            **kwargs,
        )

    @property
    def _first(self) -> tuple[int, int]:
        """The board and the row from which to type, asked for where a page has very many."""
        asked = self.request.GET
        return whole(asked.get("board")) or 0, max(0, (whole(asked.get("row")) or 0) - 1)


def _posted(data: QueryDict) -> Posted:
    """What was typed, by the names of the fields."""
    chosen = {position: whole(text) for position, text in numbered(data, "board-").items()}
    boards = Board.objects.in_bulk({key for key in chosen.values() if key and key < 2**31})
    return Posted(
        cells=typed_cells(data),
        ticks={position: data.getlist(f"rows-{position}") for position in chosen},
        columns={
            position: [key for key in text.split(",") if key in cells.KEYS]
            for position, text in numbered(data, "columns-").items()
        },
        rows={
            position: count
            for position, text in numbered(data, "more-").items()
            if (count := whole(text)) is not None
        },
        boards={position: boards.get(key) for position, key in chosen.items()},
    )


def _field(board: DeskBoard, form: ReviewForm | None) -> BoundField | None:
    name = f"board-{board.position}"
    return form[name] if form is not None and name in form.fields else None
