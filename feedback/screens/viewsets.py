"""The lists 留言, 地点 and 承办单位."""

from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.urls import path, reverse
from django.utils import timezone
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import CreateView, EditView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import BooleanRadioSelect
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permission_policies import ModelPermissionPolicy

from .. import access, masking
from ..models import Category, Level, Message, Place, State, Unit
from ..services import places
from ..work import waiting_for
from .forms import PlaceForm, UnitForm
from .views import MessageView

# --- 留言 -----------------------------------------------------------------------------------------


def _streets(request: Any) -> QuerySet[Place]:
    return Place.objects.filter(level=Level.STREET).order_by("order", "pk")


class MessageFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label="状态", choices=State.choices)
    category = django_filters.ChoiceFilter(label="类别", choices=Category.choices)
    street = django_filters.ModelChoiceFilter(
        label="街道、镇", queryset=_streets, method="of_street"
    )
    overdue = django_filters.BooleanFilter(
        label="超期", method="of_overdue", widget=BooleanRadioSelect
    )
    mine = django_filters.ChoiceFilter(
        label="和我有关",
        choices=[("waiting", "等我处理"), ("handled", "我经办的")],
        method="of_mine",
    )

    class Meta:
        model = Message
        fields: list[str] = []

    def of_street(self, rows: QuerySet, name: str, street: Place) -> QuerySet:
        return rows.filter(Q(place=street) | Q(place__parent=street))

    def of_overdue(self, rows: QuerySet, name: str, wanted: bool) -> QuerySet:
        late = Message.objects.overdue(timezone.now()).values("pk")
        return rows.filter(pk__in=late) if wanted else rows.exclude(pk__in=late)

    def of_mine(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        if value == "waiting":
            return rows.filter(pk__in=waiting_for(self.request.user).values("pk"))
        return rows.filter(handler=self.request.user)


def _due(message: Message) -> str:
    if not message.is_unfinished:
        return ""
    words = f"{timezone.localtime(message.due_at):%m月%d日}前"
    return f"{words}，已超期" if message.due_at < timezone.now() else words


class MessageIndexView(IndexView):
    page_title = "留言"
    any_permission_required = ["view", "handle", "carry_out"]
    results_template_name = "feedback/admin/messages_results.html"
    table_classname = "listing listing--scrolls"
    header_more_buttons: list[Any] = []

    def get_base_queryset(self) -> QuerySet:
        found = access.visible_to(self.request.user)
        return found.select_related("place__parent", "unit", "handler").defer("text", "answer")

    def title_of(self, message: Message) -> str:
        if access.reads_words(self.request.user):
            return message.title
        return masking.mask(message.title, [message.name])

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "title",
                label="标题",
                accessor=self.title_of,
                get_url=lambda row: reverse("feedback_message:show", args=[row.pk]),
            ),
            Column("number", label="编号", sort_key="pk", classname="listing-time"),
            Column("state", label="状态", accessor="get_state_display", sort_key="state"),
            Column("due_at", label="答复期限", accessor=_due, sort_key="due_at"),
            Column("category", label="类别", accessor="get_category_display"),
            Column("place", label="地点", accessor=lambda m: m.place.full_name if m.place else ""),
            Column("unit", label="承办单位", accessor=lambda m: m.unit or ""),
            DateColumn("received_at", label="收到时间", sort_key="received_at"),
        ]


class MessageViewSet(ModelViewSet):
    """Messages come from the public and are changed by services; no form of Wagtail's."""

    model = Message
    name = "feedback_message"
    url_prefix = "feedback"
    icon = "comment"
    menu_label = "留言"
    menu_order = 106
    menu_name = "feedback"
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = False
    exclude_form_fields: list[str] = []
    index_view_class = MessageIndexView
    filterset_class = MessageFilterSet
    search_fields = ["number", "title"]
    list_per_page = 30

    def get_urlpatterns(self) -> list[Any]:
        own = {"index", "index_results"}
        kept = [pattern for pattern in super().get_urlpatterns() if pattern.name in own]
        return [*kept, path("<int:pk>/", MessageView.as_view(), name="show")]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        gone = ("add", "edit", "delete", "history", "usage")
        return super().get_common_view_kwargs(
            **{f"{name}_url_name": None for name in gone}, **kwargs
        )


# --- 地点, 承办单位 -------------------------------------------------------------------------------


class NobodyDeletes(ModelPermissionPolicy):
    """Messages name them; what is no longer wanted is switched off."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "delete" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return super().user_has_any_permission(user, set(actions) - {"delete"})


class KeptViewSet(ModelViewSet):
    add_to_settings_menu = True
    copy_view_enabled = False
    inspect_view_enabled = False
    list_per_page = 100

    @property
    def permission_policy(self) -> ModelPermissionPolicy:
        return NobodyDeletes(self.model)


def _in_use(row: Place | Unit) -> str:
    return "在用" if row.is_active else "停用"


class PlaceFilterSet(WagtailFilterSet):
    class Meta:
        model = Place
        fields = ["level", "is_active"]


class PlaceIndexView(IndexView):
    page_title = "地点"

    def get_base_queryset(self) -> QuerySet:
        return super().get_base_queryset().select_related("parent")


class PlaceCreateView(CreateView):
    def save_instance(self) -> Place:
        return places.save_place(self.request.user, self.form.save(commit=False))


class PlaceEditView(EditView):
    def save_instance(self) -> Place:
        self.has_content_changes = self.form.has_changed()
        return places.save_place(self.request.user, self.form.save(commit=False))


class PlaceViewSet(KeptViewSet):
    model = Place
    name = "feedback_place"
    url_prefix = "feedback-places"
    icon = "site"
    menu_label = "留言地点"
    menu_order = 670
    index_view_class = PlaceIndexView
    add_view_class = PlaceCreateView
    edit_view_class = PlaceEditView
    filterset_class = PlaceFilterSet
    ordering = ["order", "pk"]
    list_display = [
        "name",
        Column("level", label="层级", accessor="get_level_display"),
        Column("parent", label="上级", accessor=lambda place: place.parent or ""),
        Column("order", label="次序", classname="only-wide"),
        Column("is_active", label="状态", accessor=_in_use),
    ]
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("name"),
                    FieldRowPanel([FieldPanel("level"), FieldPanel("parent")]),
                    FieldRowPanel([FieldPanel("order"), FieldPanel("is_active")]),
                ],
                heading="地点",
                help_text="留言人按区、街道（镇）、社区（村）选择。不再用的取消“在用”，不删除。",
            )
        ],
        base_form_class=PlaceForm,
    )


class UnitIndexView(IndexView):
    page_title = "承办单位"

    def get_base_queryset(self) -> QuerySet:
        return super().get_base_queryset().prefetch_related("people")

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        buttons = list(super().header_buttons)
        if self.request.user.has_perm(access.HAND_OVER):
            buttons.append(
                HeaderButton("移交留言", url=reverse("feedback_hand_over"), icon_name="group")
            )
        return buttons


class UnitCreateView(CreateView):
    def save_instance(self) -> Unit:
        people = self.form.cleaned_data["people"]
        return places.save_unit(self.request.user, self.form.save(commit=False), people)


class UnitEditView(EditView):
    def save_instance(self) -> Unit:
        self.has_content_changes = self.form.has_changed()
        people = self.form.cleaned_data["people"]
        return places.save_unit(self.request.user, self.form.save(commit=False), people)


def _people(unit: Unit) -> str:
    return "、".join(map(str, unit.people.all())) or "没有，由办理人员代为填报"


class UnitViewSet(KeptViewSet):
    model = Unit
    name = "feedback_unit"
    url_prefix = "feedback-units"
    icon = "group"
    menu_label = "承办单位"
    menu_order = 671
    index_view_class = UnitIndexView
    add_view_class = UnitCreateView
    edit_view_class = UnitEditView
    list_display = [
        "name",
        Column("people", label="联系人", accessor=_people),
        Column("is_active", label="状态", accessor=_in_use),
    ]
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("name"),
                    FieldPanel("people", widget=forms.CheckboxSelectMultiple),
                    FieldPanel("is_active"),
                ],
                heading="承办单位",
            )
        ],
        base_form_class=UnitForm,
    )


viewsets = (MessageViewSet(), PlaceViewSet(), UnitViewSet())
