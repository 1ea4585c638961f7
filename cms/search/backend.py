"""The search backend of the project: the one for the database it runs on."""

from typing import Any

from django.db import connection


def SearchBackend(params: dict[str, Any]) -> Any:
    """The backend for the database's vendor; `WAGTAILSEARCH_BACKENDS` names this module."""
    if connection.vendor == "postgresql":
        from .postgres import SearchBackend as backend
    else:
        from .sqlite import SearchBackend as backend
    return backend(params)
