"""The address that calendars of phones read, without a session."""

from django.urls import path

from .feed_views import FeedView

urlpatterns = [path("<str:secret>.ics", FeedView.as_view(), name="calendar_feed")]
