"""留言 in the workbench, on a desk's screen and on a phone: from receipt to the answer."""

from types import SimpleNamespace

from django.urls import reverse

from feedback.models import Message, State
from tests.factories.feedback import PlaceFactory, UnitFactory, message_in, receive

from .browser import JOURNEY, PHONE

pytestmark = JOURNEY


def test_a_message_is_dealt_with_by_phone(hire, signed_in) -> None:
    office = hire("he", "何办理", "feedback")
    boss = hire("xu", "徐审定", "office")
    contact = hire("tan", "谭联系", "feedback_unit")
    administrator = hire("su", "苏管理", "administrator")
    people = SimpleNamespace(office=office, boss=boss, contact=contact)
    people.unit = UnitFactory(name="示范街道办事处", people=[contact])
    street = PlaceFactory(name="示范街道")
    PlaceFactory(name="示范社区", level="community", parent=street)
    message = receive(place=street, title="三盏路灯不亮", contact="13800000000", text="很长" * 600)
    closed = message_in(State.CLOSED, people, place=street)

    he = signed_in(office)
    he.page.set_viewport_size(PHONE)
    he.look()
    he.page.goto(f"{he.site}{reverse('feedback_message:index')}")
    he.look()
    he.page.get_by_role("link", name=message.title).click()
    he.look()
    he.page.get_by_role("button", name="受理", exact=True).click()
    he.look()
    he.page.get_by_label("承办单位", exact=False).first.select_option(label=str(people.unit))
    he.look("message-on-a-phone")
    he.page.get_by_role("button", name="交办", exact=True).click()
    he.look()
    he.page.goto(f"{he.site}{reverse('feedback_message:show', args=[closed.pk])}")
    he.page.get_by_text("起草公开文字").first.click()
    he.look()
    he.page.goto(f"{he.site}{reverse('feedback_figures')}")
    he.look()

    tan = signed_in(contact)
    tan.page.set_viewport_size(PHONE)
    tan.page.get_by_role("link", name=message.number, exact=True).click()
    tan.page.get_by_label("落实情况").fill("已经换好。")
    tan.page.get_by_role("button", name="报告落实情况").click()
    tan.look()
    assert Message.objects.get(pk=message.pk).state == State.REPORTED

    su = signed_in(administrator)
    for size in ({"width": 1366, "height": 900}, PHONE):
        su.page.set_viewport_size(size)
        for address in (
            reverse("feedback_place:index"),
            reverse("feedback_place:add"),
            reverse("feedback_unit:index"),
            reverse("feedback_unit:edit", args=[people.unit.pk]),
            reverse("feedback_hand_over"),
            reverse("wagtailsettings:edit", args=["feedback", "feedbacksettings"]),
        ):
            su.page.goto(f"{su.site}{address}")
            su.look()

    xu = signed_in(boss)
    xu.page.goto(f"{xu.site}{reverse('feedback_message:show', args=[closed.pk])}")
    xu.look("message")
    xu.page.goto(f"{xu.site}{reverse('feedback_figures')}")
    xu.look("figures")
