"""How the review says no."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied


class ReviewRefused(PermissionDenied):
    """The action is against the rules or came too late; the message is a Chinese sentence."""


class FormIncomplete(ReviewRefused):
    """The reviewer's form lacks something; ``reasons`` are the sentences, one a gap."""

    def __init__(self, reasons: Sequence[str]):
        self.reasons = list(reasons)
        super().__init__("还不能通过：" + "".join(self.reasons))
