"""Addresses of entering, correcting and reviewing ranks, and of what proves them."""

from django.urls import path

from . import correcting, evidence, exporting, importing, proving, review

entry_urls = [
    path("evidence/add/", proving.AddProofView.as_view(), name="evidence_add"),
    path("evidence/<int:pk>/", evidence.EvidenceView.as_view(), name="evidence"),
    path("evidence/<int:pk>/file/", evidence.EvidenceFileView.as_view(), name="evidence_file"),
    path(
        "evidence/<int:pk>/picture/",
        evidence.EvidencePictureView.as_view(),
        name="evidence_picture",
    ),
    path("evidence/<int:pk>/page/", evidence.EvidencePageView.as_view(), name="evidence_page"),
    path("export/", exporting.ExportView.as_view(), name="export"),
    path("observations/<int:pk>/correct/", correcting.CorrectView.as_view(), name="correct"),
    path("observations/<int:pk>/corrected/", correcting.CorrectedView.as_view(), name="corrected"),
    path("observations/<int:pk>/withdraw/", review.WithdrawView.as_view(), name="withdraw"),
    path("review/", review.ReviewView.as_view(), name="review"),
    path("import/", importing.UploadView.as_view(), name="import"),
    path("import/done/", importing.DoneView.as_view(), name="import_done"),
    path("import/template/", importing.TemplateView.as_view(), name="import_template"),
    path("import/<slug:token>/bad-rows/", importing.BadRowsView.as_view(), name="import_bad_rows"),
    path("import/<slug:token>/", importing.PreviewView.as_view(), name="import_preview"),
]
