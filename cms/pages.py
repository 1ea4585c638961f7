"""What every page of the project has in common."""

from typing import Any, ClassVar

from wagtail.models import Page, PagePermissionTester


class BasePage(Page):
    """A page whose permissions are decided in one place, its `permission_tester`.

    Every screen and bulk action of Wagtail asks `permissions_for_user`; a rule that is put
    into the tester holds on all of them.
    """

    permission_tester: ClassVar[type[PagePermissionTester]] = PagePermissionTester

    class Meta:
        abstract = True

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return self.permission_tester(user, self)
