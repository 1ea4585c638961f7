"""Four eyes on pages that pass no reviews: what one person writes another one publishes."""

import json
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from wagtail.models import Page, PagePermissionTester, Revision
from wagtail.permissions import page_permission_policy

# Of a revision's content, what Wagtail keeps for itself; all else is what the page says.
BOOKKEEPING = frozenset(
    {
        "alias_of",
        "depth",
        "draft_title",
        "expired",
        "first_published_at",
        "has_unpublished_changes",
        "last_published_at",
        "latest_revision",
        "latest_revision_created_at",
        "live",
        "live_revision",
        "locale",
        "locked",
        "locked_at",
        "locked_by",
        "numchild",
        "owner",
        "path",
        "pk",
        "translation_key",
        "url_path",
        "wagtail_admin_comments",
    }
)
OWN_WORDS = "您改过这一页，须由另一位有发布权限的同事看过后发布。"


class PublishingRefused(PermissionDenied):
    """The page may not go public this way; the message says why in Chinese."""


def authors_since_live(page: Page, up_to: Revision | None = None) -> set[int]:
    """Ids of everybody who changed what ``page`` says since its live version.

    Pressing “发布” saves a revision as well; one that changes nothing makes nobody an author.
    """
    stored = page.specific_class.objects.get(pk=page.pk)
    revisions = page.revisions.order_by("pk")
    if up_to is not None:
        revisions = revisions.filter(pk__lte=up_to.pk)
    if stored.live_revision_id:
        revisions = revisions.filter(pk__gt=stored.live_revision_id)
    before = _says(stored.serializable_data()) if stored.live else None
    authors = set()
    for person, content in revisions.values_list("user_id", "content"):
        says = _says(content)
        if person and says != before:
            authors.add(person)
        before = says
    return authors


def why_not_let_out(page: Page, revision: Revision, user: Any) -> str:
    """Why ``user`` (None: the system) may not publish ``revision`` of ``page``; empty if so."""
    if user is None:
        return f"《{page.title}》要由有发布权限的同事亲自发布，系统不会替人发布。"
    if revision.as_object().go_live_at:
        return f"《{page.title}》不能定时发布，请由有发布权限的同事在需要的时候发布。"
    if user.pk in authors_since_live(page, revision):
        return f"{OWN_WORDS}{who_may(page)}"
    return ""


def how_to_go_on(page: Page, user: Any) -> str:
    """What ``user``, who has the form of ``page`` open, must know of how it is published."""
    authors = authors_since_live(page)
    if user.pk in authors:
        return f"{OWN_WORDS}{who_may(page)}"
    if not authors:
        return (
            "这一页不经三审，由两个人完成：一个人改好存为草稿，另一位有发布权限的同事看过后发布。"
        )
    people = get_user_model().objects.filter(pk__in=authors).order_by("pk")
    changed = f"{'、'.join(map(str, people))}改过这一页，还没有发布。"
    if not page.permissions_for_user(user).can_publish():
        return f"{changed}{who_may(page)}"
    return (
        f"{changed}请看过内容，点“保存草稿”旁的箭头，选“发布”。"
        "您自己再改了内容的，会存成草稿，由别人发布。"
    )


def who_may(page: Page) -> str:
    """A sentence that names those who may publish the draft of ``page``."""
    authors = authors_since_live(page)
    people = page_permission_policy.users_with_permission_for_instance("publish", page)
    names = [str(person) for person in people.order_by("pk") if person.pk not in authors][:5]
    if not names:
        return "现在没有这样的同事，请管理员给另一个人“发布”角色。"
    return f"可以发布的有：{'、'.join(names)}。"


def _says(content: dict[str, Any]) -> dict[str, Any]:
    """What readers see of ``content``, comparable whether from a row or from a revision."""
    plain = json.loads(json.dumps(content, cls=DjangoJSONEncoder))
    return {name: _without_ids(v) for name, v in plain.items() if name not in BOOKKEEPING}


def _without_ids(value: Any) -> Any:
    """Rows that belong to the page get their ids when it is published; ids say nothing."""
    if isinstance(value, list):
        return [_without_ids(item) for item in value]
    if isinstance(value, dict):
        return {name: _without_ids(item) for name, item in value.items() if name != "pk"}
    return value


class FourEyesPermissionTester(PagePermissionTester):
    """Home, columns, honours. Whoever may publish may open the form, to read it and publish."""

    def has(self, verb: str) -> bool:
        """Whether the person has the page permission ``verb`` here, such as ``publish``."""
        return self.user.is_active and (self.user.is_superuser or verb in self.permissions)

    def can_edit(self) -> bool:
        return super().can_edit() or self.has("publish")

    def can_publish(self) -> bool:
        """Somebody else's changes, when there are any."""
        return (
            super().can_publish()
            and (self.page.has_unpublished_changes or not self.page.live)
            and self.user.pk not in authors_since_live(self.page)
        )

    def can_publish_subpage(self) -> bool:
        """Nothing is created and published in one step."""
        return False

    def can_unpublish(self) -> bool:
        """The frame of the site stays; articles are withdrawn one by one."""
        return False

    def can_unschedule(self) -> bool:
        return self.has("publish")

    def can_copy(self) -> bool:
        """There is one of each; copying a column would copy its live articles."""
        return False

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """A page that holds anything stays: addresses hang on it."""
        return super().can_delete(ignore_bulk) and self.page.is_leaf()

    def can_move(self) -> bool:
        """A public address does not move."""
        return False

    def can_move_to(self, destination: Page) -> bool:
        """Wagtail does not ask `can_move` for superusers."""
        return False

    def can_set_view_restrictions(self) -> bool:
        """The mirror is public; hiding a page would be a withdrawal without a record."""
        return False
