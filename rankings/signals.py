"""What other apps may listen to."""

from django.dispatch import Signal

# Sent after commit with ``board``, ``account`` and ``months`` (a tuple of Month, or of nothing for
# a board that is not monthly), once for each account whose statements changed. Once more with
# ``account=None`` when the change can touch every account: a first place came or went, or the
# board turned out not to have been issued.
standing_changed = Signal()

# Sent after commit with ``claim`` whenever a claim was made or its status changed.
claim_changed = Signal()
