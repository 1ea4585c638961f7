"""Addresses of Wagtail's pages, without asking Wagtail for each of them."""

from collections.abc import Collection

from wagtail.models import Page, Site

from .models import MirrorFile, MirrorJob


def root_path() -> str:
    """The ``url_path`` of the page at ``/``, such as ``/home/``."""
    paths = Site.get_site_root_paths()
    return paths[0].root_path if paths else "/"


def address_of(page: Page | str, root: str | None = None) -> str:
    """The public address of a page or of a ``url_path``; ``root`` where it was asked before."""
    path = page if isinstance(page, str) else page.url_path
    return f"/{path.removeprefix(root_path() if root is None else root)}"


def addresses_below(address: str) -> set[str]:
    """All addresses at and below the page at ``address`` that the mirror has, or will have."""
    return {
        found
        for model in (MirrorFile, MirrorJob)
        for found in model.objects.filter(address__startswith=address)
        .values_list("address", flat=True)
        .iterator()
    }


def moved(addresses: Collection[str], old: str, new: str) -> set[str]:
    """``addresses`` below ``old`` as they are called below ``new``."""
    return {new + address.removeprefix(old) for address in addresses}
