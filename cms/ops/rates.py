"""So many requests in a time from one address, counted in the cache that all processes share.

For public pages that cost the server more than a file does: the search, the form for messages.
"""

import ipaddress
import math
from typing import Any

from rest_framework.throttling import SimpleRateThrottle

from .addresses import client_address


def wait(request: Any, scope: str, rate: str) -> int:
    """Count ``request`` in; 0 when it may go on, else the seconds until the next one may.

    ``scope`` names what is counted, ``rate`` how many in which time: ``30/min``, ``5/hour``;
    ``none`` counts nothing. A refused request does not count.
    """
    if rate in ("", "none"):
        return 0
    limit = _Limit(scope, rate)
    if limit.allow_request(request, None):
        return 0
    return max(1, math.ceil(limit.wait() or 0))


def network_of(address: str) -> str:
    """Of IPv6 the network of 64 bits, in which one machine has as many addresses as it likes."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0].strip())
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return address
    if known.ipv4_mapped:
        return str(known.ipv4_mapped)
    return str(ipaddress.ip_network((known, 64), strict=False))


class _Limit(SimpleRateThrottle):
    """REST framework's counting, outside of its views."""

    def __init__(self, scope: str, rate: str) -> None:
        self.scope, self.rate = scope, rate
        super().__init__()

    def get_cache_key(self, request: Any, view: Any) -> str:
        # What a proxy passes on may be anything; keys of memcached are short and without spaces.
        ident = "".join(network_of(client_address(request)).split())[:64]
        return self.cache_format % {"scope": self.scope, "ident": ident}
