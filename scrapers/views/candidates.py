"""Deciding about articles found on index pages."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views import View
from wagtail.admin import messages

from .. import services
from ..models import Candidate


class DecideCandidateView(View):
    """确认并抓取, or 不是榜单; the buttons of the list."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        candidate = get_object_or_404(Candidate, pk=pk)
        try:
            if request.POST.get("action") == "confirm":
                run = services.fetch_candidate(request.user, candidate)
                messages.success(
                    request, f"已确认《{candidate}》是{candidate.statistics_month.label}的榜单。"
                )
                return redirect("scrapers_run:show", run.pk)
            if request.POST.get("action") == "reject":
                services.reject_candidate(request.user, candidate)
                messages.success(request, f"《{candidate}》不是榜单，以后不再提示。")
            else:
                messages.error(request, "没有这个操作，请刷新页面后重试。")
        except services.RunInProgress as refusal:
            messages.warning(request, f"已确认。{refusal}")
        except PermissionDenied as refusal:
            messages.error(request, str(refusal))
        except services.ScrapeError as refusal:
            messages.error(request, str(refusal))
        return redirect("scrapers_candidate:index")
