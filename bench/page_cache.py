"""Settings of the peer: every page rendered by Wagtail, kept by Django's cache middleware."""

from cms.settings.dev import *  # noqa: F403
from cms.settings.dev import MIDDLEWARE

MIRROR_LIVE = True
MIDDLEWARE = [
    "django.middleware.cache.UpdateCacheMiddleware",
    *MIDDLEWARE,
    "django.middleware.cache.FetchFromCacheMiddleware",
]
CACHE_MIDDLEWARE_SECONDS = 24 * 3600
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        # The stock 300 would throw pages out while they are measured.
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}
