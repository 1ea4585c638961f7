"""What every page of the project has in common."""

from typing import Any, ClassVar

from django.db import transaction
from django.db.models import ProtectedError
from wagtail.models import Page, PagePermissionTester, Revision

from . import four_eyes
from .four_eyes import PublishingRefused


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

    @transaction.atomic
    def copy(self, *args: Any, keep_live: bool = True, **kwargs: Any) -> "BasePage":
        """Copy as a draft: Wagtail would make the copy of a live page live at once."""
        return super().copy(*args, keep_live=False, **kwargs)

    def create_alias(self, *args: Any, **kwargs: Any) -> None:
        """Aliases follow their page without being asked; there are none.

        Raises:
            PublishingRefused: always.
        """
        raise PublishingRefused(
            f"《{self.title}》不能做成别名：别名会跟着原页自动公开。请改用“复制”。"
        )

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Delete with everything below, or, when anything refuses, nothing at all.

        Raises:
            PublishingRefused: something below is on a record that stays, a withdrawal say.
        """
        try:
            return super().delete(*args, **kwargs)
        except ProtectedError as error:
            raise PublishingRefused(
                f"《{self.title}》不能删除：其中有文章留有必须保存的记录，例如撤稿。"
            ) from error


class FramePage(BasePage):
    """A page that passes no reviews (home, columns, honours): what one writes another publishes.

    Who changed it since the live version may not publish it, superusers included.
    """

    permission_tester = four_eyes.FourEyesPermissionTester

    class Meta:
        abstract = True

    def publish(self, revision: Revision, *args: Any, user: Any = None, **kwargs: Any) -> Any:
        """Publish ``revision`` in the name of ``user``, who has written none of it.

        Raises:
            PublishingRefused: nobody stands for it, its own writer does, or a time is set.
        """
        if refusal := four_eyes.why_not_let_out(self, revision, user):
            raise PublishingRefused(refusal)
        return super().publish(revision, *args, user=user, **kwargs)
