"""What people may do with monthly briefs: drafting, issuing, correcting by another one."""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from cms.ops import audit
from cms.version import VERSION
from media.fonts import FontMissing

from ..briefs import content, excel, pdf, remarks, word
from ..briefs.content import Base, Composition, NothingToBrief
from ..briefs.differences import differences
from ..briefs.pdf import PdfUnavailable
from ..briefs.templates import TemplateRefused
from ..evidence import service as evidence
from ..evidence.models import Sighting
from ..models import (
    Account,
    Board,
    Brief,
    BriefFile,
    BriefFormat,
    BriefStatus,
    BriefTemplate,
)
from ..periods import SHANGHAI, Month
from ..queries import lineage_of
from .errors import RankingError, require
from .writing import lock_boards

REMARKS_LIMIT = 4000
REASON_LIMIT = 300
# How often a number is tried while others take theirs.
_TRIES = 20
# What neither XML 1.0 nor PostgreSQL's JSON can hold.
_NOT_TEXT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


# --- drafting -------------------------------------------------------------------------------------


@transaction.atomic
def make_brief(actor: Any, board: Board, account: Account, month: Month) -> Brief:
    """Draft the brief of a month from the record as it is now.

    Raises ``RankingError`` where there is nothing to say or the month has its brief already.
    """
    require(actor, "make_brief")
    lock_boards([board.pk])
    same = Brief.objects.filter(board=board, account=account, month=month.index)
    if (draft := same.filter(status=BriefStatus.DRAFT).first()) is not None:
        raise RankingError(
            f"“{account}”{month.label}的简报已有草稿（{draft.made_by or '系统'}编写），"
            "请在那份草稿上继续。"
        )
    if (issued := same.order_by("-pk").first()) is not None:
        raise RankingError(
            f"“{account}”{month.label}的简报已经签发（{issued.number}）；有错请在那一期里点"
            "“编写更正版”。"
        )
    return _draft(actor, board, account, month)


@transaction.atomic
def correct_brief(actor: Any, brief: Brief, reason: str) -> Brief:
    """Draft 更正第 N 号 of an issued brief; the issued one stays as it is.

    Raises ``RankingError`` without a reason, or where a corrected one exists.
    """
    require(actor, "make_brief")
    reason = checked_reason(reason, "请写明更正理由，会印在更正版上。")
    lock_boards([brief.board_id])
    old = locked(brief, BriefStatus.ISSUED)
    if (later := old.replaced_by.first()) is not None:
        name = later.number or "一份草稿"
        raise RankingError(f"{old.number} 已经有更正版（{name}），请在更正版上继续。")
    return _draft(actor, old.board, old.account, old.statistics_month, replaces=old, reason=reason)


def _draft(
    actor: Any,
    board: Board,
    account: Account,
    month: Month,
    *,
    replaces: Brief | None = None,
    reason: str = "",
) -> Brief:
    brief = Brief(board=board, account=account, month=month.index, replaces=replaces, made_by=actor)
    composition = composed(brief)
    brief.title = composition.document["title"]
    brief.document = clean(
        composition.document
        | _correction(composition.document, replaces, reason)
        | {"writers": _with_writer((), actor)}
    )
    brief.save()
    brief.observations.set(composition.observations)
    detail = {"month": str(month)}
    if replaces is not None:
        detail |= {"supersedes": replaces.number, "reason": reason}
    action = "rankings.brief.make" if replaces is None else "rankings.brief.correct"
    audit.record(actor, action, brief, detail)
    return brief


@transaction.atomic
def edit_brief(actor: Any, brief: Brief, text: str) -> Brief:
    """Set 编者的话 of a draft; whoever does it is one of its writers and cannot issue it.

    Raises ``RankingError`` for a text too long or one that claims more than is proved.
    """
    require(actor, "make_brief")
    text = clean(text.strip().replace("\r\n", "\n"))
    if len(text) > REMARKS_LIMIT:
        raise RankingError(f"编者的话太长（{len(text)} 字），最多 {REMARKS_LIMIT} 字。")
    brief = locked(brief, BriefStatus.DRAFT)
    if objection := remarks.objection(text, brief.document):
        raise RankingError(objection)
    if text == brief.remarks:
        return brief
    brief.remarks = text
    brief.document["writers"] = _with_writer(brief.document["writers"], actor)
    brief.save(update_fields=["remarks", "document"])
    audit.record(actor, "rankings.brief.edit", brief, {"fields": ["编者的话"]})
    return brief


@transaction.atomic
def refresh_brief(actor: Any, brief: Brief) -> list[dict[str, str]]:
    """Take the record as it is now into a draft; answers what changed."""
    require(actor, "make_brief", "issue_brief")
    brief = locked(brief, BriefStatus.DRAFT)
    composition = composed(brief)
    changed = differences(brief.document, composition.document)
    old = brief.document
    reason = (old.get("correction") or {}).get("reason", "")
    brief.document = clean(
        composition.document
        | _correction(composition.document, brief.replaces, reason)
        | {"writers": old["writers"]}
    )
    brief.title = brief.document["title"]
    brief.save(update_fields=["document", "title"])
    brief.observations.set(composition.observations)
    audit.record(actor, "rankings.brief.refresh", brief, {"findings": len(changed)})
    return changed


@transaction.atomic
def discard_brief(actor: Any, brief: Brief) -> None:
    """Throw a draft away; an issued brief is never deleted."""
    require(actor, "make_brief")
    brief = locked(brief, BriefStatus.DRAFT)
    audit.record(actor, "rankings.brief.discard", brief, {"month": str(brief.statistics_month)})
    brief.delete()


def pending_changes(brief: Brief) -> list[dict[str, str]]:
    """What the record says otherwise than a draft by now; reads only."""
    return differences(brief.document, composed(brief).document)


def printed(brief: Brief) -> dict[str, Any]:
    """The document as it is shown: a draft's with what people wrote beside it."""
    if brief.status == BriefStatus.ISSUED:
        return brief.document
    return {**brief.document, "remarks": brief.remarks}


def digest(brief: Brief) -> str:
    """What a second person saw and issues, in one hash."""
    text = json.dumps(printed(brief), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


# --- issuing --------------------------------------------------------------------------------------


def issue_brief(actor: Any, brief: Brief, *, seen: str = "") -> Brief:
    """Number the brief, freeze it, and keep it as Word, Excel and PDF: all of it or nothing.

    ``seen`` is the ``digest`` of what the person had on the screen. The files are written before
    anything is locked; then the record is compared once more, with its boards locked, so that no
    recording slips in between. Raises ``PermissionDenied``, and ``RankingError`` for a writer of
    the brief, for a draft or a record that changed meanwhile, and where a file cannot be made.
    """
    if actor is None:
        raise PermissionDenied("签发必须由人来做。")
    require(actor, "issue_brief")
    for _ in range(_TRIES):
        draft = _loaded(brief)
        _may_issue(actor, draft, seen)
        moment = timezone.now()
        number = _next_number(moment)
        template = BriefTemplate.objects.filter(is_active=True).select_related("capture").first()
        document = _final(draft, actor, number, moment, template)
        files = _files(document, template, moment)
        try:
            with transaction.atomic():
                return _keep(actor, draft, document, files, template, moment)
        except IntegrityError:
            # Somebody else took the number meanwhile; a fault of any other kind is not hidden.
            if not Brief.objects.filter(number=number).exists():
                raise
    raise RankingError("编号正忙，请稍后再试。")


def _may_issue(actor: Any, draft: Brief, seen: str) -> None:
    if draft.status != BriefStatus.DRAFT:
        raise RankingError(f"这份简报已经签发（{draft.number}），不用再签发。")
    if actor.pk in {writer["id"] for writer in draft.document["writers"]}:
        raise RankingError("这份简报是您参与编写的，请由另一位同事签发。")
    if objection := remarks.objection(draft.remarks, draft.document):
        raise RankingError(objection)
    if seen and seen != digest(draft):
        raise RankingError("这份草稿在您打开以后有改动，请看过现在的内容再签发。")


def _next_number(moment: dt.datetime) -> str:
    """JB-2026-001, counted in the Beijing year."""
    prefix = f"JB-{moment.astimezone(SHANGHAI).year}-"
    taken = Brief.objects.filter(number__startswith=prefix).values_list("number", flat=True)
    last = max((int(number.removeprefix(prefix)) for number in taken), default=0)
    return f"{prefix}{last + 1:03d}"


def _final(
    draft: Brief, actor: Any, number: str, moment: dt.datetime, template: BriefTemplate | None
) -> dict[str, Any]:
    return clean(
        {
            **printed(draft),
            "number": number,
            "issued_on": moment.astimezone(SHANGHAI).date().isoformat(),
            "issued_by": _name(actor),
            "code_version": VERSION,
            "template": None
            if template is None
            else {"name": template.name, "sha256": template.capture.sha256},
        }
    )


def _files(
    document: Mapping[str, Any], template: BriefTemplate | None, moment: dt.datetime
) -> dict[str, tuple[bytes, str]]:
    """Bytes and content type of each format. Raises ``RankingError`` when one cannot be made."""
    try:
        form = word.default() if template is None else evidence.read(template.capture)
        return {
            BriefFormat.DOCX: (word.write(document, form, moment), word.CONTENT_TYPE),
            BriefFormat.XLSX: (excel.write(document, moment), excel.CONTENT_TYPE),
            BriefFormat.PDF: (pdf.write(document, moment), pdf.CONTENT_TYPE),
        }
    except (TemplateRefused, FontMissing, PdfUnavailable, evidence.EvidenceError) as error:
        raise RankingError(f"没有签发：{error}") from error


def _keep(
    actor: Any,
    draft: Brief,
    document: dict[str, Any],
    files: Mapping[str, tuple[bytes, str]],
    template: BriefTemplate | None,
    moment: dt.datetime,
) -> Brief:
    """The transaction of issuing."""
    # Recordings lock their boards first: none of them can slip in between.
    lock_boards(board.pk for board in lineage_of(draft.board).boards)
    brief = locked(draft, BriefStatus.DRAFT)
    if digest(brief) != digest(draft):
        raise RankingError("这份草稿刚刚有改动，请看过现在的内容再签发。")
    if changed := pending_changes(brief):
        raise RankingError(
            f"名次记录在起草以后有变化（{changed[0]['text'].rstrip('。')}），"
            "请先点“刷新内容”，看过再签发。"
        )
    brief.number, brief.status = document["number"], BriefStatus.ISSUED
    brief.document, brief.template = document, template
    brief.issued_by, brief.issued_at = actor, moment
    brief.verified_at = moment
    brief.save()
    for name, (data, content_type) in files.items():
        try:
            sighting = evidence.store(
                data, kind=Sighting.Kind.UPLOAD, fetched_at=moment, content_type=content_type
            )
        except evidence.EvidenceError as error:
            raise RankingError(f"没有签发：{error}") from error
        BriefFile.objects.create(brief=brief, format=name, capture=sighting.capture)
    audit.record(
        actor,
        "rankings.brief.issue",
        brief,
        {"number": brief.number, "sha256": digest(brief)},
    )
    if brief.replaces_id is not None:
        Brief.objects.filter(pk=brief.replaces_id).update(review_since=None)
    return brief


def file_of(brief: Brief, name: str) -> tuple[BriefFile, bytes]:
    """The archived bytes, hash checked. ``LookupError`` without such a file, ``EvidenceError``."""
    kept = brief.files.select_related("capture").filter(format=name).first()
    if kept is None:
        raise LookupError(name)
    return kept, evidence.read(kept.capture)


# --- helpers --------------------------------------------------------------------------------------


def composed(brief: Brief, base: Callable[[Board], Base] | None = None) -> Composition:
    """The record as it is now, beside the accounts a kept document compares with."""
    compared = None
    if brief.pk is not None:
        compared = [row["key"] for row in brief.document["compared"]]
    try:
        return content.compose(
            brief.board,
            brief.account,
            brief.statistics_month,
            compared=compared,
            base=None if base is None else base(brief.board),
        )
    except NothingToBrief as error:
        raise RankingError(str(error)) from error


def _correction(document: Mapping[str, Any], replaces: Brief | None, reason: str) -> dict[str, Any]:
    if replaces is None:
        return {"correction": None}
    ordinal, earlier = 1, replaces
    while earlier.replaces_id is not None:
        ordinal, earlier = ordinal + 1, earlier.replaces
    return {
        "correction": {
            "of": replaces.number,
            "ordinal": ordinal,
            "reason": reason,
            "differences": differences(replaces.document, document),
        }
    }


def _with_writer(writers: Sequence[Mapping[str, Any]], actor: Any) -> list[dict[str, Any]]:
    kept = [dict(writer) for writer in writers]
    if actor is not None and all(writer["id"] != actor.pk for writer in kept):
        kept.append({"id": actor.pk, "name": _name(actor)})
    return kept


def _name(actor: Any) -> str:
    return str(actor)


def checked_reason(text: str, needed: str) -> str:
    text = clean(text.strip())
    if not text:
        raise RankingError(needed)
    if len(text) > REASON_LIMIT:
        raise RankingError(f"理由太长（{len(text)} 字），最多 {REASON_LIMIT} 字。")
    return text


def clean(value: Any) -> Any:
    """Without characters that no document and no JSON column can hold."""
    if isinstance(value, str):
        return _NOT_TEXT.sub("", value)
    if isinstance(value, Mapping):
        return {key: clean(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [clean(each) for each in value]
    return value


def _loaded(brief: Brief) -> Brief:
    found = Brief.objects.select_related("board", "account", "replaces").filter(pk=brief.pk)
    if (row := found.first()) is None:
        raise RankingError("这份简报已经不在了，请回到列表。")
    return row


def locked(brief: Brief, status: str) -> Brief:
    """The row, locked. Raises ``RankingError`` when it is gone or stands otherwise."""
    row = (
        Brief.objects.select_for_update(of=("self",))
        .select_related("board", "account", "replaces")
        .filter(pk=brief.pk)
        .first()
    )
    if row is None:
        raise RankingError("这份简报已经不在了，请回到列表。")
    if row.status != status:
        raise RankingError(f"这份简报现在是“{row.get_status_display()}”，请刷新页面。")
    return row
