"""The demo's readings: example posts of the last month, and an example sheet for autumn 2019.

Every number is made up and says so: in the titles, in the name of the sheet, in the note beside it.
"""

import csv
import datetime as dt
import hashlib
import io
from typing import Any

from django.utils import timezone

from articles.models import AccountMetric, ArticlePage, Metric, WeChatPost
from articles.readings import import_plan, official, recording, typing_in
from cms.users.models import User
from demo.fake_wechat import readers

FIRST_MESSAGE = 2_247_480_000
SENDINGS = (
    (27, ("示例：立冬以后，早市几点开门", "示例：雨天走路看三处")),
    (24, ("示例：证照到期，在家先看一眼",)),
    (20, ("示例：社区食堂的一天", "示例：楼下的健身器材谁来修", "示例：周末去哪里散步")),
    (16, ("示例：老人乘车卡怎样年审", "示例：换季衣物捐到哪里")),
    (13, ("示例：小区门口的菜摊搬到哪里了",)),
    (9, ("示例：孩子放学后的一小时", "示例：水表读数怎样看")),
    (6, ("示例：一条路修了多少天", "示例：垃圾分类的五个疑问", "示例：图书馆新书一百本")),
    (2, ("示例：降温前要做的四件事", "示例：停水通知怎样读")),
)
# In the autumn of 2019; the demo's past articles of these months are on the sheet.
SHEET_FROM = dt.date(2019, 9, 1)
SHEET_EXPORTED = dt.date(2019, 12, 31)


def _made_up(*parts: Any) -> float:
    """A number from 0 to 1 that belongs to ``parts``, the same in every demo."""
    digest = hashlib.sha256("|".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def load_statistics() -> int:
    """Posts of the last thirty days with their official statistics; how many posts."""
    today = timezone.localdate()
    for number, (back, titles) in enumerate(SENDINGS):
        day = today - dt.timedelta(days=back)
        rows = [
            _row(FIRST_MESSAGE + number, index, title, day, today)
            for index, title in enumerate(titles, start=1)
        ]
        recording.record_totals(official.parse_totals(rows))
    return sum(len(titles) for _, titles in SENDINGS)


def _row(mid: int, index: int, title: str, day: dt.date, today: dt.date) -> dict[str, Any]:
    everyone = (3_000 + 9_000 * _made_up(mid, index)) / (1 if index == 1 else 2.5 * index)
    return {
        "ref_date": f"{day}",
        "msgid": f"{mid}_{index}",
        "publish_type": 0,
        "title": title,
        "content_url": f"https://mp.weixin.qq.com/s?__biz=demo&mid={mid}&idx={index}&sn=demo",
        "detail_list": [
            _counted(mid, index, day + dt.timedelta(days=age), everyone * (1 - 0.55 ** (age + 1)))
            for age in range((today - day).days)
        ],
    }


def _counted(mid: int, index: int, day: dt.date, readers: float) -> dict[str, Any]:
    share = 0.04 + 0.05 * _made_up(mid, index, "share")
    return {
        "stat_date": f"{day}",
        "read_user": int(readers),
        "share_user": int(readers * share),
        "zaikan_user": int(readers * share / 5),
        "like_user": int(readers * share / 3),
        "comment_count": int(readers * share / 40),
        "read_finish_rate": round(0.35 + 0.3 * _made_up(mid, index, "finish"), 4),
    }


def load_followers() -> int:
    """Followers day by day for two months, as the stand-in for WeChat counts them; how many days.

    The worker asks the stand-in for the last days every morning, and its answers must fit.
    """
    today, found = timezone.localdate(), []
    for back in range(60, 0, -1):
        day = today - dt.timedelta(days=back)
        moved = readers.followers_of(day)
        found += [
            (day, AccountMetric.NEW_FOLLOWERS, moved["new_user"]),
            (day, AccountMetric.LOST_FOLLOWERS, moved["cancel_user"]),
            (day, AccountMetric.FOLLOWERS, readers.followers_at(day)),
        ]
    return recording.record_account(found) // 3


def load_sheet(people: dict[str, User]) -> int:
    """An example sheet of the back office, read in as one is; one 10万+ is typed in besides."""
    past = [
        article
        for article in ArticlePage.objects.live().order_by("first_published_at", "pk")
        if SHEET_FROM <= _day(article) <= SHEET_EXPORTED
    ]
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow(["内容标题", "发表时间", "总阅读次数", "总分享次数", "点赞人数", "在看人数"])
    for article in past:
        reads = 1_200 + int(9_000 * _made_up(article.title) ** 2)
        sheet.writerow([article.title, _day(article), reads, reads // 30, reads // 60, reads // 90])
    data = text.getvalue().encode()
    looked = import_plan.plan(data, "示例-内容分析.csv", SHEET_EXPORTED)
    chosen = {
        row.row.number: next(each.value for each in row.candidates if each.same_title)
        for row in looked.asked
    }
    plan = import_plan.plan(data, "示例-内容分析.csv", SHEET_EXPORTED, chosen)
    batch = import_plan.run(people["office"], plan)
    largest = WeChatPost.objects.filter(article=past[len(past) // 2]).get()
    typing_in.type_in(
        people["publisher"],
        largest,
        Metric.READS,
        "10万+",
        timezone.localdate(),
        "示例数据，并非真实",
    )
    return batch.rows


def _day(article: ArticlePage) -> dt.date:
    return timezone.localtime(article.first_published_at).date()
