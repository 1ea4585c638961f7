"""留言. Here articles count from 0, unlike in the statistics."""

from typing import Any

from .. import sendings
from ..asking import Asked, Refused
from ..state import Comment, Sending, State

COUNT = 49
REPLY_LIMIT = 600


def _article(state: State, asked: Asked) -> tuple[Sending, int]:
    number, index = asked.number("msg_data_id"), asked.number("index", 0)
    sending = sendings.find(state, msg_data_id=number, status="done")
    if sending is None or not 0 <= index < len(sending.articles):
        raise Refused(88001)
    return sending, index


def _comment(state: State, asked: Asked) -> Comment:
    sending, index = _article(state, asked)
    wanted = asked.number("user_comment_id")
    for comment in _visible(state, sending, index):
        if comment.user_comment_id == wanted:
            return comment
    raise Refused(88008)


def _visible(state: State, sending: Sending, index: int) -> list[Comment]:
    """Those already written, newest first."""
    now = state.clock.time()
    found = [each for each in sending.comments if each.index == index and each.created <= now]
    return sorted(found, key=lambda each: -each.created)


def _shown(comment: Comment) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "user_comment_id": comment.user_comment_id,
        "openid": comment.openid,
        "create_time": int(comment.created),
        "content": comment.content,
        "comment_type": int(comment.elected),
    }
    if comment.reply:
        facts["reply"] = {"content": comment.reply, "create_time": int(comment.replied)}
    return facts


OK = {"errcode": 0, "errmsg": "ok"}


def listing(state: State, asked: Asked) -> dict[str, Any]:
    """POST /cgi-bin/comment/list: at most 49 at a time."""
    sending, index = _article(state, asked)
    begin, count, kind = (
        asked.number("begin", 0),
        asked.number("count", 20),
        asked.number("type", 0),
    )
    if not 0 < count <= COUNT or begin < 0:
        raise Refused(88010)
    found = [
        each for each in _visible(state, sending, index) if kind == 0 or each.elected == (kind == 2)
    ]
    page = found[begin : begin + count]
    return {**OK, "total": len(found), "comment": [_shown(each) for each in page]}


def _switch(state: State, asked: Asked, *, opened: bool) -> dict[str, Any]:
    sending, index = _article(state, asked)
    closed = {*sending.closed} - {index} if opened else {*sending.closed, index}
    sending.closed = sorted(closed)
    sending.articles[index]["need_open_comment"] = int(opened)
    return OK


def open_(state: State, asked: Asked) -> dict[str, Any]:
    return _switch(state, asked, opened=True)


def close(state: State, asked: Asked) -> dict[str, Any]:
    return _switch(state, asked, opened=False)


def markelect(state: State, asked: Asked) -> dict[str, Any]:
    _comment(state, asked).elected = True
    return OK


def unmarkelect(state: State, asked: Asked) -> dict[str, Any]:
    _comment(state, asked).elected = False
    return OK


def delete(state: State, asked: Asked) -> dict[str, Any]:
    comment = _comment(state, asked)
    sending, _ = _article(state, asked)
    sending.comments.remove(comment)
    return OK


def reply_add(state: State, asked: Asked) -> dict[str, Any]:
    comment, text = _comment(state, asked), asked.text("content")
    if not 0 < len(text) <= REPLY_LIMIT:
        raise Refused(88007)
    if comment.reply:
        raise Refused(88005)
    comment.reply, comment.replied = text, state.clock.time()
    return OK


def reply_delete(state: State, asked: Asked) -> dict[str, Any]:
    comment = _comment(state, asked)
    if not comment.reply:
        raise Refused(88009)
    comment.reply = ""
    return OK
