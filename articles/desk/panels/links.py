"""Where to go from the desk."""

from typing import Any

from ..base import DeskPanel


class LinksPanel(DeskPanel):
    name = "links"
    template_name = "articles/admin/desk/links.html"

    def context(self) -> dict[str, Any]:
        permissions = self.desk.article.permissions_for_user(self.desk.user)
        return {"can_edit": permissions.can_edit() and not permissions.page_locked()}
