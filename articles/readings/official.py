"""What WeChat's statistics answer, as plain values. Pure.

Shapes from WeChat: datacube/getarticletotaldetail, getbizsummary, getusersummary, getusercumulate.
Fields nobody knows are passed over, missing ones are not there; one of the wrong type is an error,
because a number that is guessed is worse than none.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..models import AccountMetric, Metric, PublishType

#: Before this day the new statistics hold nothing (WeChat: datacube/getarticletotaldetail).
FIRST_DAY = dt.date(2025, 11, 1)
#: So many days after publishing a post is counted.
DAYS_COUNTED = 30

_METRICS = {
    "read_user": Metric.READERS,
    "share_user": Metric.SHARERS,
    "zaikan_user": Metric.HEARTS,
    "like_user": Metric.LIKES,
    "comment_count": Metric.COMMENTS,
    "collection_user": Metric.COLLECTIONS,
    "read_subscribe_user": Metric.NEW_FOLLOWERS,
    "read_delivery_rate": Metric.DELIVERY_RATE,
    "read_finish_rate": Metric.FINISH_RATE,
    "read_avg_activetime": Metric.MINUTES,
    "praise_money": Metric.PRAISE,
}
_FRACTIONS = {Metric.DELIVERY_RATE, Metric.FINISH_RATE, Metric.MINUTES}
_PUBLISH_TYPES = {0: PublishType.SENT, 1: PublishType.PUBLISHED}
_MSGID = re.compile(r"([0-9]{1,39})_([1-8])")
_FOUR_PLACES = Decimal("0.0001")
_LARGEST = 10**12


class StatisticsUnreadable(ValueError):
    """The answer is not what the document says; the message is a Chinese sentence."""


@dataclass(frozen=True, slots=True)
class DayValues:
    """What was counted from publishing to the end of ``day``."""

    day: dt.date
    values: Mapping[Metric, Decimal]


@dataclass(frozen=True, slots=True)
class PostStatistics:
    """One post: ``msg_data_id`` and ``index`` (from 1), and its days."""

    msg_data_id: str
    index: int
    title: str
    url: str
    published_on: dt.date
    publish_type: PublishType
    days: tuple[DayValues, ...]


def parse_totals(rows: Any) -> list[PostStatistics]:
    """The ``list`` of getarticletotaldetail.

    Raises:
        StatisticsUnreadable: something is of the wrong type.
    """
    return [
        _post(_object(row, f"第 {number} 篇"), f"第 {number} 篇")
        for number, row in enumerate(_list(rows, "文章清单"), start=1)
    ]


def parse_account(rows: Any) -> list[tuple[dt.date, AccountMetric, int]]:
    """The ``list`` of getbizsummary: readers and sharers by day. Raises as `parse_totals`."""
    found = []
    for number, row in enumerate(_list(rows, "公众号每日数据"), start=1):
        where = f"第 {number} 天"
        row = _object(row, where)
        day, detail = _day(row, "ref_date", where), _object(row.get("detail") or {}, where)
        for name, metric in (
            ("read_user", AccountMetric.READERS),
            ("share_user", AccountMetric.SHARERS),
        ):
            if name in detail:
                found.append((day, metric, _whole(detail, name, where)))
    return found


def parse_followers(summary: Any, cumulate: Any) -> list[tuple[dt.date, AccountMetric, int]]:
    """The ``list`` of getusersummary and of getusercumulate, by day. Raises as `parse_totals`.

    The summary has a row for each way people came; they are added up.
    """
    changes: dict[tuple[dt.date, AccountMetric], int] = {}
    for number, row in enumerate(_list(summary, "关注增减"), start=1):
        where = f"关注增减第 {number} 行"
        row = _object(row, where)
        day = _day(row, "ref_date", where)
        for name, metric in (
            ("new_user", AccountMetric.NEW_FOLLOWERS),
            ("cancel_user", AccountMetric.LOST_FOLLOWERS),
        ):
            if name in row:
                changes[day, metric] = changes.get((day, metric), 0) + _whole(row, name, where)
    found = [(day, metric, value) for (day, metric), value in changes.items()]
    for number, row in enumerate(_list(cumulate, "累计关注"), start=1):
        where = f"累计关注第 {number} 行"
        row = _object(row, where)
        if "cumulate_user" in row:
            value = _whole(row, "cumulate_user", where)
            found.append((_day(row, "ref_date", where), AccountMetric.FOLLOWERS, value))
    return found


def _post(row: Mapping[str, Any], where: str) -> PostStatistics:
    match = _MSGID.fullmatch(_text(row, "msgid", where))
    if match is None:
        raise StatisticsUnreadable(
            f"微信统计{where}的 msgid 是“{str(row.get('msgid'))[:40]}”，应为“消息编号_第几条”。"
        )
    kind = row.get("publish_type")
    days = [
        _day_values(_object(each, where), where)
        for each in _list(row.get("detail_list") or [], f"{where}的逐日数据")
    ]
    return PostStatistics(
        match[1],
        int(match[2]),
        _text(row, "title", where)[:200],
        _text(row, "content_url", where)[:500],
        _day(row, "ref_date", where),
        _PUBLISH_TYPES.get(kind, PublishType.UNKNOWN) if type(kind) is int else PublishType.UNKNOWN,
        tuple(days),
    )


def _day_values(row: Mapping[str, Any], where: str) -> DayValues:
    values = {
        metric: _fraction(row, name, where)
        if metric in _FRACTIONS
        else Decimal(_whole(row, name, where))
        for name, metric in _METRICS.items()
        if name in row
    }
    return DayValues(_day(row, "stat_date", where), values)


def _list(value: Any, where: str) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise StatisticsUnreadable(f"微信统计的回答里，{where}不是列表，请稍后重新取数。")
    return value


def _object(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise StatisticsUnreadable(f"微信统计的回答里，{where}不是对象，请稍后重新取数。")
    return value


def _text(row: Mapping[str, Any], name: str, where: str) -> str:
    value = row.get(name, "")
    if not isinstance(value, str):
        raise StatisticsUnreadable(f"微信统计{where}的 {name} 不是文字。")
    return value


def _day(row: Mapping[str, Any], name: str, where: str) -> dt.date:
    text = _text(row, name, where)
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise StatisticsUnreadable(
            f"微信统计{where}的 {name} 是“{text[:40]}”，不是日期。"
        ) from error


def _whole(row: Mapping[str, Any], name: str, where: str) -> int:
    value = row[name]
    if type(value) is not int or not 0 <= value < _LARGEST:
        raise StatisticsUnreadable(
            f"微信统计{where}的 {name} 是“{str(value)[:40]}”，应为不小于 0 的整数。"
        )
    return value


def _fraction(row: Mapping[str, Any], name: str, where: str) -> Decimal:
    value = row[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise StatisticsUnreadable(f"微信统计{where}的 {name} 是“{str(value)[:40]}”，应为数字。")
    if not 0 <= value < _LARGEST:
        raise StatisticsUnreadable(f"微信统计{where}的 {name} 是“{value}”，不可能。")
    return Decimal(str(value)).quantize(_FOUR_PLACES)
