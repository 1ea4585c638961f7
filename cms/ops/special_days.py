"""The screens 节假日与静默日."""

from typing import Any

import django_filters
from django import forms
from django.utils.formats import date_format
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import CreateView, DeleteView, EditView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import AdminDateInput

from cms import workdays

from .models import DayKind, SpecialDay

_DATE_ERRORS = {
    "required": "请填写日期。",
    "invalid": "日期格式不对，请写成 2026-10-01 这样。",
}


def _weekday(row: SpecialDay) -> str:
    return date_format(row.day, "l")


def _years() -> list[tuple[int, str]]:
    found = SpecialDay.objects.dates("day", "year", order="DESC")
    return [(each.year, f"{each.year}年") for each in found]


class DayForm(forms.ModelForm):
    """One day as it is changed."""

    class Meta:
        model = SpecialDay
        fields = ["day", "kind", "name"]
        widgets = {"day": AdminDateInput(), "kind": forms.RadioSelect()}
        help_texts = {"name": "日历上显示，例如“国庆节”“国家公祭日”。"}
        error_messages = {
            "day": {**_DATE_ERRORS, "unique": "这一天已经有安排，请在列表里找到它修改。"},
            "kind": {"required": "请选择是放假、补班还是静默。"},
            "name": {"required": "请填写名称，例如“国庆节”。"},
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = DayKind.choices


class RangeForm(DayForm):
    """A day or several in a row, as they are added."""

    last = forms.DateField(
        label="到（含当天）",
        required=False,
        widget=AdminDateInput(),
        help_text="只有一天时不填。",
        error_messages=_DATE_ERRORS,
    )
    field_order = ["kind", "name", "day", "last"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["day"].label = "从"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if first := cleaned.get("day"):
            refusal = workdays.why_not_add(first, cleaned.get("last") or first)
            if refusal:
                self.add_error("last" if cleaned.get("last") else "day", refusal)
        return cleaned


class DayFilterSet(WagtailFilterSet):
    year = django_filters.ChoiceFilter(
        label="年份", choices=_years, field_name="day", lookup_expr="year"
    )

    class Meta:
        model = SpecialDay
        fields = ["kind"]


class DayIndexView(IndexView):
    page_title = "节假日与静默日"


class DayCreateView(CreateView):
    success_message = "已录入“%(object)s”。日历和推送马上按它计算。"
    error_message = "没有录入，请看下面红字的说明。"

    def save_instance(self) -> SpecialDay:
        data = self.form.cleaned_data
        return workdays.add(
            self.request.user, data["kind"], data["name"], data["day"], data["last"]
        )


class DayEditView(EditView):
    success_message = "已改为“%(object)s”。"
    error_message = "没有保存，请看下面红字的说明。"

    def save_instance(self) -> SpecialDay:
        self.has_content_changes = self.form.has_changed()
        data = self.form.cleaned_data
        return workdays.change(
            self.request.user, self.object, day=data["day"], kind=data["kind"], name=data["name"]
        )


class DayDeleteView(DeleteView):
    success_message = "已删除“%(object)s”。"

    def delete_action(self) -> None:
        workdays.remove(self.request.user, self.object)


class SpecialDayViewSet(ModelViewSet):
    model = SpecialDay
    name = "special_days"
    url_prefix = "special-days"
    icon = "date"
    menu_label = "节假日与静默日"
    menu_order = 310
    add_to_settings_menu = True
    copy_view_enabled = False
    inspect_view_enabled = False
    index_view_class = DayIndexView
    add_view_class = DayCreateView
    edit_view_class = DayEditView
    delete_view_class = DayDeleteView
    filterset_class = DayFilterSet
    ordering = ["-day"]
    list_per_page = 60
    form_fields = ["day", "kind", "name"]
    list_display = [
        "day",
        Column("weekday", label="星期", accessor=_weekday, classname="only-wide"),
        Column("kind", label="类别", accessor="get_kind_display"),
        Column("name", label="名称"),
    ]

    def get_form_class(self, for_update: bool = False) -> type[DayForm]:
        return DayForm if for_update else RangeForm


special_day_viewset = SpecialDayViewSet()
