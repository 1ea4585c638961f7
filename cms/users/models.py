"""People who sign in."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person with an office. Names are shown as offices sign them: 姓名（单位）."""

    display_name = models.CharField("姓名", max_length=60, help_text="审批单和时间线上显示的姓名。")
    office = models.CharField("单位/科室", max_length=120, blank=True)

    class Meta(AbstractUser.Meta):
        verbose_name = "用户"
        verbose_name_plural = "用户"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the given name equal: Wagtail's side bar and logs know only that one."""
        self.first_name = self.display_name
        if fields := kwargs.get("update_fields"):
            kwargs["update_fields"] = {*fields, "first_name"}
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return self.display_name or self.username

    def get_short_name(self) -> str:
        return self.get_full_name()

    def __str__(self) -> str:
        return self.get_full_name()
