"""What the tests of the mirror's work share."""

from collections.abc import Callable
from typing import Any

import pytest

from cms.mirror import jobs, rendering, worker
from cms.mirror.models import MirrorFile, MirrorJob
from cms.mirror.rendering import IS_GONE, NOT_THERE, OK, Rendered

PAGE, OTHER, FEED = "/yaowen/kaichao/", "/yaowen/heye/", "/yaowen/feed.atom"


class Site:
    """Public addresses with their words, in place of the site's views."""

    def __init__(self) -> None:
        self.words: dict[str, str] = {}
        self.gone: set[str] = set()
        self.broken: set[str] = set()
        self.rendered: list[str] = []
        self.meanwhile: dict[str, Callable[[], Any]] = {}

    def render(self, address: str) -> Rendered:
        """As `rendering.render`; ``meanwhile`` is what happens after the page was read."""
        self.rendered.append(address)
        if address in self.broken:
            raise ValueError(f"{address} is broken")
        if address in self.gone:
            made = Rendered(IS_GONE, b"gone")
        elif address in self.words:
            made = Rendered(OK, self.words[address].encode())
        else:
            made = Rendered(NOT_THERE)
        if deed := self.meanwhile.pop(address, None):
            deed()
        return made

    def change(self, address: str, words: str | None) -> None:
        """Change a page as the application does: with a job beside the change."""
        if words is None:
            self.words.pop(address, None)
        else:
            self.words[address] = words
        jobs.request([address], "改")


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, mirror: Any) -> Site:
    """A site of two pages, a feed and the general notices; nothing is rendered yet."""
    made = Site()
    for address in (PAGE, OTHER, FEED, "/410.html", "/503.html", "/day.css"):
        made.words[address] = f"words of {address}"
    monkeypatch.setattr(rendering, "render", made.render)
    monkeypatch.setattr("cms.mirror.registry._addresses", {"site": lambda: list(made.words)})
    return made


def build() -> worker.Report:
    """Everything, as a first start does."""
    from cms.mirror import release

    release.request_everything()
    return worker.render_pending()


def written() -> dict[str, int]:
    return dict(MirrorFile.objects.values_list("address", "status"))


def waiting() -> list[str]:
    return list(MirrorJob.objects.order_by("pk").values_list("address", flat=True))
