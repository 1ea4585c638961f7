"""Faults on order: what goes wrong with the next calls of an endpoint.

| Fault | What the caller meets | Has the call worked? |
|---|---|---|
| ``None`` | nothing: the call goes well | yes |
| a code such as ``-1``, ``40001``, ``45009`` | HTTP 200 with ``errcode`` | no |
| ``500`` … ``599`` | that HTTP status, from a proxy that reached nobody | no |
| ``"drop_before"`` | the connection is cut | no |
| ``"drop"`` | the connection is cut | yes |
| ``"gateway"`` | HTTP 502 | yes |
| ``"garbage"`` | HTTP 200 with a page that is no JSON | yes |
| ``"hang"`` | no answer until the caller gives up | yes |
| ``"hang_before"`` | no answer until the caller gives up | no |
| a mapping | that mapping as the whole answer | no |
"""

from collections import defaultdict, deque
from collections.abc import Mapping
from typing import Any

Fault = None | int | str | Mapping[str, Any]
NAMED = frozenset({"drop", "drop_before", "gateway", "garbage", "hang", "hang_before"})
# Those after which the call has worked all the same.
AFTER = frozenset({"drop", "gateway", "garbage", "hang"})
ANY = "*"


def is_status(fault: Fault) -> bool:
    """An HTTP status, not one of WeChat's codes, none of which is between 500 and 599."""
    return isinstance(fault, int) and 500 <= fault < 600


class Faults:
    """Queues of faults by endpoint; ``*`` is for the next call of whatever endpoint."""

    def __init__(self) -> None:
        self.waiting: dict[str, deque[Fault]] = defaultdict(deque)

    def script(self, endpoint: str, *faults: Fault) -> None:
        """Let the next calls of ``endpoint`` meet these, one each. Raises ValueError."""
        for fault in faults:
            named = isinstance(fault, str) and fault in NAMED
            coded = isinstance(fault, int) and not isinstance(fault, bool)
            if not (fault is None or named or coded or isinstance(fault, Mapping)):
                raise ValueError(f"no such fault: {fault!r}")
        self.waiting[endpoint].extend(faults)

    def next(self, endpoint: str) -> Fault:
        """The fault for a call that has just come in."""
        for name in (endpoint, ANY):
            if self.waiting.get(name):
                return self.waiting[name].popleft()
        return None

    def left(self) -> dict[str, list[Fault]]:
        """What has not happened yet."""
        return {name: list(queue) for name, queue in self.waiting.items() if queue}

    def clear(self) -> None:
        self.waiting.clear()
