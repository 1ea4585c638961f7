"""Making posters of proved claims."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from cms.ops import audit
from media import posters
from media.fonts import FontMissing

from .. import streaks
from ..evidence import service as evidence
from ..evidence.models import Sighting
from ..models import Claim, ClaimProof, ClaimStatus, Poster, PosterLayout
from ..posters import poster_text
from .errors import RankingError, require

CONTENT_TYPE = "image/png"
_PROVED = {streaks.FIRST, streaks.TIED, streaks.SUSPENDED}


def refusal(claim: Claim) -> str:
    """Why no poster may be made of ``claim``, with the way on; ``""`` when one may."""
    if claim.proof != ClaimProof.PROVED or not _proved_all_along(claim):
        return (
            f"结论 {claim.number} 是“{claim.get_proof_display()}”，还不能做海报。"
            "海报只用已逐月核实的结论：请先补齐每个月的证据并复核，再起草一条新的结论。"
        )
    if claim.status == ClaimStatus.PROPOSED:
        return f"结论 {claim.number} 还没有批准，请另一位同事批准后再做海报。"
    if claim.status == ClaimStatus.REVIEW:
        return f"结论 {claim.number} 需要复核，现在不能做海报。请先在结论页面核验，恢复有效后再做。"
    if not claim.holds:
        return (
            f"结论 {claim.number} {claim.get_status_display()}，不能做海报。"
            "请按现在的记录起草一条新的结论。"
        )
    return ""


def _proved_all_along(claim: Claim) -> bool:
    """What was frozen must bear out what the row says."""
    return {month["state"] for month in claim.frozen["months"]} <= _PROVED


def draw_poster(claim: Claim, layout: str) -> posters.Picture:
    """The poster as it would be made now; writes nothing.

    Raises ``RankingError``: the claim is not proved or does not hold, no Chinese font is installed,
    or a name is too long for the layout.
    """
    if layout not in PosterLayout.values:
        raise RankingError("没有这种版式，请在封面、方图、长图里选择。")
    if reason := refusal(claim):
        raise RankingError(reason)
    try:
        return posters.draw(poster_text(claim), posters.Layout(layout))
    except (FontMissing, posters.PosterError) as error:
        raise RankingError(str(error)) from error


@transaction.atomic
def make_poster(actor: Any, claim: Claim, layout: str) -> Poster:
    """Draw the poster of a proved claim that holds, keep its bytes and answer it.

    The same picture is one poster, however often it is asked for. Raises ``PermissionDenied``
    without the permission, ``RankingError`` as ``draw_poster`` and when the bytes cannot be kept.
    """
    require(actor, "make_poster")
    # A correction that turns the claim meanwhile waits, or has turned it already.
    locked = (
        Claim.objects.select_for_update(of=("self",))
        .select_related("board", "account")
        .get(pk=claim.pk)
    )
    picture = draw_poster(locked, layout)
    try:
        sighting = evidence.store(
            picture.data,
            kind=Sighting.Kind.PICTURE,
            fetched_at=timezone.now(),
            content_type=CONTENT_TYPE,
        )
    except evidence.EvidenceError as error:
        raise RankingError(str(error)) from error
    poster, made = Poster.objects.get_or_create(
        claim=locked,
        layout=layout,
        capture=sighting.capture,
        defaults={
            "colour": locked.account.colour,
            "width": picture.width,
            "height": picture.height,
            "made_by": actor,
        },
    )
    if made:
        audit.record(actor, "rankings.poster.make", poster, {"sha256": sighting.capture.sha256})
    return poster


def poster_bytes(poster: Poster) -> bytes:
    """The PNG to hand out. Raises ``RankingError`` when the claim on it no longer holds, or the
    kept bytes cannot be read."""
    if not poster.usable:
        claim = poster.claim
        raise RankingError(
            f"这张海报已失效，不能再用：结论 {claim.number} 现在是“{claim.get_status_display()}”。"
            "已经发出去的请撤下；结论恢复有效或有了新的结论后，再用新的海报。"
        )
    return _read(poster)


def shown_bytes(poster: Poster) -> bytes:
    """The PNG to look at: one whose claim does not hold has 已失效 across it.

    Raises ``RankingError`` when the kept bytes cannot be read.
    """
    data = _read(poster)
    if poster.usable:
        return data
    try:
        return posters.void(data)
    except FontMissing as error:
        raise RankingError(str(error)) from error


def _read(poster: Poster) -> bytes:
    try:
        return evidence.read(poster.capture)
    except evidence.EvidenceError as error:
        raise RankingError(str(error)) from error
