"""Public answers: files of the mirror, which show nothing but texts that were approved."""

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from cms.mirror.views import mirrored

from .. import deadlines
from ..models import FeedbackSettings, Message, State
from . import lists, progress

GONE = 410


@mirrored
def index(request: HttpRequest) -> HttpResponse:
    """The newest answers, how messages are dealt with, the figures of the last months."""
    limits = deadlines.limits()
    context = {
        "path": lists.BASE,
        "messages": lists.latest(),
        "months": lists.months(),
        "figures": lists.last_figures(),
        "limits": limits,
        "steps": progress.rows(State.RECEIVED, {}, None, False, limits),
        "is_open": FeedbackSettings.load().is_open,
    }
    return _page(request, "index", context)


@mirrored
def month(request: HttpRequest, year: str, month: str, number: str | None = None) -> HttpResponse:
    """The answers that were published in one month."""
    day = dt.date(int(year), int(month), 1)
    listing = lists.build_month(day, int(number) if number else None)
    return _page(request, "month", {"listing": listing})


@mirrored
def message(request: HttpRequest, pk: str) -> HttpResponse:
    """One question and its answer; 410 when it was taken off."""
    found = Message.objects.public().filter(pk=int(pk)).first()
    if found is not None:
        return _page(request, "message", {"message": found, "path": lists.address_of(found)})
    if Message.objects.filter(pk=int(pk), withdrawn_at__isnull=False).exists():
        return _page(request, "withdrawn", {}, GONE)
    raise Http404


def _page(request: HttpRequest, name: str, context: dict, status: int = 200) -> HttpResponse:
    return TemplateResponse(request, f"feedback/public/{name}.html", context, status=status)
