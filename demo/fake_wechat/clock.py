"""The server's own time, which a test or a person may move."""

import datetime as dt
import time
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock:
    """Real time, moved by ``offset`` seconds, or standing still at ``frozen``."""

    def __init__(self, offset: float = 0.0) -> None:
        self.offset = offset
        self.frozen: float | None = None

    def time(self) -> float:
        """Seconds since 1970."""
        return self.frozen if self.frozen is not None else time.time() + self.offset

    def now(self) -> dt.datetime:
        """Now in Shanghai, whose days WeChat counts."""
        return dt.datetime.fromtimestamp(self.time(), SHANGHAI)

    def today(self) -> dt.date:
        return self.now().date()

    def advance(self, **span: float) -> None:
        """Move on by ``hours=1``, ``days=1`` and so on, as `datetime.timedelta` takes them."""
        seconds = dt.timedelta(**span).total_seconds()
        if self.frozen is not None:
            self.frozen += seconds
        else:
            self.offset += seconds

    def set(self, moment: dt.datetime) -> None:
        """Go on from ``moment``, which must know its time zone."""
        if moment.tzinfo is None:
            raise ValueError("a moment without a time zone")
        self.frozen, self.offset = None, moment.timestamp() - time.time()

    def freeze(self, moment: dt.datetime) -> None:
        """Stand still at ``moment``."""
        self.set(moment)
        self.frozen = moment.timestamp()

    def reset(self) -> None:
        """Real time again."""
        self.frozen, self.offset = None, 0.0
