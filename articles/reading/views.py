"""The public page behind a reading link.

Chats and mail programs fetch every link they see, to draw its preview or to look for harm. The
address alone therefore shows a cover without a word of the draft and notes nothing; the text comes
after the button is pressed, which posts, as no such robot does. That press is an opening.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from cms.ops.addresses import client_address

from ..models import ReadingLink
from . import links
from .forms import OpinionForm

COOKIE = "reading"
# Reading on within these seconds is the same opening.
SAME_OPENING = 12 * 60 * 60


@method_decorator(never_cache, name="dispatch")
class ReadingView(View):
    """Cover, text and opinions of one link."""

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = super().dispatch(request, *args, **kwargs)
        except links.UnknownLink:
            response = _closed(
                request, 404, "没有找到这份送审稿。链接可能没有复制完整，请与送阅的同志联系。"
            )
        except links.ClosedLink as closed:
            response = _closed(request, 410, str(closed))
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        # Addresses of links in the text learn nothing; our own forms keep their origin.
        response["Referrer-Policy"] = "same-origin"
        return response

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        link = links.find(token)
        if not self._is_reading(link):
            context = {
                "link": link,
                "has_opinion": link.opinions.exists(),
                "told": links.told(link),
            }
            return render(request, "articles/reading/cover.html", context)
        return self._text(link, OpinionForm())

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if "open" in request.POST:
            return self._open(token)
        link = links.find(token)
        form = OpinionForm(request.POST)
        if not form.is_valid():
            return self._text(link, form, status=422)
        try:
            links.leave_opinion(link, form.cleaned_data["text"])
        except links.LinkRefused as refusal:
            form.add_error("text", str(refusal))
            return self._text(link, form, status=422)
        return HttpResponseRedirect(f"{request.path}#opinion")

    def _open(self, token: str) -> HttpResponse:
        request = self.request
        link = links.open_link(
            token, client_address(request), request.headers.get("User-Agent", "")
        )
        response = HttpResponseRedirect(request.path)
        response.set_signed_cookie(
            COOKIE,
            str(link.pk),
            salt=COOKIE,
            max_age=SAME_OPENING,
            path=request.path,
            httponly=True,
            secure=request.is_secure(),
            samesite="Lax",
        )
        return response

    def _is_reading(self, link: ReadingLink) -> bool:
        opened = self.request.get_signed_cookie(
            COOKIE, default="", salt=COOKIE, max_age=SAME_OPENING
        )
        return opened == str(link.pk)

    def _text(self, link: ReadingLink, form: OpinionForm, status: int = 200) -> HttpResponse:
        draft = link.revision.as_object()
        context = draft.get_context(self.request) | {
            "link": link,
            "form": form,
            "opinions": list(link.opinions.order_by("pk")),
            "told": links.told(link),
            "is_outdated": links.is_outdated(link),
        }
        return render(self.request, "articles/reading/text.html", context, status=status)


def _closed(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    return render(request, "articles/reading/closed.html", {"sentence": sentence}, status=status)
