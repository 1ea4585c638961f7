"""What dated names have in common."""

from django.core.validators import URLValidator
from django.db import models

WEB_ADDRESS = URLValidator(
    schemes=["http", "https"], message="请填写以 http:// 或 https:// 开头的网址。"
)


class DatedName(models.Model):
    """A name and the days on which it held; an empty bound is open."""

    name = models.CharField("名称", max_length=100)
    valid_from = models.DateField("起", null=True, blank=True)
    valid_to = models.DateField("止", null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name
