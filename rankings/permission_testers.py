"""Who may do what with the honours page."""

from cms.four_eyes import FourEyesPermissionTester


class HonoursPermissionTester(FourEyesPermissionTester):
    """Its text passes no reviews: one person writes it, another lets it out."""

    def can_edit(self) -> bool:
        """Only who may publish may write it."""
        return self.has("publish")

    def can_unpublish(self) -> bool:
        """Who answers for the site may take it down at once."""
        return self.page.live and self.has("publish")
