"""The demo's rankings: the newspaper's word about 24 months, and the invented 演示榜."""

import datetime as dt
from typing import Any

from django.utils import timezone

from articles.models import HomePage
from demo.picture_list import NAME as PICTURE_LIST
from rankings.models import (
    Account,
    Board,
    HonouredBoard,
    HonoursPage,
    Origin,
    SourceKind,
    Status,
    Watch,
)
from rankings.periods import Month, Period
from rankings.services import ListRow, SourceRef, record_list, record_not_issued
from scrapers.models import Source, SourceBoard

from .content import example_board

NEWSPAPER = SourceRef(SourceKind.MEDIA, "株洲当地报纸")
REPORTED_FROM, REPORTED_TO = Month(2017, 9), Month(2019, 8)
# On which day of the month after the invented publisher prints its list.
ISSUE_DAY = 8
EXAMPLE_SOURCE = SourceRef(SourceKind.PUBLISHER, "示例机构（虚构）")
FIGURES = ("articles", "reads", "headline_reads", "average_reads", "max_reads", "likes", "looks")


def load_county() -> int:
    """The real county board: nothing but the 24 months, each as *reported*.

    The newspaper says that the account was first in every month from 2017-09 to 2019-08; no
    list of any of these months is at hand, so none counts as proved.
    """
    board = Board.objects.create(
        key="county",
        publisher="湖南日报社新媒体中心、清博大数据",
        name="湖南政务微信影响力排行榜·县级",
        scope="县级",
        metric="WCI",
        note="榜单原件尚待收集；现有名次均为报纸所述。",
    )
    account = Account.objects.create(
        key="zaihetang", name="在荷塘", place="株洲市荷塘区", is_ours=True
    )
    month = REPORTED_FROM
    while month <= REPORTED_TO:
        record_list(
            None,
            board=board,
            period=Period.of_month(month),
            source=NEWSPAPER,
            rows=[ListRow(account, rank=1, note="报道说每月列第一，未附榜单。")],
            status=Status.REPORTED,
            origin=Origin.IMPORT,
            published=dt.date(2019, 9, 17),
        )
        month += 1
    return 24


def load_example_board(confirmed_by: Any) -> int:
    """演示榜, all months but the last one out: that is fetched over HTTP by the scraper.

    ``confirmed_by`` stands in for the second person, so that the months count.
    """
    about = example_board.BOARD
    board = Board.objects.create(
        key=about["key"],
        publisher=about["publisher"],
        name=about["name"],
        scope=about["scope"],
        metric="WCI",
        issue_day=ISSUE_DAY,
        is_example=True,
        note="账号、名次和数值都是虚构的，只用来演示。",
    )
    accounts = {
        a["key"]: Account.objects.create(
            key=a["key"], name=a["name"], wechat_id=a["wechat_id"], note="虚构的示例账号"
        )
        for a in example_board.accounts()
    }
    # The one that comes closest to the first place.
    Watch.objects.create(board=board, account=accounts[example_board.RIVAL_KEY], margin=20)
    count = 0
    # The last complete month is the one the source will be asked for.
    newest = Month.of(timezone.now()) + -1
    for year, month in example_board.months():
        if Month(year, month) >= newest:
            break
        period = Period.of_month(Month(year, month))
        if not example_board.is_issued(year, month):
            record_not_issued(
                None,
                board=board,
                period=period,
                source=EXAMPLE_SOURCE,
                status=Status.CONFIRMED,
                origin=Origin.IMPORT,
                confirmed_by=confirmed_by,
            )
            continue
        result = record_list(
            None,
            board=board,
            period=period,
            source=EXAMPLE_SOURCE,
            rows=[_row(accounts, row) for row in example_board.rows(year, month)],
            status=Status.CONFIRMED,
            origin=Origin.IMPORT,
            confirmed_by=confirmed_by,
            published=example_board.published_on(year, month),
            method=about["method"],
        )
        count += result.created
    return count


def load_sources(page_server: str) -> int:
    """Sources whose pages the demo's own server prints at ``page_server`` (host:port).

    One records by itself; the others each leave the office something to do: a page with a slip,
    a list that is a picture, an article found on an index page.
    """
    board = Board.objects.get(key=example_board.BOARD["key"])
    pictures = Board.objects.create(
        key="demo-pictures",
        publisher=example_board.BOARD["publisher"],
        name=PICTURE_LIST,
        scope="县级（示例）",
        metric="WCI",
        issue_day=ISSUE_DAY,
        is_example=True,
        note="名次都是虚构的，只用来演示图片榜单怎样转录。",
    )
    monthly = "{year}-{month:02d}.html"
    given = (
        ("demo-pages", "演示榜发布页", f"/yanshi/{monthly}", "", board),
        ("demo-slip", "演示榜转载页（少一行）", f"/yanshi-review/{monthly}", "", board),
        ("demo-picture", "演示图片榜发布页", f"/yanshi-picture/{monthly}", "", pictures),
        ("demo-index", "演示发布网目录页", "", "/yanshi-index/", board),
    )
    for key, name, address, index, recorded in given:
        source = Source.objects.create(
            key=key,
            name=name,
            source_kind=SourceKind.PUBLISHER,
            source_name=EXAMPLE_SOURCE.name,
            address=address and f"http://{page_server}{address}",
            index_address=index and f"http://{page_server}{index}",
            title_pattern=index and "演示榜{year}年{month}月榜单发布",
            allowed_hosts=page_server.rpartition(":")[0],
            days=",".join(str(day) for day in range(ISSUE_DAY, 29)),
            hour=0,
            is_example=True,
            note="演示用：页面由本机的演示页面服务器提供。",
        )
        SourceBoard.objects.create(source=source, heading="", board=recorded)
    return len(given)


def load_honours(administrator: Any, publisher: Any) -> HonoursPage:
    """The public honours page: the real board alone, where everything is only reported."""
    page = HonoursPage(
        title="荣誉",
        slug="honours",
        account=Account.objects.get(is_ours=True),
        intro="在荷塘创办以来在社会化榜单上的名次。",
    )
    page.honoured_boards.add(HonouredBoard(board=Board.objects.get(key="county")))
    HomePage.objects.get().add_child(instance=page)
    page.save_revision(user=administrator).publish(user=publisher)
    return page


def _row(accounts: dict[str, Account], row: Any) -> ListRow:
    figures = {
        key: {
            "value": row[key],
            "bound": row.get(f"{key}_bound", "exact"),
            "capped": key == "max_reads" and row["max_reads"] >= example_board.ARTICLE_CAP,
            "raw": row.get(f"{key}_raw") or str(row[key]),
        }
        for key in FIGURES
    }
    figures["index"] = {
        "value": row["index"],
        "bound": "exact",
        "capped": False,
        "raw": f"{row['index']:.2f}",
    }
    return ListRow(
        accounts[row["account_key"]], rank=row["rank"], tied=row["tied"], figures=figures
    )
