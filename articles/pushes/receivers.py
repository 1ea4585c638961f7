"""What pushes listen to: whatever changes an article they hold undoes their approval."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.db.models.signals import post_save
from wagtail.models import Revision

from cms.ops import audit
from cms.ops.models import AuditEntry

from ..models import ArticlePage
from . import services


def connect() -> None:
    """Called once, when the app is ready."""
    post_save.connect(on_revision_saved, sender=Revision, dispatch_uid="pushes.revision")
    audit.recorded.connect(on_recorded, dispatch_uid="pushes.recorded")


def on_revision_saved(
    sender: Any, instance: Revision, created: bool, raw: bool = False, **kwargs: Any
) -> None:
    """A new text of a member is not the one that was approved, by whatever way it was saved."""
    articles = ContentType.objects.get_for_model(ArticlePage)
    if created and not raw and instance.content_type_id == articles.pk:
        article = int(instance.object_id)
        services.reopen(instance.user, article, f"《{instance.object_str}》保存了新的一稿")


def on_recorded(sender: Any, entry: AuditEntry, obj: Model | None, **kwargs: Any) -> None:
    """With a withdrawal the approvals of what was to follow are void."""
    if entry.action == "article.withdraw":
        services.reopen(entry.actor, obj.pk, f"《{entry.object_label}》撤稿")
