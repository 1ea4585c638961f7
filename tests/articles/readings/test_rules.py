"""Addresses, official answers, printed numbers and times, as pure functions."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import articles
from articles.models import AccountMetric, Metric, PublishType, StatisticsSubject
from articles.readings import comments, fetch_rules, official, words
from articles.readings.addresses import parse_wechat_url
from articles.readings.curve import DayValue, day_curve
from articles.readings.fetch_rules import Errand, State
from articles.readings.official import StatisticsUnreadable
from articles.wechat.errors import ErrorKind

SHANGHAI = ZoneInfo("Asia/Shanghai")
BIZ = "MzA5Njc3NTYyMQ=="

# --- addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "key"),
    [
        (f"http://mp.weixin.qq.com/s?__biz={BIZ}&mid=2650001&idx=2&sn=ab#rd", ("2650001", 2)),
        (f"https://mp.weixin.qq.com/s/?__biz={BIZ}&amp;mid=2650001&amp;idx=2", ("2650001", 2)),
        (f"https://mp.weixin.qq.com/s?idx=8&chksm=x&mid=1&__biz={BIZ}&scene=27", ("1", 8)),
    ],
)
def test_a_long_address_says_the_message_and_the_place(url, key) -> None:
    assert parse_wechat_url(url).key == key


def test_shared_in_two_ways_it_is_one_address() -> None:
    shared = f"http://mp.weixin.qq.com/s?mid=26&sn=ab&idx=1&__biz={BIZ}&chksm=1&scene=27#wechat"
    plain = f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid=26&idx=1&sn=ab"
    assert parse_wechat_url(shared).url == parse_wechat_url(plain).url


def test_a_short_address_says_nothing_but_itself() -> None:
    found = parse_wechat_url("https://mp.weixin.qq.com/s/AbC-123_xyzAbC-123_xyz?from=timeline")
    assert (found.key, found.short) == (None, "AbC-123_xyzAbC-123_xyz")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "看这里",
        "https://example.com/s?mid=1&idx=1",
        "https://mp.weixin.qq.com.example.com/s?mid=1&idx=1",
        "https://mp.weixin.qq.com/s?src=11&timestamp=1&signature=x",
        "https://mp.weixin.qq.com/s?mid=1&idx=9",
        "https://mp.weixin.qq.com/s?mid=1' OR 1&idx=1",
        "https://mp.weixin.qq.com/mp/profile_ext?mid=1&idx=1",
    ],
)
def test_anything_else_is_no_post(url) -> None:
    assert parse_wechat_url(url) is None


# --- the official statistics ----------------------------------------------------------------------


def row(**changes):
    return {
        "ref_date": "2026-11-02",
        "msgid": "12003_3",
        "publish_type": 0,
        "title": "秋天",
        "content_url": "http://mp.weixin.qq.com/s?x",
        "detail_list": [{"stat_date": "2026-11-02", "read_user": 12, "read_finish_rate": 0.4321}],
    } | changes


def test_an_answer_is_read() -> None:
    (found,) = official.parse_totals([row(unknown={"a": 1})])
    assert (found.msg_data_id, found.index, found.publish_type) == ("12003", 3, PublishType.SENT)
    assert found.days[0].values == {
        Metric.READERS: Decimal(12),
        Metric.FINISH_RATE: Decimal("0.4321"),
    }


def test_missing_fields_are_not_there_and_nought_is_nought() -> None:
    (found,) = official.parse_totals(
        [row(detail_list=[{"stat_date": "2026-11-02", "like_user": 0}])]
    )
    assert found.days[0].values == {Metric.LIKES: Decimal(0)}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"msgid": "12003"}, "msgid"),
        ({"msgid": "12003_0"}, "msgid"),
        ({"msgid": 12003}, "msgid"),
        ({"ref_date": "2日"}, "ref_date"),
        ({"detail_list": {}}, "不是列表"),
        ({"detail_list": [{"stat_date": "2026-11-02", "read_user": "12"}]}, "read_user"),
        ({"detail_list": [{"stat_date": "2026-11-02", "read_user": True}]}, "read_user"),
        ({"detail_list": [{"stat_date": "2026-11-02", "read_user": -1}]}, "read_user"),
        ({"detail_list": [{"stat_date": "2026-11-02", "read_finish_rate": "高"}]}, "finish"),
        ({"detail_list": [{"stat_date": None, "read_user": 1}]}, "stat_date"),
    ],
)
def test_a_wrong_type_is_an_error_that_names_it(changes, said) -> None:
    if changes.get("detail_list") == {}:
        changes = {"detail_list": {"a": 1}}
    with pytest.raises(StatisticsUnreadable, match=said):
        official.parse_totals([row(**changes)])


def test_followers_of_all_ways_are_added_up() -> None:
    day = dt.date(2026, 11, 2)
    summary = [
        {"ref_date": "2026-11-02", "user_source": 0, "new_user": 5, "cancel_user": 2},
        {"ref_date": "2026-11-02", "user_source": 1, "new_user": 3, "cancel_user": 0},
    ]
    cumulate = [{"ref_date": "2026-11-02", "user_source": 0, "cumulate_user": 86000}]
    assert set(official.parse_followers(summary, cumulate)) == {
        (day, AccountMetric.NEW_FOLLOWERS, 8),
        (day, AccountMetric.LOST_FOLLOWERS, 2),
        (day, AccountMetric.FOLLOWERS, 86000),
    }


def test_the_retired_statistics_are_asked_nowhere() -> None:
    retired = ("getarticlesummary", "getarticletotal", "getuserread", "getusershare")
    ours = [*Path(articles.__file__).parent.rglob("*.py")]
    assert len(ours) > 100
    for path in ours:
        text = path.read_text().replace("getarticletotaldetail", "")
        assert not [name for name in retired if name in text], path


# --- comments -------------------------------------------------------------------------------------


def test_a_comment_is_read_without_its_writer() -> None:
    (told,) = comments.parse_comments(
        [
            {
                "user_comment_id": 7,
                "openid": "oSecret",
                "create_time": 1793800000,
                "content": "<b>好</b>",
                "comment_type": 1,
                "reply": {"content": "谢谢", "create_time": 1793800600},
            }
        ]
    )
    assert (told.number, told.content, told.is_elected, told.reply) == (
        7,
        "<b>好</b>",
        True,
        "谢谢",
    )
    assert "oSecret" not in repr(told)


@pytest.mark.parametrize(
    "wrong",
    [{"user_comment_id": "7"}, {"content": None}, {"create_time": "昨天"}, {"reply": ["谢谢"]}],
)
def test_a_comment_of_wrong_types_is_refused(wrong) -> None:
    good = {"user_comment_id": 7, "content": "好", "create_time": 1793800000, "comment_type": 0}
    with pytest.raises(StatisticsUnreadable):
        comments.parse_comments([good | wrong])


# --- numbers --------------------------------------------------------------------------------------


@dataclass
class Fake:
    metric: str
    value: Decimal
    bound: str = "exact"
    capped: bool = False


@pytest.mark.parametrize(
    ("reading", "said"),
    [
        (Fake(Metric.READS, Decimal(12345)), "12,345"),
        (Fake(Metric.READS, Decimal(100001), "at_least", True), "10万+"),
        (Fake(Metric.READS, Decimal(30000), "at_least"), "≥30,000"),
        (Fake(Metric.READERS, Decimal(100001)), "100,001"),
        (Fake(Metric.FINISH_RATE, Decimal("0.4321")), "43.2%"),
        (Fake(Metric.MINUTES, Decimal("1.55")), "1.6 分钟"),
        (Fake(Metric.PRAISE, Decimal(320)), "3.20 元"),
    ],
)
def test_how_a_reading_is_printed(reading, said) -> None:
    assert words.printed(reading) == said


def test_people_and_times_are_never_added_up() -> None:
    with pytest.raises(ValueError, match="added up"):
        words.total([Fake(Metric.READERS, Decimal(1)), Fake(Metric.READS, Decimal(1))])
    with pytest.raises(ValueError, match="added up"):
        words.total([Fake(Metric.FINISH_RATE, Decimal("0.5"))])


@given(st.lists(st.tuples(st.integers(0, 99_999), st.booleans()), min_size=1))
def test_a_sum_with_a_capped_value_is_a_lower_bound(rows) -> None:
    values = [
        Fake(Metric.READS, Decimal(100001), "at_least", True)
        if capped
        else Fake(Metric.READS, Decimal(value))
        for value, capped in rows
    ]
    counted = words.total(values)
    assert counted.words.startswith("≥") == any(capped for _, capped in rows)
    assert counted.value == sum(each.value for each in values)


# --- when to ask ----------------------------------------------------------------------------------


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_thirty_days_the_newest_first_never_today() -> None:
    found = [
        each.day
        for each in fetch_rules.errands(at("2026-11-23 09:00"))
        if each.subject == StatisticsSubject.POSTS
    ]
    assert (found[0], found[-1], len(found)) == (dt.date(2026, 11, 22), dt.date(2026, 10, 24), 30)


def test_never_before_the_statistics_began() -> None:
    found = fetch_rules.errands(at("2025-11-03 09:00"))
    days = [each.day for each in found if each.subject == StatisticsSubject.POSTS]
    assert days == [dt.date(2025, 11, 2), dt.date(2025, 11, 1)]
    account = next(each for each in found if each.subject == StatisticsSubject.ACCOUNT)
    assert fetch_rules.span(account) == (dt.date(2025, 11, 1), dt.date(2025, 11, 2))
    early = fetch_rules.errands(at("2025-11-01 09:00"))
    assert {each.subject for each in early} == {StatisticsSubject.COMMENTS}


def test_spans_stay_within_what_wechat_takes() -> None:
    for each in fetch_rules.errands(at("2026-11-23 09:00")):
        first, last = fetch_rules.span(each)
        most = {"account": 30, "followers": 7}.get(each.subject, 1)
        assert (last - first).days + 1 == most


POSTS = Errand(StatisticsSubject.POSTS, dt.date(2026, 11, 22))
COMMENTS = Errand(StatisticsSubject.COMMENTS, dt.date(2026, 11, 22))


@pytest.mark.parametrize(
    ("errand", "state", "now", "due"),
    [
        (POSTS, State(), "2026-11-23 08:04", False),
        (POSTS, State(), "2026-11-23 08:05", True),
        (POSTS, State(fetched_at=at("2026-11-22 08:06")), "2026-11-23 08:05", True),
        (POSTS, State(fetched_at=at("2026-11-23 08:06")), "2026-11-23 20:00", False),
        (POSTS, State(next_at=at("2026-11-23 08:30")), "2026-11-23 08:20", False),
        (POSTS, State(next_at=at("2026-11-23 08:30")), "2026-11-23 08:30", True),
        (
            POSTS,
            State(at("2026-11-23 08:06"), at("2026-11-23 08:36"), is_delayed=True),
            "2026-11-23 08:35",
            False,
        ),
        (
            POSTS,
            State(at("2026-11-23 08:06"), at("2026-11-23 08:36"), is_delayed=True),
            "2026-11-23 08:36",
            True,
        ),
        (COMMENTS, State(), "2026-11-23 08:59", False),
        (COMMENTS, State(fetched_at=at("2026-11-23 09:01")), "2026-11-23 15:59", False),
        (COMMENTS, State(fetched_at=at("2026-11-23 09:01")), "2026-11-23 16:00", True),
        (COMMENTS, State(fetched_at=at("2026-11-23 16:01")), "2026-11-23 23:59", False),
    ],
)
def test_what_is_due(errand, state, now, due) -> None:
    assert fetch_rules.is_due(errand, state, at(now)) is due


@pytest.mark.parametrize(
    ("kind", "attempts", "then"),
    [
        (ErrorKind.BUSY, 1, "2026-11-23 09:00:10"),
        (ErrorKind.BUSY, 6, "2026-11-23 09:10"),
        (ErrorKind.BUSY, 1000, "2026-11-24 08:05"),
        (ErrorKind.RATE, 3, "2026-11-23 09:01"),
        (ErrorKind.QUOTA, 1, "2026-11-24 08:05"),
        (ErrorKind.REFUSED, 1, "2026-11-24 08:05"),
    ],
)
def test_when_to_try_again(kind, attempts, then) -> None:
    assert fetch_rules.after_error(kind, attempts, at("2026-11-23 09:00")) == at(then)


# --- the curve ------------------------------------------------------------------------------------


def test_only_neighbouring_days_are_joined() -> None:
    days = [dt.date(2026, 10, 30) + dt.timedelta(n) for n in (0, 1, 3, 4)]
    chart = day_curve([DayValue(day, at * 10.0) for at, day in enumerate(days)])
    (series,) = chart.series
    assert [len(line.points.split()) for line in series.lines] == [2, 2]
    assert [label.text for label in chart.years] == ["2026年10月", "2026年11月"]
    assert chart.months[0].text == "30"


@given(st.lists(st.integers(0, 400), min_size=1, max_size=60, unique=True), st.data())
def test_every_point_lies_in_the_plot(offsets, data) -> None:
    values = [
        DayValue(dt.date(2026, 1, 1) + dt.timedelta(n), data.draw(st.integers(0, 10**9)))
        for n in sorted(offsets)
    ]
    chart = day_curve(values)
    for point in chart.series[0].points:
        assert chart.left <= point.x <= chart.right <= chart.width
        assert chart.top <= point.y <= chart.bottom


def test_nothing_is_no_curve() -> None:
    assert day_curve([]) is None
