"""提醒, 邮件提醒 and 关注 as people see them."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.ops.models import AuditEntry
from rankings.models import Alert, AlertMail, AlertPreference, AlertReading, Watch
from rankings.services import alert_mail
from rankings.services.alerts import raise_alert
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory
from tests.factories.users import UserFactory

from .screens import READERS, refused, text_of

pytestmark = pytest.mark.django_db

LIST = reverse("rankings:alerts")
READ = reverse("rankings:alerts_read")
MAIL = reverse("rankings:alert_preferences")
WATCHES = reverse("rankings:watches")
HOME = reverse("wagtailadmin_home")
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def reader(as_role):
    return as_role("editor", date_joined=timezone.now() - dt.timedelta(days=9))


def tell(key: str, message: str = "新一期出榜", kind="month_out", level="info", **more) -> Alert:
    return raise_alert(kind, key, level, message, **more)


# --- who sees what --------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [LIST, MAIL, WATCHES])
@pytest.mark.parametrize("role", [*READERS, "auditor"])
def test_readers_see_the_screens_and_others_do_not(client, as_role, url, role) -> None:
    as_role(role)
    assert refused(client.get(url)) == (role not in READERS)
    if role in READERS:
        assert client.get(url).status_code == 200


@pytest.mark.parametrize("url", [LIST, MAIL, WATCHES, READ])
def test_nobody_gets_in_without_signing_in(client, url) -> None:
    response = client.get(url)
    assert response.status_code == 302 and "/login/" in response.url


@pytest.mark.parametrize("url", [READ, MAIL, WATCHES])
def test_others_change_nothing(client, as_role, url) -> None:
    as_role("auditor")
    alert = tell("a")
    assert refused(client.post(url, {"alert": alert.pk, "mode": "chosen", "until": alert.pk}))
    assert not AlertReading.objects.exists() and not AlertPreference.objects.exists()


# --- the list -------------------------------------------------------------------------------------


def test_unread_ones_come_first_and_reading_is_each_persons_own(client, reader) -> None:
    old, new = tell("a", "第一件"), tell("b", "第二件")
    client.post(READ, {"alert": new.pk})
    text = text_of(client.get(LIST))
    assert text.index("第一件") < text.index("第二件")
    assert text.count("al-news--unread") == 1
    other = Client()
    other.force_login(UserFactory(roles=["office"], date_joined=old.created_at))
    assert text_of(other.get(LIST)).count("al-news--unread") == 2


def test_what_was_told_before_somebody_joined_is_not_unread(client, as_role) -> None:
    tell("a")
    as_role("editor", date_joined=timezone.now() + dt.timedelta(minutes=1))
    assert "al-news--unread" not in text_of(client.get(LIST))
    assert "没有" in text_of(client.get(LIST, {"reading": "unread"}))


def test_all_are_marked_up_to_the_newest_on_the_screen(client, reader) -> None:
    tell("a"), tell("b")
    shown = client.get(LIST).context["newest_unread"]
    late = tell("c", "刚刚到的")
    response = client.post(READ, {"until": shown}, follow=True)
    assert "已把 2 条提醒标为已读" in text_of(response)
    assert list(Alert.objects.exclude(readings__user=reader)) == [late]


def test_reading_twice_at_once_is_reading_once(client, reader) -> None:
    alert = tell("a")
    for _ in range(2):
        client.post(READ, {"alert": alert.pk})
    assert AlertReading.objects.count() == 1


@pytest.mark.parametrize("data", [{}, {"alert": "abc"}, {"alert": "9" * 40}, {"until": "-1"}])
def test_marking_nothing_is_no_fault(client, reader, data) -> None:
    tell("a")
    assert client.post(READ, data).status_code == 302
    assert not AlertReading.objects.exists()


def test_after_reading_people_are_back_where_they_were(client, reader) -> None:
    alert = tell("a")
    back = f"http://testserver{LIST}?kind=tie"
    assert client.post(READ, {"alert": alert.pk}, headers={"Referer": back}).url == back
    away = client.post(READ, {"alert": alert.pk}, headers={"Referer": "https://evil.example/"})
    assert away.url == LIST
    assert client.get(READ).status_code == 405


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"kind": "tie"}, ["并列"]),
        ({"kind": ["tie", "late"]}, ["并列", "迟发"]),
        ({"level": "alarm"}, ["失去"]),
        ({"reading": "read"}, ["迟发"]),
        ({"reading": "unread"}, ["并列", "失去"]),
        ({"q": "失去"}, ["失去"]),
    ],
)
def test_filters(client, reader, wanted, found) -> None:
    tell("a", "并列", "tie", "warning")
    read = tell("b", "迟发", "late", "warning")
    tell("c", "失去", "lost_first", "alarm")
    client.post(READ, {"alert": read.pk})
    response = client.get(reverse("rankings:alerts_results"), wanted)
    assert sorted(alert.message for alert in response.context["object_list"]) == sorted(found)


def test_by_board(client, reader, board) -> None:
    tell("a", "此榜", board=board)
    tell("b", "他榜", board=BoardFactory())
    response = client.get(LIST, {"board": board.pk})
    assert [alert.message for alert in response.context["object_list"]] == ["此榜"]


def test_hostile_words_are_shown_as_words(client, reader) -> None:
    tell("a", f"《{HOSTILE}》", board=BoardFactory(name=HOSTILE))
    for url in (LIST, HOME):
        text = text_of(client.get(url))
        assert HOSTILE not in text and "&lt;script&gt;" in text


def test_the_list_asks_a_fixed_number_of_queries(
    client, reader, board, django_assert_num_queries
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST)
        return len(captured)

    tell("a", board=board)
    client.get(LIST)
    few = queries()
    for number in range(25):
        tell(f"k{number}", board=BoardFactory(), account=AccountFactory())
    assert queries() == few


# --- on the home screen ---------------------------------------------------------------------------


def test_the_home_screen_shows_what_is_unread(client, reader) -> None:
    assert "排名提醒" not in text_of(client.get(HOME))
    for number in range(7):
        tell(f"k{number}", f"第 {number} 件", url="/admin/x/")
    text = text_of(client.get(HOME))
    assert "全部 7 条未读" in text and "第 6 件" in text and "第 1 件" not in text
    assert "rankings/alerts.css" in text
    client.post(READ, {"until": Alert.objects.latest("pk").pk})
    assert "排名提醒" not in text_of(client.get(HOME))


def test_the_home_screen_of_others_is_silent(client, as_role) -> None:
    as_role("auditor", date_joined=timezone.now() - dt.timedelta(days=9))
    tell("a", "新一期出榜")
    assert "新一期出榜" not in text_of(client.get(HOME))


def test_the_panel_costs_two_queries(reader, rf, django_assert_num_queries) -> None:
    from rankings.panels import AlertsPanel

    for number in range(9):
        tell(f"k{number}", board=BoardFactory())
    request = rf.get("/")
    request.user = reader
    with django_assert_num_queries(2):
        context = AlertsPanel().get_context_data({"request": request})
        assert [str(alert.board) for alert in context["alerts"]]
    assert context["count"] == 9


# --- by mail --------------------------------------------------------------------------------------


def test_choosing_kinds_and_going_back_to_the_default(client, as_role) -> None:
    user = as_role("office")
    text = text_of(client.get(MAIL))
    assert user.email in text and "程度为“紧急”的都发给您" in text
    client.post(MAIL, {"mode": "chosen", "kinds": ["tie", "late"]})
    assert AlertPreference.objects.get(user=user).mail_kinds == ["tie", "late"]
    shown = client.get(MAIL).context["form"]
    assert (shown["mode"].value(), shown["kinds"].value()) == ("chosen", ["tie", "late"])
    client.post(MAIL, {"mode": "default", "kinds": ["tie"]})
    assert not AlertPreference.objects.exists()


def test_readers_are_told_that_they_get_nothing_by_default(client, reader) -> None:
    assert "您不负责录入名次，不发邮件" in text_of(client.get(MAIL))


def test_without_an_address_people_are_told_so(client, as_role) -> None:
    as_role("office", email="")
    assert "您还没有登记邮箱" in text_of(client.get(MAIL))


@pytest.mark.parametrize("data", [{}, {"mode": "x"}, {"mode": "chosen", "kinds": ["nonsense"]}])
def test_bad_choices_are_refused(client, reader, data) -> None:
    assert client.post(MAIL, data).status_code == 422
    assert not AlertPreference.objects.exists()


def test_failed_mails_are_shown_to_who_can_mend_it(client, as_role) -> None:
    AlertMail.objects.create(
        alert=tell("a", "没人收到"),
        user=UserFactory(display_name="李敏"),
        attempts=5,
        error=HOSTILE,
    )
    as_role("editor")
    assert "没有发出的邮件" not in text_of(client.get(MAIL))
    assert refused(client.post(MAIL, {"again": "1"}))
    as_role("administrator")
    text = text_of(client.get(MAIL))
    assert "李敏" in text and "不再自动重试" in text and HOSTILE not in text
    assert "已安排重发 1 封" in text_of(client.post(MAIL, {"again": "1"}, follow=True))
    assert AlertMail.objects.get().attempts == 0


# --- watched accounts -----------------------------------------------------------------------------


@pytest.fixture
def rival(board):
    return ObservationFactory(
        board=board, account=AccountFactory(key="rival", name="掌上攸县")
    ).account


def test_the_office_watches_changes_and_stops(client, as_role, board, rival) -> None:
    user = as_role("office")
    assert "掌上攸县" in client.get(WATCHES).context["names"]
    response = client.post(
        WATCHES, {"board": board.pk, "account": "掌上攸县", "margin": "20.5"}, follow=True
    )
    assert "已在《县级榜》上关注“掌上攸县”" in text_of(response)
    watch = Watch.objects.get()
    assert (watch.account, str(watch.margin), watch.added_by) == (rival, "20.50", user)
    client.post(WATCHES, {"change": watch.pk, "margin": ""})
    watch.refresh_from_db()
    assert watch.margin is None
    client.post(WATCHES, {"remove": watch.pk})
    assert not Watch.objects.exists()
    actions = AuditEntry.objects.filter(action__startswith="rankings.watch").order_by("pk")
    assert [entry.action for entry in actions] == [
        "rankings.watch.add",
        "rankings.watch.change",
        "rankings.watch.remove",
    ]
    assert "从：20.5" in actions[1].detail_text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"account": "没有这个号"}, "没有叫“没有这个号”的公众号"),
        ({"account": HOSTILE}, "没有叫“&lt;script&gt;"),
        ({"account": "在荷塘"}, "就是本账号"),
        ({"account": ""}, "请写公众号的名称"),
        ({"margin": "-1"}, "指数差距不能是负数"),
        ({"margin": "很多"}, "数字"),
        ({"board": "999999"}, "有效"),
    ],
)
def test_bad_watches_are_refused_with_a_sentence(
    client, as_role, board, ours, rival, data, words
) -> None:
    as_role("office")
    given = {"board": board.pk, "account": "掌上攸县", "margin": ""} | data
    response = client.post(WATCHES, given)
    assert response.status_code == 422 and not Watch.objects.exists()
    text = text_of(response)
    assert words in text and HOSTILE not in text


def test_watching_twice(client, as_role, board, rival) -> None:
    as_role("office")
    for _ in range(2):
        response = client.post(WATCHES, {"board": board.pk, "account": "rival"})
    assert "已经关注了" in text_of(response) and Watch.objects.count() == 1


def test_a_watch_that_is_gone(client, as_role) -> None:
    as_role("office")
    for data in ({"remove": "77"}, {"change": "77"}, {"remove": "abc"}):
        assert "这项关注已经取消了" in text_of(client.post(WATCHES, data, follow=True))


def test_a_bad_margin_in_a_row_changes_nothing(client, as_role, board, rival) -> None:
    as_role("office")
    watch = Watch.objects.create(board=board, account=rival, margin=5)
    for text, words in (("-3", "不能是负数"), ("abc", "数字")):
        response = client.post(WATCHES, {"change": watch.pk, "margin": text}, follow=True)
        assert words in text_of(response)
    watch.refresh_from_db()
    assert watch.margin == 5


@pytest.mark.parametrize("role", [role for role in READERS if role != "office"])
def test_others_only_look(client, as_role, board, rival, role) -> None:
    watch = Watch.objects.create(board=board, account=rival)
    as_role(role)
    text = text_of(client.get(WATCHES))
    assert "掌上攸县" in text and "取消关注" not in text and "添加关注" not in text
    for data in ({"remove": watch.pk}, {"change": watch.pk, "margin": "1"}, {"board": board.pk}):
        assert refused(client.post(WATCHES, data))
    assert Watch.objects.get().margin is None


def test_hostile_names_in_the_list_of_watches(client, as_role, board) -> None:
    Watch.objects.create(board=board, account=AccountFactory(name=HOSTILE))
    ObservationFactory(board=board, account=AccountFactory(name=f"{HOSTILE}2"))
    as_role("office")
    assert HOSTILE not in text_of(client.get(WATCHES))


def test_preferences_are_kept_with_the_person(as_role) -> None:
    user = as_role("editor")
    alert_mail.save_preference(user, ["tie", "tie"])
    assert AlertPreference.objects.get().mail_kinds == ["tie"]
