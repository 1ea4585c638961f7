"""So many requests a minute from one address, counted in the cache that all processes share."""

from typing import Any

from django.conf import settings
from rest_framework.throttling import SimpleRateThrottle


class AddressThrottle(SimpleRateThrottle):
    """``API_RATE`` requests by address; the address comes through ``API_PROXIES`` trusted proxies.

    Without a trusted proxy a header that names another address is not believed.
    """

    scope = "api"

    def get_rate(self) -> str:
        return settings.API_RATE

    def get_ident(self, request: Any) -> str:
        address = request.META.get("REMOTE_ADDR", "")
        if settings.API_PROXIES < 1:
            return address
        forwarded = [
            each.strip() for each in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        ]
        forwarded = [each for each in forwarded if each]
        # The last trusted proxy appended what it saw; anything before that the client wrote itself.
        return forwarded[-min(settings.API_PROXIES, len(forwarded))] if forwarded else address

    def get_cache_key(self, request: Any, view: Any) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)[:64]}
