"""发布: a lasting address, of which followers are not told."""

from typing import Any

from .. import sendings
from ..asking import Asked, Refused
from ..state import Sending, State
from . import drafts


def submit(state: State, asked: Asked) -> dict[str, Any]:
    """POST /cgi-bin/freepublish/submit: the job is taken, no more."""
    draft = drafts.find(state, asked.data.get("media_id"))
    sending = sendings.leave_box(
        state,
        draft,
        "publish",
        publish_id=str(sendings.FIRST_JOB + state.next_number()),
        script=list(state.settings.publish_script),
    )
    return {
        "errcode": 0,
        "errmsg": "ok",
        "publish_id": sending.publish_id,
        "msg_data_id": sending.msg_data_id,
    }


def detail(sending: Sending, status: int) -> dict[str, Any]:
    """How a publication stands, as polls and events tell it; ``idx`` counts from 1."""
    facts: dict[str, Any] = {"publish_id": sending.publish_id, "publish_status": status}
    if status in (0, 5, 6):
        items = [
            {"idx": number, "article_url": url} for number, url in enumerate(sending.urls, start=1)
        ]
        facts["article_id"] = sending.article_id
        facts["article_detail"] = {"count": len(items), "item": items}
    facts["fail_idx"] = list(range(1, len(sending.articles) + 1)) if status in (2, 4) else []
    return facts


def get(state: State, asked: Asked) -> dict[str, Any]:
    """POST /cgi-bin/freepublish/get: each look takes the job one step further."""
    sending = sendings.find(state, kind="publish", publish_id=str(asked.data.get("publish_id")))
    if sending is None:
        raise Refused(53502)
    return detail(sending, sendings.advance_publication(state, sending))


def _shown(sending: Sending, *, content: bool = True) -> list[dict[str, Any]]:
    return [
        {**drafts.shown(article, content=content), "is_deleted": number in sending.deleted}
        for number, article in enumerate(sending.articles, start=1)
    ]


def batchget(state: State, asked: Asked) -> dict[str, Any]:
    """POST /cgi-bin/freepublish/batchget: never what was sent to followers."""
    offset, count, content = drafts.page_of(asked)
    everything = state.published[::-1]
    page = everything[offset : offset + count]
    return {
        "total_count": len(everything),
        "item_count": len(page),
        "item": [
            {
                "article_id": each.article_id,
                "content": {
                    "news_item": _shown(each, content=content),
                    "create_time": int(each.at),
                    "update_time": int(each.at),
                },
                "update_time": int(each.at),
            }
            for each in page
        ],
    }


def _published(state: State, asked: Asked) -> Sending:
    sending = sendings.find(state, article_id=asked.text("article_id"), status="done")
    if sending is None:
        raise Refused(53600)
    return sending


def getarticle(state: State, asked: Asked) -> dict[str, Any]:
    return {"news_item": _shown(_published(state, asked))}


def delete(state: State, asked: Asked) -> dict[str, Any]:
    """POST /cgi-bin/freepublish/delete: ``index`` from 1, none or 0 for all; for good."""
    sending, index = _published(state, asked), asked.number("index", 0)
    if not 0 <= index <= len(sending.articles):
        raise Refused(40035)
    gone = [index] if index else range(1, len(sending.articles) + 1)
    sending.deleted = sorted({*sending.deleted, *gone})
    if len(sending.deleted) == len(sending.articles):
        sending.code = 5
    return {"errcode": 0, "errmsg": "ok"}
