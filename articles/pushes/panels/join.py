"""加入文章: what waits in 待发布, one button an article."""

from typing import Any

from django.shortcuts import get_object_or_404

from ... import queues
from ...models import ArticlePage
from .. import rules, services
from .base import PushPanel

# More than these are found by the search of 待发布.
SHOWN = 20


class JoinPanel(PushPanel):
    name = "join"
    template_name = "articles/admin/pushes/panels/join.html"
    area = "main"
    actions = {"join": "join"}

    def context(self) -> dict[str, Any] | None:
        if not self.desk.may_assemble:
            return None
        if len(self.desk.loaded) >= rules.MOST:
            return {"most": rules.MOST}
        steps = queues.steps(queues.View.READY, self.desk.user)
        return {
            "rows": queues.fill(self.desk.user, steps[:SHOWN]),
            "left": max(steps.count() - SHOWN, 0),
        }

    def join(self) -> str:
        posted = self.desk.request.POST.get("article", "")
        pk = int(posted) if posted.isascii() and posted.isdigit() and len(posted) < 19 else 0
        article = get_object_or_404(ArticlePage, pk=pk)
        services.add(self.desk.user, self.push, article)
        return f"已加入《{article.draft_title}》。"
