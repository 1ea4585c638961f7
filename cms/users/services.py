"""Keeping the groups equal to the table of roles."""

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
    groups = {role.key: _sync(role) for role in ROLES}
    # Wagtail brings two groups in English with rights of their own; nobody here knows them.
    Group.objects.filter(name__in=("Editors", "Moderators"), user=None).delete()
    roles_synced.send(sender=sync_roles, groups=groups)
    return groups


def find_permission(name: str) -> Permission:
    """The permission called ``app.codename``.

    Raises:
        ImproperlyConfigured: there is none, or migrations have not run.
    """
    app_label, _, codename = name.partition(".")
    permission = Permission.objects.filter(
        content_type__app_label=app_label, codename=codename
    ).first()
    if permission is None:
        raise ImproperlyConfigured(f"角色表中的权限 {name} 不存在，请先运行 migrate。")
    return permission


def _sync(role: Role) -> Group:
    group, _ = Group.objects.get_or_create(name=role.name)
    group.permissions.set([find_permission(name) for name in role.permissions])

    root = Page.get_first_root_node()
    wanted = [find_permission(f"wagtailcore.{verb}_page") for verb in role.page_permissions]
    GroupPagePermission.objects.filter(group=group).exclude(
        page=root, permission__in=wanted
    ).delete()
    for permission in wanted:
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)

    collection = Collection.get_first_root_node()
    wanted = [find_permission(name) for name in role.collection_permissions]
    GroupCollectionPermission.objects.filter(group=group).exclude(
        collection=collection, permission__in=wanted
    ).delete()
    for permission in wanted:
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=collection, permission=permission
        )
    return group
