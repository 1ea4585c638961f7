"""Refusals that a person can act on."""

from ..models import Run


class ScrapeError(ValueError):
    """The action is refused; the message is a Chinese sentence that says what to do."""


class RunInProgress(ScrapeError):
    """Another run of the same source is under way; ``run`` is that one."""

    def __init__(self, run: Run) -> None:
        super().__init__(f"来源“{run.source}”正在抓取，请等它结束后再试。")
        self.run = run
