"""What this app listens to."""

from cms.ops import audit
from cms.users.services import roles_synced
from rankings.signals import claim_changed

from . import claim_watch, guards, notifications, release, setup
from .intake import topics
from .pushes import receivers as pushes
from .review import checklists


def connect() -> None:
    """Called once, when the app is ready."""
    guards.connect()
    release.connect()
    pushes.connect()
    roles_synced.connect(setup.bind_workflow, dispatch_uid="articles.bind_workflow")
    roles_synced.connect(checklists.sync, dispatch_uid="articles.checklists")
    roles_synced.connect(setup.sync_site, dispatch_uid="articles.sync_site")
    claim_changed.connect(claim_watch.on_claim_changed, dispatch_uid="articles.claim_watch")
    audit.recorded.connect(notifications.on_recorded, dispatch_uid="articles.notifications")
    audit.recorded.connect(topics.on_recorded, dispatch_uid="articles.topics")
