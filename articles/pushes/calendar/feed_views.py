"""What the calendar of a phone fetches."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.generic import View

from . import feed, ics


class FeedView(View):
    """The calendar of whoever has the secret address."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, secret: str) -> HttpResponse:
        try:
            feed.holder(secret)
        except feed.UnknownFeed as error:
            raise Http404("没有这个日历。请在工作台的推送日历里重新生成订阅地址。") from error
        response = HttpResponse(feed.file(), content_type=ics.CONTENT_TYPE)
        patch_cache_control(response, private=True, max_age=300)
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response
