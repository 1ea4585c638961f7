"""All addresses of the project. Apps' admin screens hang on Wagtail's hooks."""

from django.conf import settings
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.views import serve

from cms.mirror.views import mirrored
from cms.ops import views as ops_views
from cms.users.views import AccountView

urlpatterns = [
    path("-/live", ops_views.live, name="health-live"),
    path("-/ready", ops_views.ready, name="health-ready"),
    path("-/health", ops_views.health, name="health"),
    path("-/read/", include("articles.reading.urls")),
    path("-/wechat/", include("articles.wechat.callback.urls")),
    path("-/calendar/", include("articles.pushes.calendar.feed_urls")),
    path(
        "admin/account/",
        require_admin_access(AccountView.as_view()),
        name="wagtailadmin_account",
    ),
    path("admin/pages/", include("articles.deletion")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    *ops_views.media_urlpatterns(settings.MEDIA_URL),
    path("api/v1/", include("rankings.api.urls")),
    path("search/", include("articles.searching.urls")),
    path("feedback/", include("feedback.public.urls")),
    # From here on files of the mirror: over HTTP none of these views runs.
    path("", include("cms.mirror.urls")),
    path("", include("articles.public.urls")),
    # A page may offer its facts as data beside itself; Wagtail's own pattern knows no dots.
    re_path(r"^((?:[\w-]+/)*data\.json)$", mirrored(serve), name="page_data"),
    re_path(wagtail_urls.serve_pattern, mirrored(serve), name="wagtail_serve"),
]
