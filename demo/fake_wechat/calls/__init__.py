"""Which function answers which endpoint."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..asking import Asked, Refused
from ..state import State
from . import drafts, media, tokens

Handler = Callable[[State, Asked], dict[str, Any]]


@dataclass(frozen=True)
class Endpoint:
    """One address of the interface: ``takes`` is json, file or query."""

    run: Handler
    method: str = "POST"
    takes: str = "json"
    token: bool = True


ENDPOINTS = {
    "/cgi-bin/token": Endpoint(tokens.token, method="GET", takes="query", token=False),
    "/cgi-bin/stable_token": Endpoint(tokens.stable_token, token=False),
    "/cgi-bin/media/uploadimg": Endpoint(media.uploadimg, takes="file"),
    "/cgi-bin/material/add_material": Endpoint(media.add_material, takes="file"),
    "/cgi-bin/draft/add": Endpoint(drafts.add),
    "/cgi-bin/draft/update": Endpoint(drafts.update),
    "/cgi-bin/draft/get": Endpoint(drafts.get),
    "/cgi-bin/draft/delete": Endpoint(drafts.delete),
    "/cgi-bin/draft/batchget": Endpoint(drafts.batchget),
    "/cgi-bin/draft/count": Endpoint(drafts.count, method="GET", takes="query"),
}


def spend(state: State, endpoint: str) -> None:
    """Count a call of today. Raises Refused(45009) when the day's are used up."""
    key = f"{state.clock.today()} {endpoint}"
    limit = state.settings.quotas.get(endpoint)
    if limit is not None and state.used.get(key, 0) >= limit:
        raise Refused(45009)
    state.used[key] = state.used.get(key, 0) + 1


def answer(state: State, endpoint: Endpoint, asked: Asked) -> dict[str, Any]:
    """Carry the call out. Raises Refused."""
    if endpoint.token:
        tokens.check(state, asked.query.get("access_token"))
    spend(state, asked.path)
    return endpoint.run(state, asked)
