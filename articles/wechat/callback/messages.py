"""What WeChat's messages say, as plain values. Pure.

Shapes from WeChat: 事件推送群发结果 (MASSSENDJOBFINISH) and 发布状态推送 (PUBLISHJOBFINISH).
Parts that are missing, empty or mere white space are taken as saying nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

MASS_FINISHED = "MASSSENDJOBFINISH"
PUBLICATION_FINISHED = "PUBLISHJOBFINISH"
KNOWN = frozenset({MASS_FINISHED, PUBLICATION_FINISHED})
_KEY_LENGTH = 160


class NoMessage(ValueError):
    """The bytes are no message of WeChat."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at WeChat. ``key`` is the same for every time it is told.

    ``job`` is the msg_id of a sending or the publish_id of a publication, ``status`` what became
    of it in WeChat's own word, ``urls`` the addresses by place, counted from 1.
    """

    name: str
    key: str
    created: int
    job: str = ""
    status: str = ""
    urls: Mapping[int, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """What is kept of it."""
        urls = {str(place): url for place, url in self.urls.items()}
        return {"job": self.job, "status": self.status, "created": self.created, "urls": urls}


def read_envelope(body: bytes) -> str:
    """The ``Encrypt`` of a request's body. Raises NoMessage."""
    encrypted = _text(_parse(body), "Encrypt")
    if not encrypted:
        raise NoMessage("nothing encrypted in it")
    return encrypted


def read_event(xml: bytes) -> Event | None:
    """The event in a message; None for one that does not concern us, such as a reader's words.

    Raises:
        NoMessage: it is no XML.
    """
    root = _parse(xml)
    name = _text(root, "Event").upper()
    if _text(root, "MsgType").lower() != "event" or name not in KNOWN:
        return None
    created = _number(_text(root, "CreateTime"))
    if name == MASS_FINISHED:
        job, status = _text(root, "MsgID"), _text(root, "Status")
        urls = _urls(root.iterfind("ArticleUrlResult/ResultList/item"), "ArticleIdx", "ArticleUrl")
    else:
        job = _text(root, "PublishEventInfo/publish_id")
        status = _text(root, "PublishEventInfo/publish_status")
        items = root.iterfind("PublishEventInfo/article_detail/item")
        urls = _urls(items, "idx", "article_url")
    mark = job or f"{_text(root, 'FromUserName')} {created}"
    return Event(name, f"{name}:{mark}"[:_KEY_LENGTH], created, job, status, urls)


def _parse(xml: bytes) -> Element:
    try:
        return fromstring(xml, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise NoMessage("no XML") from error


def _text(root: Element, path: str) -> str:
    return (root.findtext(path) or "").strip()


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,11}", text) else 0


def _urls(items: Iterator[Element], place: str, url: str) -> dict[int, str]:
    found = {_number(_text(item, place)): _text(item, url) for item in items}
    return {number: address for number, address in found.items() if number and address}
