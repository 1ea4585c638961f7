"""Apply the table of roles. Idempotent; run after every migrate."""

from typing import Any

from django.core.management.base import BaseCommand

from cms.users.services import sync_roles


class Command(BaseCommand):
    help = "按角色表建立用户组和权限，并把三审流程绑定到各组。可重复运行。"

    def handle(self, *args: Any, **options: Any) -> None:
        groups = sync_roles()
        self.stdout.write(f"角色已就绪：{'、'.join(group.name for group in groups.values())}")
