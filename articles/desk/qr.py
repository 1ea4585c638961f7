"""The QR code of a live article, as a file for posters and print."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.generic import View

from cms.ops.templatetags.site_tags import on_site

from ..models import ArticlePage
from ..public import qr
from .views import VIEW_PERMISSION

FORMATS = {"svg": (qr.as_svg, "image/svg+xml"), "png": (qr.as_png, "image/png")}


class ArticleQRView(View):
    """The public address of the article as a picture; an article that is not public has none."""

    def get(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        if not request.user.has_perm(VIEW_PERMISSION):
            raise PermissionDenied("您没有查看稿件的权限。")
        article = get_object_or_404(ArticlePage, pk=pk)
        if not article.live:
            raise Http404("文章还没有公开，没有二维码。")
        draw, content_type = FORMATS[kind]
        response = HttpResponse(draw(on_site(article.url)), content_type=content_type)
        response["Content-Disposition"] = f'attachment; filename="{article.slug}.{kind}"'
        return response
