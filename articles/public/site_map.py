"""网站地图 for people: the columns, the months, the tags, and the ways to find and to speak."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cms.mirror.views import mirrored
from rankings.models import HonoursPage

from ..models import ColumnPage
from . import directory

ADDRESS = "/sitemap/"
# As many as a reader looks through; all of them stand on the page of the tags.
TAGS = 60


@mirrored
def show(request: HttpRequest) -> HttpResponse:
    """The map as a page."""
    context = {
        "path": ADDRESS,
        "columns": list(ColumnPage.objects.live().order_by("path")),
        "honours": list(HonoursPage.objects.live()),
        "months": directory.months(),
        "tags": sorted(directory.live_tags()[:TAGS], key=lambda tag: tag.name),
    }
    return render(request, "articles/public/site_map.html", context)
