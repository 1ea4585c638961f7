"""The Word templates of briefs: trying, keeping, choosing."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from cms.ops import audit
from media.fonts import FontMissing

from ..briefs import word
from ..briefs.templates import TemplateRefused
from ..evidence import service as evidence
from ..evidence.models import Sighting
from ..models import BriefTemplate
from .briefs import clean
from .errors import RankingError, require

NAME_LIMIT = BriefTemplate._meta.get_field("name").max_length


def add_template(actor: Any, name: str, data: bytes) -> BriefTemplate:
    """Try an edited Word template and take it into use. Raises ``RankingError``."""
    require(actor, "make_brief")
    name = clean(name.strip())[:NAME_LIMIT] or "简报模板"
    try:
        word.check_template(data)
    except (TemplateRefused, FontMissing) as error:
        raise RankingError(f"模板没有收下：{error}") from error
    with transaction.atomic():
        try:
            sighting = evidence.store(
                data,
                kind=Sighting.Kind.UPLOAD,
                fetched_at=timezone.now(),
                content_type=word.CONTENT_TYPE,
            )
        except evidence.EvidenceError as error:
            raise RankingError(f"模板没有收下：{error}") from error
        template = BriefTemplate.objects.create(
            name=name, capture=sighting.capture, uploaded_by=actor
        )
        audit.record(
            actor,
            "rankings.brief.template.add",
            template,
            {"sha256": sighting.capture.sha256},
        )
        use_template(actor, template)
    return template


@transaction.atomic
def use_template(actor: Any, template: BriefTemplate | None) -> None:
    """Make new briefs with ``template``; None is the one that comes with the project."""
    require(actor, "make_brief")
    list(BriefTemplate.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    BriefTemplate.objects.filter(is_active=True).update(is_active=False)
    if template is not None:
        template.is_active = True
        template.save(update_fields=["is_active"])
    audit.record(
        actor,
        "rankings.brief.template.use",
        template,
        {"to": "默认模板" if template is None else template.name},
    )


def template_bytes(template: BriefTemplate | None) -> bytes:
    """The file of a template. Raises ``EvidenceError`` when it is lost or damaged."""
    return word.default() if template is None else evidence.read(template.capture)
