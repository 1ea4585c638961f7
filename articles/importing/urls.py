"""Addresses of the screens that take words from elsewhere."""

from django.urls import path

from . import past_views, paste, views

urlpatterns = [
    path("word/", views.WordUploadView.as_view(), name="articles_word_upload"),
    path("word/<str:token>/", views.WordPreviewView.as_view(), name="articles_word_preview"),
    path(
        "word/<str:token>/pictures/<int:number>/",
        views.WordPictureView.as_view(),
        name="articles_word_picture",
    ),
    path("<int:pk>/word/", views.WordUploadView.as_view(), name="articles_word_into_upload"),
    path(
        "<int:pk>/word/<str:token>/",
        views.WordPreviewView.as_view(),
        name="articles_word_into_preview",
    ),
    path(
        "<int:pk>/word/<str:token>/pictures/<int:number>/",
        views.WordPictureView.as_view(),
        name="articles_word_into_picture",
    ),
    path("past/", past_views.PastUploadView.as_view(), name="articles_past_upload"),
    path("past/<str:token>/", past_views.PastPreviewView.as_view(), name="articles_past_preview"),
    path("paste/", paste.CleanPasteView.as_view(), name="articles_clean_paste"),
]
