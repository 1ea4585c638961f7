"""access_token: two kinds that know nothing of each other."""

from typing import Any

from ..asking import Asked, Refused
from ..state import State, Token

LIFE = 7200
# A stable token is renewed this long before its end; both work until then.
RENEWAL = 300
FORCED_A_DAY, FORCED_APART = 20, 30
CLEARED_A_MONTH = 10


def _check_account(state: State, appid: Any, secret: Any, kind: Any) -> None:
    if kind != "client_credential":
        raise Refused(40002)
    if appid != state.settings.appid:
        raise Refused(40013)
    if secret != state.settings.secret:
        raise Refused(40125)


def _new(state: State, kind: str) -> Token:
    # As long as WeChat says to expect.
    text = state.code(kind, 64) + "".join(state.code("more", 64) for _ in range(2))
    token = Token(text, kind, state.clock.time() + LIFE)
    state.tokens.append(token)
    return token


def token(state: State, asked: Asked) -> dict[str, Any]:
    """GET /cgi-bin/token: a new one each time, which retires the last."""
    query = asked.query
    _check_account(state, query.get("appid"), query.get("secret"), query.get("grant_type"))
    end = state.clock.time() + state.settings.token_overlap
    for old in state.tokens:
        if old.kind == "plain":
            old.expires = min(old.expires, end)
    return {"access_token": _new(state, "plain").text, "expires_in": LIFE}


def stable_token(state: State, asked: Asked) -> dict[str, Any]:
    """POST /cgi-bin/stable_token: the same one until it is about to end."""
    data = asked.data
    _check_account(state, data.get("appid"), data.get("secret"), data.get("grant_type"))
    now = state.clock.time()
    mine = [each for each in state.tokens if each.kind == "stable"]
    if data.get("force_refresh") is True:
        recent = [at for at in state.refreshes if now - at < 86_400]
        if len(recent) >= FORCED_A_DAY:
            raise Refused(45009)
        if recent and now - recent[-1] < FORCED_APART:
            raise Refused(45011)
        state.refreshes = [*recent, now]
        for old in mine:
            old.expires = min(old.expires, now)
        mine = []
    current = next((each for each in mine if each.expires - now > RENEWAL), None)
    current = current or _new(state, "stable")
    return {"access_token": current.text, "expires_in": int(current.expires - now)}


def check(state: State, text: str | None) -> None:
    """Raise Refused when a call's token does not hold."""
    if not text:
        raise Refused(41001)
    known = next((each for each in state.tokens if each.text == text), None)
    if known is None:
        raise Refused(40001)
    if known.expires <= state.clock.time():
        raise Refused(42001)
    if not state.settings.verified:
        raise Refused(48001)


def clear_quota(state: State, asked: Asked) -> dict[str, Any]:
    """POST /cgi-bin/clear_quota: all of today's counts begin anew, ten times a month."""
    if asked.data.get("appid") != state.settings.appid:
        raise Refused(40013)
    month = f"{state.clock.today():%Y-%m} clear_quota"
    if state.used.get(month, 0) >= CLEARED_A_MONTH:
        raise Refused(48006)
    state.used = {name: n for name, n in state.used.items() if name.endswith("clear_quota")}
    state.used[month] = state.used.get(month, 0) + 1
    return {"errcode": 0, "errmsg": "ok"}
