"""The screens 哀悼日与停止发布."""

from django import forms
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.views.generic import CreateView, DeleteView, EditView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import AdminDateInput

from cms.mirror import periods
from cms.mirror.models import SpecialPeriod

_DATE_ERRORS = {
    "required": "请填写日期。",
    "invalid": "日期格式不对，请写成 2026-12-13 这样。",
}


class PeriodForm(forms.ModelForm):
    class Meta:
        model = SpecialPeriod
        fields = ["name", "first", "last", "is_grey", "is_frozen"]
        widgets = {"first": AdminDateInput(), "last": AdminDateInput()}
        help_texts = {"name": "例如“国家公祭日”“重要会议期间”。"}
        error_messages = {
            "name": {"required": "请填写名称，例如“国家公祭日”。"},
            "first": _DATE_ERRORS,
            "last": _DATE_ERRORS,
        }


class PeriodIndexView(IndexView):
    page_title = "哀悼日与停止发布"


class PeriodCreateView(CreateView):
    success_message = "已录入“%(object)s”，到日子自动生效。"
    error_message = "没有录入，请看下面红字的说明。"

    def save_instance(self) -> SpecialPeriod:
        return periods.save(self.request.user, self.form.save(commit=False))


class PeriodEditView(EditView):
    success_message = "已改为“%(object)s”。"
    error_message = "没有保存，请看下面红字的说明。"

    def save_instance(self) -> SpecialPeriod:
        self.has_content_changes = self.form.has_changed()
        return periods.save(self.request.user, self.form.save(commit=False))


class PeriodDeleteView(DeleteView):
    success_message = "已删除“%(object)s”。停下的发布会自动继续。"

    def delete_action(self) -> None:
        periods.remove(self.request.user, self.object)


class SpecialPeriodViewSet(ModelViewSet):
    model = SpecialPeriod
    name = "special_periods"
    url_prefix = "special-periods"
    icon = "date"
    menu_label = "哀悼日与停止发布"
    menu_order = 320
    add_to_settings_menu = True
    copy_view_enabled = False
    inspect_view_enabled = False
    index_view_class = PeriodIndexView
    add_view_class = PeriodCreateView
    edit_view_class = PeriodEditView
    delete_view_class = PeriodDeleteView
    ordering = ["-first"]
    list_display = [
        "name",
        "first",
        "last",
        BooleanColumn("is_grey", label="页面变灰"),
        BooleanColumn("is_frozen", label="停止发布"),
    ]

    def get_form_class(self, for_update: bool = False) -> type[PeriodForm]:
        return PeriodForm


special_period_viewset = SpecialPeriodViewSet()
