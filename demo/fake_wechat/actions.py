"""What a person does in the back office, and what a test orders in the running process.

Each takes plain values: a form's texts or a JSON object. They raise Refused with WeChat's code or
ActionRefused with a sentence.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from . import sendings
from .calls import drafts
from .clock import SHANGHAI
from .state import Sending, State

Data = dict[str, Any]
# Of the settings, those that are no account and no address.
CHANGEABLE = frozenset(
    {
        "verified",
        "quotas",
        "token_overlap",
        "sends_a_day",
        "admin_confirms",
        "followers",
        "mass_retry_seconds",
        "publish_script",
        "publish_event",
        "event_urls",
        "event_delay",
    }
)


class ActionRefused(Exception):
    """Not done; the message is a Chinese sentence."""


def _whole(data: Data, name: str) -> int:
    try:
        return int(data[name])
    except (KeyError, TypeError, ValueError) as error:
        raise ActionRefused(f"{name} 应是整数。") from error


def _article(state: State, data: Data) -> Data:
    draft = drafts.find(state, data.get("media_id"))
    index = _whole(data, "index")
    if not 0 <= index < len(draft.articles):
        raise ActionRefused("草稿里没有这一条。")
    draft.updated = state.clock.time()
    return draft.articles[index]


def send(state: State, data: Data) -> Data:
    """群发, by a person: a draft leaves the box and followers have it."""
    sending = sendings.send(state, drafts.find(state, data.get("media_id")), by="person")
    return {"msg_id": sending.msg_id, "msg_data_id": sending.msg_data_id, "urls": sending.urls}


def retitle(state: State, data: Data) -> Data:
    """Another title, behind the workbench's back."""
    title = str(data.get("title", "")).strip()
    if not 0 < len(title) <= drafts.TITLE:
        raise ActionRefused(f"标题要有 1 到 {drafts.TITLE} 个字。")
    _article(state, data)["title"] = title
    return {"title": title}


def rewrite(state: State, data: Data) -> Data:
    """Another text, behind the workbench's back."""
    _article(state, data)["content"] = str(data.get("content", ""))
    return {}


def remove(state: State, data: Data) -> Data:
    """A person deletes a draft."""
    del state.drafts[drafts.find(state, data.get("media_id")).media_id]
    return {}


def _sending(state: State, data: Data) -> Sending:
    for sending in state.sendings:
        if sending.msg_data_id == _whole(data, "msg_data_id"):
            return sending
    raise ActionRefused("没有这次群发或发布。")


def confirm(state: State, data: Data) -> Data:
    """The administrator agrees on the phone."""
    sending = _sending(state, data)
    sendings.confirm(state, sending)
    return {"status": sending.status}


def retract(state: State, data: Data) -> Data:
    """Readers find the article deleted; ``number`` from 1."""
    sending, number = _sending(state, data), _whole(data, "number")
    if not 1 <= number <= len(sending.articles):
        raise ActionRefused("这次群发里没有这一条。")
    sending.deleted = sorted({*sending.deleted, number})
    return {"deleted": sending.deleted}


def again(state: State, data: Data) -> Data:
    """Let the event of a sending be told once more, as WeChat does when it got no answer."""
    _sending(state, data).told = False
    return {}


def move_clock(state: State, data: Data) -> Data:
    """``hours`` and ``days`` on, ``set`` to a moment, to the ``morning`` after, or ``reset``."""
    clock = state.clock
    try:
        if data.get("reset"):
            clock.reset()
        elif data.get("morning"):
            # Ten past eight, when the last day's figures are out.
            day = clock.today() + dt.timedelta(1)
            clock.set(dt.datetime.combine(day, dt.time(8, 10), SHANGHAI))
        elif data.get("set"):
            moment = dt.datetime.fromisoformat(str(data["set"]))
            clock.set(moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI))
        else:
            clock.advance(hours=float(data.get("hours", 0)), days=float(data.get("days", 0)))
    except (ValueError, OverflowError) as error:
        raise ActionRefused("时间要写成 2026-11-24T08:10 这样。") from error
    return {"now": clock.now().isoformat()}


def script(state: State, data: Data) -> Data:
    """Order faults: ``endpoint`` and ``faults``, a list or one as a form's text."""
    faults = data.get("faults", [])
    if not isinstance(faults, list):
        text = str(faults)
        faults = [int(text) if text.lstrip("-").isdecimal() else text]
    try:
        state.faults.script(str(data.get("endpoint", "")), *faults)
    except ValueError as error:
        raise ActionRefused("没有这种故障。") from error
    return {"left": state.faults.left()}


def calm(state: State, data: Data) -> Data:
    """No fault is waiting any more."""
    state.faults.clear()
    return {}


def change_settings(state: State, data: Data) -> Data:
    """Change how the account behaves; see ``state.Settings``."""
    for name, value in data.items():
        now = getattr(state.settings, name, None)
        if name not in CHANGEABLE:
            raise ActionRefused(f"没有“{name}”这一项，或不能改。")
        number = isinstance(now, (int, float)) and isinstance(value, (int, float))
        if now is not None and value is not None and not (number or type(value) is type(now)):
            raise ActionRefused(f"“{name}”的值不对。")
        setattr(state.settings, name, value)
    return overview(state, {})


def set_figures(state: State, data: Data) -> Data:
    """Statistics of ``msgid`` for ``day`` instead of the invented ones: ``figures``."""
    figures = data.get("figures")
    if not isinstance(figures, dict):
        raise ActionRefused("figures 应是对象。")
    state.set_figures(str(data.get("msgid", "")), str(data.get("day", "")), **figures)
    return {}


def forget_tokens(state: State, data: Data) -> Data:
    """Every access_token is unknown from now on."""
    state.forget_tokens()
    return {}


def reset(state: State, data: Data) -> Data:
    """As new, but for the account; names that were given do not come again."""
    kept = {name: getattr(state, name) for name in ("settings", "number")}
    state.clear()
    vars(state).update(kept)
    return {}


def overview(state: State, data: Data) -> Data:
    """Everything a test wants to know, without texts and tokens."""
    sent = []
    for sending in state.sendings:
        facts = asdict(sending)
        facts["titles"] = [article["title"] for article in facts.pop("articles")]
        sent.append(facts)
    return {
        "now": state.clock.now().isoformat(),
        "drafts": [
            {"media_id": each.media_id, "titles": [a["title"] for a in each.articles]}
            for each in state.drafts.values()
        ],
        "sendings": sent,
        "uploads": [asdict(each) for each in state.uploads],
        "previews": [asdict(each) for each in state.previews],
        "calls": [
            {"endpoint": each.endpoint, "errcode": each.errcode, "fault": each.fault}
            for each in state.calls
        ],
        "faults": state.faults.left(),
        "escaped": state.escaped,
        "settings": {name: getattr(state.settings, name) for name in sorted(CHANGEABLE)},
    }


ACTIONS: dict[str, Callable[[State, Data], Data]] = {
    "send": send,
    "retitle": retitle,
    "rewrite": rewrite,
    "remove": remove,
    "confirm": confirm,
    "retract": retract,
    "again": again,
    "clock": move_clock,
    "script": script,
    "calm": calm,
    "settings": change_settings,
    "figures": set_figures,
    "forget_tokens": forget_tokens,
    "reset": reset,
    "overview": overview,
}
