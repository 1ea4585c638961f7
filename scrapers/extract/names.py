"""Account names: what belongs to the name and what stands beside it (README §4)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from .contract import Movement
from .folding import fold, tidy
from .movement import parse_mark

QUOTES = "“”‘’\"'「」『』《》〝〞＂"
_QUOTES_ANYWHERE = {ord(char): None for char in '“”「」『』《》〝〞"'}
_EDGE = QUOTES + "@＠ \t"
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{1,39}")
_ID_LABEL = re.compile(r"^(?:微信号|微信ID|微信|公众号ID|ID|账号)\s*:\s*", re.IGNORECASE)
_UNIT_LABEL = re.compile(
    r"^(?:运营|主办|主管|开办|认证|所属|账号)?(?:主体|单位|机构)(?:名称)?\s*:\s*|^(?:认证|主办|运营)\s*:\s*"
)
_ID_BEHIND = re.compile(r"\s*[/|｜／]\s*@?([A-Za-z][A-Za-z0-9_-]{3,39})\s*$")
_LAST_BRACKET = re.compile(r"\s*[(\[【]([^()\[\]【】]*)[)\]】]\s*$")
_LAST_ARROW = re.compile(r"\s*([↑↓▲▼△▽⬆⬇]\s*\d{1,4}|[↑↓▲▼⬆⬇→—]|\bNEW)\s*$", re.IGNORECASE)
_TIE = re.compile(r"^并列(?:第?\d+名?)?$")
_AUTHORITY = re.compile(
    r"(?:局|厅|法院|检察院|支队|大队|总队|中队|中心|委|委员会|分局|政府|部|办|办公室|总工会|妇联|残联"
    r"|团委|街道|街道办事处|镇|乡|管委会|派出所|监狱|司法所|管理处|指挥部|委宣传部)$"
)

#: Names are short; longer text is a sentence.
MAX_NAME = 30


@dataclass(slots=True)
class Name:
    """A printed name taken apart."""

    account: str
    wechat_id: str | None = None
    unit: str | None = None
    movement: Movement | None = None
    tied: bool = False
    handle: bool = False
    kind_beside: bool = False


def parse_name(text: str, second_line: str = "") -> Name | None:
    """The name in a cell or behind a rank, its id, unit and movement mark; ``None`` for no name.

    Latin text in brackets or on a small second line is the WeChat id, Chinese text in brackets
    the unit, unless it is a movement or tie mark.
    """
    name = Name("", handle="@" in fold(text))
    rest = _take_off_marks(tidy(text), name)
    if second_line:
        _take_beside(tidy(second_line), name)
    name.account = strip_quotes(rest)
    if not name.account or len(name.account) > MAX_NAME:
        return None
    return name if any(char.isalnum() for char in name.account) else None


def strip_quotes(text: str) -> str:
    """The name without ``@``, apostrophes around it, and any other quotes."""
    return tidy(text).translate(_QUOTES_ANYWHERE).strip(_EDGE).strip()


def match_key(text: str) -> str:
    """The form two printings of one account are compared in: NFKC, no quotes, ``@`` or spaces."""
    kept = unicodedata.normalize("NFKC", tidy(text))
    return "".join(char for char in kept if not char.isspace() and char not in _EDGE).casefold()


def is_id(text: str) -> bool:
    """Whether ``text`` has the form of a WeChat id."""
    return bool(_ID.fullmatch(text))


def has_label(text: str) -> bool:
    """Whether folded text begins with the label of an id or a unit (``微信号:``)."""
    return bool(_ID_LABEL.match(text) or _UNIT_LABEL.match(text))


def is_authority(text: str) -> bool:
    """Whether the name is one of a public body (…局, …法院, …支队), not of an account."""
    return bool(_AUTHORITY.search(fold(text.strip())))


def _take_off_marks(text: str, name: Name) -> str:
    while True:
        folded = fold(text)
        if bracket := _LAST_BRACKET.search(folded):
            if not _take_beside(text[bracket.start(1) : bracket.end(1)], name):
                return text
            text = text[: bracket.start()]
        elif (arrow := _LAST_ARROW.search(folded)) and arrow.start():
            name.movement = name.movement or parse_mark(arrow[1])
            text = text[: arrow.start()]
        elif (beside := _ID_BEHIND.search(text)) and beside.start() and not name.wechat_id:
            name.wechat_id = beside[1]
            text = text[: beside.start()]
        else:
            return text


def _label_length(text: str) -> int:
    label = _UNIT_LABEL.match(text)
    return label.end() if label else 0


def _take_beside(text: str, name: Name) -> bool:
    """Put bracketed or second-line text where it belongs; false when it is part of the name."""
    folded = fold(text).strip()
    if _TIE.fullmatch(folded):
        name.tied = True
        return True
    if (mark := parse_mark(folded)) is not None:
        name.movement = name.movement or mark
        return True
    bare = _ID_LABEL.sub("", folded).lstrip("@")
    if is_id(bare):
        name.wechat_id = name.wechat_id or bare
        return True
    if _HAN.search(folded) and not re.search(r"\d{3,}", folded):
        name.unit = name.unit or strip_quotes(text[_label_length(folded) :])
        return True
    return not folded
