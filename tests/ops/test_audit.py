"""The audit log: what is written, and that people can read it."""

import ast
from pathlib import Path

import pytest
from django.urls import reverse

from cms.ops import audit
from cms.ops.models import DETAIL_LABELS, AuditEntry
from cms.ops.registry import action_labels
from cms.users.roles import ROLES
from tests.factories.users import UserFactory

ROOT = Path(__file__).parents[2]
APPS = ("cms", "media", "rankings", "articles", "scrapers")


def recorded() -> list[tuple[str, ast.Call]]:
    """Every call of ``audit.record`` in the project, with where it stands."""
    calls = []
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
                    calls.append((f"{path.relative_to(ROOT)}:{node.lineno}", node))
    return calls


def test_every_action_has_a_name_people_read():
    actions = {
        node.args[1].value: where
        for where, node in recorded()
        if isinstance(node.args[1], ast.Constant)
    }
    assert len(actions) > 10
    assert {a: w for a, w in actions.items() if a not in action_labels()} == {}


def test_every_detail_has_a_name_people_read():
    keys = {
        key.value: where
        for where, node in recorded()
        for argument in node.args[3:]
        if isinstance(argument, ast.Dict)
        for key in argument.keys
        if isinstance(key, ast.Constant)
    }
    assert {k: w for k, w in keys.items() if k not in DETAIL_LABELS} == {}


@pytest.mark.django_db
def test_an_entry_keeps_who_and_what():
    person = UserFactory(display_name="李编辑")
    audit.record(person, "article.submit", person, {"reason": "测试"})
    audit.record(None, "article.expire")
    person_entry, system_entry = AuditEntry.objects.order_by("pk")
    assert (person_entry.actor_name, person_entry.object_type) == ("李编辑", "users.user")
    assert person_entry.detail_text == "原因：测试"
    assert (system_entry.actor_name, system_entry.object_label) == ("系统", "")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("2026-11-24T08:08:06.076Z", "2026-11-24 16:08"),
        ("2026-11-24T23:30:00+08:00", "2026-11-24 23:30"),
        ("2026-11-24", "2026-11-24"),
        ("20261124", "20261124"),
        ("2026-13-45T25:61:00Z", "2026-13-45T25:61:00Z"),
        (["甲", "乙"], "甲，乙"),
        (7, "7"),
    ],
)
def test_times_are_told_by_our_clock(value, words):
    assert AuditEntry(detail={"due_at": value}).detail_text == f"截稿：{words}"


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.key)
def test_who_reads_the_log(client, role):
    audit.record(None, "article.publish", None, {"reason": "<script>alert(1)</script>"})
    client.force_login(UserFactory(roles=[role.key]))
    response = client.get(reverse("audit_report"))
    if role.key in ("auditor", "administrator"):
        html = response.content.decode()
        assert "发布" in html and "<script>alert(1)" not in html
        export = client.get(reverse("audit_report"), {"export": "xlsx"})
        assert export["Content-Type"].startswith("application/vnd.openxml")
        assert export.getvalue()
    else:
        assert response.status_code == 302
