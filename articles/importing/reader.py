"""HTML of any origin to a flat list of what can be seen, in its order.

Two passes that never recurse: nh3 makes sound HTML of whatever comes and takes the active parts
away; a reader of events then keeps lines, pictures, rules and tables. No tag of the input is ever
passed on: the blocks are written anew from these pieces.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

import nh3

# Formats of a run besides its link, in the order in which they are written.
FORMATS = ("b", "i", "sup", "sub")
MAX_DEPTH = 200
MAX_LIST_DEPTH = 4

_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_BLOCKS = _HEADINGS | {
    *("p", "div", "section", "article", "header", "footer", "main", "aside", "nav", "center"),
    *("blockquote", "figure", "figcaption", "ul", "ol", "li", "dl", "dt", "dd", "pre", "address"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "details", "summary"),
    *("form", "fieldset", "legend", "cite"),
}
_INLINE = {"b", "strong", "i", "em", "sup", "sub", "a", "span", "s", "strike", "del", "font"}
_VOID = {"br", "hr", "img"}
_GONE = {"script", "style", "title", "iframe", "object", "video", "audio", "template", "noembed"}
_AS_FORMAT = {"b": "b", "strong": "b", "i": "i", "em": "i", "sup": "sup", "sub": "sub"}
_ATTRIBUTES = {
    "*": {"style", "class", "hidden"},
    "a": {"href", "id", "name"},
    "img": {"src", "data-src", "data-picture", "alt", "width", "height", "data-w"},
    "ol": {"start"},
    "li": {"id"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_CLOSES_ITSELF = {"p", "li", "tr", "td", "th", "dt", "dd", "tbody", "thead", "option", *_VOID}
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)[^>]*>")
_MEDIA = re.compile(r"<(?:iframe|video|audio|embed|object|mpvoice|mp-common-\w+)\b[^>]*>", re.I)
_VIDEO_ID = re.compile(r"(?:[?&;]vid=|data-mpvid=[\"']?|data-vidid=[\"']?)([A-Za-z0-9_]{6,32})")
# Invisible in every font: format characters, and controls but tab and line feed.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
    # The joiner holds families of pictographs together and is seen nowhere else.
    "|(?<![\U0001f000-\U0001faff\u2600-\u27bf\ufe0f])\u200d"
)
BREAK = "\v"
_GAP = re.compile("[ \t\r\n\f\v\u00a0\u2000-\u200a\u2028\u2029\u202f\u205f]+")
_EDGES = " \n\u3000"
# Files wrap lines in the middle of Chinese text, where a browser shows a gap nobody meant.
_WIDE = re.compile(
    "[\u2e80-\u2fff\u3001-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]"
)
_NUMBER = re.compile(r"\d{1,5}")
_LEVEL = re.compile(r"level(\d)")


@dataclass(slots=True)
class Run:
    """A piece of text in one look. ``formats`` is a subset of `FORMATS`."""

    text: str
    formats: frozenset[str] = frozenset()
    href: str = ""


@dataclass(frozen=True, slots=True)
class ListItem:
    """Where a line stands: the list and the item by number, unique in the text."""

    list_id: int
    item_id: int
    ordered: bool
    start: int = 1


@dataclass(slots=True)
class Line:
    """A line of text. ``kind`` is ``text``, ``heading``, ``caption`` (of a picture or a table).

    ``marker`` is what Word wrote in front of the item of a list, ``level`` how deep it stood.
    """

    runs: list[Run]
    kind: str = "text"
    items: tuple[ListItem, ...] = ()
    quote: int = 0
    marker: str = ""
    level: int = 0

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def is_plain(self) -> bool:
        return "\n" not in self.text and not any(r.href or r.formats for r in self.runs)


@dataclass(slots=True)
class Picture:
    """A picture as the text names it: an address or a number; ``beside``, a file of the page."""

    source: str
    alt: str = ""
    number: int = 0
    beside: str = ""


@dataclass(slots=True)
class Rule:
    """A line across (hr)."""


@dataclass(slots=True)
class Cell:
    pieces: list["Piece"] = field(default_factory=list)
    colspan: int = 1
    rowspan: int = 1


@dataclass(slots=True)
class Table:
    rows: list[list[Cell]] = field(default_factory=list)
    captions: list[Line] = field(default_factory=list)


Piece = Line | Picture | Rule | Table


@dataclass(slots=True)
class Losses:
    """How often something could not be kept as it was."""

    media: int = 0
    video_ids: list[str] = field(default_factory=list)
    hidden: int = 0
    struck: int = 0
    links: int = 0


def read(html: str) -> tuple[list[Piece], Losses]:
    """All that can be seen in ``html``. Never raises, whatever comes."""
    # Half a character is none, and the cleaner wants whole ones.
    html = html.encode("utf-8", "replace").decode("utf-8")
    media = _MEDIA.findall(html)
    ids = dict.fromkeys(found for tag in media for found in _VIDEO_ID.findall(tag))
    reader = _Reader()
    reader.losses.media = len(media)
    reader.losses.video_ids = [each for each in ids if each.isalnum()]
    reader.feed(_cleaned(html))
    reader.close()
    reader.end_line()
    return reader.pieces, reader.losses


def tidy(text: str) -> str:
    """``text`` without what nobody sees, spaces drawn together; line feeds are spaces too."""
    return _GAP.sub(" ", _INVISIBLE.sub("", text)).strip(_EDGES)


def web_address(href: str) -> str:
    """``href`` when it leads into the web, else nothing."""
    try:
        parts = urlsplit(href.strip())
        return href.strip() if parts.scheme in ("http", "https") and parts.hostname else ""
    except ValueError:
        return ""


def _cleaned(html: str) -> str:
    return nh3.clean(
        _shallow(html),
        tags=_BLOCKS | _INLINE | _VOID,
        clean_content_tags=_GONE,
        attributes=_ATTRIBUTES,
        strip_comments=True,
        link_rel=None,
        url_schemes={"http", "https"},
    )


def _shallow(html: str) -> str:
    """``html`` without the tags below `MAX_DEPTH`: the cleaner's time grows with its square."""
    depth = 0

    def keep(tag: re.Match[str]) -> str:
        nonlocal depth
        if tag[2].lower() in _CLOSES_ITSELF:
            return tag[0]
        if tag[1]:
            depth = max(depth - 1, 0)
            return tag[0] if depth < MAX_DEPTH else ""
        depth += 1
        return tag[0] if depth <= MAX_DEPTH else ""

    return _TAG.sub(keep, html)


@dataclass(slots=True)
class _Open:
    """An element that is open, and what has to be put back when it closes."""

    tag: str
    formats: frozenset[str]
    href: str
    hidden: bool = False
    marker: bool = False


class _Reader(HTMLParser):
    # The cleaner left no such element: a word like one must not swallow what follows.
    CDATA_CONTENT_ELEMENTS = ()

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self.losses = Losses()
        self.open: list[_Open] = []
        self.formats: frozenset[str] = frozenset()
        self.href = ""
        self.runs: list[Run] = []
        self.marker = ""
        self.level = 0
        self.kinds: list[str] = []
        self.lists: list[tuple[int, bool, int]] = []
        self.items: list[ListItem] = []
        self.quotes: list[int] = []
        self.tables: list[Table] = []
        self.pre = 0
        self.unseen = 0
        self.in_marker = 0
        self.count = 0
        self.pictures = 0

    # --- events

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        style = re.sub(r"\s+", "", given.get("style", "")).lower()
        if tag in _VOID:
            if not self.unseen:
                self._void(tag, given)
            return
        element = _Open(tag, self.formats, self.href)
        self.open.append(element)
        if "hidden" in given or "display:none" in style or "mso-hide:all" in style:
            element.hidden = True
            self.unseen += 1
        if self.unseen:
            return
        if tag in _BLOCKS:
            self.end_line()
            self._begin_block(tag, given, style)
            return
        if "mso-list:ignore" in style:
            element.marker = True
            self.in_marker += 1
        self.formats = _with_style(self.formats | {_AS_FORMAT.get(tag, "")} - {""}, style)
        if tag == "a" and (href := given.get("href", "")):
            self.href = web_address(href)
            # A place in the same text (a footnote) is no loss.
            self.losses.links += not self.href and not href.startswith("#")
        elif tag == "a" and not (given.get("id") or given.get("name")):
            # The cleaner took an address of another kind away.
            self.losses.links += 1
        if tag in ("s", "strike", "del"):
            self.losses.struck += 1

    def handle_endtag(self, tag: str) -> None:
        if not any(element.tag == tag for element in self.open):
            return
        while self.open:
            element = self.open.pop()
            self._end(element)
            if element.tag == tag:
                return

    def handle_data(self, data: str) -> None:
        data = _INVISIBLE.sub("", data)
        if self.unseen:
            self.losses.hidden += bool(data.strip())
        elif self.in_marker:
            self.marker += data
        elif self.pre:
            for index, part in enumerate(data.split("\n")):
                if index:
                    self.runs.append(Run(BREAK))
                self.runs.append(Run(part, self.formats, self.href))
        else:
            self.runs.append(Run(data, self.formats, self.href))

    # --- elements

    def _void(self, tag: str, given: dict[str, str]) -> None:
        if tag == "br":
            self.runs.append(Run(BREAK))
        elif tag == "hr":
            self._add(Rule())
        elif not _is_dot(given):
            if "emoji" in given.get("class", "") and given.get("alt"):
                self.runs.append(Run(given["alt"], self.formats))
                return
            self.pictures += 1
            names = ("data-picture", "data-src", "src")
            source = next((given[name] for name in names if given.get(name)), "")
            beside = "" if "//" in given.get("src", "") else given.get("src", "")
            self._add(Picture(source, tidy(given.get("alt", "")), self.pictures, beside))

    def _begin_block(self, tag: str, given: dict[str, str], style: str) -> None:
        self.formats = _with_style(self.formats, style)
        if tag in _HEADINGS:
            self.kinds.append("heading")
        elif tag in ("figcaption", "caption"):
            self.kinds.append("caption")
        elif tag == "blockquote":
            self.count += 1
            self.quotes.append(self.quotes[0] if self.quotes else self.count)
        elif tag in ("ul", "ol"):
            self.count += 1
            start = given.get("start", "")
            self.lists.append(
                (self.count, tag == "ol", int(start) if _NUMBER.fullmatch(start) else 1)
            )
        elif tag == "li":
            self._begin_item()
        elif tag == "pre":
            self.pre += 1
        elif tag == "p" and "mso-list:l" in style:
            found = _LEVEL.search(style)
            self.level = int(found[1]) if found else 1
        elif tag == "table":
            self.tables.append(Table())
        elif tag == "tr" and self.tables:
            self.tables[-1].rows.append([])
        elif tag in ("td", "th") and self.tables:
            if not self.tables[-1].rows:
                self.tables[-1].rows.append([])
            spans = [given.get(name, "") for name in ("colspan", "rowspan")]
            cell = Cell([], *(int(s) if _NUMBER.fullmatch(s) else 1 for s in spans))
            self.tables[-1].rows[-1].append(cell)

    def _begin_item(self) -> None:
        self.count += 1
        list_id, ordered, start = self.lists[-1] if self.lists else (0, False, 1)
        self.items.append(ListItem(list_id, self.count, ordered, start))

    def _end(self, element: _Open) -> None:
        if element.hidden:
            self.unseen -= 1
        if element.tag in _BLOCKS and not self.unseen and not element.hidden:
            self.end_line()
            self._end_block(element.tag)
        if element.marker:
            self.in_marker -= 1
        self.formats, self.href = element.formats, element.href

    def _end_block(self, tag: str) -> None:
        stacks = {"blockquote": self.quotes, "ul": self.lists, "ol": self.lists, "li": self.items}
        if tag in _HEADINGS or tag in ("figcaption", "caption"):
            self.kinds.pop()
        elif stack := stacks.get(tag):
            stack.pop()
        elif tag == "pre":
            self.pre -= 1
        elif tag == "p":
            self.level, self.marker = 0, ""
        elif tag == "table":
            self._add(self.tables.pop())

    # --- pieces

    def end_line(self) -> None:
        """What was gathered since the last line becomes lines, unless nothing can be seen."""
        runs, self.runs = self.runs, []
        marker, self.marker = tidy(self.marker), ""
        lines = _lines(runs)
        if marker and not lines:
            lines = [[Run(marker)]]
        for runs in lines:
            kind = self.kinds[-1] if self.kinds else "text"
            items = tuple(self.items[:MAX_LIST_DEPTH])
            quote = self.quotes[0] if self.quotes else 0
            line = Line(runs, kind, items, quote)
            if self.level and marker and not items:
                line.level, line.marker, marker = self.level, marker, ""
            elif marker:
                line.runs = [Run(f"{marker} "), *runs]
                marker = ""
            if kind == "caption" and self.tables and not self.tables[-1].rows:
                self.tables[-1].captions.append(line)
            else:
                self._add(line)

    def _add(self, piece: Piece) -> None:
        if not isinstance(piece, Line):
            self.end_line()
        table = self.tables[-1] if self.tables else None
        if table and table.rows and table.rows[-1]:
            table.rows[-1][-1].pieces.append(piece)
        else:
            self.pieces.append(piece)


def _with_style(formats: frozenset[str], style: str) -> frozenset[str]:
    """``formats`` as a style attribute (without spaces, lower case) changes them."""
    for part in style.split(";") if style else ():
        name, _, value = part.partition(":")
        if name == "font-weight":
            heavy = value in ("bold", "bolder") or (value.isdecimal() and int(value) >= 600)
            formats = formats | {"b"} if heavy else formats - {"b"}
        elif name == "font-style":
            formats = formats | {"i"} if value in ("italic", "oblique") else formats - {"i"}
        elif name == "vertical-align" and value in ("super", "sub"):
            formats = formats | {"sup" if value == "super" else "sub"}
    return formats


def _is_dot(given: dict[str, str]) -> bool:
    """Pictures that count visits or fill a gap are no pictures."""
    sizes = [
        given[name].removesuffix("px") for name in ("width", "height", "data-w") if name in given
    ]
    return any(size in ("0", "1") for size in sizes)


def _lines(runs: list[Run]) -> list[list[Run]]:
    """The runs with spaces drawn together, cut where two breaks follow each other."""
    text = "".join(run.text for run in runs)
    looks = [(run.formats, run.href) for run in runs for _ in run.text]
    lines: list[list[Run]] = [[]]
    done = 0
    for gap in _GAP.finditer(text):
        _write(lines[-1], text, looks, done, gap.start())
        done = gap.end()
        breaks = gap[0].count(BREAK)
        wrapped = "\n" in gap[0] and _WIDE.match(text, done)
        if breaks > 1:
            lines.append([])
        elif breaks:
            _write_gap(lines[-1], "\n")
        elif not (wrapped and _WIDE.match(text, max(gap.start() - 1, 0))):
            _write_gap(lines[-1], " ")
    _write(lines[-1], text, looks, done, len(text))
    for line in lines:
        _strip(line)
    return [line for line in lines if line]


def _write(
    line: list[Run], text: str, looks: list[tuple[frozenset[str], str]], start: int, end: int
) -> None:
    while start < end:
        look, stop = looks[start], start + 1
        while stop < end and looks[stop] == look:
            stop += 1
        if line and (line[-1].formats, line[-1].href) == look:
            line[-1].text += text[start:stop]
        else:
            line.append(Run(text[start:stop], *look))
        start = stop


def _write_gap(line: list[Run], gap: str) -> None:
    if line:
        line[-1].text += gap


def _strip(line: list[Run]) -> None:
    """Take the indents of four bytes, the spaces and the breaks off both ends."""
    while line and not (text := line[0].text.lstrip(_EDGES)):
        line.pop(0)
    if line:
        line[0].text = text
    while line and not (text := line[-1].text.rstrip(_EDGES)):
        line.pop()
    if line:
        line[-1].text = text
