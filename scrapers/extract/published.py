"""When a page was published (README §8)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

from .blocks import Block, Line
from .document import Page
from .folding import fold
from .period_forms import days, make_date

BEIJING = timezone(timedelta(hours=8))

_LABELLED = re.compile(
    r"(?:^|[\s|(\[【·•,，;。:/>])(?:(?:发布|发表|发稿|刊发|上传|录入|信息|添加)(?:时间|日期)|发布于|发表于|发布|时间|日期)\s*:?\s*"
    r"(?P<y>20\d\d)\s*(?:年|[-./])\s*(?P<m>\d{1,2})\s*(?:月|[-./])\s*(?P<d>\d{1,2})"
)
_NEVER = re.compile(
    r"今天是|更新于|更新时间|更新日期|采集|收集|抓取|截至|截止|统计|数据日期|榜单时间|数据时间|最后更新"
)
_WITH_SOURCE = re.compile(
    r"来源|作者|原创|编辑|记者|发布|责编|发表|浏览|点击|阅读|字号|\d{1,2}:\d{2}|^[^\d]{0,2}20\d\d\D.{0,24}$"
)
_BYLINE = re.compile(r"(?:来源|作者|记者|编辑|出处)\s*:")
_METAS = (
    *("pubdate", "publishdate", "article:published_time", "publish_date", "pubtime", "publishtime"),
    *(
        "og:release_date",
        "datepublished",
        "dc.date",
        "firstpublishedtime",
        "weibo: article:create_at",
    ),
)
_CT = re.compile(
    r"\b(?:ct|createTime|create_time|oriCreateTime)[\"']?\s*[=:]\s*[\"']?(\d{10})(?:\d{3})?\b"
)
_PUBLISH_TIME = re.compile(
    r"(?:publish_time|publishTime|pub_time|pubtime|createTime|publish_date|datePublished)[\"']?\s*[=:]\s*[\"']?"
    r"(?:(?P<seconds>\d{10})(?:\d{3})?(?!\d)|(?P<y>20\d\d)-(?P<m>\d{1,2})-(?P<d>\d{1,2}))",
    re.IGNORECASE,
)

#: How many lines below the title may carry the date.
_BELOW_TITLE = 5


def find_published(page: Page, blocks: list[Block], title_at: int | None) -> date | None:
    """The publish date: labelled or under the title, else meta, ``<time>``, script."""
    lines = [block for block in blocks if isinstance(block, Line)]
    title = blocks[title_at] if title_at is not None else None
    return (
        _labelled(lines)
        or _under_title(blocks, title_at, title)
        or _in_element(page)
        or _in_byline(blocks)
        or _in_metas(page.metas)
        or _in_time(page)
        or _in_scripts(page.scripts)
    )


def _labelled(lines: list[Line]) -> date | None:
    for line in lines:
        text = fold(line.text)
        if len(text) > 200 or "》" in text:
            continue
        for match in _LABELLED.finditer(text):
            before = text[max(0, match.start() - 6) : match.end()]
            found = make_date(int(match["y"]), int(match["m"]), int(match["d"]))
            if found and not _NEVER.search(before):
                return found
    return None


def _under_title(blocks: list[Block], at: int | None, title: Block | None) -> date | None:
    if at is None or title is None:
        return None
    for block in blocks[at + 1 : at + 1 + _BELOW_TITLE]:
        if not isinstance(block, Line):
            break
        text = fold(block.text)
        if len(text) > 120 or _NEVER.search(text) or not _WITH_SOURCE.search(text):
            continue
        found = [day for day, _ in days(text)]
        if len(found) == 1:
            return found[0]
    return None


def _in_element(page: Page) -> date | None:
    """The date in the element that WeChat's editor prints it in."""
    found = page.root.xpath("//*[@id='publish_time']") if page.root is not None else []
    return _stamped("".join(found[0].itertext())) if found else None


def _in_byline(blocks: list[Block]) -> date | None:
    """The one date beside a source and an author, wherever the line stands."""
    for block in blocks:
        if not isinstance(block, Line) or block.aside or block.link or len(block.text) > 120:
            continue
        text = fold(block.text)
        found = [day for day, _ in days(text)]
        if len(found) == 1 and _BYLINE.search(text) and not _NEVER.search(text):
            return found[0]
    return None


def _in_metas(metas: dict[str, str]) -> date | None:
    for name in _METAS:
        if (day := _stamped(metas.get(name, ""))) is not None:
            return day
    return None


def _stamped(text: str) -> date | None:
    """The Beijing day of a machine-written time; without an offset the time is Beijing's."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return next((day for day, _ in days(text)), None)
    return (moment.astimezone(BEIJING) if moment.tzinfo else moment).date()


def _in_time(page: Page) -> date | None:
    if page.root is None:
        return None
    for element in page.root.iter("time"):
        for text in (element.get("datetime") or "", "".join(element.itertext())):
            if (day := _stamped(text)) is not None:
                return day
    return None


def _in_scripts(scripts: str) -> date | None:
    for pattern in (_CT, _PUBLISH_TIME):
        if match := pattern.search(scripts):
            groups = match.groupdict()
            seconds = groups.get("seconds") or (match[1] if not groups else None)
            if seconds:
                return datetime.fromtimestamp(int(seconds), UTC).astimezone(BEIJING).date()
            return make_date(int(match["y"]), int(match["m"]), int(match["d"]))
    return None
