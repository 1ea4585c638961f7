"""Deleting from the explorer: who may not is told why, also without the button that says so.

The address is Wagtail's own and stands before it in the project's addresses.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.pages.delete import delete as wagtail_delete
from wagtail.models import Page

from .models import ArticlePage
from .permission_testers import why_not_delete

READ = "articles.view_articlepage"


def delete(request: HttpRequest, page_id: int) -> HttpResponse:
    """Wagtail's confirmation, but what stays is answered with the reason, not as a lack of rights.

    Who may not read drafts learns nothing of them.
    """
    page = get_object_or_404(Page, pk=page_id)
    if request.user.has_perm(READ) and (refusal := _why_not(page)):
        messages.error(request, refusal)
        if page.specific_class is ArticlePage:
            return redirect("articles_desk", page.pk)
        return redirect("wagtailadmin_explore", page.pk)
    return wagtail_delete(request, page_id)


def _why_not(page: Page) -> str:
    """What keeps ``page`` or anything below it from being deleted."""
    if page.specific_class is ArticlePage:
        return why_not_delete(page.specific)
    below = ArticlePage.objects.descendant_of(page).filter(first_published_at__isnull=False)
    if (public := below.first()) is None:
        return ""
    return (
        f"“{page.title}”下面有公开过的文章（如《{public.title}》），不能删除。"
        "公开过的文章只能撤稿，地址和记录要留着。"
    )


urlpatterns = [
    path("<int:page_id>/delete/", require_admin_access(delete), name="articles_delete"),
]
