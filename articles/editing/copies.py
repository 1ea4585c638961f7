"""Which of the copies that browsers keep of typed text have been saved since.

The copies themselves never leave the person's computer; here only their random names are noted,
in the person's own session, so that the editor offers none that was saved.
"""

import re

from django.http import HttpRequest

# How the editor's script names a copy, and how many names a session keeps.
_NAME = re.compile(r"[0-9a-f]{32}")
_MOST = 50
_KEY = "saved_copies"


def note_saved(request: HttpRequest) -> None:
    """Note that the posted form, and so its copy, has been saved."""
    name = request.POST.get("copy", "")
    if _NAME.fullmatch(name):
        request.session[_KEY] = [*saved(request), name][-_MOST:]


def saved(request: HttpRequest) -> list[str]:
    return request.session.get(_KEY, [])
