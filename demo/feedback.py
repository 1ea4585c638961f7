"""留言 of the demo: places of the district, invented units and residents, messages in every state.

The streets are the district's own; communities are those that a newspaper of 2019 names with their
street. What residents write is invented, and each of their messages says so.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

from django.utils import timezone

from articles.models import ArticlePage
from cms.users.models import User
from feedback.models import Level, Message, Place, Unit
from feedback.services import (
    answering,
    contacts,
    extensions,
    handling,
    keeping,
    publishing,
    receiving,
)

DISTRICT = "荷塘区"
STREETS = {
    "月塘街道": (),
    "茨菇塘街道": (),
    "宋家桥街道": ("芙蓉社区", "月桂社区"),
    "桂花街道": (),
    "金山街道": ("晏家湾社区",),
    "仙庾镇": (),
}
EXAMPLE = "（示例）"
RESIDENT = "示例居民"
UNITS = ("区城市管理部门", "月塘街道办事处", "区融媒体中心编辑部")

People = dict[str, User]


def load_places() -> int:
    """District, streets and the communities known; how many."""
    district = Place.objects.create(name=DISTRICT, level=Level.DISTRICT)
    for order, (name, communities) in enumerate(STREETS.items(), 1):
        street = Place.objects.create(
            name=name, level=Level.STREET, parent=district, order=order * 10
        )
        for at, community in enumerate(communities, 1):
            Place.objects.create(
                name=community, level=Level.COMMUNITY, parent=street, order=order * 10 + at
            )
    return Place.objects.count()


def load_units(people: People) -> dict[str, Unit]:
    """Invented units by their name; the last has nobody who signs in."""
    units = {name: Unit.objects.create(name=f"{name}{EXAMPLE}") for name in UNITS}
    for name in UNITS[:2]:
        units[name].people.add(people["feedback_unit"])
    return units


@contextmanager
def at(days: int, hour: int = 10) -> Iterator[None]:
    """As if it were ``days`` ago; what the services write carries that moment."""
    today = timezone.localtime().replace(hour=hour, minute=0, second=0, microsecond=0)
    moment: datetime = min(today - timedelta(days=days), timezone.now())
    with mock.patch.object(timezone, "now", return_value=moment):
        yield


class Resident:
    """What happens to one message, by the services and at its days."""

    def __init__(self, people: People, units: dict[str, Unit]) -> None:
        self.people, self.units = people, units
        self.office, self.boss = people["feedback"], people["office"]
        self.contact = people["feedback_unit"]

    def writes(self, days: int, category: str, title: str, text: str, **given: Any) -> Message:
        place = given.pop("place", "")
        with at(days, 9):
            return receiving.receive(
                category,
                f"{title}{EXAMPLE}",
                f"{text}（演示内容，不是真实的留言。）",
                consents=True,
                name=given.pop("name", RESIDENT),
                place=Place.objects.get(name=place) if place else None,
                **given,
            ).message

    def accepted(self, message: Message, days: int, **given: Any) -> Message:
        with at(days, 11):
            return handling.accept(self.office, message, **given)

    def assigned(self, message: Message, days: int, unit: str, **given: Any) -> Message:
        with at(days, 15):
            return handling.assign(
                self.office, message, self.units[unit], "请到现场看过再办。", **given
            )

    def reported(self, message: Message, days: int, text: str) -> Message:
        with at(days, 16):
            return handling.report(self.contact, message, text)

    def supervised(self, message: Message, days: int) -> Message:
        with at(days, 17):
            return handling.supervise_pass(self.office, message, "已电话核实。")

    def drafted(self, message: Message, days: int, text: str) -> Message:
        with at(days, 17):
            return answering.draft_answer(self.office, message, text)

    def answered(self, message: Message, days: int, text: str) -> Message:
        message = self.drafted(message, days, text)
        with at(days, 18):
            return answering.approve_answer(self.boss, message)

    def carried_out(self, message: Message, days: int, unit: str, report: str) -> Message:
        """Accepted ``days`` ago and supervised four days later."""
        message = self.assigned(self.accepted(message, days), days, unit)
        return self.supervised(self.reported(message, days - 3, report), days - 4)

    def published(self, message: Message, days: int) -> Message:
        with at(days, 18):
            texts = publishing.suggestion(message)
            message = publishing.prepare(self.office, message, **texts)
            return publishing.publish(self.boss, message)


def load_messages(people: People) -> int:
    """Twelve residents' stories, one in each state at least; how many messages."""
    who = Resident(people, load_units(people))
    for story in STORIES:
        story(who)
    with at(0):
        keeping.note_overdue()
    return Message.objects.count()


def _new(who: Resident) -> None:
    who.writes(
        0,
        "question",
        "周末能办老年优待证吗",
        "我母亲刚满65岁，平时要上班，想问问周末哪个窗口能办，要带什么材料。",
        place="月塘街道",
    )


def _error(who: Resident) -> None:
    article = ArticlePage.objects.live().order_by("pk").first()
    who.accepted(
        who.writes(
            1,
            "error",
            "文章里有个错别字",
            "第二段“的”和“地”好像用反了，请看看。",
            article=article,
            name="",
        ),
        0,
    )


def _assigned(who: Resident) -> None:
    message = who.writes(
        3,
        "help",
        "楼道灯坏了",
        "我们单元楼道的灯坏了两天，老人晚上下楼看不见。我的电话是13800000000。",
        place="晏家湾社区",
        contact="13800000000",
        is_public_wish=True,
    )
    message = who.accepted(message, 2)
    with at(2, 14):
        message = contacts.record_verified(who.office, message, "called", "本人接听。")
    who.assigned(message, 2, "区城市管理部门", shares_contact=True)


def _reported(who: Resident) -> None:
    message = who.writes(
        4, "complaint", "夜里施工太吵", "晚上十一点还在响，孩子睡不着。", place="芙蓉社区"
    )
    message = who.assigned(who.accepted(message, 4), 4, "区城市管理部门")
    who.reported(message, 0, "已到现场，施工单位承诺晚上十点前停工，并在门口贴了告示。")


def _extension(who: Resident) -> None:
    message = who.writes(
        5,
        "idea",
        "给老小区装公共晾衣架",
        "楼下空地够用，晾被子不用再拉绳子。",
        place="桂花街道",
        is_public_wish=True,
    )
    message = who.assigned(who.accepted(message, 4), 4, "月塘街道办事处")
    with at(1, 15):
        extensions.ask(who.contact, message, "要和物业、居民代表一起看场地，需要多几天。")


def _overdue(who: Resident) -> None:
    message = who.writes(
        20, "help", "公交站牌挡住人行道", "坐轮椅过不去，只能走到马路上。", place="茨菇塘街道"
    )
    who.assigned(who.accepted(message, 19), 19, "区城市管理部门")


def _supervised(who: Resident) -> None:
    message = who.writes(6, "help", "下水道堵了", "一下雨就往外冒。", place="仙庾镇")
    who.carried_out(message, 5, "区城市管理部门", "已疏通，并清理了附近三个井口。")


def _drafted(who: Resident) -> None:
    message = who.writes(
        2,
        "question",
        "营业执照可以寄到家吗",
        "听说办好的证照可以免费寄，是所有窗口都行吗？",
        is_public_wish=True,
    )
    who.drafted(
        who.accepted(message, 1),
        0,
        "您好。办理时告诉窗口人员需要邮寄，并留下收件地址即可。具体以窗口当日说明为准。（演示内容）",
    )


def _answered(who: Resident) -> None:
    message = who.writes(
        9,
        "question",
        "社区食堂几点开饭",
        "想给行动不便的父亲订餐，姓名：王示例，电话13800000001。",
        place="月桂社区",
        is_public_wish=True,
    )
    message = who.answered(
        who.accepted(message, 8),
        5,
        "您好。中餐11点、晚餐17点开饭，可以打电话预订，由志愿者送餐。（演示内容）",
    )
    who.published(message, 4)


def _closed(who: Resident) -> None:
    message = who.writes(
        24,
        "help",
        "路灯不亮",
        "小区门口三盏路灯不亮，住2栋3单元的老人晚上不敢出门。",
        place="宋家桥街道",
        is_public_wish=True,
    )
    message = who.carried_out(message, 23, "区城市管理部门", "三盏路灯的灯头都换了新的。")
    message = who.answered(message, 18, "您好，三盏路灯已经换好，谢谢您告诉我们。（演示内容）")
    with at(16):
        message = receiving.rate(message, "satisfied", "修得很快。")
    who.published(message, 15)


def _refused(who: Resident) -> None:
    message = who.writes(7, "complaint", "和房东的押金纠纷", "退租一个月了，押金没有退。")
    with at(6):
        handling.refuse(
            who.office, message, "legal", "可以先请社区人民调解委员会调解，也可以向法院起诉。"
        )


def _merged(who: Resident) -> None:
    message = who.writes(2, "help", "楼道没有灯", "三楼到五楼都是黑的。", place="晏家湾社区")
    into = Message.objects.get(title=f"楼道灯坏了{EXAMPLE}")
    with at(1):
        handling.merge(who.office, message, into)


def _thanks(who: Resident) -> None:
    message = who.writes(40, "thanks", "谢谢帮忙找回钱包", "社区的同志帮我找回了钱包，谢谢。")
    who.answered(who.accepted(message, 39), 38, "谢谢您的肯定，我们会转告他们。（演示内容）")
    with at(20):
        keeping.close_unrated()


STORIES: tuple[Callable[[Resident], None], ...] = (
    _thanks,
    _closed,
    _overdue,
    _answered,
    _refused,
    _supervised,
    _extension,
    _reported,
    _assigned,
    _drafted,
    _merged,
    _error,
    _new,
)
