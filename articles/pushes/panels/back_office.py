"""在公众号后台完成: what WeChat's interface cannot do, ticked off by people."""

from typing import Any

from ...models import BackOfficeItem
from .. import back_office
from ..forms import BackOfficeForm
from ..refusals import PushRefused
from .base import PushDesk, PushPanel


class BackOfficePanel(PushPanel):
    name = "back_office"
    template_name = "articles/admin/pushes/panels/back_office.html"
    actions = {"tick": "tick", "untick": "untick", "add_item": "add", "remove_item": "remove"}

    def __init__(self, desk: PushDesk):
        super().__init__(desk)
        self.form = BackOfficeForm(desk.titles, auto_id="back_office_%s")

    def context(self) -> dict[str, Any] | None:
        desk, push = self.desk, self.push
        items = desk.back_office_items
        if push.dissolved_at or not (items or push.approved_at):
            return None
        titles = desk.titles
        may = not push.sent_at and desk.user.has_perm(back_office.PERMISSION)
        if not (items or may):
            return None
        return {
            "rows": [(item, titles.get(item.article_id, "")) for item in items],
            "open": desk.back_office_open,
            "may": may,
            "form": self.form,
        }

    def tick(self) -> str:
        back_office.tick(self.desk.user, self._item())
        return "已勾为完成。"

    def untick(self) -> str:
        back_office.untick(self.desk.user, self._item())
        return "已改为没有完成。"

    def add(self) -> str:
        self.form = BackOfficeForm(
            self.desk.titles, self.desk.request.POST, auto_id="back_office_%s"
        )
        data = self.valid(self.form).cleaned_data
        article = next(
            (x.article for x in self.desk.loaded if x.article.pk == data["article"]), None
        )
        back_office.add(self.desk.user, self.push, data["kind"], data["text"], article)
        return "已加到后台待办。"

    def remove(self) -> str:
        back_office.remove(self.desk.user, self._item())
        return "已从后台待办删除。"

    def _item(self) -> BackOfficeItem:
        posted = self.desk.request.POST.get("item", "")
        for item in self.desk.back_office_items:
            if str(item.pk) == posted:
                return item
        raise PushRefused("这一项已不在清单上，可能推送改过了。请刷新页面查看。")
