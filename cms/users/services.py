"""Keeping the groups equal to the table of roles."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.dispatch import Signal
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from .roles import ROLES, Role

# Sent with ``groups``: {role key: Group}. The workflow of the articles binds its tasks to them.
roles_synced = Signal()


@transaction.atomic
def sync_roles() -> dict[str, Group]:
    """Make every role's group and its permissions equal to the table; leave other groups alone.

    Only the two that Wagtail installs go, as long as nobody is in them.

    Returns:
        The groups by the role's key.

    Raises:
        ImproperlyConfigured: the table names a permission that does not exist.
    """
    permissions = _Permissions()
    groups = {role.key: _sync(role, permissions) for role in ROLES}
    # Wagtail brings two groups in English with rights of their own; nobody here knows them.
    Group.objects.filter(name__in=("Editors", "Moderators"), user=None).delete()
    roles_synced.send(sender=sync_roles, groups=groups)
    return groups


class _Permissions:
    """The permissions that exist, by ``app.codename``, read once for all roles."""

    def __init__(self) -> None:
        self._found = {
            f"{permission.content_type.app_label}.{permission.codename}": permission
            for permission in Permission.objects.select_related("content_type")
        }

    def named(self, names: Iterable[str]) -> list[Permission]:
        """Those called ``names``.

        Raises:
            ImproperlyConfigured: one does not exist, or migrations have not run.
        """
        names = list(names)
        if missing := [name for name in names if name not in self._found]:
            raise ImproperlyConfigured(f"角色表中的权限 {missing[0]} 不存在，请先运行 migrate。")
        return [self._found[name] for name in names]


def _sync(role: Role, permissions: _Permissions) -> Group:
    group, _ = Group.objects.get_or_create(name=role.name)
    group.permissions.set(permissions.named(role.permissions))

    root = Page.get_first_root_node()
    wanted = permissions.named(f"wagtailcore.{verb}_page" for verb in role.page_permissions)
    GroupPagePermission.objects.filter(group=group).exclude(
        page=root, permission__in=wanted
    ).delete()
    for permission in wanted:
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)

    collection = Collection.get_first_root_node()
    wanted = permissions.named(role.collection_permissions)
    GroupCollectionPermission.objects.filter(group=group).exclude(
        collection=collection, permission__in=wanted
    ).delete()
    for permission in wanted:
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=collection, permission=permission
        )
    return group
