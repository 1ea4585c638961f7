"""微信留言: read from WeChat, featured and answered there. Who wrote them is not kept.

The texts are strangers' words; they are shown escaped and never rendered.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from cms.ops import audit

from ..models import PublishType, WeChatComment, WeChatComments, WeChatPost
from ..wechat.client import Client, is_configured
from ..wechat.errors import ReplyLost, WeChatError
from .official import StatisticsUnreadable

ANSWER = "articles.answer_wechatcomment"
#: WeChat refuses fifty and more (comment/list); what lies beyond so many pages is not read.
PAGE, PAGES = 49, 40
ELECTED = 1
LONGEST_REPLY = 500


class CommentRefused(PermissionDenied):
    """The act is not possible; the message is a Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Told:
    """A comment as WeChat tells it."""

    number: int
    content: str
    written_at: dt.datetime
    is_elected: bool
    reply: str = ""
    replied_at: dt.datetime | None = None


def parse_comments(rows: Sequence[Mapping[str, Any]]) -> list[Told]:
    """The ``comment`` list of comment/list. Pure.

    Raises:
        StatisticsUnreadable: something is of the wrong type.
    """
    return [_told(row) for row in rows]


def fetch_day(client: Client, day: dt.date) -> int:
    """Read the comments of all posts published on ``day``; how many posts were asked for.

    Raises:
        WeChatError: WeChat refused, or could not be reached.
        StatisticsUnreadable: an answer is not what the document says.
    """
    posts = open_posts().filter(published_on=day)
    for post in posts:
        fetch_post(client, post)
    return len(posts)


def fetch_post(client: Client, post: WeChatPost) -> None:
    """Read the comments of ``post``, page by page, and write them down. Raises as `fetch_day`."""
    told: list[Told] = []
    for _ in range(PAGES):
        answer = client.comment_list(post.msg_data_id, post.index - 1, len(told), PAGE)
        told += parse_comments(answer.comments)
        if not answer.comments or len(told) >= answer.total:
            break
    # WeChat has been seen to count comments and list none: then nothing is known to be gone.
    record(post, told, is_whole=len(told) >= answer.total)


@transaction.atomic
def record(post: WeChatPost, told: Sequence[Told], *, is_whole: bool) -> None:
    """Write ``told`` down; with ``is_whole`` those that are not among them are gone in WeChat."""
    now = timezone.now()
    WeChatComment.objects.bulk_create(
        [
            WeChatComment(
                post=post,
                user_comment_id=each.number,
                content=each.content,
                written_at=each.written_at,
                is_elected=each.is_elected,
                reply=each.reply,
                replied_at=each.replied_at,
                fetched_at=now,
                gone_at=None,
            )
            for each in {each.number: each for each in told}.values()
        ],
        update_conflicts=True,
        unique_fields=["post", "user_comment_id"],
        update_fields=["content", "is_elected", "reply", "replied_at", "fetched_at", "gone_at"],
    )
    if is_whole:
        there = {each.number for each in told}
        known = WeChatComment.objects.filter(post=post, gone_at=None)
        known.exclude(user_comment_id__in=there).update(gone_at=now)


def open_posts() -> Any:
    """Posts that may have comments: sent, known by their message id, and not closed by us."""
    return (
        WeChatPost.objects.exclude(msg_data_id="")
        .exclude(publish_type=PublishType.PUBLISHED)
        .exclude(member__comments=WeChatComments.CLOSED)
    )


def refresh(actor: Any, post: WeChatPost) -> None:
    """Read the comments of ``post`` now.

    Raises:
        CommentRefused: no permission, no message id yet, or WeChat does not answer.
    """
    _demand(actor)
    if not open_posts().filter(pk=post.pk).exists():
        raise CommentRefused("这篇还没有微信消息编号，或没有开留言，不能读取。次日取到统计后再试。")
    _ask(lambda client: fetch_post(client, post))


def elect(actor: Any, comment: WeChatComment) -> None:
    """Feature ``comment`` (精选), so that readers see it.

    Raises:
        CommentRefused: no permission, the comment is gone, or WeChat refuses.
    """
    _act(actor, comment, lambda client, at: client.comment_elect(*at))
    _noted(actor, comment, "wechat_comment.elect", is_elected=True)


def unelect(actor: Any, comment: WeChatComment) -> None:
    """Feature ``comment`` no longer. Raises as `elect`."""
    _act(actor, comment, lambda client, at: client.comment_unelect(*at))
    _noted(actor, comment, "wechat_comment.unelect", is_elected=False)


def reply(actor: Any, comment: WeChatComment, text: str) -> None:
    """Answer ``comment``; WeChat shows the answer to everybody. Raises as `elect`."""
    text = text.strip()
    if not text:
        raise CommentRefused("请写回复内容。")
    if len(text) > LONGEST_REPLY:
        raise CommentRefused(f"回复最多 {LONGEST_REPLY} 个字，现在有 {len(text)} 个，请改短。")
    if comment.reply:
        raise CommentRefused("这条留言已经回复过。要改，请先删除原来的回复。")
    _act(actor, comment, lambda client, at: client.comment_reply(*at, text))
    _noted(actor, comment, "wechat_comment.reply", text, reply=text, replied_at=timezone.now())


def delete_reply(actor: Any, comment: WeChatComment) -> None:
    """Take our answer back. Raises as `elect`."""
    if not comment.reply:
        raise CommentRefused("这条留言还没有回复，不用删除。请刷新页面查看。")
    before = comment.reply
    _act(actor, comment, lambda client, at: client.comment_reply_delete(*at))
    _noted(actor, comment, "wechat_comment.reply_delete", before, reply="", replied_at=None)


def _demand(actor: Any) -> None:
    if not actor.has_perm(ANSWER):
        raise CommentRefused("您没有精选和回复微信留言的权限。由编辑和“发布”人员处理。")


def _act(
    actor: Any,
    comment: WeChatComment,
    call: Callable[[Client, tuple[str, int, int]], None],
) -> None:
    """Ask WeChat to do it. Outside a transaction: what WeChat did cannot be rolled back."""
    _demand(actor)
    if comment.gone_at is not None:
        raise CommentRefused("这条留言在微信里已经没有了，不能再处理。")
    post = comment.post
    at = (post.msg_data_id, post.index - 1, comment.user_comment_id)
    _ask(lambda client: call(client, at))


def _ask(call: Callable[[Client], None]) -> None:
    if not is_configured():
        raise CommentRefused("还没有接通微信，请到公众号后台处理留言。")
    try:
        call(Client())
    except ReplyLost as lost:
        raise CommentRefused(
            "微信没有给出回答，不知道有没有成功。请点“更新留言”，看清结果以后再决定要不要重做。"
        ) from lost
    except WeChatError as error:
        raise CommentRefused(error.sentence) from error
    except StatisticsUnreadable as error:
        raise CommentRefused(str(error)) from error


@transaction.atomic
def _noted(actor: Any, comment: WeChatComment, action: str, text: str = "", **values: Any) -> None:
    WeChatComment.objects.filter(pk=comment.pk).update(**values)
    for name, value in values.items():
        setattr(comment, name, value)
    detail = {"comment": comment.content[:120]}
    audit.record(actor, action, comment.post, {**detail, "text": text} if text else detail)


def _told(row: Mapping[str, Any]) -> Told:
    number, content = row.get("user_comment_id"), row.get("content")
    if type(number) is not int or not isinstance(content, str):
        raise StatisticsUnreadable("微信留言的回答看不懂：缺少编号或内容，请稍后再试。")
    answer = row.get("reply") or {}
    if not isinstance(answer, Mapping) or not isinstance(answer.get("content", ""), str):
        raise StatisticsUnreadable("微信留言的回答看不懂：回复不是对象，请稍后再试。")
    replied = answer.get("content", "")
    return Told(
        number,
        content,
        _moment(row.get("create_time")),
        row.get("comment_type") == ELECTED,
        replied,
        _moment(answer.get("create_time")) if replied else None,
    )


def _moment(value: Any) -> dt.datetime:
    if type(value) is not int or not 0 < value < 4_102_444_800:
        raise StatisticsUnreadable("微信留言的回答看不懂：时间不是数字，请稍后再试。")
    return dt.datetime.fromtimestamp(value, tz=dt.UTC)
