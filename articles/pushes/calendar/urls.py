"""Addresses of the calendar, below the admin."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.CalendarView.as_view(), name="pushes_calendar"),
    path("print/", views.PrintView.as_view(), name="pushes_calendar_print"),
    path("move/", views.MoveView.as_view(), name="pushes_calendar_move"),
    path("feed/", views.FeedActionsView.as_view(), name="pushes_calendar_feed"),
    path("<int:pk>/minute/", views.RecommitView.as_view(), name="pushes_calendar_recommit"),
]
