"""Finding a month's article on an index page or in a feed. Pure functions, no database, no net.

The title pattern is matched piece by piece for one wanted month, so that it takes time linear in
the title whatever pattern and title hold; neither is ever a regular expression of its own.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from itertools import islice
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml import etree

from rankings.periods import SHANGHAI, Month

from .addresses import PatternError
from .extract.blocks import read_blocks
from .extract.decoding import decode
from .extract.document import parse
from .extract.failed import is_failed

MAX_TITLE = 300
MAX_ADDRESS = 2000
# An index page of a publisher has some hundreds; a page of a hundred thousand is no index.
MAX_LINKS = 5000
# A log-in or error page has fewer.
FEW_LINKS = 10
# An entry links its picture, its title and “more”.
MOST_IN_ENTRY = 4

_FIELD = re.compile(r"\{([^{}]*)\}")
_CHINESE = "〇一二三四五六七八九"
_NUMERAL = "0-9〇○零一二三四五六七八九十"
_DAY = re.compile(
    r"(?<!\d)(20\d\d)[-/.年](0?[1-9]|1[0-2])[-/.月](0?[1-9]|[12]\d|3[01])(?!\d)"
    r"|(?<!\d)(20\d\d)[-/]?(0[1-9]|1[0-2])[-/]?(0[1-9]|[12]\d|3[01])(?!\d)"
)
_BASE = re.compile(r"<base\b[^>]{0,200}?\bhref\s*=\s*[\"']?([^\"'\s>]{1,2000})", re.IGNORECASE)
_HEAD = 65_536
_FEEDS = frozenset({"rss", "feed", "rdf"})


class IndexUnreadable(ValueError):
    """The page is no list of articles; the message is a Chinese sentence."""


@dataclass(frozen=True)
class Link:
    """A link of an index page or an entry of a feed; ``day`` is when it says it is from."""

    address: str
    title: str
    day: date | None = None


# --- titles ---------------------------------------------------------------------------------------


def check_pattern(pattern: str) -> None:
    """Raises ``PatternError`` for a pattern that could never find, or would find anything."""
    fields = _FIELD.findall(pattern)
    if set(fields) - {"year", "month"} or "{" in _FIELD.sub("", pattern) + "".join(fields):
        raise PatternError("文章标题的样子里只能用 {year}、{month} 和 *，请检查大括号里的内容。")
    if "}" in _FIELD.sub("", pattern):
        raise PatternError("文章标题的样子里大括号不成对，请检查。")
    if "month" not in fields:
        raise PatternError("文章标题的样子里要有 {month}，否则分不出是哪个月的榜单。")
    rest = _folded(_FIELD.sub("", pattern)).replace("*", "")
    if len(re.sub(r"[年月\W_]", "", rest)) < 2:
        raise PatternError(
            "文章标题的样子太宽，除了年月至少再写两个字，例如 {year}年{month}月*榜单。"
        )


def matches(pattern: str, title: str, month: Month, day: date | None = None) -> bool:
    """Whether ``title`` looks like ``pattern`` filled in with ``month``.

    Before and behind the pattern anything may stand. Width, case and white space do not count,
    years and months may be written in Chinese numerals. A pattern without a year takes the year
    from ``day``, the day the title is from: the last such month that was over by then.
    """
    pieces = [piece for piece in _folded(pattern).split("*") if piece]
    if "{year}" not in pattern and _inferred(month, day) != month:
        return False
    text, at = _folded(title[:MAX_TITLE]), 0
    for piece in pieces:
        found = re.compile(_piece(piece, month)).search(text, at)
        if found is None:
            return False
        at = found.end()
    return True


def _inferred(month: Month, day: date | None) -> Month:
    if day is None:
        return month
    newest = Month.of(day) + -1
    return newest + -((newest.month - month.month) % 12)


def _piece(piece: str, month: Month) -> str:
    """Alternatives of fixed length only: no piece can be slow."""
    expression, last = "", 0
    for field in _FIELD.finditer(piece):
        numeral = _years(month.year) if field[1] == "year" else _months(month.month)
        expression += re.escape(piece[last : field.start()])
        expression += f"(?<![{_NUMERAL}])(?:{numeral})(?![{_NUMERAL}])"
        last = field.end()
    return expression + re.escape(piece[last:])


def _years(year: int) -> str:
    short = f"{year % 100:02d}"
    digits = "".join(_CHINESE[int(digit)] for digit in str(year)).replace("〇", "[〇○零o0]")
    return f"{year}|{short}|{digits}"


def _months(month: int) -> str:
    tens = "十" if month >= 10 else ""
    ones = _CHINESE[month % 10] if month % 10 else ""
    return f"0?{month}|{tens}{ones}"


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def find(
    links: Iterable[Link], pattern: str, month: Month, today: date, skip: Iterable[str] = ()
) -> list[Link]:
    """The articles that look like the list of ``month``, each address once, in page order.

    Undated links of a pattern without a year are taken to be from ``today``. ``skip`` are
    addresses a person has said no to.
    """
    known = set(skip)
    found: dict[str, Link] = {}
    for link in links:
        if link.address in known or not matches(pattern, link.title, month, link.day or today):
            continue
        before = found.get(link.address)
        if before is None or len(link.title) > len(before.title):
            found[link.address] = link
    return list(found.values())


# --- links ----------------------------------------------------------------------------------------


def read_index(data: bytes, *, url: str, content_type: str) -> list[Link]:
    """The links of an index page, or the entries of an RSS, RDF or Atom feed.

    ``url`` is the page's final address. Addresses stay as printed, made absolute, without the
    fragment. Raises ``IndexUnreadable``, and ``PageRefused`` for pages beyond all limits.
    """
    feed = _feed_root(data)
    links = _feed_links(feed, url) if feed is not None else _page_links(data, url, content_type)
    if not links:
        raise IndexUnreadable(
            "目录页上没有一个链接，可能是页面改版或内容由脚本生成。"
            "请打开目录页核对，或改用 RSS 地址、地址模板。"
        )
    return links


def _page_links(data: bytes, url: str, content_type: str) -> list[Link]:
    text = decode(data, content_type).text
    page = parse(text)
    if page.root is None:
        raise IndexUnreadable("目录页是空的，请打开目录页核对地址。")
    # Of the head nothing is left in the visible document.
    base = _BASE.search(text[:_HEAD])
    here = (_joined(url, unescape(base[1])) if base else "") or url
    links = []
    for anchor in page.root.iter("a"):
        address = _joined(here, anchor.get("href") or "")
        shown = _line("".join(anchor.itertext()))
        title = max((shown, _line(anchor.get("title") or "")), key=len)
        if address and title:
            links.append(Link(address, title, _day_beside(anchor, shown) or _day_in(address)))
        if len(links) >= MAX_LINKS:
            break
    # A page full of links may well hold a box to log in; its title decides alone.
    blocks = read_blocks(page.root) if len(links) < FEW_LINKS else []
    if is_failed(blocks, page.title, has_boards=bool(links) or not blocks):
        raise IndexUnreadable(
            "打开的不是目录页（可能是登录页、验证页或错误页），请打开目录页核对。"
        )
    return links


def _day_beside(anchor: etree._Element, shown: str) -> date | None:
    """The date printed in the same entry, where the entry is about this link alone."""
    if (day := _day_in(shown)) is not None:
        return day
    node = anchor
    for _ in range(3):
        node = node.getparent()
        if node is None or not _is_about(node, anchor.get("href")):
            return None
        if (day := _day_in(_line("".join(node.itertext())))) is not None:
            return day
    return None


def _is_about(node: etree._Element, address: str | None) -> bool:
    """Whether all links in the node lead there; many are no entry, and are not all looked at."""
    links = list(islice(node.iter("a"), MOST_IN_ENTRY + 1))
    return len(links) <= MOST_IN_ENTRY and all(link.get("href") == address for link in links)


def _day_in(text: str) -> date | None:
    for match in _DAY.finditer(text):
        year, month, day = (int(part) for part in match.groups() if part)
        try:
            return date(year, month, day)
        except ValueError:
            continue
    return None


def _feed_root(data: bytes) -> etree._Element | None:
    """The root of a feed; None for anything else. No entity is ever resolved."""
    if (
        b"<rss" not in data[:2000]
        and b"<feed" not in data[:2000]
        and b"<rdf" not in (data[:2000].lower())
    ):
        return None
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(data.lstrip(), parser)
    except etree.XMLSyntaxError:
        return None
    return root if root is not None and _local(root).lower() in _FEEDS else None


def _feed_links(root: etree._Element, url: str) -> list[Link]:
    links = []
    for entry in root.iter("{*}item", "{*}entry"):
        title = address = ""
        days = []
        for child in entry:
            name, text = _local(child), _line("".join(child.itertext()))
            if name == "title":
                title = _without_tags(text)
            elif name == "link" and child.get("rel", "alternate") == "alternate":
                address = address or text or child.get("href") or ""
            elif name in ("pubDate", "published", "updated", "date"):
                days.append(_stamp(text))
        absolute = _joined(url, address)
        if absolute and title and len(links) < MAX_LINKS:
            links.append(Link(absolute, title, min((d for d in days if d), default=None)))
    return links


def _without_tags(text: str) -> str:
    """Titles of feeds may be HTML inside text."""
    tree = etree.HTML(text) if "<" in text else None
    return text if tree is None else _line("".join(tree.itertext()))


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _stamp(text: str) -> date | None:
    """RFC 822 or ISO 8601, as a day in China."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
        except (ValueError, TypeError):
            continue
        return (moment.astimezone(SHANGHAI) if moment.tzinfo else moment).date()
    return _day_in(text)


def _joined(base: str, address: str) -> str:
    """The absolute web address; "" for scripts, mails, other schemes and nonsense."""
    try:
        absolute = urldefrag(urljoin(base, address.strip())).url
        web = urlsplit(absolute).scheme in ("http", "https")
    except ValueError:
        return ""
    return absolute if address.strip() and web and len(absolute) <= MAX_ADDRESS else ""


def _line(text: str) -> str:
    kept = "".join(" " if unicodedata.category(c)[0] == "C" else c for c in text)
    return " ".join(kept.split())[:MAX_TITLE]
