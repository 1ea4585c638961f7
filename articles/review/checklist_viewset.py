"""The screen on which the administrator words the checklists."""

from typing import Any

from django import forms
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views.generic import CreateView, EditView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from . import checklists
from .models import ChecklistQuestion
from .stages import Dimension


class NobodyDeletes(ModelPermissionPolicy):
    """Past reviews answered the questions; one that is no longer wanted is put out of use."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "delete" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return super().user_has_any_permission(user, set(actions) - {"delete"})


class QuestionForm(WagtailAdminModelForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["dimension"].choices = [("", "请选择"), *Dimension.choices]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors:
            candidate = ChecklistQuestion(pk=self.instance.pk, **cleaned)
            if refusal := checklists.why_not_save(candidate):
                raise forms.ValidationError(refusal)
        return cleaned


class QuestionFilterSet(WagtailFilterSet):
    class Meta:
        model = ChecklistQuestion
        fields = ["dimension", "is_active"]


class QuestionIndexView(IndexView):
    page_title = "审核清单"
    table_classname = "listing listing--scrolls"


class QuestionCreateView(CreateView):
    def save_instance(self) -> ChecklistQuestion:
        return checklists.save_question(self.request.user, self.form.save(commit=False))


class QuestionEditView(EditView):
    def save_instance(self) -> ChecklistQuestion:
        self.has_content_changes = self.form.has_changed()
        return checklists.save_question(self.request.user, self.form.save(commit=False))


class ChecklistViewSet(ModelViewSet):
    model = ChecklistQuestion
    name = "articles_checklist"
    url_prefix = "articles/checklist"
    icon = "list-ul"
    menu_label = "审核清单"
    menu_order = 650
    add_to_settings_menu = True
    copy_view_enabled = False
    index_view_class = QuestionIndexView
    add_view_class = QuestionCreateView
    edit_view_class = QuestionEditView
    filterset_class = QuestionFilterSet
    ordering = ["dimension", "order", "pk"]
    list_per_page = 100
    list_display = [
        "text",
        Column("dimension", label="审核", accessor="get_dimension_display"),
        Column("order", label="次序"),
        BooleanColumn("is_active", label="使用"),
        BooleanColumn("is_secrecy", label="保密审查"),
    ]
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [FieldPanel("dimension"), FieldPanel("text"), FieldPanel("help_text")],
                heading="问题",
                help_text="问成答“是”就可以通过的样子。改动马上生效，已经审过的稿件不受影响。",
            ),
            MultiFieldPanel(
                [FieldPanel("order"), FieldPanel("is_active"), FieldPanel("is_secrecy")],
                heading="使用",
                help_text="不再用的问题不删除，取消“使用”即可。",
            ),
        ],
        base_form_class=QuestionForm,
    )

    @property
    def permission_policy(self) -> ModelPermissionPolicy:
        return NobodyDeletes(self.model)


checklist_viewset = ChecklistViewSet()
