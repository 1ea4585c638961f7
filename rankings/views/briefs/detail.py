"""One brief: a draft to look through and issue, or an issued one with its files."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button, HeaderButton

from cms.ops.models import AuditEntry

from ...briefs import pages
from ...evidence import service as evidence
from ...models import Brief, BriefFormat, BriefStatus
from ...services import RankingError, brief_checks
from ...services import briefs as services
from ..base import RankingScreen
from ..report import download


class BriefScreen(RankingScreen):
    """What the screens of one brief share."""

    header_icon = "doc-full"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.brief = get_object_or_404(
            Brief.objects.select_related(
                "board", "account", "made_by", "issued_by", "replaces", "template"
            ).prefetch_related("replaced_by"),
            pk=kwargs["pk"],
        )

    def get_page_title(self) -> str:
        return self.brief.number or "简报草稿"

    def get_page_subtitle(self) -> str:
        return f"{self.brief.statistics_month.label} · {self.brief.account} · {self.brief.board}"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        *before, last = super().get_breadcrumbs_items()
        return [*before, {"url": reverse("rankings:briefs"), "label": "简报"}, last]


class BriefView(BriefScreen):
    template_name = "rankings/admin/briefs/detail.html"

    @property
    def header_buttons(self) -> list[Button]:
        return [
            HeaderButton(
                "打印",
                url=reverse("rankings:brief_print", args=[self.brief.pk]),
                icon_name="doc-full",
            )
        ]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._show()

    def _show(self, problem: str = "", status: int = 200) -> HttpResponse:
        brief, user = self.brief, self.request.user
        draft = brief.status == BriefStatus.DRAFT
        pending: list[dict[str, str]] = []
        lost = ""
        if draft:
            try:
                pending = services.pending_changes(brief)
            except RankingError as error:
                lost = str(error)
        may_make = user.has_perm("rankings.make_brief")
        may_issue = user.has_perm("rankings.issue_brief")
        writers = [] if not draft else brief.document["writers"]
        return self.show(
            status=status,
            record=brief,
            problem=problem,
            draft=draft,
            pending=pending,
            lost=lost,
            seen=services.digest(brief) if draft else "",
            own=user.pk in {writer["id"] for writer in writers},
            typed=self.request.POST,
            may_make=may_make,
            may_issue=may_issue,
            may_refresh=may_make or may_issue,
            longest_remarks=services.REMARKS_LIMIT,
            longest_reason=services.REASON_LIMIT,
            files=list(brief.files.select_related("capture")),
            correction=brief.correction,
            correcting=next(iter(brief.replaced_by.all()), None),
            timeline=list(
                AuditEntry.objects.filter(
                    object_type=Brief._meta.label_lower, object_id=str(brief.pk)
                ).order_by("pk")
            ),
            **pages.context(services.printed(brief)),
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        act = getattr(self, f"_do_{request.POST.get('action', '')}", None)
        if act is None:
            raise Http404
        try:
            return act(request)
        except RankingError as error:
            self.brief.refresh_from_db()
            return self._show(str(error), status=422)

    def _back(self) -> HttpResponseBase:
        return redirect("rankings:brief", self.brief.pk)

    def _do_edit(self, request: HttpRequest) -> HttpResponseBase:
        services.edit_brief(request.user, self.brief, request.POST.get("remarks", ""))
        messages.success(request, "编者的话已保存。")
        return self._back()

    def _do_refresh(self, request: HttpRequest) -> HttpResponseBase:
        changed = services.refresh_brief(request.user, self.brief)
        messages.success(
            request,
            f"内容已刷新，有 {len(changed)} 处变化。" if changed else "内容已是最新，没有变化。",
        )
        return self._back()

    def _do_issue(self, request: HttpRequest) -> HttpResponseBase:
        brief = services.issue_brief(
            request.user, self.brief, seen=request.POST.get("seen", "") or "-"
        )
        messages.success(request, f"已签发 {brief.number}，Word、Excel、PDF 已归档。")
        return self._back()

    def _do_discard(self, request: HttpRequest) -> HttpResponseBase:
        services.discard_brief(request.user, self.brief)
        messages.success(request, "草稿已删除。")
        return redirect("rankings:briefs")

    def _do_correct(self, request: HttpRequest) -> HttpResponseBase:
        new = services.correct_brief(request.user, self.brief, request.POST.get("reason", ""))
        messages.success(request, "更正版草稿已写好，请核对内容，再请另一位同事签发。")
        return redirect("rankings:brief", new.pk)

    def _do_settle(self, request: HttpRequest) -> HttpResponseBase:
        brief_checks.settle_brief(request.user, self.brief, request.POST.get("reason", ""))
        messages.success(request, "已记下复核结果，这一期照旧有效。")
        return self._back()


class PrintView(BriefScreen):
    """The brief without the admin around it, for the browser's printer."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        brief = self.brief
        notice = ""
        if (correction := brief.correction) is not None:
            notice = f"本期已由 {correction.number} 更正，请以更正版为准。"
        elif brief.needs_review:
            notice = "本期签发以后名次记录有更正，正在复核，请勿引用。"
        return HttpResponse(pages.page(services.printed(brief), linked=True, notice=notice))


class FileView(BriefScreen):
    """The archived bytes, hash checked."""

    template_name = "rankings/admin/briefs/lost.html"

    def get(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        if name not in BriefFormat.values:
            raise Http404
        if self.brief.status != BriefStatus.ISSUED:
            raise PermissionDenied
        try:
            kept, data = services.file_of(self.brief, name)
        except LookupError as error:
            raise Http404 from error
        except evidence.EvidenceError as error:
            return self.show(status=503, record=self.brief, problem=str(error))
        sighting = kept.capture.sightings.first()
        response = download(
            data,
            sighting.content_type if sighting else "application/octet-stream",
            f"{self.brief.number} {self.brief.title}.{name}",
        )
        response["X-Content-SHA256"] = kept.capture.sha256
        return response
