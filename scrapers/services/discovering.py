"""Articles found on an index page: watched by the machine, vouched for by a person once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from cms.ops import audit
from rankings.evidence import service as evidence
from rankings.evidence.models import Sighting
from rankings.periods import SHANGHAI

from .. import discovery
from ..discovery import Link
from ..fetch_errors import AddressRefused
from ..fetching import check_address
from ..models import Candidate, CandidateState, Run, Source
from ..titles import matches
from .errors import ScrapeError
from .extracting import storable


@dataclass(frozen=True)
class Looked:
    """``address`` of the month's article, or "" and why there is none to fetch."""

    address: str
    sentence: str = ""


def confirmed_address(run: Run) -> str:
    """The article of the run's month that was confirmed last; "" when none was."""
    confirmed = (
        run.source.candidates.filter(month=run.month, state=CandidateState.CONFIRMED)
        .order_by("-decided_at", "-pk")
        .first()
    )
    return confirmed.address if confirmed else ""


def look(run: Run, index: Sighting) -> Looked:
    """Search the stored index page for the article of the run's month.

    What is found is written down. It is used by itself only when a person has confirmed an article
    found with the same index and pattern, and when it is the only one; an article confirmed for
    this month stays the one, and further ones are offered. Raises ``EvidenceError``,
    ``IndexUnreadable``, ``PageRefused`` and ``AddressRefused``.
    """
    source, month = run.source, run.statistics_month
    links = discovery.read_index(
        evidence.read(index.capture),
        url=index.final_url or index.url,
        content_type=index.content_type,
    )
    with transaction.atomic():
        # Two runs of a source never look at once, but a person may decide meanwhile.
        source = Source.objects.select_for_update().get(pk=source.pk)
        rejected = source.candidates.filter(state=CandidateState.REJECTED)
        found = discovery.find(
            links,
            source.title_pattern,
            month,
            index.fetched_at.astimezone(SHANGHAI).date(),
            skip=rejected.values_list("address", flat=True),
        )
        for link in _fetchable(found, source):
            Candidate.objects.get_or_create(
                source=source,
                month=month.index,
                address=link.address,
                defaults={"title": storable(link.title), "sighting": index},
            )
        if known := confirmed_address(run):
            return Looked(known)
        waiting = list(source.candidates.filter(month=month.index, state=CandidateState.WAITING))
        if not waiting:
            return Looked("", f"目录页上还没有{month.label}的榜单文章，下一个抓取日再看。")
        if len(waiting) > 1:
            return Looked(
                "",
                f"目录页上有 {len(waiting)} 篇文章都像{month.label}的榜单，"
                "请到“发现的文章”确认是哪一篇。",
            )
        (candidate,) = waiting
        if source.confirmed_pattern != source.pattern_to_confirm or not found:
            return Looked(
                "",
                f"在目录页上找到《{candidate.title}》，请到“发现的文章”确认是不是榜单；"
                "确认一次以后，各月自动采用。",
            )
        _confirm(None, candidate, {"rule": source.title_pattern})
        return Looked(candidate.address)


def confirm_candidate(actor: Any, candidate: Candidate) -> Candidate:
    """Vouch for an article, and so for its index and pattern from now on.

    Fetching it is another action. Raises ``PermissionDenied`` or ``ScrapeError``.
    """
    with transaction.atomic():
        source, held = _hold(actor, candidate, CandidateState.CONFIRMED)
        try:
            check_address(held.address, source.hosts)
        except AddressRefused as error:
            raise ScrapeError(str(error)) from error
        # An article found by an earlier pattern says nothing about the one that holds now.
        if matches(source.title_pattern, held.title, held.statistics_month):
            source.confirmed_pattern = source.pattern_to_confirm
            source.save(update_fields=["confirmed_pattern"])
        _confirm(actor, held, {})
    return held


def reject_candidate(actor: Any, candidate: Candidate) -> Candidate:
    """Say that an article is no list; its address is never offered again.

    Raises ``PermissionDenied`` or ``ScrapeError``.
    """
    with transaction.atomic():
        _, held = _hold(actor, candidate, CandidateState.REJECTED)
        held.state, held.decided_by, held.decided_at = (
            CandidateState.REJECTED,
            actor,
            timezone.now(),
        )
        held.save(update_fields=["state", "decided_by", "decided_at"])
        audit.record(actor, "candidate.reject", held, _detail(held))
    return held


def _hold(actor: Any, candidate: Candidate, wanted: str) -> tuple[Source, Candidate]:
    if actor is None or not actor.has_perm("scrapers.review_run"):
        raise PermissionDenied("您没有核对抓取结果的权限。")
    source = Source.objects.select_for_update().get(pk=candidate.source_id)
    held = Candidate.objects.select_for_update().get(pk=candidate.pk)
    if held.state == wanted:
        raise ScrapeError(f"《{held}》已经是“{held.get_state_display()}”，请刷新页面查看。")
    return source, held


def _confirm(actor: Any, candidate: Candidate, detail: dict[str, str]) -> None:
    candidate.state = CandidateState.CONFIRMED
    candidate.decided_by, candidate.decided_at = actor, timezone.now()
    candidate.save(update_fields=["state", "decided_by", "decided_at"])
    audit.record(actor, "candidate.confirm", candidate, {**_detail(candidate), **detail})


def _detail(candidate: Candidate) -> dict[str, str]:
    return {"month": str(candidate.statistics_month), "original_url": candidate.address}


def _fetchable(found: Sequence[Link], source: Source) -> list[Link]:
    """Those that may be fetched; raises ``AddressRefused`` when none of several may."""
    fetchable, refusal = [], None
    for link in found:
        try:
            check_address(link.address, source.hosts)
        except AddressRefused as error:
            refusal = error
        else:
            fetchable.append(link)
    if refusal is not None and not fetchable:
        raise AddressRefused(f"目录页上找到的文章不能抓取：{refusal}") from refusal
    return fetchable
