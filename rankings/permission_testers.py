"""Who may do what with the honours page."""

from wagtail.models import PagePermissionTester


class HonoursPermissionTester(PagePermissionTester):
    """Its text passes no reviews, so only who may publish may write it."""

    def can_edit(self) -> bool:
        return super().can_edit() and super().can_publish()

    def can_copy(self) -> bool:
        """There is one."""
        return False

    def can_move(self) -> bool:
        """A public address does not move."""
        return False

    def can_set_view_restrictions(self) -> bool:
        """The mirror is public; who wants it hidden takes the page down."""
        return False
