"""The table of roles, row by row, and that the groups equal it."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ImproperlyConfigured
from wagtail.models import GroupCollectionPermission, GroupPagePermission, Page, Workflow

from cms.users import services
from cms.users.roles import BY_KEY, ROLES, Role
from cms.users.services import sync_roles
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db

CAN = {
    # role: (add page, change page, publish page, then model permissions that matter)
    "editor": (True, True, False, {"articles.propose_correction", "articles.handle_contribution"}),
    "reviewer_credible": (
        False,
        False,
        False,
        {"articles.confirm_urgent", "articles.confirm_correction"},
    ),
    "reviewer_readable": (
        False,
        False,
        False,
        {"articles.confirm_urgent", "articles.confirm_correction"},
    ),
    "reviewer_approachable": (
        False,
        False,
        False,
        {"articles.confirm_urgent", "articles.confirm_correction"},
    ),
    "publisher": (
        False,
        False,
        True,
        {
            "articles.schedule_article",
            "articles.withdraw_article",
            "articles.request_urgent",
            "articles.confirm_urgent",
            "articles.propose_correction",
            "articles.confirm_correction",
            "articles.change_public_date",
            "mirror.view_mirror",
            "mirror.close_mirror",
        },
    ),
    "contributor": (False, False, False, {"articles.add_contribution"}),
    "office": (
        False,
        False,
        False,
        {
            "rankings.record_observation",
            "rankings.confirm_observation",
            "rankings.import_rankings",
            "scrapers.run_source",
            "scrapers.review_run",
            "feedback.view_message",
            "feedback.view_figures",
            "feedback.approve_answer",
            "mirror.view_mirror",
            "mirror.change_specialperiod",
        },
    ),
    "feedback": (
        False,
        False,
        False,
        {"feedback.view_message", "feedback.view_figures", "feedback.handle_message"},
    ),
    "feedback_unit": (False, False, False, {"feedback.carry_out_message"}),
    "auditor": (
        False,
        False,
        False,
        {
            "ops.view_auditentry",
            "feedback.view_message",
            "feedback.view_figures",
            "mirror.view_mirror",
        },
    ),
    "administrator": (
        True,
        True,
        True,
        {
            "users.add_user",
            "users.change_user",
            "rankings.add_board",
            "rankings.import_rankings",
            "scrapers.change_source",
            "scrapers.run_source",
            "articles.import_past_article",
            "articles.change_checklistquestion",
            "articles.manage_deputation",
            "ops.view_auditentry",
            "feedback.hand_over_message",
            "feedback.change_place",
            "feedback.change_unit",
            "mirror.view_mirror",
            "mirror.close_mirror",
            "mirror.rebuild_mirror",
            "mirror.change_specialperiod",
        },
    ),
}
MATTER = {
    "feedback.add_message",
    "feedback.approve_answer",
    "feedback.carry_out_message",
    "feedback.change_message",
    "feedback.change_place",
    "feedback.change_unit",
    "feedback.delete_message",
    "feedback.delete_place",
    "feedback.hand_over_message",
    "feedback.handle_message",
    "feedback.view_figures",
    "feedback.view_message",
    "articles.withdraw_article",
    "articles.request_urgent",
    "articles.confirm_urgent",
    "articles.propose_correction",
    "articles.confirm_correction",
    "articles.change_public_date",
    "articles.change_checklistquestion",
    "articles.manage_deputation",
    "articles.add_contribution",
    "articles.handle_contribution",
    "articles.schedule_article",
    "articles.import_past_article",
    "rankings.record_observation",
    "rankings.confirm_observation",
    "rankings.import_rankings",
    "rankings.add_board",
    "scrapers.run_source",
    "scrapers.review_run",
    "scrapers.change_source",
    "users.add_user",
    "users.change_user",
    "ops.view_auditentry",
    "ops.change_auditentry",
    "ops.delete_auditentry",
    "rankings.delete_observation",
    "auth.change_group",
    "mirror.view_mirror",
    "mirror.close_mirror",
    "mirror.rebuild_mirror",
    "mirror.change_specialperiod",
    "mirror.delete_closing",
    "mirror.change_closing",
}


def test_every_role_has_its_row_here():
    assert set(CAN) == set(BY_KEY)


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.key)
def test_what_each_role_can_and_cannot(role: Role):
    sync_roles()
    person = UserFactory(roles=[role.key])
    add, change, publish, allowed = CAN[role.key]
    root = Page.get_first_root_node()
    granted = {
        p.permission.codename
        for p in GroupPagePermission.objects.filter(group__in=person.groups.all(), page=root)
    }
    expected = {"add_page": add, "change_page": change, "publish_page": publish}
    assert granted == {name for name, yes in expected.items() if yes}
    assert person.has_perm("wagtailadmin.access_admin")
    held = {name for name in MATTER if person.has_perm(name)}
    assert held == allowed & MATTER


def test_syncing_twice_changes_nothing():
    sync_roles()
    before = snapshot()
    sync_roles()
    assert snapshot() == before


def test_syncing_takes_back_what_the_table_does_not_grant():
    groups = sync_roles()
    before = snapshot()
    editor = groups["editor"]
    editor.permissions.add(Permission.objects.get(codename="delete_user"))
    GroupPagePermission.objects.create(
        group=editor,
        page=Page.get_first_root_node(),
        permission=Permission.objects.get(codename="publish_page"),
    )
    Group.objects.create(name="临时组")
    sync_roles()
    assert snapshot() == before
    assert Group.objects.filter(name="临时组").exists()


def test_a_permission_that_does_not_exist_is_an_error(monkeypatch):
    monkeypatch.setattr(services, "ROLES", (Role("x", "某", "", ("articles.fly",)),))
    with pytest.raises(ImproperlyConfigured, match=r"articles\.fly"):
        sync_roles()


def test_the_workflow_follows_the_roles():
    sync_roles()
    sync_roles()
    workflow = Workflow.objects.get(name="三审")
    steps = [
        (task.name, [group.name for group in task.specific.groups.all()]) for task in workflow.tasks
    ]
    assert steps == [
        ("可信审核", ["可信审核"]),
        ("可读审核", ["可读审核"]),
        ("可亲审核", ["可亲审核"]),
        ("待发布", ["发布"]),
    ]


def snapshot():
    names = [role.name for role in ROLES]
    groups = Group.objects.filter(name__in=names)
    return (
        sorted(groups.values_list("name", "permissions__codename")),
        sorted(
            GroupPagePermission.objects.filter(group__in=groups).values_list(
                "group__name", "permission__codename"
            )
        ),
        sorted(
            GroupCollectionPermission.objects.filter(group__in=groups).values_list(
                "group__name", "permission__codename"
            )
        ),
    )
