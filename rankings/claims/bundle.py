"""The evidence bundle: one zip with which anyone can check a claim without our software.

The same claim makes the same bytes. Kept web pages go in as text (``.html.txt``): a double click
must never run a stranger's script; the bytes, and so the hash, are those that were kept.
"""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.template.loader import render_to_string

from cms.ops.models import AuditEntry

from ..evidence import service as evidence
from ..evidence.kinds import HTML, TEXT, UNKNOWN, FileKind, kind_of
from ..evidence.models import Capture
from ..models import Claim, ClaimProof, ClaimStatus
from . import presenting
from .freezing import canonical, document
from .records import moment
from .wording import chinese_day, public_note

FORMAT = 1
_EXPORTED = frozenset({ClaimStatus.APPROVED, ClaimStatus.REVIEW, ClaimStatus.WITHDRAWN})
# The earliest time a zip can hold: nothing in it depends on when it was written.
_TIME = (1980, 1, 1, 0, 0, 0)
_VERIFIER = Path(__file__).with_name("bundle_verifier.py")
_APPROVALS = ("rankings.claim.approve", "rankings.claim.restore")
_DEAD_SUFFIX = {HTML: "html.txt", TEXT: "txt", UNKNOWN: "bin"}


class BundleError(Exception):
    """The bundle cannot be made; the message is a Chinese sentence."""


def may_be_exported(claim: Claim) -> bool:
    """A claim that nobody approved is nobody's word."""
    return claim.status in _EXPORTED and approval_of(claim)[1] is not None


def file_name(claim: Claim) -> str:
    return f"{claim.number}-证据包.zip"


def suffix_of(kind: FileKind) -> str:
    """The ending under which bytes of a kind are harmless to open."""
    return _DEAD_SUFFIX.get(kind, kind.suffix)


def approval_of(claim: Claim) -> tuple[str, datetime | None]:
    """Who approved the claim last, and when; the audit log remembers it after a withdrawal."""
    if claim.status != ClaimStatus.WITHDRAWN:
        return "" if claim.decided_by is None else str(claim.decided_by), claim.decided_at
    entry = (
        AuditEntry.objects.filter(
            object_type=Claim._meta.label_lower, object_id=str(claim.pk), action__in=_APPROVALS
        )
        .order_by("pk")
        .last()
    )
    return ("", None) if entry is None else (entry.actor_name, entry.at)


def public_form(claim: Claim) -> dict[str, Any]:
    """``claim.json``: the frozen document with its hash, who approved it and how it stands."""
    approver, approved_at = approval_of(claim)
    return {
        "format": FORMAT,
        "number": claim.number,
        "status": claim.status,
        "status_label": claim.get_status_display(),
        "public_note": public_note(claim),
        "approved_by": approver,
        "approved_at": None if approved_at is None else moment(approved_at),
        "frozen_sha256": claim.frozen_sha256,
        "document": document(claim.frozen),
    }


def write(claim: Claim, target: IO[bytes]) -> None:
    """Write the bundle of ``claim`` into ``target``, one piece of evidence in memory at a time.

    Raises ``BundleError`` when a piece is missing or damaged; ``target`` is worthless then.
    """
    if not may_be_exported(claim):
        raise BundleError("结论还没有批准，不能导出证据包。")
    files: dict[str, tuple[str, int]] = {}
    names: dict[str, str] = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:

        def put(name: str, data: bytes) -> None:
            files[name] = (hashlib.sha256(data).hexdigest(), len(data))
            _put(archive, name, data)

        shown = document(claim.frozen)
        kept = {
            capture.sha256: capture
            for capture in Capture.objects.filter(sha256__in=shown["evidence_hashes"])
        }
        for sha256 in sorted(shown["evidence_hashes"]):
            data = _read(kept.get(sha256), sha256)
            names[sha256] = f"captures/{sha256}.{suffix_of(kind_of(data))}"
            put(names[sha256], data)
        form = public_form(claim)
        put("claim.json", canonical(form))
        put("index.html", _page(claim, form, names).encode())
        put("verify.py", _VERIFIER.read_bytes())
        put("README.txt", _readme(claim).encode())
        manifest = {
            "format": FORMAT,
            "claim": claim.number,
            "files": [
                {"path": name, "sha256": files[name][0], "size": files[name][1]}
                for name in sorted(files)
            ],
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
        _put(archive, "manifest.json", text.encode())


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, _TIME)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = 0o644 << 16
    archive.writestr(info, data)


def _read(capture: Capture | None, sha256: str) -> bytes:
    if capture is None:
        raise BundleError(f"存证 {sha256[:12]} 的登记不见了，请从备份恢复后再导出。")
    try:
        return evidence.read(capture)
    except evidence.EvidenceError as error:
        raise BundleError(f"证据不完整，不能导出：{error}") from error


def _page(claim: Claim, form: Mapping[str, Any], names: Mapping[str, str]) -> str:
    shown = form["document"]
    _, approved_at = approval_of(claim)
    months = presenting.shown_months(shown, files=names)
    return render_to_string(
        "rankings/claims/bundle_page.html",
        {
            "claim": claim,
            "form": form,
            "document": shown,
            "proof": ClaimProof(shown["proof"]),
            "months": months,
            "years": presenting.years_of(months),
            "missing": presenting.missing(months),
            "links": presenting.shown_links(shown),
            "approved_on": chinese_day(approved_at) if approved_at else "",
            "holds": claim.status == ClaimStatus.APPROVED,
        },
    )


def _readme(claim: Claim) -> str:
    return render_to_string("rankings/claims/bundle_readme.txt", {"claim": claim})
