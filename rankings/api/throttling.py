"""So many requests a minute from one address, counted in the cache that all processes share."""

from typing import Any

from django.conf import settings
from rest_framework.throttling import SimpleRateThrottle

from cms.ops.addresses import client_address


class AddressThrottle(SimpleRateThrottle):
    """``API_RATE`` requests by address."""

    scope = "api"

    def get_rate(self) -> str:
        return settings.API_RATE

    def get_ident(self, request: Any) -> str:
        return client_address(request)

    def get_cache_key(self, request: Any, view: Any) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)[:64]}
