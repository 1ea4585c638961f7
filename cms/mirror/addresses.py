"""Public addresses: paths without query, such as ``/yaowen/`` or ``/feed.atom``.

Imports nothing: the layer that serves files outside Django uses it too.
"""

# What the application answers itself; everything else is a file of the mirror or not there.
APPLICATION = (
    "/admin/",
    "/api/",
    "/search/",
    "/feedback/new/",
    "/feedback/track/",
    "/documents/",
    "/media/",
    "/static/",
    "/-/",
)
HOME = "/"
NOT_FOUND = "/404.html"
GONE = "/410.html"
UNAVAILABLE = "/503.html"
DAY_STYLE = "/day.css"
# Whatever happens these stand: they are shown when something is missing.
GENERAL = (NOT_FOUND, GONE, UNAVAILABLE, DAY_STYLE)

INDEX = "index.html"
GONE_FILE = "410.html"
LONGEST = 500
LONGEST_NAME = 250  # of a file system's 255 bytes; the compressed copy needs some more
# Beside the pages lie files that stand for something else; an address has one file, a file one
# address.
RESERVED = frozenset({INDEX, *(each[1:] for each in GENERAL if each != DAY_STYLE)})
RESERVED_EXTENSIONS = frozenset({"gz"})


def is_application(path: str) -> bool:
    """Whether ``path`` belongs to the application, with or without its last slash."""
    return f"{path.rstrip('/')}/".startswith(APPLICATION)


def is_proper(address: str) -> bool:
    """Whether ``address`` can stand in the mirror: ASCII, no dots but an extension, no tricks."""
    if not address.startswith("/") or len(address) > LONGEST or is_application(address):
        return False
    *folders, last = address[1:].split("/")
    if not all(_is_name(folder) for folder in folders):
        return False
    stem, _, extension = last.partition(".")
    if not last or address in GENERAL:
        return True
    return (
        last not in RESERVED
        and extension not in RESERVED_EXTENSIONS
        and len(last) <= LONGEST_NAME
        and _is_name(stem)
        and extension.isascii()
        and extension.isalnum()
    )


def _is_name(part: str) -> bool:
    plain = part.replace("-", "").replace("_", "")
    return part.isascii() and plain.isalnum() and len(part) <= LONGEST_NAME


def file_of(address: str) -> str:
    """Where ``address`` lies below the mirror's root: ``/a/`` is ``a/index.html``.

    Raises:
        ValueError: the address cannot stand in the mirror.
    """
    if not is_proper(address):
        raise ValueError(f"not an address of the mirror: {address!r}")
    return address[1:] + (INDEX if address.endswith("/") else "")


def gone_file_of(address: str) -> str | None:
    """Where the 410 notice of ``address`` lies.

    Only pages have one, not feeds and the like; at the front page lies the notice for all others.
    """
    return address[1:] + GONE_FILE if address.endswith("/") and address != HOME else None
