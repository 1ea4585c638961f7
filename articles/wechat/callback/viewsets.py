"""The administrator's list of what WeChat told us, and what came of it."""

from django.utils.functional import cached_property
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import IndexView

from cms.read_only import ReadOnlyViewSet

from ...models import CallbackEvent
from .messages import MASS_FINISHED, PUBLICATION_FINISHED
from .setting_up import is_on

NAMES = {MASS_FINISHED: "群发结束", PUBLICATION_FINISHED: "发布结束"}
WAITING = "等待处理"


class EventIndexView(IndexView):
    page_title = "微信通知"

    @cached_property
    def columns(self) -> list[Column]:
        return [
            Column("event", label="通知", accessor=lambda event: NAMES[event.event]),
            Column("note", label="处理结果", accessor=lambda event: event.note or WAITING),
            Column(
                "job",
                label="任务编号",
                accessor=lambda event: event.payload.get("job") or "—",
                classname="only-wide",
            ),
            DateColumn("received_at", label="收到时间", sort_key="received_at"),
        ]


class EventViewSet(ReadOnlyViewSet):
    model = CallbackEvent
    name = "wechat_events"
    url_prefix = "wechat/events"
    icon = "download"
    menu_label = "微信通知"
    menu_order = 680
    add_to_settings_menu = True
    index_view_class = EventIndexView

    @property
    def menu_item_class(self) -> type[MenuItem]:
        """In the menu only where the callback is on."""
        for_those_who_may = super().menu_item_class

        class Item(for_those_who_may):
            def is_shown(self, request) -> bool:
                return is_on() and super().is_shown(request)

        return Item


event_viewset = EventViewSet()
