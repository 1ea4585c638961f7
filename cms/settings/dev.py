"""One machine over plain HTTP: ``make run`` and a developer's own start (``DEBUG=1``)."""

from .base import *  # noqa: F403
from .base import STORAGES, _local_secret, env

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or _local_secret()

# Files are served straight from the packages, so that a start needs no collectstatic.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

# With DEBUG=1 public pages are made when they are asked for.
MIRROR_LIVE = DEBUG
