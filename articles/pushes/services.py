"""What people do with pushes, one function per action; the one place others call."""

from .assembling import add, create, dissolve, remove, reorder, set_form, why_not_join
from .base import APPROVE, ASSEMBLE, COMMIT, DELIVER, PLAN
from .committing import approve, commit, plan, reopen, uncommit, undo_approval
from .sending import publish_now, record_sent, retry, why_not_deliver

__all__ = [
    "APPROVE",
    "ASSEMBLE",
    "COMMIT",
    "DELIVER",
    "PLAN",
    "add",
    "approve",
    "commit",
    "create",
    "dissolve",
    "plan",
    "publish_now",
    "record_sent",
    "remove",
    "reopen",
    "reorder",
    "retry",
    "set_form",
    "uncommit",
    "undo_approval",
    "why_not_deliver",
    "why_not_join",
]
