"""Public addresses of 留言: two of the application, the others files of the mirror."""

from django.urls import path, re_path

from articles.public.urls import MONTH, NUMBER

from . import following, pages, writing

urlpatterns = [
    path("new/", writing.new, name="feedback_new"),
    path("track/", following.track, name="feedback_track"),
    path("track/verify/<str:token>/", following.verify, name="feedback_verify"),
    path("", pages.index, name="feedback_index"),
    re_path(rf"^{MONTH}/{NUMBER}$", pages.month, name="feedback_month"),
    re_path(r"^(?P<pk>[1-9]\d{0,17})/$", pages.message, name="feedback_message_page"),
]
