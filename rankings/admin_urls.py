"""Addresses of the ranking screens, below the admin's own."""

from django.urls import path

from .models import Account, Board
from .views import names, observations, posters, report, wci
from .views.alerts import alert_urls
from .views.briefs.urls import brief_urls
from .views.claims.urls import claim_urls
from .views.dashboard import dashboard_urls
from .views.entry_urls import entry_urls
from .views.links import link_urls

app_name = "rankings"

urlpatterns = [
    *dashboard_urls,
    *claim_urls,
    *brief_urls,
    *alert_urls,
    *entry_urls,
    *link_urls,
    path(
        "report/<slug:board>/<slug:account>/<slug:month>/",
        report.MonthDetailView.as_view(),
        name="month_detail",
    ),
    path("months/", report.MonthTableView.as_view(), name="month_table_latest"),
    path("months/<slug:key>/", report.MonthTableView.as_view(), name="board_table"),
    path("months/<slug:key>/<slug:month>/", report.MonthTableView.as_view(), name="month_table"),
    path("observations/", observations.ObservationListView.as_view(), name="observations"),
    path(
        "observations/results/",
        observations.ObservationListView.as_view(results_only=True),
        name="observations_results",
    ),
    path(
        "accounts/<int:pk>/aliases/",
        names.AliasView.as_view(model=Account),
        name="account_aliases",
    ),
    path("boards/<int:pk>/aliases/", names.AliasView.as_view(model=Board), name="board_aliases"),
    *wci.wci_urls,
    path("accounts/<int:pk>/rename/", names.RenameView.as_view(), name="rename"),
    *posters.urls,
]
