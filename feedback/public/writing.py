"""写留言. No session, no cookie: what protects the form is told in `tokens` and `doors`."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from ..models import Category, FeedbackSettings
from ..services import contacts, receiving
from ..services.base import FeedbackRefused
from . import doors, texts, tokens
from .answers import (
    CONFLICT,
    FORBIDDEN,
    REFUSED,
    RETRY_SECONDS,
    TOO_LARGE,
    TOO_MANY,
    UNAVAILABLE,
    page,
)
from .doors import Door
from .forms import FeedbackForm, article_of
from .tokens import Age, Token

# More links than this and a person looks twice.
MOST_LINKS = 2
SHUT = {
    Door.CLOSED: "现在暂停接收新留言，请稍后再来。",
    Door.FULL: "这一小时留言的人太多，请过一会儿再来。事情紧急的，请拨打 12345 热线。",
}
AGAIN = "页面打开的时间太久了。您写的都还在，请再按一次“提交留言”。"

LOST = "这个页面已经失效。您写的都还在，请看过同意条款，勾选后再按一次“提交留言”。"


@dataclass(frozen=True)
class Refusal:
    """Why nothing was kept: a sentence, the status, seconds to wait; ``renew``: a new token."""

    sentence: str
    status: int = REFUSED
    wait: int = 0
    renew: bool = False


TOO_QUICK = Refusal("提交得太快了。请看一遍写的内容，过几秒钟再按一次“提交留言”。")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form and its answer.

    Exempt from Django's check of foreign pages, which needs a cookie: nobody is signed in here, so
    there is nothing to ride on; a signed token that holds once and the browser's own word on where
    the form stood (`doors.is_from_here`) keep foreign pages out.
    """
    if request.method == "POST":
        return _posted(request)
    door = doors.door()
    if door in SHUT:
        return _shut(request, door)
    token = tokens.issue(FeedbackSettings.load().consent)
    initial = {"category": request.GET.get("category", "")}
    if initial["category"] not in Category.values:
        initial = {}
    form = FeedbackForm(token=token, is_busy=door is Door.BUSY, initial=initial)
    return _form(request, form, request.GET.get("article", ""))


def _posted(request: HttpRequest) -> HttpResponse:
    try:
        data = doors.posted(request)
    except doors.Unreadable as error:
        return page(request, "unreadable", {"sentence": str(error)}, TOO_LARGE)
    consent = FeedbackSettings.load().consent
    token, age = tokens.read(data.get("token", ""))
    number = tokens.used_for(token) if token else None
    if number not in (None, tokens.UNDER_WAY):
        return page(request, "kept_before", {"number": number}, CONFLICT)
    door = doors.door()
    refusal = _refusal(request, door, token, age, consent)
    if token is None or token.consent != tokens.terms(consent):
        data = _without(data, "consent")
    if token is None or age is Age.OLD or (refusal and refusal.renew):
        token = tokens.issue(consent)
        data = _without(data, "answer")
    form = FeedbackForm(data, token=token, is_busy=door is Door.BUSY)
    valid = form.is_valid()
    if refusal is TOO_QUICK and not valid:
        # What is to be mended takes longer than these seconds anyway.
        refusal = None
    if refusal is None and valid:
        refusal = _repeated(form) or _too_many(request)
    if refusal is None and valid:
        answer = _keep(request, form, data, token)
        if isinstance(answer, HttpResponse):
            return answer
        refusal = answer
        if refusal.renew:
            form.renew(tokens.issue(consent))
    if refusal:
        form.add_error(None, refusal.sentence)
    status, wait = (refusal.status, refusal.wait) if refusal else (REFUSED, 0)
    return _form(request, form, data.get("article", ""), status, wait)


def _refusal(
    request: HttpRequest, door: Door, token: Token | None, age: Age, consent: str
) -> Refusal | None:
    """What is wrong with the request itself, before its fields are looked at."""
    if not doors.is_from_here(request):
        return Refusal("请在本站的留言页面提交：再按一次“提交留言”。", FORBIDDEN, renew=True)
    if wait := doors.wait_to_try(request):
        sentence = f"提交得太频繁了，请等 {doors.in_words(wait)}再试。"
        return Refusal(sentence, TOO_MANY, wait)
    if door in SHUT:
        return Refusal(SHUT[door], UNAVAILABLE, RETRY_SECONDS)
    if token is None:
        return Refusal(LOST)
    if age is Age.OLD:
        return Refusal(AGAIN)
    if age is Age.YOUNG:
        return TOO_QUICK
    if token.consent != tokens.terms(consent):
        return Refusal("同意条款刚刚改过，请看过新的条款，勾选后再提交。", renew=True)
    return None


def _without(data: QueryDict, *names: str) -> QueryDict:
    """What was typed, but for the fields ``names``."""
    data = data.copy()
    for name in names:
        data.pop(name, None)
    return data


def _repeated(form: FeedbackForm) -> Refusal | None:
    first = doors.same_text_today(form.cleaned_data["text"])
    if first is None:
        return None
    return Refusal(
        f"同样内容的留言今天已经收到，编号 {first.number}，不用再交一次。"
        "要补充情况，请改写内容后再提交。",
        CONFLICT,
    )


def _too_many(request: HttpRequest) -> Refusal | None:
    if wait := doors.wait_to_send(request):
        sentence = (
            f"从您这个网络来的留言太多了，请等 {doors.in_words(wait)}再提交。您写的都还在，"
            "可以先复制保存。事情紧急的，请拨打 12345 热线。"
        )
        return Refusal(sentence, TOO_MANY, wait)
    return None


def _keep(
    request: HttpRequest, form: FeedbackForm, data: QueryDict, token: Token
) -> HttpResponse | Refusal:
    """Keep the message and show its number and code, or say why not."""
    if not tokens.use(token):
        # Pressed twice, or the first time broke off; if it did not, the text is known by now.
        sentence = "刚才已经提交过一次，正在保存。没有看到编号的话，请过几秒钟再按一次“提交留言”。"
        return Refusal(sentence, CONFLICT, renew=True)
    fields = form.cleaned_data
    links = texts.links_in(f"{fields['title']}\n{fields['text']}")
    try:
        received = receiving.receive(
            fields["category"],
            fields["title"],
            fields["text"],
            consents=fields["consent"],
            name=fields["name"],
            contact=fields["contact"],
            place=fields["place"],
            article=article_of(data.get("article", "")),
            is_public_wish=fields["is_public_wish"],
            note=f"内容里有 {links} 个网址，请留意是不是广告。" if links > MOST_LINKS else "",
        )
    except FeedbackRefused as refused:
        tokens.give_back(token)
        return Refusal(str(refused))
    except Exception:
        tokens.give_back(token)
        raise
    message = received.message
    tokens.keep(token, message.number)
    context = {
        "message": message,
        "code": received.code,
        "mails": contacts.is_email(message.contact) and contacts.can_mail(),
    }
    return page(request, "received", context)


def _form(
    request: HttpRequest, form: FeedbackForm, article: str, status: int = 200, wait: int = 0
) -> HttpResponse:
    context = {"form": form, "article": article_of(article), "token": form.token.signed()}
    return page(request, "new", context, status, wait)


def _shut(request: HttpRequest, door: Door) -> HttpResponse:
    return page(request, "shut", {"sentence": SHUT[door]}, UNAVAILABLE, RETRY_SECONDS)
