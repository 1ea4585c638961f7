"""Addresses of readings, below the admin."""

from django.urls import path

from . import account_views, import_views, post_views, views

urlpatterns = [
    path("", views.ReadingIndexView.as_view(), name="readings_index"),
    path("fetch/", views.FetchAgainView.as_view(), name="readings_fetch"),
    path("posts/<int:pk>/", post_views.PostView.as_view(), name="readings_post"),
    path("account/", account_views.AccountView.as_view(), name="readings_account"),
    path("import/", import_views.UploadView.as_view(), name="readings_upload"),
    path("import/<str:token>/", import_views.PreviewView.as_view(), name="readings_preview"),
]
