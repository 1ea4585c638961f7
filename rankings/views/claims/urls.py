"""Addresses of the screens of 结论."""

from django.urls import path

from . import detail, drafting, listing

claim_urls = [
    path("claims/", listing.ClaimListView.as_view(), name="claims"),
    path(
        "claims/results/",
        listing.ClaimListView.as_view(results_only=True),
        name="claims_results",
    ),
    path("claims/draft/", drafting.DraftView.as_view(), name="claim_draft"),
    path("claims/<int:pk>/", detail.ClaimView.as_view(), name="claim"),
    path("claims/<int:pk>/bundle/", detail.BundleView.as_view(), name="claim_bundle"),
]
