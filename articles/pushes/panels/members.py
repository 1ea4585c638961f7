"""The articles of the push: their order, what each looks like in WeChat, and taking one out."""

from typing import Any

from django.db.models import prefetch_related_objects
from django.forms import Media

from cms.users.models import User

from ...forms import ReasonForm
from ...models import MemberForm, WeChatComments
from ...review.stages import Dimension
from .. import services
from ..members import Loaded
from ..refusals import PushRefused
from .base import PushDesk, PushPanel


class MembersPanel(PushPanel):
    name = "members"
    template_name = "articles/admin/pushes/panels/members.html"
    area = "main"
    actions = {
        "reorder": "reorder",
        "earlier": "earlier",
        "later": "later",
        "form": "set_form",
        "remove": "remove",
    }
    media = Media(js=["articles/pushes.js"])

    def __init__(self, desk: PushDesk):
        super().__init__(desk)
        self.forms: dict[int, ReasonForm] = {}

    def context(self) -> dict[str, Any]:
        loaded = self.desk.loaded
        prefetch_related_objects([each.text for each in loaded], "cover__renditions")
        people = self._names(loaded)
        return {
            "rows": [self._row(each, people, len(loaded)) for each in loaded],
            "may": self.desk.may_assemble,
            "forms": MemberForm.choices,
            "comments": WeChatComments.choices,
        }

    def _row(self, each: Loaded, people: dict[int, str], count: int) -> dict[str, Any]:
        pk = each.article.pk
        given = {a.dimension: people[a.person] for a in each.given}
        return {
            "member": each.member,
            "article": each.article,
            "text": each.text,
            "problems": each.problems,
            "approvals": [(d.label, given[d.value]) for d in Dimension if d.value in given],
            "is_last": each.member.position == count - 1,
            "remove_form": self.forms.get(pk) or ReasonForm(auto_id=f"remove_{pk}_%s"),
        }

    def _names(self, loaded: list[Loaded]) -> dict[int, str]:
        people = User.objects.in_bulk(
            {approval.person for each in loaded for approval in each.given}
        )
        return {pk: str(person) for pk, person in people.items()}

    def reorder(self) -> str:
        posted = self.desk.request.POST.get("order", "").split(",")
        if not all(each.isascii() and each.isdigit() and len(each) < 19 for each in posted):
            raise PushRefused("次序没有读懂，没有保存。请刷新页面后重新排列。")
        services.reorder(self.desk.user, self.push, [int(each) for each in posted])
        return "已保存次序。"

    def earlier(self) -> str:
        return self._move(-1)

    def later(self) -> str:
        return self._move(1)

    def _move(self, by: int) -> str:
        member = self.desk.member()
        ids = [each.article.pk for each in self.desk.loaded]
        at = member.position + by
        if not 0 <= at < len(ids):
            raise PushRefused("已经在最前或最后，不能再移。")
        ids[member.position], ids[at] = ids[at], ids[member.position]
        services.reorder(self.desk.user, self.push, ids)
        return "已移为头条。" if at == 0 else f"已移到第{at + 1}条。"

    def set_form(self) -> str:
        post = self.desk.request.POST
        services.set_form(
            self.desk.user,
            self.push,
            self.desk.article(),
            form=post.get("form", ""),
            comments=post.get("comments", ""),
        )
        return "已保存形式和留言设置。"

    def remove(self) -> str:
        article = self.desk.article()
        form = ReasonForm(self.desk.request.POST, auto_id=f"remove_{article.pk}_%s")
        self.forms[article.pk] = form
        reason = self.valid(form).cleaned_data["reason"]
        services.remove(self.desk.user, self.push, article, reason)
        return f"已移出《{article.draft_title}》，它回到“待发布”。"
