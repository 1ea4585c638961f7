"""A scheduled publication that failed."""

from typing import Any

from ... import publishing
from ..base import DeskPanel


class FailurePanel(DeskPanel):
    name = "failure"
    template_name = "articles/admin/desk/failure.html"
    actions = {"retry": "retry"}

    def context(self) -> dict[str, Any] | None:
        failure = self.desk.article.publish_failures.first()
        return {"failure": failure} if failure else None

    def retry(self) -> str:
        failure = self.desk.article.publish_failures.first()
        if failure is None:
            raise publishing.PublishRefused("没有需要重试的发布，可能已经有人处理。")
        publishing.retry(self.desk.user, failure)
        return "重试成功，文章已发布。"
