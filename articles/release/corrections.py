"""更正: a dated note below a live article, written by one person and let out by another.

Notes are no part of the content digest: the text stays as it was approved, and readers see both.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone

from cms.ops import audit

from ..locking import locked
from ..models import ArticlePage, CorrectionNote, CorrectionStatus, WeChatAction
from . import rules
from .base import ReleaseRefused, demand, written

PROPOSE, CONFIRM = "articles.propose_correction", "articles.confirm_correction"
MIN_TEXT, MAX_TEXT = 5, 500
MIN_DECLINE, MAX_DECLINE = 5, 300


@transaction.atomic
def propose_correction(
    actor: Any, article: ArticlePage, text: str, wechat_action: str
) -> CorrectionNote:
    """Propose to print ``text`` below the article; ``wechat_action`` is one of `WeChatAction`.

    Raises:
        ReleaseRefused: no permission, nothing written, or the article is not live.
    """
    demand(actor, PROPOSE, "您没有提出更正的权限。更正由编辑或发布人员提出。")
    text = written(text, "更正内容", MIN_TEXT, MAX_TEXT)
    if wechat_action not in WeChatAction.values:
        raise ReleaseRefused("请选择微信里的那一篇是怎样处理的。")
    article = _live(article)
    if article.correction_notes.waiting().filter(text=text).exists():
        raise ReleaseRefused("同样的更正已经提出，正在等第二人确认。")
    note = CorrectionNote.objects.create(
        article=article, text=text, wechat_action=wechat_action, proposed_by=actor
    )
    audit.record(actor, "article.correction_propose", article, {"text": text})
    return note


@transaction.atomic
def publish_correction(actor: Any, note: CorrectionNote) -> None:
    """Print a proposed note below its article, as the second person.

    Raises:
        ReleaseRefused: the actor may not, it was answered already, or the article is not live.
    """
    demand(actor, CONFIRM, "您没有确认更正的权限。更正由审核或发布人员作为第二人确认。")
    note, article = _awaited(note)
    if refusal := rules.why_not_confirm_correction(actor.pk, note.proposed_by_id):
        raise ReleaseRefused(refusal)
    _live(article)
    _answer(note, CorrectionStatus.PUBLISHED, actor)
    audit.record(
        actor,
        "article.correction_publish",
        article,
        {"text": note.text, "wechat": note.get_wechat_action_display()},
    )


@transaction.atomic
def decline_correction(actor: Any, note: CorrectionNote, reason: str) -> None:
    """Answer no to a proposed note; its proposer may take it back in the same way.

    Raises:
        ReleaseRefused: the actor may not, no reason, or it was answered already.
    """
    reason = written(reason, "不同意的原因", MIN_DECLINE, MAX_DECLINE)
    note, article = _awaited(note)
    if actor.pk != note.proposed_by_id:
        demand(actor, CONFIRM, "您没有答复更正的权限。更正由审核或发布人员作为第二人答复。")
    _answer(note, CorrectionStatus.DECLINED, actor, reason)
    audit.record(actor, "article.correction_decline", article, {"reason": reason})


def close_withdrawn(actor: Any, article: ArticlePage, reason: str) -> None:
    """Settle what was proposed for an article that leaves the mirror."""
    for note in article.correction_notes.waiting():
        _answer(note, CorrectionStatus.DECLINED, actor, reason)
        audit.record(actor, "article.correction_decline", article, {"reason": reason})


def _live(article: ArticlePage) -> ArticlePage:
    article = locked(article)
    if not article.live:
        raise ReleaseRefused("这篇文章现在不在公开页面上，不能加更正。要改内容，请改稿后重新送审。")
    return article


def _awaited(note: CorrectionNote) -> tuple[CorrectionNote, ArticlePage]:
    """The note read again under its article's lock.

    Raises:
        ReleaseRefused: somebody has answered it.
    """
    article = locked(note.article)
    note = CorrectionNote.objects.get(pk=note.pk)
    if note.status != CorrectionStatus.PROPOSED:
        raise ReleaseRefused(f"这条更正已经处理过了（{note.get_status_display()}），请看最新状态。")
    return note, article


def _answer(note: CorrectionNote, status: CorrectionStatus, by: Any, words: str = "") -> None:
    note.status = status
    note.decided_by, note.decided_at, note.decision_note = by, timezone.now(), words
    note.save()
