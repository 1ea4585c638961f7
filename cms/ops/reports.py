"""The audit log as a report in the admin."""

import django_filters
from django.utils.formats import date_format
from django.utils.timezone import localtime
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from .models import AuditEntry
from .registry import action_labels


def _actions() -> list[tuple[str, str]]:
    return sorted(action_labels().items(), key=lambda item: item[1])


class AuditFilterSet(WagtailFilterSet):
    at = django_filters.DateFromToRangeFilter(label="时间", widget=DateRangePickerWidget)
    actor_name = django_filters.CharFilter(label="操作人", lookup_expr="icontains")
    action = django_filters.ChoiceFilter(label="动作", choices=_actions, empty_label="全部动作")
    object_label = django_filters.CharFilter(label="对象", lookup_expr="icontains")

    class Meta:
        model = AuditEntry
        fields = ["at", "actor_name", "action", "object_label"]


class AuditReportView(ReportView):
    """Who did what, newest first; exported for inspectors."""

    model = AuditEntry
    queryset = AuditEntry.objects.all()
    page_title = "审计记录"
    header_icon = "history"
    filterset_class = AuditFilterSet
    index_url_name = "audit_report"
    index_results_url_name = "audit_report_results"
    permission_policy = ModelPermissionPolicy(AuditEntry)
    any_permission_required = {"view"}
    table_classname = "listing listing--scrolls"
    is_searchable = False
    columns = [
        Column(
            "at",
            label="时间",
            accessor=lambda entry: date_format(localtime(entry.at), "Y-m-d H:i:s"),
            classname="listing-time",
        ),
        Column("actor_name", label="操作人", width="14%"),
        Column("action", label="动作", accessor="action_label", width="14%"),
        Column("object_label", label="对象", width="20%"),
        Column("detail", label="详情", accessor="detail_text", classname="audit-detail"),
    ]
    list_export = [
        "at",
        "actor_name",
        "action",
        "object_type",
        "object_id",
        "object_label",
        "detail",
    ]
    export_headings = {
        "at": "时间",
        "actor_name": "操作人",
        "action_label": "动作",
        "object_type": "对象类型",
        "object_id": "对象编号",
        "object_label": "对象",
        "detail_text": "详情",
    }
    list_export = list(export_headings)

    def get_filename(self) -> str:
        return "审计记录"
