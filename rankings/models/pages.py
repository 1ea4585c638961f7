"""The public honours page."""

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable

from cms.pages import BasePage

from .accounts import Account
from .boards import Board


class HonoursPage(BasePage):
    """荣誉: what is proved, what is reported by whom, month by month, for an account."""

    account = models.ForeignKey(
        Account, verbose_name="公众号", on_delete=models.PROTECT, related_name="+"
    )
    intro = models.TextField("导语", blank=True, max_length=500)

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("account"),
        FieldPanel("intro"),
        InlinePanel("honoured_boards", heading="榜单", label="榜单", min_num=1),
    ]
    subpage_types: list[str] = []
    max_count = 1

    class Meta:
        verbose_name = "荣誉页"
        verbose_name_plural = "荣誉页"


class HonouredBoard(Orderable):
    """A board whose months stand on the page."""

    page = ParentalKey(HonoursPage, on_delete=models.CASCADE, related_name="honoured_boards")
    board = models.ForeignKey(
        Board, verbose_name="榜单", on_delete=models.PROTECT, related_name="+"
    )

    panels = [FieldPanel("board")]

    class Meta(Orderable.Meta):
        verbose_name = "榜单"
        verbose_name_plural = "榜单"

    def __str__(self) -> str:
        return str(self.board)
