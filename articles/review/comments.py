"""批注: what reviewers note at a place of the text, as Wagtail's own comments.

A comment is a word between colleagues: it is no content, makes nobody an author and changes no
digest. While one is open the text cannot become 待发布.

Who raised a point decides whether it is settled, as in any newsroom: authors answer (已改), the
commenter resolves. So that nobody's leave stops the paper, any reviewer who may judge this text
may resolve it too. An author resolves only what they wrote themselves.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Comment, CommentReply, Page

from cms.ops import audit

from . import approvals, rules
from .models import ReviewTask
from .passages import places
from .refusals import ReviewRefused

if TYPE_CHECKING:
    from articles.models import ArticlePage

PERMISSION = "articles.view_articlepage"
LONGEST = 1000


@dataclass(frozen=True)
class Noted:
    """A comment as the desk shows it. ``where`` is its place in words."""

    comment: Comment
    where: str
    may_resolve: bool


def open_comments(article: "ArticlePage") -> list[Comment]:
    """Comments nobody has resolved, oldest first, with who wrote them and the replies."""
    return list(
        Comment.objects.filter(page_id=article.pk, resolved_at=None)
        .select_related("user")
        .prefetch_related("replies__user")
        .order_by("pk")
    )


def noted(article: "ArticlePage", text: "ArticlePage", person: Any) -> list[Noted]:
    """The open comments of ``article`` for ``person``; ``text`` is its latest text."""
    found = open_comments(article)
    if not found:
        return []
    labels = {place.path: str(place) for place in places(text)}
    may_judge = _may_judge(person, article)
    return [
        Noted(
            comment,
            _where(comment.contentpath, labels),
            comment.user_id == person.pk or may_judge,
        )
        for comment in found
    ]


def why_not_ready(article: "ArticlePage") -> str:
    """Why open comments keep ``article`` from 待发布; empty when there are none."""
    found = open_comments(article)
    if not found:
        return ""
    said = "；".join(f"{c.user}：“{_short(c.text)}”" for c in found[:5])
    more = "等" if len(found) > 5 else ""
    return (
        f"还有 {len(found)} 条批注没有解决（{said}{more}），不能进入待发布。"
        "请作者改好后由提出的人点“已解决”，或退回修改。"
    )


@transaction.atomic
def add(actor: Any, article: "ArticlePage", path: str, text: str) -> Comment:
    """Note ``text`` at the place ``path`` of the latest revision.

    Raises:
        ReviewRefused: no permission, no words, or the place is not there.
    """
    article = _locked(actor, article)
    latest = article.get_latest_revision()
    at = next((p for p in places(latest.as_object()) if p.path == path), None)
    if at is None:
        raise ReviewRefused("批注的位置已经改动，请刷新页面后重新选择。")
    comment = Comment(
        page_id=article.pk,
        user=actor,
        text=_words(text, "批注"),
        contentpath=path,
        position=at.position,
        revision_created=latest,
    )
    comment.save()
    comment.log_create(user=actor, page_revision=latest)
    audit.record(actor, "article.comment", article, {"text": comment.text, "where": str(at)})
    return comment


@transaction.atomic
def reply(actor: Any, article: "ArticlePage", comment_pk: Any, text: str) -> CommentReply:
    """Answer an open comment, such as 已改.

    Raises:
        ReviewRefused: no permission, no words, or it is resolved or gone.
    """
    article = _locked(actor, article)
    comment = _open(article, comment_pk)
    answer = CommentReply.objects.create(comment=comment, user=actor, text=_words(text, "回复"))
    answer.log_create(user=actor)
    return answer


@transaction.atomic
def resolve(actor: Any, article: "ArticlePage", comment_pk: Any) -> None:
    """Settle an open comment.

    Raises:
        ReviewRefused: not the actor's to settle, or it is resolved or gone.
    """
    article = _locked(actor, article)
    comment = _open(article, comment_pk)
    if refusal := why_not_resolve(actor, article, comment):
        raise ReviewRefused(refusal)
    comment.resolved_at, comment.resolved_by = timezone.now(), actor
    comment.save()
    comment.log_resolve(user=actor)
    audit.record(actor, "article.comment_resolve", article, {"text": comment.text})


def why_not_resolve(person: Any, article: "ArticlePage", comment: Comment) -> str:
    """Why ``person`` may not settle ``comment``; empty when they may."""
    if comment.user_id == person.pk or _may_judge(person, article):
        return ""
    return (
        f"这条批注由{comment.user}提出，要由{comment.user}或其他审核人点“已解决”。"
        "您改好后，请在批注下回复“已改”。"
    )


def where(path: str, text: "ArticlePage") -> str:
    """The place ``path`` of ``text`` in words."""
    return _where(path, {place.path: str(place) for place in places(text)})


def _may_judge(person: Any, article: "ArticlePage") -> bool:
    """Whether ``person`` gives any review and did not write this text."""
    authors = approvals.authors_since_live(article)
    return any(
        task.admits(person) and not rules.why_not_review(person.pk, task.dimension, authors, [])
        for task in ReviewTask.objects.filter(active=True)
    )


def _where(path: str, labels: dict[str, str]) -> str:
    if path in labels:
        return labels[path]
    field, _, rest = path.partition(".")
    block = f"{field}.{rest.partition('.')[0]}"
    inside = next((label for at, label in labels.items() if f"{at}.".startswith(f"{block}.")), "")
    return inside or "（原来的位置已经改掉）"


def _open(article: "ArticlePage", pk: Any) -> Comment:
    found = (
        Comment.objects.filter(page_id=article.pk, pk=pk).first() if str(pk).isdecimal() else None
    )
    if found is None or found.resolved_at is not None:
        raise ReviewRefused("这条批注已经解决或删除，请刷新页面查看。")
    return found


def _words(text: str, what: str) -> str:
    words = text.strip()
    if not words:
        raise ReviewRefused(f"请写下{what}的内容。")
    if len(words) > LONGEST:
        raise ReviewRefused(f"{what}最多 {LONGEST} 字，现在有 {len(words)} 字，请写短些。")
    return words


def _short(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:30]}…"


def _locked(actor: Any, article: "ArticlePage") -> "ArticlePage":
    """The article read again with its row locked; only who may read drafts comments."""
    if not actor.has_perm(PERMISSION):
        raise ReviewRefused("您没有查看稿件的权限，不能写批注。")
    Page.objects.select_for_update().get(pk=article.pk)
    return type(article).objects.get(pk=article.pk)
