"""How far a push has come on its way to WeChat, in the words people read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ..models import Delivery, DeliveryStage, Push
from ..wechat.delivery import services as deliveries


class Look(StrEnum):
    """How a station looks; the value is the look's name in the style sheet."""

    DONE = "approved"
    NOW = "in_progress"
    FAILED = "rejected"
    TO_COME = "none"


@dataclass(frozen=True)
class Station:
    """One of the stations in their order, what is so of it, and when it came to be."""

    name: str
    look: Look
    words: str = ""
    at: datetime | None = None


NAMES = ("预检", "图片", "封面", "草稿", "群发")
_DONE = ("通过", "已传", "已传", "已送达", "已发出")
_PLACES = {
    DeliveryStage.PREFLIGHT: 0,
    DeliveryStage.PICTURES: 1,
    DeliveryStage.COVERS: 2,
    DeliveryStage.DRAFT: 3,
    DeliveryStage.SENT: len(NAMES),
}
_WITH_PROGRESS = (DeliveryStage.PICTURES, DeliveryStage.COVERS)
_AT_REST = (DeliveryStage.DELIVERED, DeliveryStage.LINKED, DeliveryStage.SENT)


def delivery_of(push: Push) -> Delivery | None:
    """What is known of the way of ``push``; lists join ``delivery``."""
    return getattr(push, "delivery", None)


def stations(push: Push) -> list[Station]:
    """All stations of ``push``, of which none is reached before it was sent on its way."""
    return list(_stations(push, delivery_of(push)))


def _stations(push: Push, delivery: Delivery | None) -> Iterator[Station]:
    place = -1 if delivery is None else _PLACES.get(delivery.stage, len(NAMES) - 1)
    if push.sent_at:
        place = len(NAMES)
    times = {3: delivery.delivered_at if delivery else None, 4: push.sent_at}
    for number, name in enumerate(NAMES):
        if number < place:
            yield Station(name, Look.DONE, _DONE[number], times.get(number))
        elif number > place:
            yield Station(name, Look.TO_COME)
        elif delivery.failed_at:
            yield Station(name, Look.FAILED, "没有成功", delivery.failed_at)
        else:
            yield Station(name, Look.NOW, _now(delivery))


def _now(delivery: Delivery) -> str:
    """What is going on at the station that a delivery without a failure has come to."""
    if deliveries.is_asking(delivery):
        return "等您决定"
    if delivery.stage == DeliveryStage.DELIVERED:
        return "等人登记" if deliveries.is_gone(delivery) else "等人群发"
    if delivery.stage not in _PLACES:
        return delivery.get_stage_display()
    if is_waiting(delivery):
        return "等着再试"
    if has_progress(delivery):
        return f"{delivery.done}/{delivery.total}"
    return "进行中"


def is_old(delivery: Delivery) -> bool:
    """Whether the draft in WeChat is of another text than the one approved by now."""
    return delivery.stage == DeliveryStage.DELIVERED and deliveries.is_outdated(delivery)


def is_moving(delivery: Delivery) -> bool:
    """Whether it goes on without anybody's doing, so that there is something to watch."""
    return deliveries.is_under_way(delivery) and delivery.stage not in _AT_REST


def is_waiting(delivery: Delivery) -> bool:
    """Whether something went wrong that passes by itself."""
    return is_moving(delivery) and bool(delivery.reason)


def has_progress(delivery: Delivery) -> bool:
    """Whether it is counted how much of the stage is done, and some of it was just now."""
    counts = delivery.stage in _WITH_PROGRESS and delivery.total > 0
    return counts and not is_waiting(delivery)


def told(delivery: Delivery) -> list[str]:
    """The lines of the detail when they are sentences for people, none when they are technical."""
    lines = delivery.detail.splitlines()
    return lines if all(line.endswith("。") for line in lines) else []


def place_of(change: str) -> tuple[str, str]:
    """A sentence on what was changed by hand as the article it is about, and the change itself."""
    where, found, what = change.partition("》：")
    return (f"{where}》", what) if found and where.startswith("第") else ("整个草稿", change)


def in_brief(push: Push) -> str:
    """Where ``push`` is on its way, in a few words; empty when it was never sent on its way."""
    delivery = delivery_of(push)
    if delivery is None:
        return ""
    if delivery.failed_at:
        return "没有成功"
    if deliveries.is_asking(delivery):
        return "草稿在后台改动过"
    if deliveries.is_gone(delivery):
        return "草稿已不在草稿箱"
    if is_moving(delivery):
        return f"正在办：{delivery.get_stage_display()}"
    if is_old(delivery):
        return "微信里的草稿是旧的"
    return delivery.get_stage_display()


def next_deed(push: Push) -> str:
    """What a person is to do next about WeChat; empty when the draft only waits to be sent."""
    delivery = delivery_of(push)
    if delivery is None:
        return "送到微信"
    if delivery.failed_at:
        return "看微信没有办成的原因，处理后重试"
    if deliveries.is_asking(delivery):
        return "决定草稿里的改动留不留"
    if deliveries.is_gone(delivery):
        return "登记已发出"
    if is_moving(delivery):
        return "等微信办完"
    return "更新微信里的草稿" if is_old(delivery) else ""
