"""The demo's people: one a role, and a second editor and a second one of the office."""

import secrets
from pathlib import Path

from django.contrib.auth.models import Group

from cms.users.models import User
from cms.users.roles import ROLES, Role
from demo.secret_files import write_secret

# Invented desks of the district, by the role's key.
OFFICES = {
    "editor": "区融媒体中心编辑部",
    "reviewer_credible": "区委宣传部新闻科",
    "reviewer_readable": "区融媒体中心总编室",
    "reviewer_approachable": "区委宣传部",
    "publisher": "区融媒体中心发布岗",
    "contributor": "月塘街道办事处",
    "office": "区委宣传部网信办",
    "feedback": "区委宣传部网信办",
    "feedback_unit": "月塘街道办事处",
    "auditor": "区纪委监委派驻组",
    "administrator": "区融媒体中心技术部",
}

# Longer words would be typed wrong, fewer could be guessed: 4 × 5 letters and digits.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_password() -> str:
    """A random password that can be read aloud, such as ``k3mpw-…``; about 98 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))


def create_people(path: Path) -> dict[str, User]:
    """Create the accounts and write them to ``path`` (readable by the owner only).

    Returns:
        The users by the role's key, ``office_2`` who checks the first one's work, and ``editor_2``.
    """
    people = {}
    accounts = {}

    def hire(key: str, username: str, name: str, office: str, role: Role, label: str) -> None:
        password = new_password()
        user = _create(username, name, office)
        user.set_password(password)
        user.save()
        user.groups.add(Group.objects.get(name=role.name))
        people[key] = user
        accounts[label] = {
            "username": user.username,
            "password": password,
            "name": user.display_name,
            "what": role.description,
        }

    for role in ROLES:
        username = role.key.replace("reviewer_", "")
        hire(role.key, username, f"示例{role.name}", OFFICES[role.key], role, role.name)
        if role.key == "office":
            # Numbers, claims and briefs need two people of the office.
            label = f"{role.name}（复核）"
            hire("office_2", "office2", "示例宣传部复核", OFFICES["office"], role, label)
    second = _create("editor2", "示例第二编辑", OFFICES["editor"])
    second.set_unusable_password()
    second.save()
    second.groups.add(Group.objects.get(name=ROLES[0].name))
    people["editor_2"] = second

    write_secret(path, accounts)
    return people


def _create(username: str, name: str, office: str) -> User:
    return User(
        username=username,
        display_name=name,
        office=f"{office}（示例）",
        email=f"{username}@example.com",
    )
