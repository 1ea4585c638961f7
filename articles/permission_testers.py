"""Who may do what with articles: the one gate every screen asks."""

from typing import TYPE_CHECKING

from wagtail.models import Page, PagePermissionTester

if TYPE_CHECKING:
    from .models import ArticlePage


def why_not_delete(article: "ArticlePage") -> str:
    """Why nobody may delete ``article``; empty when it is a draft that nothing holds.

    What was once public is withdrawn, never deleted; what is under review waits. A draft for which
    somebody asked for 特急, or that is in a push, stays with that record.
    """
    if article.first_published_at is not None:
        return f"《{article.title}》公开过，不能删除。{_instead(article)}"
    if article.workflow_in_progress:
        return f"《{article.title}》在审核中，不能删除。请先撤回送审。"
    if article.approved_schedule:
        return f"《{article.title}》已经定时，不能删除。请发布人员先取消定时。"
    if (member := article.push_members.select_related("push").last()) is not None:
        return f"《{article.title}》编入过推送{member.push.title}，记录要和稿件一起留着，不能删除。"
    if article.urgent_releases.exists():
        return f"《{article.title}》发起过特急，记录要和稿件一起留着，不能删除。"
    return ""


def _instead(article: "ArticlePage") -> str:
    if article.live:
        return "需要撤下时，请发布人员在“审核与发布”页撤稿。"
    return "它已经撤下，读者看到的是撤稿说明，稿件和记录要留着。"


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
        return super().can_delete(ignore_bulk) and not why_not_delete(self.page)

    def can_move(self) -> bool:
        """Drafts may change column; a public address does not move."""
        return self.can_edit() and not self.page_locked() and self.page.first_published_at is None

    def can_move_to(self, destination: Page) -> bool:
        """Wagtail does not ask `can_move` for superusers."""
        return self.can_move() and super().can_move_to(destination)

    def can_lock(self) -> bool:
        return False
