"""The public honours page."""

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse, JsonResponse
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable, Page
from wagtail.url_routing import RouteResult

from cms.pages import FramePage

from ..permission_testers import HonoursPermissionTester
from .accounts import Account
from .boards import Board

DATA = "data.json"


class HonoursPage(FramePage):
    """荣誉: what is proved, what is reported by whom, month by month, for an account.

    Everything but title and introduction is read from the records when the page is asked for; the
    same facts as JSON stand beside it at ``data.json`` (docs/honours.md).
    """

    account = models.ForeignKey(
        Account, verbose_name="公众号", on_delete=models.PROTECT, related_name="+"
    )
    intro = models.TextField("导语", blank=True, max_length=500)

    content_panels = [
        *Page.content_panels,
        FieldPanel("account"),
        FieldPanel(
            "intro",
            help_text="写在页面开头的几句话，不经三审，改好后由另一位同事发布；不要在这里写名次，"
            "名次由系统按记录列出。",
        ),
        InlinePanel(
            "honoured_boards",
            heading="榜单",
            label="榜单",
            min_num=1,
            help_text="页面按这里的顺序列出各榜单每个月的情况；只有月榜会列出。",
        ),
    ]
    promote_panels = [FieldPanel("slug")]
    settings_panels = []
    subpage_types: list[str] = []
    max_count = 1
    permission_tester = HonoursPermissionTester

    class Meta:
        verbose_name = "荣誉页"
        verbose_name_plural = "荣誉页"

    @classmethod
    def can_exist_under(cls, parent: Page) -> bool:
        """Below a page that names it, never at the root of the tree."""
        return parent.depth > 1 and super().can_exist_under(parent)

    @property
    def has_workflow(self) -> bool:
        """The three reviews are about articles; this page is published by whoever may publish."""
        return False

    def get_workflow(self) -> None:
        return None

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """The page, and its data beside it."""
        if path_components == [DATA] and self.live:
            return RouteResult(self, kwargs={"as_data": True})
        return super().route(request, path_components)

    def serve(
        self, request: HttpRequest, *args: Any, as_data: bool = False, **kwargs: Any
    ) -> HttpResponse:
        if not as_data:
            return super().serve(request, *args, **kwargs)
        from ..honours import as_document

        document = as_document(self.honours(), self.full_url)
        return JsonResponse(document, json_dumps_params={"ensure_ascii": False, "indent": 1})

    def honours(self) -> Any:
        """What the page says now (``rankings.honours.Honours``)."""
        from ..honours import honours_of

        return honours_of(self.account, [row.board for row in self.shown_boards()])

    def shown_boards(self) -> list["HonouredBoard"]:
        """In the order of the page; of a preview, what its form holds."""
        return list(self.honoured_boards.select_related("board"))

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from .. import lotus

        context = super().get_context(request, *args, **kwargs)
        context["honours"] = self.honours()
        context["lotus"] = lotus
        context["data_path"] = f"{self.get_url(request) or ''}{DATA}"
        return context


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
