"""The official interface of WeChat, as far as we use it. Small and typed.

Positions of articles count from 0 everywhere in this module; WeChat itself counts from 0 in
``draft/update`` and ``comment``, from 1 in its statistics and publications.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from ..models import Push
from . import answers, fields, tokens
from .account import is_configured, read_account
from .answers import (
    CommentPage,
    DraftItem,
    DraftPage,
    MassSent,
    Material,
    PublishItem,
    PublishPage,
    Statistics,
)
from .errors import ALREADY_SENT, TOKEN_ERRORS, FieldTooLong, WeChatError
from .transport import Wire

__all__ = [
    "Client",
    "CommentPage",
    "DraftItem",
    "DraftPage",
    "MassSent",
    "Material",
    "PublishItem",
    "PublishPage",
    "Statistics",
    "is_configured",
]


class Client:
    """Calls of the configured account; each is recorded, under ``push`` when it belongs to one.

    Every method raises `WeChatError`, whose subclass `ReplyLost` says that the deed may have been
    done; and RuntimeError inside a transaction (`quotas.take`).
    """

    def __init__(self, *, push: Push | None = None) -> None:
        """Read the settings.

        Raises:
            NotConfigured: there is no account to speak for.
        """
        self._wire = Wire(read_account(), push)

    # --- pictures -----------------------------------------------------------------------------

    def upload_body_picture(self, data: bytes, name: str) -> str:
        """Address of a picture for a text: jpg or png below 1 MB (media/uploadimg)."""
        answer = self._upload("/cgi-bin/media/uploadimg", name, data)
        return answers.text(answer, "url")

    def add_material(self, data: bytes, name: str) -> Material:
        """Put a picture into the library: jpg, png, gif or bmp up to 10 MB."""
        answer = self._upload("/cgi-bin/material/add_material", name, data, type="image")
        return Material(answers.text(answer, "media_id"), answers.text(answer, "url"))

    # --- drafts -------------------------------------------------------------------------------

    def draft_add(self, articles: Sequence[Mapping[str, Any]]) -> str:
        """Make a draft of 1 to 8 articles; answers its ``media_id``.

        Raises:
            FieldTooLong: an article breaks a limit; nothing was sent.
        """
        fields.check(articles)
        answer = self._ask("/cgi-bin/draft/add", {"articles": list(articles)})
        return answers.text(answer, "media_id")

    def draft_update(self, media_id: str, index: int, article: Mapping[str, Any]) -> None:
        """Replace the article at ``index``. Raises as `draft_add`."""
        if found := fields.problems(article, index + 1):
            raise FieldTooLong("".join(found))
        self._ask(
            "/cgi-bin/draft/update",
            {"media_id": media_id, "index": index, "articles": dict(article)},
        )

    def draft_get(self, media_id: str) -> list[dict[str, Any]]:
        """The draft's articles as WeChat keeps them; 40007 when it is not in the box."""
        return answers.rows(self._ask("/cgi-bin/draft/get", {"media_id": media_id}), "news_item")

    def draft_delete(self, media_id: str) -> None:
        """Throw the draft away for good."""
        self._ask("/cgi-bin/draft/delete", {"media_id": media_id})

    def draft_list(self, offset: int, count: int) -> DraftPage:
        """``count`` drafts (1 to 20) from ``offset``, the newest first."""
        return DraftPage(*self._listed("draft", offset, count, "media_id", DraftItem))

    # --- sending to followers -----------------------------------------------------------------

    def mass_send(
        self, media_id: str, clientmsgid: str, *, ignore_reprint: bool = False
    ) -> MassSent:
        """Send the draft to all followers. It cannot be taken back.

        The same ``clientmsgid`` is sent once, however often it is asked for.

        Raises:
            FieldTooLong: ``clientmsgid`` has more than 64 bytes.
        """
        if len(clientmsgid.encode()) > fields.CLIENT_MESSAGE_ID_BYTES:
            raise FieldTooLong("群发编号太长，请管理员查看。")
        try:
            answer = self._ask(
                "/cgi-bin/message/mass/sendall",
                {
                    "filter": {"is_to_all": True},
                    "mpnews": {"media_id": media_id},
                    "msgtype": "mpnews",
                    "send_ignore_reprint": int(ignore_reprint),
                    "clientmsgid": clientmsgid,
                },
            )
        except WeChatError as error:
            if error.code != ALREADY_SENT:
                raise
            return MassSent(answers.name(error.answer, "msg_id"), "", repeated=True)
        return MassSent(answers.name(answer, "msg_id"), answers.name(answer, "msg_data_id"))

    def mass_preview(self, media_id: str, wechat_name: str) -> None:
        """Send the draft to the phone of one follower, by the WeChat name (微信号)."""
        self._ask(
            "/cgi-bin/message/mass/preview",
            {"towxname": wechat_name, "mpnews": {"media_id": media_id}, "msgtype": "mpnews"},
        )

    def mass_get(self, msg_id: str) -> str:
        """How a 群发 stands; `errors.mass_status` reads it."""
        return answers.text(
            self._ask("/cgi-bin/message/mass/get", {"msg_id": msg_id}), "msg_status"
        )

    # --- permanent links, which tell no follower ------------------------------------------------

    def publish_submit(self, media_id: str) -> str:
        """Ask for permanent addresses of the draft; answers the ``publish_id`` to ask after."""
        return answers.name(
            self._ask("/cgi-bin/freepublish/submit", {"media_id": media_id}), "publish_id"
        )

    def publish_get(self, publish_id: str) -> dict[str, Any]:
        """How a publication stands; `errors.why_not_published` reads ``publish_status``."""
        answer = self._ask("/cgi-bin/freepublish/get", {"publish_id": publish_id})
        answers.number(answer, "publish_status")
        return answer

    def publish_list(self, offset: int, count: int) -> PublishPage:
        """``count`` publications (1 to 20) from ``offset``, without content."""
        return PublishPage(*self._listed("freepublish", offset, count, "article_id", PublishItem))

    def _listed(
        self, family: str, offset: int, count: int, key: str, item: Callable[..., Any]
    ) -> tuple[int, list[Any]]:
        answer = self._ask(
            f"/cgi-bin/{family}/batchget", {"offset": offset, "count": count, "no_content": 1}
        )
        rows = answers.rows(answer, "item")
        return answers.number(answer, "total_count"), [
            item(answers.text(row, key), *answers.content(row)) for row in rows
        ]

    # --- statistics ---------------------------------------------------------------------------

    def article_totals(self, day: date) -> Statistics:
        """Everything published on ``day`` with its counts, day by day, each up to that day."""
        return self._statistics("getarticletotaldetail", day, day)

    def article_read(self, day: date) -> Statistics:
        """Readers of each article on ``day``."""
        return self._statistics("getarticleread", day, day)

    def article_share(self, day: date) -> Statistics:
        """Sharers of each article on ``day``."""
        return self._statistics("getarticleshare", day, day)

    def account_summary(self, begin: date, end: date) -> Statistics:
        """The account's own counts by day; at most 30 days."""
        return self._statistics("getbizsummary", begin, end)

    def user_summary(self, begin: date, end: date) -> Statistics:
        """Followers won and lost by day and source; at most 7 days."""
        return self._statistics("getusersummary", begin, end)

    def user_cumulate(self, begin: date, end: date) -> Statistics:
        """Followers in all by day; at most 7 days."""
        return self._statistics("getusercumulate", begin, end)

    def _statistics(self, name: str, begin: date, end: date) -> Statistics:
        answer = self._ask(
            f"/datacube/{name}",
            {"begin_date": begin.isoformat(), "end_date": end.isoformat()},
        )
        return Statistics(bool(answer.get("is_delay")), answers.rows(answer, "list"))

    # --- comments -----------------------------------------------------------------------------

    def comment_list(
        self, msg_data_id: str, index: int, begin: int, count: int, kind: int = 0
    ) -> CommentPage:
        """``count`` (below 50) comments; ``kind`` 0 all, 1 not featured, 2 featured."""
        answer = self._comment("list", msg_data_id, index, begin=begin, count=count, type=kind)
        # Seen where there are none.
        total = "total" if "total" in answer else "comment_cnt"
        return CommentPage(answers.number(answer, total), answers.rows(answer, "comment"))

    def comment_elect(self, msg_data_id: str, index: int, user_comment_id: int) -> None:
        """Feature a comment."""
        self._comment("markelect", msg_data_id, index, user_comment_id=user_comment_id)

    def comment_unelect(self, msg_data_id: str, index: int, user_comment_id: int) -> None:
        """Feature it no longer."""
        self._comment("unmarkelect", msg_data_id, index, user_comment_id=user_comment_id)

    def comment_delete(self, msg_data_id: str, index: int, user_comment_id: int) -> None:
        """Delete a comment."""
        self._comment("delete", msg_data_id, index, user_comment_id=user_comment_id)

    def comment_reply(
        self, msg_data_id: str, index: int, user_comment_id: int, content: str
    ) -> None:
        """Answer a comment."""
        self._comment(
            "reply/add", msg_data_id, index, user_comment_id=user_comment_id, content=content
        )

    def comment_reply_delete(self, msg_data_id: str, index: int, user_comment_id: int) -> None:
        """Take the answer back."""
        self._comment("reply/delete", msg_data_id, index, user_comment_id=user_comment_id)

    def _comment(self, name: str, msg_data_id: str, index: int, **more: Any) -> dict[str, Any]:
        # WeChat gives the number as text and takes it as a number.
        body = {"msg_data_id": int(msg_data_id), "index": index, **more}
        return self._ask(f"/cgi-bin/comment/{name}", body)

    # --- with a token ---------------------------------------------------------------------------

    def _ask(self, endpoint: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return self._with_token(lambda token: self._wire.ask(endpoint, body, token))

    def _upload(self, endpoint: str, name: str, data: bytes, **query: str) -> dict[str, Any]:
        return self._with_token(
            lambda token: self._wire.upload(endpoint, name, data, token, **query)
        )

    def _with_token(self, call: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
        """WeChat looks at the token first, so that a call it refused for it was not made."""
        token = tokens.current(self._wire)
        try:
            return call(token)
        except WeChatError as error:
            if error.code not in TOKEN_ERRORS:
                raise
        tokens.drop(self._wire.account.appid, token)
        return call(tokens.current(self._wire))
