"""How pushes say no."""

from django.core.exceptions import PermissionDenied


class PushRefused(PermissionDenied):
    """The action is against the rules or came too late; the message is a Chinese sentence."""
