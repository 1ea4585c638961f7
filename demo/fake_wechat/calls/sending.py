"""群发: once for each clientmsgid, as often a day as the account may."""

from typing import Any

from .. import sendings
from ..asking import Asked, Refused
from ..state import Preview, State
from . import drafts

CLIENTMSGID_BYTES = 64


def _media_id(asked: Asked) -> Any:
    news = asked.data.get("mpnews")
    return news.get("media_id") if isinstance(news, dict) else None


def sendall(state: State, asked: Asked) -> dict[str, Any]:
    """POST /cgi-bin/message/mass/sendall.

    The second call with one clientmsgid is 45066 within a minute of the last and 45065 later,
    then with the ``msg_id`` of the first but without its ``msg_data_id``.
    """
    sendings.expire(state)
    name = asked.text("clientmsgid")
    if len(name.encode()) > CLIENTMSGID_BYTES:
        raise Refused(45067)
    to = asked.data.get("filter")
    if asked.data.get("msgtype") != "mpnews" or not isinstance(to, dict):
        raise Refused(40035)
    if to.get("is_to_all") is not True:
        raise Refused(40035)  # the workbench sends to everyone, so no tags are kept here
    earlier = sendings.find(state, kind="mass", clientmsgid=name) if name else None
    if earlier is not None:
        now, last = state.clock.time(), state.mass_tries.get(name, 0.0)
        state.mass_tries[name] = now
        if now - last < state.settings.mass_retry_seconds:
            raise Refused(45066)
        raise Refused(45065, msg_id=earlier.msg_id)
    draft = drafts.find(state, _media_id(asked))
    sending = sendings.send(state, draft, clientmsgid=name)
    if name:
        state.mass_tries[name] = state.clock.time()
    return {
        "errcode": 0,
        "errmsg": "send job submission success",
        "msg_id": sending.msg_id,
        "msg_data_id": sending.msg_data_id,
    }


def preview(state: State, asked: Asked) -> dict[str, Any]:
    """POST /cgi-bin/message/mass/preview: to one follower's phone; the draft stays."""
    reader = asked.text("towxname") or asked.text("touser")
    if not reader:
        raise Refused(40035)
    draft = drafts.find(state, _media_id(asked))
    followers = state.settings.followers
    if followers is not None and reader not in followers:
        raise Refused(43004)
    state.previews.append(Preview(draft.media_id, reader, state.clock.time()))
    number = sendings.FIRST_JOB + state.next_number()
    return {"errcode": 0, "errmsg": "preview success", "msg_id": number}


STATUSES = {
    "waiting": "SENDING",
    "running": "SENDING",
    "done": "SEND_SUCCESS",
    "failed": "SEND_FAIL",
}


def get(state: State, asked: Asked) -> dict[str, Any]:
    """POST /cgi-bin/message/mass/get; the number may come as a text."""
    sendings.expire(state)
    number = str(asked.data.get("msg_id", ""))
    sending = sendings.find(state, kind="mass", msg_id=int(number)) if number.isdecimal() else None
    if sending is None:
        raise Refused(40059)
    return {"msg_id": sending.msg_id, "msg_status": STATUSES[sending.status]}
