"""查留言: state, answer and rating for whoever has the number and the code."""

import re
import unicodedata
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from .. import deadlines, tracking
from ..models import Deed, Difficulty, Message, State
from ..services import contacts, receiving
from ..services.base import FeedbackRefused
from . import doors, progress
from .answers import CONFLICT, FORBIDDEN, REFUSED, TOO_LARGE, TOO_MANY, page
from .forms import RatingForm, TrackForm

NOT_FOUND = "没有找到：编号和查询码要和提交时给您的一致，请核对后再填。"
RATE = "rate"
_NUMBER = re.compile(r"(\d{8})-?(\d{4,})")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Ask for number and code, or show what they belong to.

    Exempt from Django's check of foreign pages for the reason given at `writing.new`; whoever
    posts has to know number and code.
    """
    if request.method != "POST":
        return page(request, "track", {"form": TrackForm()})
    try:
        data = doors.posted(request)
    except doors.Unreadable as error:
        return page(request, "unreadable", {"sentence": str(error)}, TOO_LARGE)
    form = TrackForm(data)
    if refused := _refused(request):
        sentence, status, wait = refused
        form.is_valid()
        form.add_error(None, sentence)
        return page(request, "track", {"form": form}, status, wait)
    if not form.is_valid():
        return page(request, "track", {"form": form}, REFUSED)
    number, code = number_of(form.cleaned_data["number"]), form.cleaned_data["code"]
    message = tracking.find(number, unicodedata.normalize("NFKC", code))
    if message is None:
        form.add_error(None, NOT_FOUND)
        return page(request, "track", {"form": form}, REFUSED)
    if data.get("action") == RATE:
        return _rated(request, form, message, data)
    return _shown(request, form, message, RatingForm())


def number_of(typed: str) -> str:
    """A number as it is kept: full-width digits, other dashes or none are understood."""
    plain = re.sub(r"[\s‐-―－_]+", "-", unicodedata.normalize("NFKC", typed))
    match = _NUMBER.fullmatch(plain.replace("-", ""))
    return f"{match[1]}-{match[2]}" if match else plain


def _refused(request: HttpRequest) -> tuple[str, int, int] | None:
    if not doors.is_from_here(request):
        return "请在本站的查询页面提交：再按一次按钮。", FORBIDDEN, 0
    if wait := doors.wait_to_try(request):
        return f"查询得太频繁了，请等 {doors.in_words(wait)}再试。", TOO_MANY, wait
    return None


def _rated(request: HttpRequest, form: TrackForm, message: Message, data: Any) -> HttpResponse:
    rating = RatingForm(data)
    if not rating.is_valid():
        return _shown(request, form, message, rating, REFUSED)
    given = rating.cleaned_data
    try:
        message = receiving.rate(message, given["satisfaction"], given["comment"])
    except FeedbackRefused as refusal:
        rating.add_error(None, str(refusal))
        message.refresh_from_db()
        return _shown(request, form, message, rating, CONFLICT)
    return _shown(request, form, message, RatingForm(), thanks=True)


def _shown(
    request: HttpRequest,
    form: TrackForm,
    message: Message,
    rating: RatingForm,
    status: int = 200,
    *,
    thanks: bool = False,
) -> HttpResponse:
    state = State(message.state)
    done = {Deed(step.deed): step.at for step in receiving.timeline(message)}
    is_long = message.difficulty == Difficulty.HARD or message.is_extended
    source = message.merged_into if message.merged_into else message
    context = {
        "form": form,
        "message": message,
        "words": progress.WORDS[state],
        "rows": progress.rows(state, done, message.step_due_at, is_long, deadlines.limits()),
        "answer": source.final_answer,
        "answered_at": source.answered_at,
        "rating": rating if state == State.ANSWERED or rating.errors else None,
        "can_rate": state == State.ANSWERED,
        "thanks": thanks,
    }
    return page(request, "shown", context, status)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm a mail address: opening the link asks, pressing the button does it.

    Programs that look into mails open links, but press no buttons. The signed token in the address
    is what proves the sender; see `writing.new` for the check of foreign pages.
    """
    if request.method != "POST":
        message = contacts.message_of(token)
        status = 200 if message else REFUSED
        return page(request, "verify", {"message": message}, status)
    if refused := _refused(request):
        sentence, status, wait = refused
        return page(request, "unreadable", {"sentence": sentence}, status, wait)
    try:
        message = contacts.confirm(token)
    except FeedbackRefused as refusal:
        return page(request, "verify", {"message": None, "sentence": str(refusal)}, REFUSED)
    return page(request, "verify", {"message": message, "done": True})
