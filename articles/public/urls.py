"""Public lists of articles; all of them are files of the mirror."""

from django.urls import include, path, re_path

from . import views

MONTH = r"(?P<year>[12]\d{3})-(?P<month>0[1-9]|1[0-2])"
NUMBER = r"(?:(?P<number>[1-9]\d{0,4})/)?"

urlpatterns = [
    path("", include("articles.public.convention_urls")),
    path("archive/", views.archive, name="archive"),
    re_path(rf"^archive/{MONTH}/{NUMBER}$", views.archive_month, name="archive_month"),
    path("tags/", views.tags, name="tags"),
    re_path(rf"^tags/(?P<pk>[1-9]\d{{0,9}})/{NUMBER}$", views.tag, name="tag"),
]
