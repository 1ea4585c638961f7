"""Which function answers which endpoint."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..asking import Asked, Refused
from ..state import State
from . import comments, drafts, media, publishing, sending, statistics, structure, tokens

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
    "/cgi-bin/freepublish/submit": Endpoint(publishing.submit),
    "/cgi-bin/freepublish/get": Endpoint(publishing.get),
    "/cgi-bin/freepublish/batchget": Endpoint(publishing.batchget),
    "/cgi-bin/freepublish/getarticle": Endpoint(publishing.getarticle),
    "/cgi-bin/freepublish/delete": Endpoint(publishing.delete),
    "/cgi-bin/message/mass/sendall": Endpoint(sending.sendall),
    "/cgi-bin/message/mass/preview": Endpoint(sending.preview),
    "/cgi-bin/message/mass/get": Endpoint(sending.get),
    "/cgi-bin/comment/list": Endpoint(comments.listing),
    "/cgi-bin/comment/open": Endpoint(comments.open_),
    "/cgi-bin/comment/close": Endpoint(comments.close),
    "/cgi-bin/comment/markelect": Endpoint(comments.markelect),
    "/cgi-bin/comment/unmarkelect": Endpoint(comments.unmarkelect),
    "/cgi-bin/comment/delete": Endpoint(comments.delete),
    "/cgi-bin/comment/reply/add": Endpoint(comments.reply_add),
    "/cgi-bin/comment/reply/delete": Endpoint(comments.reply_delete),
    "/cgi-bin/clear_quota": Endpoint(tokens.clear_quota),
    "/datacube/getarticletotaldetail": Endpoint(statistics.total_detail),
    "/datacube/getarticleread": Endpoint(statistics.article_read),
    "/datacube/getarticleshare": Endpoint(statistics.article_share),
    "/datacube/getbizsummary": Endpoint(statistics.account_summary),
    "/datacube/getusersummary": Endpoint(statistics.user_summary),
    "/datacube/getusercumulate": Endpoint(statistics.user_cumulate),
    **{f"/datacube/{name}": Endpoint(statistics.retired) for name in statistics.RETIRED},
    "/article-bin/verify_article_structure": Endpoint(structure.verify, token=False),
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
