"""Addresses of the screens of 简报."""

from django.urls import path

from . import detail, drafting, listing, templates

brief_urls = [
    path("briefs/", listing.BriefListView.as_view(), name="briefs"),
    path(
        "briefs/results/",
        listing.BriefListView.as_view(results_only=True),
        name="briefs_results",
    ),
    path("briefs/new/", drafting.DraftView.as_view(), name="brief_new"),
    path("briefs/templates/", templates.TemplatesView.as_view(), name="brief_templates"),
    path(
        "briefs/templates/default/",
        templates.TemplateFileView.as_view(),
        name="brief_template_default",
    ),
    path(
        "briefs/templates/<int:pk>/",
        templates.TemplateFileView.as_view(),
        name="brief_template",
    ),
    path("briefs/<int:pk>/", detail.BriefView.as_view(), name="brief"),
    path("briefs/<int:pk>/print/", detail.PrintView.as_view(), name="brief_print"),
    path("briefs/<int:pk>/<slug:name>/", detail.FileView.as_view(), name="brief_file"),
]
