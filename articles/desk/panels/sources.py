"""Where the facts come from."""

from typing import Any

from ..base import DeskPanel


class SourcesPanel(DeskPanel):
    name = "sources"
    template_name = "articles/admin/desk/sources.html"

    def context(self) -> dict[str, Any]:
        return {"sources": self.desk.draft.sources.all()}
