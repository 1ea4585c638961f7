"""The address WeChat calls. It believes nothing that is not signed and encrypted with our keys."""

import logging

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from . import crypto, inbox
from .messages import NoMessage, read_envelope, read_event
from .setting_up import is_on

logger = logging.getLogger(__name__)

# An event with eight addresses is a tenth of this.
LARGEST = 64 * 1024


@csrf_exempt  # another server posts here; its signature takes the token's place
@never_cache
@require_http_methods(["GET", "POST"])
def callback(request: HttpRequest) -> HttpResponse:
    """Answer WeChat's test of the address, or take in an event and answer at once."""
    if not is_on():
        raise Http404
    query = request.GET
    timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
    token = settings.WECHAT_CALLBACK_TOKEN
    if request.method == "GET":
        if not crypto.is_signed(query.get("signature", ""), token, timestamp, nonce):
            return _said("签名不对。", 403)
        return _said(query.get("echostr", ""))
    try:
        key = crypto.read_key(settings.WECHAT_CALLBACK_AES_KEY)
    except crypto.WrongKey as error:
        logger.error("%s", error)
        return _said(str(error), 503)
    if not _is_small(request):
        return _said("内容太大。", 413)
    try:
        encrypted = read_envelope(request.body)
    except NoMessage:
        return _said("只接受安全模式的消息。", 400)
    if not crypto.is_signed(query.get("msg_signature", ""), token, timestamp, nonce, encrypted):
        return _said("签名不对。", 403)
    if not crypto.is_fresh(timestamp, timezone.now()):
        # Signed by WeChat, so somebody repeats it, or our clock is wrong.
        logger.warning("a WeChat message of %s was refused as too old or too new", timestamp)
        return _said("消息的时间与本机相差太多。", 403)
    try:
        event = read_event(crypto.decrypt(encrypted, key, settings.WECHAT_APPID))
    except (crypto.Unreadable, NoMessage) as error:
        logger.warning("a signed WeChat message could not be read: %s", error)
        return _said("读不懂这条消息。", 400)
    if event is not None:
        inbox.take_in(event)
    return _said("success")


def _is_small(request: HttpRequest) -> bool:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return length.isdecimal() and int(length) <= LARGEST


def _said(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
