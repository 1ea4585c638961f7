"""The general addresses of the mirror; apps add those of what they show."""

from django.urls import path

from . import views
from .addresses import DAY_STYLE, GONE, NOT_FOUND, UNAVAILABLE

urlpatterns = [
    path(NOT_FOUND[1:], views.mirrored(views.not_found), name="mirror_not_found"),
    path(GONE[1:], views.mirrored(views.gone), name="mirror_gone"),
    path(UNAVAILABLE[1:], views.mirrored(views.unavailable), name="mirror_unavailable"),
    path(DAY_STYLE[1:], views.day_style, name="mirror_day_style"),
]
