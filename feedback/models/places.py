"""Where messages come from (district → street → community) and who carries them out."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet

from cms.users.holders import holders


class Level(models.TextChoices):
    DISTRICT = "district", "区"
    STREET = "street", "街道、镇"
    COMMUNITY = "community", "社区、村"


# What each level stands under.
ABOVE = {Level.DISTRICT: None, Level.STREET: Level.DISTRICT, Level.COMMUNITY: Level.STREET}


class PlaceQuerySet(models.QuerySet):
    def active(self) -> "PlaceQuerySet":
        """Those that senders may choose: a community of a street that was taken off is off too."""
        return self.filter(is_active=True).exclude(parent__is_active=False)

    def in_order(self) -> "PlaceQuerySet":
        """Streets in their order, their communities beneath; with what `full_name` reads."""
        return self.select_related("parent__parent").order_by("order", "pk")


class Place(models.Model):
    """A district, street or community. Never deleted while a message names it: switched off."""

    name = models.CharField("名称", max_length=40)
    level = models.CharField("层级", max_length=10, choices=Level.choices)
    parent = models.ForeignKey(
        "self",
        verbose_name="上级",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        help_text="社区填所属街道，街道填所属区，区不填。",
    )
    order = models.PositiveSmallIntegerField("次序", default=0, help_text="小的排在前面。")
    is_active = models.BooleanField("在用", default=True, help_text="不勾选，留言人就选不到它。")

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = "地点"
        verbose_name_plural = "地点"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="feedback_place_once"),
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(parent=None), name="feedback_district_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def full_name(self) -> str:
        """Street and community in one line; the district is the same for all."""
        if self.level == Level.COMMUNITY and self.parent is not None:
            return f"{self.parent.name} {self.name}"
        return self.name

    @property
    def street(self) -> "Place | None":
        """The street of it; nothing for the district."""
        if self.level == Level.COMMUNITY:
            return self.parent
        return self if self.level == Level.STREET else None

    def clean(self) -> None:
        super().clean()
        if self.level not in ABOVE:
            return
        wanted = ABOVE[Level(self.level)]
        found = self.parent.level if self.parent else None
        if found != wanted:
            message = (
                f"{self.get_level_display()}的上级应是{wanted.label}，请重新选择。"
                if wanted
                else "区没有上级，请把上级清空。"
            )
            raise ValidationError({"parent": message})
        if self.pk and self.children.exclude(level__in=_below(self.level)).exists():
            raise ValidationError({"level": "它下面还有地点，不能改层级。"})


def _below(level: str) -> list[str]:
    return [low.value for low, high in ABOVE.items() if high == level]


class Unit(models.Model):
    """承办单位: an office that carries out what residents ask for; its people sign in."""

    name = models.CharField("名称", max_length=60, unique=True)
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name="联系人",
        blank=True,
        related_name="feedback_units",
        help_text="要有“承办单位”角色，只看得到交办给本单位的留言。没有联系人的单位，由办理人员代为填报。",
    )
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = "承办单位"
        verbose_name_plural = "承办单位"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def contacts(self) -> QuerySet:
        """Its people who can sign in and report; whoever lost the role cannot."""
        return holders("feedback.carry_out_message").filter(feedback_units=self).order_by("pk")
