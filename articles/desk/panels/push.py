"""In which push the article is, and putting it into one."""

from typing import Any

from django import forms

from ...models import Push
from ...pushes import membership, rules, services
from ...pushes.refusals import PushRefused
from ...status import Stage
from ..base import Desk, DeskPanel


class JoinForm(forms.Form):
    """A new push, or one that is still being put together."""

    push = forms.TypedChoiceField(label="编入", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        found = Push.objects.open().prefetch_related("members__article")
        self.fields["push"].choices = [
            ("", "一个新的推送（本篇作头条）"),
            *((push.pk, f"{push.title}") for push in found if len(push.members.all()) < rules.MOST),
        ]


class PushPanel(DeskPanel):
    name = "push"
    template_name = "articles/admin/desk/push.html"
    actions = {"join_push": "join"}

    def __init__(self, desk: Desk):
        super().__init__(desk)
        self.member = membership.of(desk.article)

    def context(self) -> dict[str, Any] | None:
        if self.member:
            return {"member": self.member}
        waits = self.desk.standing.stage == Stage.READY
        if waits and self.desk.user.has_perm(services.ASSEMBLE):
            return {"form": JoinForm()}
        return None

    def join(self) -> str:
        form = JoinForm(self.desk.request.POST)
        if not form.is_valid():
            raise PushRefused("没有这个推送，可能刚刚已经排满或发出。请刷新页面后重新选择。")
        article, wanted = self.desk.article, form.cleaned_data["push"]
        if wanted is None:
            push = services.create(self.desk.user, [article])
        else:
            push = Push.objects.get(pk=wanted)
            services.add(self.desk.user, push, article)
        return f"已编入推送{push.title}。"
