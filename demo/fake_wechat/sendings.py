"""What happens to articles that leave the box: addresses, readers' comments, ends of jobs.

Called by the interface, by the pages a person uses and by tests; nothing here is HTTP.
"""

import datetime as dt
import hashlib
from typing import Any

from .asking import Refused
from .clock import SHANGHAI
from .state import Comment, Draft, Sending, State

BIZ = "MzAwMDAwMDAwMA=="
FIRST_MESSAGE = 2_650_000_000
FIRST_JOB = 1_000_000_000
# An administrator who does not agree on the phone in this time lets the sending fail.
CONFIRMATION = 30 * 60

COMMENTS = (
    "写得真好，荷塘越来越美了。",
    "请问办事大厅周末开门吗？",
    "为家乡点赞！",
    "图片在哪里拍的？想带孩子去看看。",
    "希望多发这样的信息。",
    "流程讲得很清楚，收藏了。",
)


def address(state: State, msg_data_id: int, index: int) -> str:
    """The address readers have; ``index`` from 1, as in the statistics."""
    sn = hashlib.md5(f"{state.seed}{msg_data_id}{index}".encode()).hexdigest()  # noqa: S324
    return f"{state.settings.site}/s?__biz={BIZ}&mid={msg_data_id}&idx={index}&sn={sn}"


def sent_today(state: State) -> int:
    """How often followers were written to today, by whomever, waiting sendings counted."""
    return sum(
        1
        for each in state.sendings
        if each.kind == "mass" and each.status != "failed" and day_of(each) == state.clock.today()
    )


def leave_box(state: State, draft: Draft, kind: str, **more: Any) -> Sending:
    """Take the draft out of the box and begin a sending of its articles."""
    sending = Sending(
        kind=kind,
        draft_id=draft.media_id,
        articles=[dict(article) for article in draft.articles],
        at=state.clock.time(),
        msg_data_id=FIRST_MESSAGE + state.next_number(),
        **more,
    )
    del state.drafts[draft.media_id]
    state.sendings.append(sending)
    return sending


def send(state: State, draft: Draft, *, by: str = "interface", clientmsgid: str = "") -> Sending:
    """群发 to everyone. Raises Refused(45028) when the day's sendings are used up.

    A person in the back office is an administrator and needs no second agreement.
    """
    if sent_today(state) >= state.settings.sends_a_day:
        raise Refused(45028)
    waits = state.settings.admin_confirms and by == "interface"
    sending = leave_box(
        state,
        draft,
        "mass",
        by=by,
        clientmsgid=clientmsgid,
        msg_id=FIRST_JOB + state.next_number(),
        status="waiting" if waits else "running",
    )
    if not waits:
        finish(state, sending)
    return sending


def confirm(state: State, sending: Sending) -> None:
    """The administrator agrees on the phone; too late it changes nothing."""
    expire(state)
    if sending.status == "waiting":
        sending.at = state.clock.time()
        finish(state, sending)


def expire(state: State) -> None:
    """Let sendings fail that nobody agreed to in time."""
    for sending in state.sendings:
        if sending.status == "waiting" and state.clock.time() - sending.at > CONFIRMATION:
            fail(state, sending)


def finish(state: State, sending: Sending) -> None:
    """The articles are out."""
    sending.status, sending.code = "done", 0
    sending.article_id = state.code("article", 64)
    numbers = range(1, len(sending.articles) + 1)
    sending.urls = [address(state, sending.msg_data_id, number) for number in numbers]
    for index, article in enumerate(sending.articles):
        article["url"] = sending.urls[index]
        if article["need_open_comment"]:
            sending.comments += _comments(state, sending, index)


def fail(state: State, sending: Sending, code: int = 3) -> None:
    """Nothing went out; the draft is back in the box."""
    sending.status, sending.code = "failed", code
    state.drafts[sending.draft_id] = Draft(
        sending.draft_id, sending.articles, sending.at, sending.at
    )


def advance_publication(state: State, sending: Sending) -> int:
    """One look at a publication; answers its publish_status of this moment."""
    if sending.status == "running":
        code = sending.script.pop(0) if sending.script else 0
        if code == 0:
            finish(state, sending)
        elif code == 1:
            return 1
        else:
            fail(state, sending, code)
    return sending.code


def find(state: State, **facts: Any) -> Sending | None:
    """The sending of which all of ``facts`` are true."""
    return next(
        (
            each
            for each in state.sendings
            if all(getattr(each, name) == value for name, value in facts.items())
        ),
        None,
    )


def _comments(state: State, sending: Sending, index: int) -> list[Comment]:
    """A few comments within the next hours, the same for the same sending."""
    seed = hashlib.sha256(f"{sending.msg_data_id}_{index}".encode()).digest()
    return [
        Comment(
            user_comment_id=state.next_number(),
            index=index,
            openid=hashlib.sha256(seed + bytes([number])).hexdigest()[:28],
            content=COMMENTS[(seed[0] + number) % len(COMMENTS)],
            created=sending.at + 300 + 1800 * number + seed[number],
        )
        for number in range(2 + seed[1] % 3)
    ]


def day_of(sending: Sending) -> dt.date:
    """The day in Shanghai on which it went out."""
    return dt.datetime.fromtimestamp(sending.at, SHANGHAI).date()
