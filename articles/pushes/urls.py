"""Addresses of pushes, below the admin."""

from django.urls import path

from .views import NewPushView, PushDeliveryView, PushIndexView, PushView

urlpatterns = [
    path("", PushIndexView.as_view(), name="pushes_index"),
    path("results/", PushIndexView.as_view(results_only=True), name="pushes_index_results"),
    path("new/", NewPushView.as_view(), name="pushes_new"),
    path("<int:pk>/", PushView.as_view(), name="pushes_show"),
    path("<int:pk>/delivery/", PushDeliveryView.as_view(), name="pushes_delivery"),
]
