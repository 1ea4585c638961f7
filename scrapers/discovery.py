"""Finding a month's article on an index page or in a feed. Pure functions, no database, no net."""

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

from .extract.blocks import read_blocks
from .extract.decoding import decode
from .extract.document import parse
from .extract.failed import is_failed
from .titles import MAX_TITLE, matches

MAX_ADDRESS = 2000
# An index page of a publisher has some hundreds; a page of a hundred thousand is no index.
MAX_LINKS = 5000
# A log-in or error page has fewer.
FEW_LINKS = 10
# An entry links its picture, its title and “more”.
MOST_IN_ENTRY = 4

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
