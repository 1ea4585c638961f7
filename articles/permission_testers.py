"""Who may do what with articles: the one gate every screen asks."""

from wagtail.models import Page, PagePermissionTester


class ArticlePermissionTester(PagePermissionTester):
    """Articles go live through the services of `articles.publishing` alone."""

    def can_publish(self) -> bool:
        return False

    def can_publish_subpage(self) -> bool:
        return False

    def can_unpublish(self) -> bool:
        """Taking an article down is a service with a reason, 撤稿."""
        return False

    def can_set_view_restrictions(self) -> bool:
        """The mirror is public; hiding a page would bypass withdrawal."""
        return False

    def can_unschedule(self) -> bool:
        """Taking back a set time is a service with a reason, not Wagtail's button."""
        return False

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """What was once public is withdrawn, never deleted; what is under review waits.

        A draft for which somebody asked for 特急 stays with that record.
        """
        return (
            super().can_delete(ignore_bulk)
            and self.page.first_published_at is None
            and not self.page.workflow_in_progress
            and not self.page.approved_schedule
            and not self.page.urgent_releases.exists()
        )

    def can_move(self) -> bool:
        """Drafts may change column; a public address does not move."""
        return self.can_edit() and not self.page_locked() and self.page.first_published_at is None

    def can_move_to(self, destination: Page) -> bool:
        """Wagtail does not ask `can_move` for superusers."""
        return self.can_move() and super().can_move_to(destination)

    def can_lock(self) -> bool:
        return False
