"""Addresses below /api/v1/."""

from django.urls import path, re_path

from . import schema, views

app_name = "api"

urlpatterns = [
    path("", schema.DocsView.as_view(), name="docs"),
    path("schema/", schema.SchemaView.as_view(), name="schema"),
    path("accounts/", views.AccountList.as_view(), name="accounts"),
    path("accounts/<slug:key>/", views.OneAccount.as_view(), name="account"),
    path("boards/", views.BoardList.as_view(), name="boards"),
    path("boards/<slug:key>/", views.OneBoard.as_view(), name="board"),
    path("periods/", views.PeriodList.as_view(), name="periods"),
    path("observations/", views.ObservationList.as_view(), name="observations"),
    path("streaks/", views.StreakList.as_view(), name="streaks"),
    path("claims/", views.ClaimList.as_view(), name="claims"),
    path("claims/<str:number>/", views.OneClaim.as_view(), name="claim"),
    re_path(r"^(?P<rest>.*)$", views.Nothing.as_view(), name="nothing"),
]
