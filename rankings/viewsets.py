"""Accounts and boards as snippets, and the 排名 menu."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.urls import reverse
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import (
    CreateView,
    EditView,
    IndexView,
    InspectView,
    SnippetViewSet,
    SnippetViewSetGroup,
)

from cms.ops import audit

from .forms import AccountForm, BoardForm
from .models import Account, Board
from .periods import Month
from .views.links import link_section

NAMES_PANEL = "rankings/admin/panels/names.html"


class ReadersPolicy(ModelPermissionPolicy):
    """Whoever may read the report may see the lists; changing needs the model's permissions.

    Nobody deletes: records hang on accounts and boards, and records are kept for ever.
    """

    def user_has_permission(self, user: Any, action: str) -> bool:
        if action == "view":
            return user.has_perm("rankings.view_report")
        if action == "delete":
            return False
        return super().user_has_permission(user, action)


class AuditedCreateView(CreateView):
    """Writes what was added into the audit log, in the same transaction."""

    def save_instance(self) -> Model:
        instance = super().save_instance()
        audit.record(self.request.user, f"rankings.{instance._meta.model_name}.create", instance)
        return instance


class AuditedEditView(EditView):
    """Writes which fields changed into the audit log, in the same transaction."""

    def save_instance(self) -> Model:
        instance = super().save_instance()
        if self.form.changed_data:
            audit.record(
                self.request.user,
                f"rankings.{instance._meta.model_name}.change",
                instance,
                {"fields": self.form.changed_data},
            )
        return instance


class PlainInspectView(InspectView):
    """Values in words: 是 and 否, a dash for nothing; and the ways to the names."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        has_perm = self.request.user.has_perm
        may_name = has_perm("rankings.record_observation") or self.user_has_permission("change")
        return super().get_context_data(may_name=may_name, **kwargs)

    def get_field_label(self, field_name: str, field: Any) -> str:
        return "首期" if field_name == "first_month" else super().get_field_label(field_name, field)

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        value = super().get_field_display_value(field_name, field)
        if field_name == "first_month" and value not in (None, ""):
            return Month.from_index(self.object.first_month).label
        if isinstance(value, bool):
            return "是" if value else "否"
        return "—" if value in (None, "") else value


class BoardInspectView(PlainInspectView):
    """With the links of the board to others, and where its series breaks."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        section = link_section(self.object, self.request.user)
        return super().get_context_data(section=section, **kwargs)


class ListWithoutActions(IndexView):
    """No bulk deletion: what has records is never deleted."""

    @property
    def columns(self) -> list[Column]:
        return [column for column in super().columns if column.name != "bulk_actions"]


def _account_mark(account: Account) -> str:
    """What needs saying about an account in the list; nothing for most."""
    if account.is_ours:
        return "本账号"
    return "" if account.confirmed else "待确认"


class AccountFilterSet(WagtailFilterSet):
    class Meta:
        model = Account
        fields = ["confirmed", "is_ours"]


class BoardFilterSet(WagtailFilterSet):
    class Meta:
        model = Board
        fields = ["period_kind", "is_example"]


class RankingViewSet(SnippetViewSet):
    """What the two lists share."""

    add_view_class = AuditedCreateView
    edit_view_class = AuditedEditView
    index_view_class = ListWithoutActions
    inspect_view_enabled = True
    inspect_view_class = PlainInspectView
    inspect_template_name = "rankings/admin/inspect.html"
    copy_view_enabled = False
    # Names are searched as they are printed: parts of Chinese names are no words to an index.
    search_backend_name = None
    list_per_page = 50

    @property
    def permission_policy(self) -> ModelPermissionPolicy:
        return ReadersPolicy(self.model)


class AccountViewSet(RankingViewSet):
    model = Account
    icon = "user"
    menu_label = "公众号"
    menu_name = "rankings-accounts"
    base_url_path = "rankings/accounts"
    list_display = [
        "name",
        "wechat_id",
        "place",
        Column("standing", label="情况", accessor=_account_mark),
    ]
    search_fields = ["name", "key", "wechat_id", "place"]
    filterset_class = AccountFilterSet
    inspect_view_fields = [
        "name",
        "key",
        "wechat_id",
        "gh_id",
        "place",
        "colour",
        "is_ours",
        "confirmed",
        "note",
    ]
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [FieldPanel("name"), FieldPanel("key"), HelpPanel(template=NAMES_PANEL)],
                heading="名称",
            ),
            FieldRowPanel([FieldPanel("wechat_id"), FieldPanel("gh_id")]),
            FieldRowPanel([FieldPanel("place"), FieldPanel("colour")]),
            FieldRowPanel([FieldPanel("is_ours"), FieldPanel("confirmed")]),
            FieldPanel("note"),
        ],
        base_form_class=AccountForm,
    )


class BoardViewSet(RankingViewSet):
    model = Board
    inspect_view_class = BoardInspectView
    icon = "list-ol"
    menu_label = "榜单"
    menu_name = "rankings-boards"
    base_url_path = "rankings/boards"
    list_display = ["__str__", "publisher", "scope", "metric", "period_kind"]
    search_fields = ["name", "key", "publisher", "scope"]
    filterset_class = BoardFilterSet
    inspect_view_fields = [
        "name",
        "key",
        "publisher",
        "scope",
        "metric",
        "period_kind",
        "list_size",
        "first_month",
        "issue_day",
        "late_days",
        "is_example",
        "note",
    ]
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [FieldPanel("name"), FieldPanel("key"), HelpPanel(template=NAMES_PANEL)],
                heading="名称",
            ),
            FieldPanel("publisher"),
            FieldRowPanel([FieldPanel("scope"), FieldPanel("metric")]),
            FieldRowPanel([FieldPanel("period_kind"), FieldPanel("list_size")]),
            MultiFieldPanel(
                [
                    FieldPanel("first_issue"),
                    FieldRowPanel([FieldPanel("issue_day"), FieldPanel("late_days")]),
                ],
                heading="发布",
            ),
            FieldPanel("is_example"),
            FieldPanel("note"),
        ],
        base_form_class=BoardForm,
    )


class PermittedMenuItem(MenuItem):
    """Shown to whoever holds ``permission`` of this app."""

    def __init__(self, label: str, url_name: str, permission: str, **kwargs: Any) -> None:
        super().__init__(label, reverse(url_name), **kwargs)
        self.permission = f"rankings.{permission}"

    def is_shown(self, request: Any) -> bool:
        return request.user.has_perm(self.permission)


def screens() -> Iterable[MenuItem]:
    """The screens of the menu in the order of the work."""
    return (
        PermittedMenuItem(
            "总览",
            "rankings:overview",
            "view_report",
            name="rankings-overview",
            icon_name="order",
            order=10,
        ),
        PermittedMenuItem(
            "榜单月表",
            "rankings:month_table_latest",
            "view_report",
            name="rankings-month-table",
            icon_name="table",
            order=20,
        ),
        PermittedMenuItem(
            "结论",
            "rankings:claims",
            "view_report",
            name="rankings-claims",
            icon_name="check",
            order=22,
        ),
        PermittedMenuItem(
            "简报",
            "rankings:briefs",
            "view_report",
            name="rankings-briefs",
            icon_name="doc-full",
            order=24,
        ),
        PermittedMenuItem(
            "提醒",
            "rankings:alerts",
            "view_report",
            name="rankings-alerts",
            icon_name="bell",
            order=30,
        ),
        PermittedMenuItem(
            "待复核",
            "rankings:review",
            "confirm_observation",
            name="rankings-review",
            icon_name="tasks",
            order=40,
        ),
        PermittedMenuItem(
            "名次记录",
            "rankings:observations",
            "view_report",
            name="rankings-observations",
            icon_name="clipboard-list",
            order=45,
        ),
        PermittedMenuItem(
            "导入",
            "rankings:import",
            "import_rankings",
            name="rankings-import",
            icon_name="upload",
            order=50,
        ),
        PermittedMenuItem(
            "指数试算",
            "rankings:what_if",
            "view_report",
            name="rankings-what-if",
            icon_name="decimal",
            order=65,
        ),
        PermittedMenuItem(
            "关注",
            "rankings:watches",
            "view_report",
            name="rankings-watches",
            icon_name="view",
            order=70,
        ),
    )


class RankingGroup(SnippetViewSetGroup):
    """排名: the two lists and the screens; apps above add theirs by a hook of their own."""

    items = (AccountViewSet, BoardViewSet)
    menu_label = "排名"
    menu_name = "rankings"
    menu_icon = "order"
    menu_order = 250
    MENU_HOOK = "register_rankings_menu_item"

    def get_submenu_items(self) -> list[MenuItem]:
        lists = super().get_submenu_items()
        for number, item in enumerate(lists):
            item.order = 80 + number
        return [*screens(), *lists]

    def get_menu_item(self, order: int | None = None) -> MenuItem:
        return SubmenuMenuItem(
            label=self.menu_label,
            menu=Menu(register_hook_name=self.MENU_HOOK, items=self.get_submenu_items()),
            name=self.menu_name,
            icon_name=self.menu_icon,
            order=order if order is not None else self.menu_order,
        )
