"""A page made of panels, each with its own actions: the desk of an article, a push's page."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import Media
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from .base import DeskPanel, FormRefused

AREAS = ("first", "main", "act", "below")


class PanelledView(WagtailAdminTemplateMixin, TemplateView):
    """Shows what the panels have to say, and lets the one whose button was pressed act.

    Every action is a call of one service; a refusal is shown as the service's sentence. A
    subclass answers ``desk`` (what the templates know under that name) and ``panels``.
    """

    view_permission: str
    view_refusal: str
    desk: Any
    panels: list[DeskPanel]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(self.view_permission):
            raise PermissionDenied(self.view_refusal)
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = request.POST.get("action", "")
        action = next((found for panel in self.panels if (found := panel.action(name))), None)
        if action is None:
            messages.error(request, "没有这个操作，请刷新页面后重试。")
            return redirect(request.path)
        try:
            messages.success(request, action())
        except PermissionDenied as refusal:
            messages.error(request, str(refusal) or "您没有这个权限。")
        except FormRefused:
            return self.render_to_response(self.get_context_data(**kwargs))
        return redirect(request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown: dict[str, list[str]] = {area: [] for area in AREAS}
        media = Media()
        for panel in self.panels:
            if (context := panel.context()) is not None:
                media += panel.media
                html = render_to_string(
                    panel.template_name, {"desk": self.desk, **context}, self.request
                )
                shown[panel.area].append(html)
        return super().get_context_data(desk=self.desk, desk_media=media, **shown, **kwargs)
