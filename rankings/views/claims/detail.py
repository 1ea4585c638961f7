"""One claim: what it says, how far it is proved, what became of it, and what one may do."""

import tempfile
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.models import ReferenceIndex

from cms.ops.models import AuditEntry

from ... import reports
from ...claims import bundle, freezing, presenting
from ...claims.verifying import Finding, errors_of
from ...claims.wording import public_note
from ...evidence.models import Capture
from ...models import Claim, ClaimStatus
from ...services import RankingError
from ...services import claims as services
from ..base import RankingScreen

LONGEST_REASON = services.TEXT_LIMIT


class ClaimScreen(RankingScreen):
    header_icon = "check"
    title = "结论"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.claim: Claim | None = None

    def load(self, pk: int) -> Claim:
        self.claim = get_object_or_404(
            Claim.objects.select_related("board", "account", "made_by", "decided_by"), pk=pk
        )
        return self.claim

    def get_page_subtitle(self) -> str:
        return self.claim.number if self.claim else ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        before = super().get_breadcrumbs_items()[:-1]
        return [
            *before,
            {"url": reverse("rankings:claims"), "label": "结论"},
            {"url": "", "label": self.get_page_subtitle()},
        ]


class ClaimView(ClaimScreen):
    template_name = "rankings/admin/claims/detail.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._show(self.load(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        claim = self.load(pk)
        reason = request.POST.get("reason", "")
        try:
            done = self._act(claim, request.POST.get("action", ""), reason)
        except RankingError as error:
            claim.refresh_from_db()
            reasons = getattr(error, "reasons", [])
            return self._show(
                claim, status=422, problem=str(error), reasons=reasons[1:], typed=request.POST
            )
        messages.success(request, done)
        return redirect("rankings:claim", claim.pk)

    def _act(self, claim: Claim, action: str, reason: str) -> str:
        """Do what was asked; answers the words of success."""
        actor = self.request.user
        if action == "approve":
            services.approve_claim(actor, claim)
            return f"{claim.number} 已批准，从现在起可以使用。"
        if action == "restore":
            services.restore_claim(actor, claim, reason)
            return f"{claim.number} 核实无误，已恢复。"
        if action == "reject":
            services.reject_claim(actor, claim, reason)
            return f"{claim.number} 已退回。"
        if action == "withdraw":
            note = self.request.POST.get("public_note", "")
            services.withdraw_claim(actor, claim, reason, note)
            return f"{claim.number} 已撤回。"
        if action == "verify":
            findings = services.verify_claim(claim, actor=actor)
            errors = len(errors_of(findings))
            if errors:
                return f"核验完成：有 {errors} 项与记录不符，见下面的核验结果。"
            return "核验完成：结论与现有记录、存证都相符。"
        raise RankingError("不认识这个操作，请刷新页面后再试。")

    def _show(self, claim: Claim, status: int = 200, **context: Any) -> HttpResponse:
        user = self.request.user
        document = freezing.document(claim.frozen)
        files = {
            sha256: reverse("rankings:evidence", args=[pk])
            for sha256, pk in Capture.objects.filter(
                sha256__in=document["evidence_hashes"]
            ).values_list("sha256", "pk")
        }
        people = claim.frozen.get(freezing.PEOPLE, {}).get("statements", {})
        findings = [Finding(**each) for each in claim.findings]
        changes: dict[str, list[str]] = {}
        for error in errors_of(findings):
            changes.setdefault(error.month, []).append(error.message)
        months = presenting.shown_months(document, files=files, people=people, changes=changes)
        own = user.pk == claim.made_by_id
        may_decide = user.has_perm("rankings.approve_claim") and not own
        status_is = ClaimStatus(claim.status)
        return self.show(
            status=status,
            claim=claim,
            document=document,
            months=months,
            years=presenting.years_of(months),
            missing=presenting.missing(months),
            links=presenting.shown_links(document),
            findings=findings,
            timeline=AuditEntry.objects.filter(
                object_type=Claim._meta.label_lower, object_id=str(claim.pk)
            ).order_by("at", "pk"),
            note=public_note(claim) if status_is not in _NEVER_PUBLIC else "",
            uses=self._uses(claim),
            legend=reports.STATE_WORDS.values(),
            own=own,
            may_approve=may_decide and status_is == ClaimStatus.PROPOSED,
            may_restore=may_decide and status_is == ClaimStatus.REVIEW,
            may_withdraw=status_is in services.WATCHED
            and (user.has_perm("rankings.make_claim") or user.has_perm("rankings.approve_claim")),
            may_verify=user.has_perm("rankings.make_claim")
            or user.has_perm("rankings.approve_claim"),
            longest_reason=LONGEST_REASON,
            **context,
        )

    def _uses(self, claim: Claim) -> list[dict[str, str]]:
        """What refers to the claim, such as articles with it as a block."""
        finder = AdminURLFinder(self.request.user)
        return [
            {"label": str(thing), "url": finder.get_edit_url(thing) or ""}
            for thing, _ in ReferenceIndex.get_grouped_references_to(claim)
            if thing._meta.app_label != "rankings"
        ]

    @property
    def header_buttons(self) -> list[Button]:
        if self.claim is None or not bundle.may_be_exported(self.claim):
            return []
        return [
            HeaderButton(
                "下载证据包",
                url=reverse("rankings:claim_bundle", args=[self.claim.pk]),
                icon_name="download",
            )
        ]


_NEVER_PUBLIC = frozenset({ClaimStatus.PROPOSED, ClaimStatus.REJECTED, ClaimStatus.APPROVED})


class BundleView(ClaimScreen):
    """The evidence bundle as a download, written to disk first."""

    template_name = "rankings/admin/claims/detail.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        claim = self.load(pk)
        # Closed, and so deleted, by the response.
        file = tempfile.TemporaryFile()  # noqa: SIM115
        try:
            services.export_bundle(request.user, claim, file)
        except RankingError as error:
            file.close()
            messages.error(request, str(error))
            return redirect("rankings:claim", pk)
        file.seek(0)
        response = FileResponse(file, as_attachment=True, filename=bundle.file_name(claim))
        response["X-Content-Type-Options"] = "nosniff"
        return response
