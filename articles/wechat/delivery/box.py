"""The draft box (草稿箱), where a draft is until it goes to readers or somebody deletes it."""

from typing import Any

from ...models import DeliveryStage
from ..errors import ErrorKind, WeChatError
from .job import Job

NOT_IN_THE_BOX = 40007
# Entries of a list that WeChat gives at once.
PAGE = 20
GONE = (
    "草稿已不在公众号的草稿箱里，可能已经群发。已群发的，请在下面登记已发出；没有登记的，"
    "次日统计出来后会自动核对。确实没有群发的，可以重新送一份。"
)


def look(job: Job) -> list[dict[str, Any]] | None:
    """The articles of the draft as they stand now; None when it is not in the box.

    Raises:
        WeChatError: WeChat does not say.
    """
    try:
        return job.client.draft_get(job.delivery.media_id)
    except WeChatError as error:
        if error.code != NOT_IN_THE_BOX:
            raise
        return None


def note_gone(job: Job) -> None:
    """Leave it to a person to say what became of a draft that is not in the box."""
    job.finish(stage=DeliveryStage.DELIVERED, reason=GONE, attempted_at=None, next_at=None)


def was_not_done(error: WeChatError) -> bool:
    """Whether the deed surely was not done. WeChat may have been at it when it said it was busy."""
    return error.outcome_known and error.kind is not ErrorKind.BUSY
