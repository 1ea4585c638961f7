"""Everything the stand-in remembers, with no HTTP in it.

Kept in memory; with a folder also in ``state.json`` and ``files/``, so that a demo started anew
still has its drafts.
"""

import base64
import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .clock import Clock
from .faults import Faults

# Daily calls an account has in the beginning.
QUOTAS = {
    "/cgi-bin/token": 2000,
    "/cgi-bin/stable_token": 500_000,
    "/cgi-bin/media/uploadimg": 100_000,
    "/cgi-bin/material/add_material": 100_000,
    "/cgi-bin/draft/add": 1000,
    "/cgi-bin/draft/get": 500,
    "/cgi-bin/draft/update": 1000,
    "/cgi-bin/draft/delete": 1000,
    "/cgi-bin/draft/batchget": 1000,
    "/cgi-bin/draft/count": 1000,
    "/cgi-bin/freepublish/submit": 100,
    "/cgi-bin/freepublish/get": 100,
    "/cgi-bin/freepublish/getarticle": 100,
    "/cgi-bin/freepublish/batchget": 100,
    "/cgi-bin/freepublish/delete": 10,
    "/cgi-bin/message/mass/sendall": 100,
    "/cgi-bin/message/mass/preview": 100,
    "/cgi-bin/message/mass/get": 100,
}


@dataclass
class Settings:
    """How this account and the server behave; a test or a person may change each."""

    appid: str = "wx0000000000000000"
    secret: str = "fake-secret"  # noqa: S105 - of the stand-in, which guards nothing
    verified: bool = True  # 认证; without it most calls answer 48001
    quotas: dict[str, int] = field(default_factory=lambda: dict(QUOTAS))
    token_overlap: float = 0.0  # seconds a /token token outlives its successor
    sends_a_day: int = 1
    admin_confirms: bool = False  # API 群发保护: an administrator must agree on the phone
    followers: list[str] | None = None  # who may get a preview; None: whoever
    mass_retry_seconds: float = 60.0  # the same clientmsgid sooner than this is "too fast"
    publish_script: list[int] = field(default_factory=lambda: [1, 1, 0])
    publish_event: str = "PUBLISHJOBFINISH"  # or MASSSENDJOBFINISH, as developers report
    event_urls: str = "full"  # ArticleUrlResult of a sending: full, empty or blank
    event_delay: float | None = None  # seconds until events go out; None: when told to
    callback_url: str = ""
    callback_token: str = ""
    callback_key: str = ""
    site: str = "http://mp.weixin.qq.com"  # of the addresses of published articles


@dataclass
class Upload:
    """A picture that was taken in; ``media_id`` only for permanent material."""

    kind: str
    name: str
    url: str
    media_id: str
    sha256: str
    media_type: str
    at: float


@dataclass
class Draft:
    """A draft in the box (草稿箱)."""

    media_id: str
    articles: list[dict[str, Any]]
    created: float
    updated: float


@dataclass
class Comment:
    """A reader's 留言 below a sent article; ``index`` counts from 0 as the interface does."""

    user_comment_id: int
    index: int
    openid: str
    content: str
    created: float
    elected: bool = False
    reply: str = ""
    replied: float = 0.0


@dataclass
class Sending:
    """Articles that left the box: sent to followers (群发) or only published (发布).

    ``status`` is waiting (for the administrator), running, done or failed; ``code`` is the
    number WeChat gives for a failed publication. ``deleted`` holds 1-based numbers.
    """

    kind: str
    draft_id: str
    articles: list[dict[str, Any]]
    at: float
    msg_data_id: int
    msg_id: int = 0
    publish_id: str = ""
    article_id: str = ""
    clientmsgid: str = ""
    by: str = "interface"
    status: str = "running"
    code: int = 0
    script: list[int] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    deleted: list[int] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    told: bool = False  # its event was made
    comments: list[Comment] = field(default_factory=list)

    @property
    def is_sent(self) -> bool:
        """Do followers have it?"""
        return self.kind == "mass" and self.status == "done"


@dataclass
class Preview:
    """A draft shown to one person on the phone."""

    media_id: str
    reader: str
    at: float


@dataclass
class Call:
    """One request as it came, without its token."""

    at: float
    method: str
    endpoint: str
    data: dict[str, Any]
    fault: Any = None
    errcode: int = 0


@dataclass
class Token:
    """An access_token; ``kind`` keeps those of /token and stable_token apart."""

    text: str
    kind: str
    expires: float


class StateUnreadable(ValueError):
    """What was kept is damaged, or of another version; the message is the file."""


class State:
    """The account, its drafts, pictures, sendings and tokens, and the calls that were made."""

    def __init__(self, folder: Path | None = None, seed: str = "") -> None:
        self.folder = folder
        self.seed = seed
        self.clear()
        if folder is not None:
            (folder / "files").mkdir(parents=True, exist_ok=True)
            self._load(folder / "state.json")

    def clear(self) -> None:
        """As new."""
        self.clock = Clock()
        self.faults = Faults()
        self.settings = Settings()
        self.number = 0
        self.tokens: list[Token] = []
        self.refreshes: list[float] = []  # forced ones
        self.drafts: dict[str, Draft] = {}
        self.uploads: list[Upload] = []
        self.files: dict[str, bytes] = {}  # by sha256; on disk where there is a folder
        self.sendings: list[Sending] = []
        self.previews: list[Preview] = []
        self.calls: list[Call] = []
        self.used: dict[str, int] = {}  # by "day endpoint"
        self.escaped: list[str] = []  # endpoints that were sent \uXXXX
        self.figures: dict[str, dict[str, Any]] = {}  # statistics that were set by hand
        self.mass_tries: dict[str, float] = {}  # clientmsgid: when it was last tried
        self.structure: dict[str, Any] | None = None

    @property
    def sent(self) -> list[Sending]:
        """What followers have, oldest first."""
        return [each for each in self.sendings if each.is_sent]

    @property
    def published(self) -> list[Sending]:
        """What was published without telling followers, oldest first."""
        return [each for each in self.sendings if each.kind == "publish" and each.status == "done"]

    def calls_of(self, endpoint: str) -> list[Call]:
        return [call for call in self.calls if call.endpoint == endpoint]

    def materials(self) -> dict[str, Upload]:
        """Permanent pictures by media_id."""
        return {each.media_id: each for each in self.uploads if each.media_id}

    # --- names and numbers ---------------------------------------------------------------------

    def next_number(self) -> int:
        self.number += 1
        return self.number

    def code(self, kind: str, length: int) -> str:
        """A new name of ``length`` letters, the same in each run of the same steps."""
        made = hashlib.sha512(f"{self.seed}|{kind}|{self.next_number()}".encode()).digest()
        return base64.urlsafe_b64encode(made).decode()[:length]

    # --- files -----------------------------------------------------------------------------------

    def keep_file(self, data: bytes) -> str:
        """Answer the file's sha256."""
        sha256 = hashlib.sha256(data).hexdigest()
        if self.folder is None:
            self.files[sha256] = data
        else:
            (self.folder / "files" / sha256).write_bytes(data)
        return sha256

    def read_file(self, sha256: str) -> bytes:
        """Raises LookupError when it was never sent."""
        if self.folder is None:
            return self.files[sha256]
        try:
            return (self.folder / "files" / sha256).read_bytes()
        except FileNotFoundError as error:
            raise LookupError(sha256) from error

    # --- keeping ---------------------------------------------------------------------------------

    KEPT = ("number", "seed", "refreshes", "used", "figures", "mass_tries")
    KEPT_LISTS = {"tokens": Token, "uploads": Upload, "previews": Preview}

    def save(self) -> None:
        """Write what a new start needs; nothing where there is no folder."""
        if self.folder is None:
            return
        facts: dict[str, Any] = {name: getattr(self, name) for name in self.KEPT}
        facts |= {name: [asdict(x) for x in getattr(self, name)] for name in self.KEPT_LISTS}
        facts["drafts"] = [asdict(each) for each in self.drafts.values()]
        facts["sendings"] = [asdict(each) for each in self.sendings]
        facts["offset"] = self.clock.offset
        unfinished = self.folder / "state.new"
        unfinished.write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
        unfinished.replace(self.folder / "state.json")

    def _load(self, path: Path) -> None:
        try:
            facts = json.loads(path.read_text(encoding="utf-8"))
            self._take(facts)
        except FileNotFoundError:
            return
        except (ValueError, KeyError, TypeError) as error:
            raise StateUnreadable(str(path)) from error

    def _take(self, facts: dict[str, Any]) -> None:
        for name in self.KEPT:
            setattr(self, name, facts[name])
        for name, kind in self.KEPT_LISTS.items():
            setattr(self, name, [kind(**each) for each in facts[name]])
        self.drafts = {each["media_id"]: Draft(**each) for each in facts["drafts"]}
        self.sendings = [
            Sending(**{**each, "comments": [Comment(**one) for one in each["comments"]]})
            for each in facts["sendings"]
        ]
        self.clock = Clock(facts["offset"])

    # --- what tests ask and do most ---------------------------------------------------------------

    def set_figures(self, msgid: str, day: dt.date | str, **figures: Any) -> None:
        """Put the statistics of ``{msg_data_id}_{number}`` for ``day`` instead of invented ones."""
        self.figures.setdefault(msgid, {}).setdefault(str(day), {}).update(figures)

    def forget_tokens(self) -> None:
        """Every token handed out so far is unknown (40001)."""
        self.tokens.clear()
