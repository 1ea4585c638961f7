"""Addresses of the queue and of 代审, below the admin."""

from django.urls import path

from .deputies import AppointView, DeputiesView, EndView
from .views import ClaimView, QueueView

urlpatterns = [
    path("queue/", QueueView.as_view(), name="articles_queue"),
    path("queue/deputies/", DeputiesView.as_view(), name="articles_deputies"),
    path(
        "queue/deputies/results/",
        DeputiesView.as_view(results_only=True),
        name="articles_deputies_results",
    ),
    path("queue/deputies/add/", AppointView.as_view(), name="articles_deputy_add"),
    path("queue/deputies/<int:pk>/end/", EndView.as_view(), name="articles_deputy_end"),
    path("queue/steps/<int:pk>/", ClaimView.as_view(), name="articles_claim"),
    path("queue/<slug:part>/", QueueView.as_view(), name="articles_queue"),
    path(
        "queue/<slug:part>/results/",
        QueueView.as_view(results_only=True),
        name="articles_queue_results",
    ),
]
