"""People are managed with one Chinese name and an office."""

import pytest
from django.urls import reverse

from cms.users.models import User
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "荷塘-月色-2026-清晨"


@pytest.fixture
def administrator(client):
    person = UserFactory(roles=["administrator"])
    client.force_login(person)
    return person


def test_an_administrator_adds_and_changes_a_person(client, administrator):
    form = {
        "username": "zhangsan",
        "display_name": "张三",
        "office": "月塘街道",
        "email": "zhangsan@example.com",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    add = reverse("wagtailusers_users:add")
    html = client.get(add).content.decode()
    assert "姓名" in html and "单位/科室" in html and "名字" not in html
    assert client.post(add, form).status_code == 302
    person = User.objects.get(username="zhangsan")
    assert str(person) == "张三" and person.first_name == "张三" and person.check_password(PASSWORD)

    edit = reverse("wagtailusers_users:edit", args=[person.pk])
    changed = {
        **form,
        "display_name": "张三丰",
        "password1": "",
        "password2": "",
        "is_active": "on",
    }
    assert client.post(edit, changed).status_code == 302
    person.refresh_from_db()
    assert (person.display_name, person.first_name) == ("张三丰", "张三丰")


@pytest.mark.parametrize(
    ("password", "words"),
    [("short", "12"), ("123456789012345", "数字")],
)
def test_weak_passwords_are_refused(client, administrator, password, words):
    response = client.post(
        reverse("wagtailusers_users:add"),
        {
            "username": "lisi",
            "display_name": "李四",
            "email": "lisi@example.com",
            "password1": password,
            "password2": password,
        },
    )
    assert words in str(response.context["form"].errors["password2"])
    assert not User.objects.filter(username="lisi").exists()


def test_people_change_their_own_name_but_not_their_office(client):
    person = UserFactory(roles=["editor"], office="编辑部")
    client.force_login(person)
    page = client.get(reverse("wagtailadmin_account"))
    html = page.content.decode()
    assert "姓名与邮箱" in html and "own_details-office" not in html
    client.post(
        reverse("wagtailadmin_account"),
        {
            "own_details-display_name": "新名字",
            "own_details-email": "new@example.com",
            "own_details-office": "区长办公室",
            "theme-theme": "system",
            "theme-density": "default",
            "theme-contrast": "system",
            "theme-keyboard_shortcuts": "on",
            "notifications-submitted_notifications": "on",
        },
    )
    person.refresh_from_db()
    assert (person.display_name, person.office) == ("新名字", "编辑部")


def test_the_login_form_speaks_chinese(client):
    html = client.get(reverse("wagtailadmin_login")).content.decode()
    assert "密码" in html and ">Password" not in html


def test_nobody_is_made_all_powerful_on_the_screen(client, administrator):
    person = UserFactory(display_name="张三")
    edit = reverse("wagtailusers_users:edit", args=[person.pk])
    html = client.get(edit).content.decode()
    assert "Moderators" not in html and "Editors" not in html
    mail = "zhangsan@example.com"
    form = {"username": person.username, "display_name": "张三", "email": mail, "is_active": "on"}
    assert client.post(edit, {**form, "is_superuser": "on"}).status_code == 302
    new = {**form, "username": "lisi", "password1": PASSWORD, "password2": PASSWORD}
    client.post(reverse("wagtailusers_users:add"), {**new, "is_superuser": "on"})
    assert User.objects.filter(username="lisi").exists()
    assert not User.objects.filter(is_superuser=True).exists()


def test_a_superuser_s_password_is_not_an_administrator_s_to_change(client, administrator):
    root = UserFactory(is_superuser=True)
    edit = reverse("wagtailusers_users:edit", args=[root.pk])
    form = {"username": root.username, "display_name": "根", "is_active": "on"}
    form |= {"password1": PASSWORD, "password2": PASSWORD}
    response = client.post(edit, form, follow=True)
    assert "只能由超级用户修改" in response.content.decode()
    root.refresh_from_db()
    assert not root.check_password(PASSWORD)
