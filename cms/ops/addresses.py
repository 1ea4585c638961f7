"""Which machine on the network a request came from."""

from typing import Any

from django.conf import settings


def client_address(request: Any) -> str:
    """The address of the client; it comes through ``API_PROXIES`` trusted proxies.

    Without a trusted proxy a header that names another address is not believed.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.API_PROXIES < 1:
        return address
    forwarded = [each.strip() for each in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    forwarded = [each for each in forwarded if each]
    # The last trusted proxy appended what it saw; anything before that the client wrote itself.
    return forwarded[-min(settings.API_PROXIES, len(forwarded))] if forwarded else address
