"""Where the editor asks for the lint."""

from django.urls import path

from .views import OF_ARTICLES, LintOnCreate, LintOnEdit

urlpatterns = [
    path("<int:page_id>/wechat-lint/", LintOnEdit.as_view(), name="articles_wechat_lint"),
    path(
        "in/<int:parent_page_id>/wechat-lint/",
        LintOnCreate.as_view(),
        OF_ARTICLES,
        name="articles_wechat_lint_new",
    ),
]
