"""Who sees which screen."""

import pytest
from django.urls import reverse
from wagtail.admin.menu import admin_menu

from tests.factories.rankings import ObservationFactory

from .screens import READERS, REPORT, refused, text_of

pytestmark = pytest.mark.django_db


SCREENS = {
    "rankings:overview": READERS,
    "rankings:month_table_latest": READERS,
    "rankings:observations": READERS,
    "rankings:review": ("office",),
    "rankings:import": ("office", "administrator"),
    "rankings:import_template": ("office", "administrator"),
}


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("role", [*READERS, "auditor"])
def test_each_screen_opens_only_for_whom_may_use_it(client, as_role, screen, role) -> None:
    as_role(role)
    response = client.get(reverse(screen))
    assert refused(response) == (role not in SCREENS[screen])
    if role in SCREENS[screen]:
        assert response.status_code == 200


@pytest.mark.parametrize("screen", SCREENS)
def test_nobody_gets_in_without_signing_in(client, screen) -> None:
    response = client.get(reverse(screen))
    assert response.status_code == 302 and "/login/" in response.url


def menu_items(user, rf):
    request = rf.get("/")
    request.user = user
    items = {item.name: item for item in admin_menu.menu_items_for_request(request)}
    if "rankings" not in items:
        return None
    return [
        item.label
        for item in sorted(
            items["rankings"].menu.menu_items_for_request(request), key=lambda item: item.order
        )
    ]


def test_the_menu_shows_what_the_role_may_use(as_role, rf) -> None:
    whole = [
        *("总览", "榜单月表", "结论", "简报", "提醒", "待复核", "名次记录", "导入"),
        *("指数试算", "关注", "公众号", "榜单"),
    ]

    def of(role):
        shown = menu_items(as_role(role), rf)
        return shown and [label for label in shown if label in whole]

    assert of("office") == whole
    assert of("administrator") == [label for label in whole if label != "待复核"]
    assert of("editor") == [label for label in whole if label not in ("待复核", "导入")]
    assert of("auditor") is None


def test_the_dashboard_tells_our_place(client, as_role, board, ours) -> None:
    as_role("editor")
    assert "还没有“在荷塘”的月度名次记录" in text_of(client.get(reverse("wagtailadmin_home")))
    for period in ("2019-07", "2019-08"):
        ObservationFactory(board=board, account=ours, period=period)
    text = text_of(client.get(reverse("wagtailadmin_home")))
    assert "2019年8月：第1名" in text
    assert "rankings/admin.css" in text
    assert "连续2个月列县级榜第一" in text
    assert f"{REPORT}?board=county&amp;account=ours" in text


def test_the_dashboard_of_others_is_silent_about_ranks(client, as_role) -> None:
    as_role("auditor")
    assert "本账号名次" not in text_of(client.get(reverse("wagtailadmin_home")))
