"""What goes wrong with evidence. Every message is a Chinese sentence for people."""


class EvidenceError(Exception):
    """Evidence cannot be kept or read."""


class EvidenceMissing(EvidenceError):
    """The row is there and the file is not."""


class EvidenceDamaged(EvidenceError):
    """The file no longer holds the bytes whose hash it is named by."""


class EvidenceUnreachable(EvidenceError):
    """The store does not answer or does not let us in: nothing is said about the file."""


class StoreUnreachable(OSError):
    """Raised by a store: it does not answer, or refuses; the message says why and what to do."""
