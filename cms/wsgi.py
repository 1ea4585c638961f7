"""The web server's entry point: the mirror's files in front, Django behind."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.wsgi import get_wsgi_application

from cms.mirror.serving import Application, Mirror

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")


def with_mirror(behind: Application) -> Application:
    """``behind`` with the public mirror in front, as the settings say."""
    if settings.MIRROR_LIVE:
        return behind
    options: dict[str, Any] = {"hosts": settings.ALLOWED_HOSTS}
    if isinstance(default_storage, FileSystemStorage):
        options["images"] = Path(settings.MEDIA_ROOT) / "images"
    if settings.SECURE_HSTS_SECONDS:  # Django's middleware says so on its own answers only
        words = [f"max-age={settings.SECURE_HSTS_SECONDS}"]
        words += ["includeSubDomains"] if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else []
        words += ["preload"] if settings.SECURE_HSTS_PRELOAD else []
        options["extra"] = [("Strict-Transport-Security", "; ".join(words))]
    return Mirror(behind, settings.MIRROR_ROOT, **options)


application = with_mirror(get_wsgi_application())
