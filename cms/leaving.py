"""Links that leave the site: what they are, and the notice before those that lead elsewhere.

The 政府网站发展指引 wants a warning before a link to what is no government site. Public pages are
files and need no script, so the notice is a section at the end of the same page, shown while
its id is the fragment of the address (``:target``).
"""

import re
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import urlsplit

from lxml import html

# Not allowed in HTML, and refused by lxml.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# What browsers take out of an address before they read it.
_UNSEEN = re.compile(r"[\t\n\r]")
_AROUND = "".join(map(chr, range(0x21)))
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_WEB = ("http://", "https://")
_HARMLESS = ("mailto:", "tel:")


class Leads(Enum):
    """Where a link goes."""

    HERE = "here"
    GOVERNMENT = "government"
    AWAY = "away"
    NOWHERE = "nowhere"


def as_browsers_read(href: str) -> str:
    """``href`` without what browsers skip, and with the slashes that they take backslashes for."""
    href = _CONTROL.sub("", _UNSEEN.sub("", href)).strip(_AROUND)
    if href.lower().startswith(_WEB) or not _SCHEME.match(href):
        before, mark, rest = re.match(r"([^?#]*)([?#]?)(.*)", href, re.DOTALL).groups()
        href = before.replace("\\", "/") + mark + rest
    return f"https:{href}" if href.startswith("//") else href


def host_of(address: str) -> str:
    """The host of a web address in small letters; empty for what is none."""
    try:
        parts = urlsplit(address)
        return (parts.hostname or "").rstrip(".") if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""


def leads(href: str, own_host: str, government: tuple[str, ...]) -> tuple[Leads, str]:
    """Where ``href`` goes, and the address to write; what is no address leads nowhere.

    ``government`` are domains such as ``gov.cn``; their hosts need no warning.
    """
    href = as_browsers_read(href)
    if not _SCHEME.match(href):
        return (Leads.HERE, href) if href else (Leads.NOWHERE, "")
    if href.lower().startswith(_HARMLESS):
        return Leads.HERE, href
    host = host_of(href)
    if not host:
        return Leads.NOWHERE, ""
    if host == own_host:
        return Leads.HERE, href
    if any(host == domain or host.endswith(f".{domain}") for domain in government):
        return Leads.GOVERNMENT, href
    return Leads.AWAY, href


@dataclass(frozen=True)
class Notice:
    """One link that leaves for elsewhere; ``id`` is the notice's, ``link`` the link's own."""

    number: int
    url: str
    host: str

    @property
    def id(self) -> str:
        return f"leave-{self.number}"

    @property
    def link(self) -> str:
        return f"from-{self.id}"


@dataclass
class Leaving:
    """The links of one page that lead away, in the order in which the page writes them."""

    own_host: str
    government: tuple[str, ...]
    notices: list[Notice] = field(default_factory=list)

    def leads(self, href: str) -> tuple[Leads, str]:
        return leads(href, self.own_host, self.government)

    def notice(self, address: str) -> tuple[Notice, bool]:
        """Announce a link to ``address`` at the end of the page, once however often it is linked.

        Also whether it is the first such link: the one to which the notice leads back.
        """
        known = next((notice for notice in self.notices if notice.url == address), None)
        if known:
            return known, False
        notice = Notice(len(self.notices) + 1, address, host_of(address))
        self.notices.append(notice)
        return notice, True

    def rewritten(self, text: str) -> str:
        """Rich text for the public page: links that leave show their host and lead to a notice.

        A link that is no address loses it and keeps its words.
        """
        if "<a" not in text:
            return text
        root = html.fragment_fromstring(_CONTROL.sub("", text), create_parent="div")
        for anchor in list(root.iter("a")):
            self._rewrite(anchor)
        inner = [html.tostring(child, encoding="unicode") for child in root]
        return _escaped(root.text or "") + "".join(inner)

    def _rewrite(self, anchor: html.HtmlElement) -> None:
        where, address = self.leads(anchor.get("href", ""))
        if where is Leads.NOWHERE:
            anchor.drop_tag()
            return
        if where is Leads.HERE:
            anchor.set("href", address)
            return
        host = html.Element("span")
        host.set("class", "host")
        host.text = host_of(address)
        anchor.append(host)
        anchor.set("rel", "noopener nofollow")
        if where is Leads.AWAY:
            notice, is_first = self.notice(address)
            if is_first:
                anchor.set("id", notice.link)
            anchor.set("data-to", address)  # printed beside the words
            address = f"#{notice.id}"
        anchor.set("href", address)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
