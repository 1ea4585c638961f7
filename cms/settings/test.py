"""Settings of the test run: quick hashing, no queue of its own, files in a scratch folder."""

import atexit
import shutil
import tempfile
from pathlib import Path

from .base import *  # noqa: F403
from .base import DATABASES, STORAGES

SECRET_KEY = "test-only"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SITE_URL = "http://testserver"
WAGTAILADMIN_BASE_URL = SITE_URL
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

_SCRATCH = Path(tempfile.mkdtemp(prefix="zai-hetang-test-"))
atexit.register(shutil.rmtree, _SCRATCH, ignore_errors=True)
VAR_DIR = _SCRATCH
MEDIA_ROOT = _SCRATCH / "media"
MIRROR_ROOT = _SCRATCH / "mirror"
MIRROR_LIVE = True
EVIDENCE_ROOT = _SCRATCH / "evidence"
STATIC_ROOT = None
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STORAGES["evidence"] = {
    "BACKEND": "rankings.evidence.storage.EvidenceFileStorage",
    "OPTIONS": {"location": EVIDENCE_ROOT, "base_url": None},
}
STORAGES["private"] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"location": _SCRATCH / "private", "base_url": None},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: live-server threads and worker processes must see the same rows.
    DATABASES["default"]["TEST"] = {"NAME": str(_SCRATCH / "test.sqlite3")}

SCRAPER_TEST_HOSTS = ["127.0.0.1", "localhost"]
SCRAPER_CONTACT = SITE_URL
# Servers of the tests need no rest between requests; tests of the pace set their own.
SCRAPER_PACE_SECONDS = 0.0
LOGGING = {}
