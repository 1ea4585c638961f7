"""The screens: who sees what, which buttons, and that each does its deed."""

import re

import pytest
from django.urls import reverse

from feedback import access, rules
from feedback.models import Deed, Message, State
from feedback.screens.actions import ACTIONS
from feedback.services import answering
from tests.factories.feedback import (
    PlaceFactory,
    UnitFactory,
    message_in,
    public_message,
    receive,
)
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db
LIST = "feedback_message:index"
BUTTON = re.compile(r'name="action" value="(\w+)"')


def show(client, person, message, status=200):
    client.force_login(person)
    response = client.get(reverse("feedback_message:show", args=[message.pk]))
    assert response.status_code == status
    return response.content.decode()


def press(client, person, message, deed, **data):
    client.force_login(person)
    given = {f"{deed.value}-{name}": value for name, value in data.items()}
    url = reverse("feedback_message:show", args=[message.pk])
    return client.post(url, {"action": deed.value, **given}, follow=True)


# --- the list -------------------------------------------------------------------------------------


def test_the_list_has_what_a_person_may_see(client, people):
    mine = message_in(State.ASSIGNED, people)
    other = receive()
    for person, seen in (
        (people.office, {mine, other}),
        (people.boss, {mine, other}),
        (UserFactory(roles=["auditor"]), {mine, other}),
        (people.contact, {mine}),
        (UserFactory(roles=["feedback_unit"]), set()),
    ):
        client.force_login(person)
        html = client.get(reverse(LIST)).content.decode()
        assert {m for m in (mine, other) if m.number in html} == seen


@pytest.mark.parametrize(
    "role", ["editor", "reviewer_credible", "publisher", "contributor", "administrator"]
)
def test_others_have_nothing_to_do_with_messages(client, role):
    message = receive()
    client.force_login(UserFactory(roles=[role]))
    assert client.get(reverse(LIST)).status_code == 302
    assert client.get(reverse("feedback_message:show", args=[message.pk])).status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "abcd"),
        ("state=assigned", "b"),
        ("category=error", "c"),
        ("mine=waiting", "acd"),
        ("mine=handled", "b"),
        ("overdue=true", ""),
        ("overdue=false", "abcd"),
        ("q=电梯", "d"),
    ],
)
def test_filters(client, people, query, found):
    messages = {
        "a": receive(),
        "b": message_in(State.ASSIGNED, people),
        "c": receive(category="error"),
        "d": receive(title="电梯坏了"),
    }
    client.force_login(people.office)
    html = client.get(f"{reverse(LIST)}?{query}").content.decode()
    assert {name for name, m in messages.items() if m.number in html} == set(found)


def test_the_street_filter_includes_its_communities(client, people):
    street = PlaceFactory()
    community = PlaceFactory(name="示范社区", level="community", parent=street)
    inside, outside = receive(place=community), receive(place=PlaceFactory())
    client.force_login(people.office)
    html = client.get(f"{reverse(LIST)}?street={street.pk}").content.decode()
    assert inside.number in html and outside.number not in html


def test_the_list_asks_the_database_no_more_for_more_rows(
    client, people, django_assert_max_num_queries
):
    for _ in range(8):
        message_in(State.ASSIGNED, people, place=PlaceFactory())
    client.force_login(people.office)
    client.get(reverse(LIST))
    with django_assert_max_num_queries(25):
        client.get(reverse(LIST))


# --- one message ----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("who", ["office", "boss", "contact", "auditor"])
def test_the_buttons_are_those_the_rules_allow(client, people, state, who):
    message = message_in(state, people, contact="13800000000")
    person = getattr(people, who, None) or UserFactory(roles=["auditor"])
    if not access.visible_to(person).filter(pk=message.pk).exists():
        show(client, person, message, 404)
        return
    allowed = rules.allowed(access.facts_of(message), access.actor_of(person))
    assert set(BUTTON.findall(show(client, person, message))) == {d.value for d in allowed}


@pytest.mark.parametrize("state", [s for s in State if s not in (State.ANSWERED, State.CLOSED)])
def test_what_one_usually_does_stands_open(people, state):
    message = message_in(state, people)
    facts, actor = access.facts_of(message), access.actor_of(people.office)
    offered = [action for action in ACTIONS if action.deed in rules.allowed(facts, actor)]
    usual = {
        State.RECEIVED: ["受理"],
        State.ACCEPTED: ["交办"],
        State.REPORTED: ["督查通过"],
        State.SUPERVISED: ["送审答复"],
    }
    assert [a.button for a in offered if a.is_open(message)] == usual.get(state, [])


def test_every_deed_of_the_house_has_a_button():
    assert {action.deed for action in ACTIONS} == set(rules.PATHS) - {Deed.RATE, Deed.CLOSE}


def test_contact_and_name_only_for_those_who_need_them(client, people):
    message = message_in(State.ACCEPTED, people, name="王小明", contact="13812345678")
    assert "13812345678" in show(client, people.office, message)
    for person in (people.boss, UserFactory(roles=["auditor"])):
        html = show(client, person, message)
        assert "13812345678" not in html and "王小明" not in html and "王**" in html
    press(client, people.office, message, Deed.ASSIGN, unit=people.unit.pk)
    assert "13812345678" not in show(client, people.contact, message)
    press(client, people.office, message, Deed.ASSIGN, unit=people.unit.pk, shares_contact="on")
    assert "13812345678" in show(client, people.contact, message)
    press(client, people.contact, message, Deed.REPORT, text="打过电话，修好了。")
    assert "13812345678" not in show(client, people.contact, message)


def test_an_auditor_reads_the_words_masked(client, people):
    words = {"title": "王小明家的路灯", "text": "我叫王小明，电话13812345678，路灯不亮。"}
    message = message_in(State.DRAFTED, people, name="王小明", **words)
    message = answering.draft_answer(people.office, message, "王小明您好，修好了。")
    auditor = UserFactory(roles=["auditor"])
    html = show(client, auditor, message)
    assert "王小明" not in html and "13812345678" not in html and "路灯不亮" in html
    assert "王小明" in show(client, people.boss, message)
    for person, word in ((auditor, "王**家的路灯"), (people.boss, "王小明家的路灯")):
        client.force_login(person)
        assert word in client.get(reverse(LIST)).content.decode()


def test_hostile_words_are_only_words(client, people):
    evil = "<script>alert(1)</script>"
    message = message_in(State.DRAFTED, people, title=evil, text=evil, name=evil, contact=evil)
    html = show(client, people.office, message)
    assert evil not in html and "&lt;script&gt;alert(1)" in html
    client.force_login(people.office)
    assert evil not in client.get(reverse(LIST)).content.decode()


def test_from_receipt_to_publication_by_buttons(client, people):
    message = receive(contact="13812345678", name="王小明")

    def state():
        message.refresh_from_db()
        return message.state

    press(client, people.office, message, Deed.ACCEPT, category="help", difficulty="ordinary")
    assert state() == State.ACCEPTED
    press(client, people.office, message, Deed.VERIFY_CONTACT, how="called", note="本人接听")
    assert message.is_contact_verified is False and state() and message.is_contact_verified
    press(client, people.office, message, Deed.ASSIGN, unit=people.unit.pk, note="请三天内修")
    assert state() == State.ASSIGNED
    press(client, people.contact, message, Deed.ASK_EXTENSION, reason="要买配件")
    press(client, people.boss, message, Deed.ALLOW_EXTENSION)
    assert state() and message.is_extended
    press(client, people.contact, message, Deed.REPORT, text="换了灯泡")
    press(client, people.office, message, Deed.SUPERVISE_RETURN, reason="还有一盏不亮")
    assert state() == State.ASSIGNED
    press(client, people.contact, message, Deed.REPORT, text="都换了")
    press(client, people.office, message, Deed.SUPERVISE_PASS, note="去看过")
    press(client, people.office, message, Deed.ANSWER, text="王小明，路灯已修好。")
    press(client, people.boss, message, Deed.RETURN_ANSWER, reason="写上日期")
    assert state() == State.SUPERVISED
    press(client, people.office, message, Deed.ANSWER, text="王小明，路灯已于昨天修好。")
    html = press(client, people.boss, message, Deed.APPROVE_ANSWER).content.decode()
    assert state() == State.ANSWERED and "已答复，留言人凭编号" in html
    html = show(client, people.office, message)
    assert "王**，路灯已于昨天修好。" in html
    press(
        client,
        people.office,
        message,
        Deed.PREPARE_PUBLIC,
        title="路灯不亮",
        question="路灯不亮。",
        answer="路灯已修好。",
    )
    press(client, people.boss, message, Deed.PUBLISH)
    assert state() and message.is_public
    press(client, people.office, message, Deed.UNPUBLISH, reason="留言人打电话来")
    assert state() and not message.is_public
    html = show(client, people.office, message)
    assert "都换了" in html and "去看过" in html and "督查退回重办" in html


def test_a_press_that_is_not_allowed_is_told(client, people):
    message = receive()
    html = press(client, people.boss, message, Deed.ACCEPT, category="help").content.decode()
    assert "您没有这个权限" in html
    message.refresh_from_db()
    assert message.state == State.RECEIVED
    html = press(client, people.office, message, Deed.RATE).content.decode()
    assert "没有这个操作" in html


def test_what_was_typed_stays_when_it_cannot_be_taken(client, people):
    message = message_in(State.ANSWERED, people)
    response = press(
        client,
        people.office,
        message,
        Deed.PREPARE_PUBLIC,
        title="路灯",
        question="我的电话13812345678，请回电。",
        answer="已修好。",
    )
    assert response.status_code == 422
    html = response.content.decode()
    assert "公开文字里还有电话或证件号码" in html and "我的电话13812345678，请回电。" in html
    response = press(client, people.office, message, Deed.PREPARE_PUBLIC, title="")
    assert response.status_code == 422 and "请写公开标题。" in response.content.decode()


def test_merging_by_number(client, people):
    first, second = receive(), receive()
    response = press(client, people.office, second, Deed.MERGE, number="20000101-0001")
    assert response.status_code == 422 and "没有这个编号的留言" in response.content.decode()
    press(client, people.office, second, Deed.MERGE, number=first.number)
    second.refresh_from_db()
    assert second.merged_into == first
    assert second.number in show(client, people.office, first)


# --- the dashboard, places, units, handing over ---------------------------------------------------


def test_the_dashboard_shows_what_waits(client, people):
    new, assigned = receive(), message_in(State.ASSIGNED, people)
    drafted, done = message_in(State.DRAFTED, people), public_message(people)
    shown = {"office": {new}, "boss": {drafted}, "contact": {assigned}}
    for who, expected in shown.items():
        client.force_login(getattr(people, who))
        html = client.get(reverse("wagtailadmin_home")).content.decode()
        panel = html.partition("等我处理的留言")[2].partition("</table>")[0]
        assert {m for m in (new, assigned, drafted, done) if m.number in panel} == expected
    client.force_login(UserFactory(roles=["editor"]))
    assert "等我处理的留言" not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_the_administrator_keeps_places_and_units(client, people):
    client.force_login(UserFactory(roles=["administrator"]))
    add = reverse("feedback_place:add")
    wrong = {"name": "示范社区", "level": "community", "order": 1, "is_active": "on"}
    html = client.post(add, wrong).content.decode()
    assert "上级应是街道、镇" in html
    street = PlaceFactory()
    client.post(add, {**wrong, "parent": street.pk})
    assert street.children.get().name == "示范社区"
    html = client.get(reverse("feedback_place:index")).content.decode()
    assert "示范社区" in html
    outsider = UserFactory(roles=["editor"])
    add = reverse("feedback_unit:add")
    client.post(add, {"name": "城管局", "people": [outsider.pk], "is_active": "on"})
    client.post(add, {"name": "城管局", "people": [people.contact.pk], "is_active": "on"})
    html = client.get(reverse("feedback_unit:index")).content.decode()
    assert "城管局" in html and "移交留言" in html
    for name in ("feedback_place:delete", "feedback_unit:delete"):
        target = street if "place" in name else people.unit
        assert client.post(reverse(name, args=[target.pk])).status_code == 302
    street.refresh_from_db()
    people.unit.refresh_from_db()


@pytest.mark.parametrize("role", ["feedback", "office", "editor", "feedback_unit", "auditor"])
@pytest.mark.parametrize(
    "name",
    ["feedback_place:index", "feedback_place:add", "feedback_unit:index", "feedback_hand_over"],
)
def test_only_the_administrator_keeps_them(client, role, name):
    client.force_login(UserFactory(roles=[role]))
    assert client.get(reverse(name)).status_code == 302


def test_handing_over_by_button(client, people):
    message = message_in(State.ASSIGNED, people)
    administrator = UserFactory(roles=["administrator"])
    client.force_login(administrator)
    url = reverse("feedback_hand_over")
    data = {"giver": people.office.pk, "taker": people.contact.pk}
    assert "没有“留言办理”角色" in client.post(url, data).content.decode()
    data["taker"] = people.colleague.pk
    html = client.post(url, data, follow=True).content.decode()
    assert "1 条留言和 0 个承办单位" in html
    message.refresh_from_db()
    assert message.handler == people.colleague


def test_settings_are_for_the_administrator(client, people):
    url = reverse("wagtailsettings:edit", args=["feedback", "feedbacksettings"])
    client.force_login(people.office)
    assert client.get(url).status_code == 302
    client.force_login(UserFactory(roles=["administrator"]))
    page = client.get(url, follow=True)
    assert page.status_code == 200 and "答复期限（工作日）" in page.content.decode()


def test_units_without_people_are_written_for(client, people):
    message = receive()
    press(client, people.office, message, Deed.ACCEPT, category="help", difficulty="hard")
    press(client, people.office, message, Deed.ASSIGN, unit=UnitFactory().pk)
    press(client, people.office, message, Deed.REPORT, text="电话问过，修好了。")
    assert Message.objects.get().state == State.REPORTED
    assert "督查通过" not in show(client, people.office, message)
    assert "督查通过" in show(client, people.colleague, message)
