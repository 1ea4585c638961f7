"""Killed before or after each call, its reply lost, or refused for now: everything happens once.

Each journey meets each fault at each interface it calls. Then its workers go on, as the clock does,
and what the stand-in holds is what it would hold had nothing happened.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from articles.models import (
    Delivery,
    DeliveryStage,
    MemberForm,
    Push,
    PushSettings,
    UploadPurpose,
    WeChatComments,
    WeChatUpload,
)
from articles.pushes import services as pushes
from articles.wechat.delivery import services
from articles.wechat.delivery.job import Job
from articles.wechat.transport import Wire
from cms.ops.models import AuditEntry
from demo.fake_wechat import FakeWeChat

from .conftest import NOW, TITLES, Killed, Settle, calls, row

pytestmark = pytest.mark.django_db

UPLOAD, MATERIAL = "media/uploadimg", "material/add_material"
# What each journey asks when nothing goes wrong.
JOURNEYS = {
    "deliver": [
        *("stable_token", "draft/batchget", UPLOAD, UPLOAD, MATERIAL, MATERIAL),
        *("draft/add", "draft/get"),
    ],
    "update": ["draft/batchget", "draft/get", "draft/update", "draft/get"],
    "renew": ["draft/batchget", "draft/get", "draft/delete", "draft/add", "draft/get"],
    "mass_send": ["draft/get", "message/mass/sendall", "message/mass/get"],
    "link": ["draft/get", "freepublish/submit", *["freepublish/get"] * 3],
}
# What is asked only when something did.
LOOK_UPS = {"draft/batchget", "draft/get", "freepublish/batchget"}
# The same steps as in another journey: they go wrong together with all others.
SAME = {
    ("update", "draft/batchget"),
    ("renew", "draft/batchget"),
    ("renew", "draft/get"),
    ("link", "draft/get"),
}
FAULTS = ("killed before", "killed after", "drop", "gateway", 503, -1, 40001, 45009)
# Those after which WeChat has done it, and we do not know.
DONE = ("killed after", "drop", "gateway")
TOMORROW = NOW.date() + dt.timedelta(days=1)


class Journey:
    """What a person starts, and what it has to come to."""

    def __init__(self, name: str, fake: FakeWeChat, people: SimpleNamespace, push: Push) -> None:
        self.name, self.fake, self.people, self.push = name, fake, people, push

    def prepare(self) -> None:
        """Up to where the faults are to begin."""
        if self.name == "mass_send":
            PushSettings.objects.update_or_create(defaults={"allow_mass_send": True})
            pushes.publish_now(self.people.publisher, self.push)
        elif self.name == "update":
            pushes.set_form(
                self.people.publisher,
                self.push,
                self.push.members.get(position=1).article,
                form=MemberForm.NEWS,
                comments=WeChatComments.CLOSED,
            )
            pushes.approve(self.people.second, self.push)
        elif self.name == "renew":
            order = list(self.push.members.values_list("article_id", flat=True))
            pushes.reorder(self.people.publisher, self.push, order[::-1])
            pushes.approve(self.people.second, self.push)
        AuditEntry.objects.filter(action="push.delivered").delete()

    def start(self) -> None:
        if self.name == "mass_send":
            services.mass_send(self.people.publisher, self.push, "群发")
        elif self.name == "link":
            services.permanent_link(self.people.publisher, self.push)
        else:
            services.deliver(self.people.publisher, self.push)

    def check(self, delivery: Delivery) -> None:
        """Everything is there, and there once."""
        at_rest = (delivery.busy_until, delivery.attempted_at, delivery.failed_at, delivery.reason)
        assert at_rest == (None, None, None, "")
        push = Push.objects.get(pk=self.push.pk)
        state = self.fake.state
        if self.name == "mass_send":
            (sending,) = state.sendings
            assert sending.is_sent and sending.clientmsgid == delivery.clientmsgid
            assert delivery.stage == DeliveryStage.SENT and push.sent_at and not state.drafts
            assert AuditEntry.objects.filter(action="push.sent").count() == 1
            check_articles(sending.articles, TITLES)
        elif self.name == "link":
            (sending,) = state.sendings
            assert delivery.stage == DeliveryStage.LINKED and push.sent_at is None
            assert state.published == [sending] and not state.drafts
            assert list(push.members.values_list("wechat_url", flat=True)) == sending.urls
        else:
            (draft,) = state.drafts.values()
            assert delivery.stage == DeliveryStage.DELIVERED and delivery.drift == []
            assert delivery.media_id == draft.media_id and not state.sendings
            assert [e["article"]["title"] for e in delivery.stored] == [
                a["title"] for a in draft.articles
            ]
            assert AuditEntry.objects.filter(action="push.delivered").count() == 1
            check_articles(draft.articles, TITLES[::-1] if self.name == "renew" else TITLES)
            open_to_all = [article["need_open_comment"] for article in draft.articles]
            assert open_to_all == ([1, 0] if self.name == "update" else [1, 1])


def check_articles(articles: list[dict[str, Any]], titles: tuple[str, ...]) -> None:
    """In their order, with every picture, and each of the pictures by one address."""
    assert tuple(article["title"] for article in articles) == titles
    shown = {article["title"]: addresses(article["content"]) for article in articles}
    uploads = dict(WeChatUpload.objects.filter(purpose=UploadPurpose.BODY).values_list("url", "pk"))
    covers = WeChatUpload.objects.filter(purpose=UploadPurpose.MATERIAL)
    assert [len(shown[title]) for title in TITLES] == [1, 2]
    assert shown[TITLES[1]][1:] == shown[TITLES[0]]
    assert {address for each in shown.values() for address in each} == set(uploads)
    used = {article["thumb_media_id"] for article in articles}
    assert used == set(covers.values_list("media_id", flat=True)) and len(used) == 2


def addresses(content: str) -> list[str]:
    return [image["src"] for image in BeautifulSoup(content, "lxml").find_all("img")]


@pytest.fixture
def begun(request: Any, fake: FakeWeChat, people: SimpleNamespace) -> Journey:
    push = request.getfixturevalue("push" if request.param == "deliver" else "delivered")
    journey = Journey(request.param, fake, people, push)
    journey.prepare()
    return journey


Breaking = Callable[..., None]


@pytest.fixture
def go_wrong(fake: FakeWeChat, monkeypatch: pytest.MonkeyPatch) -> Breaking:
    """``go_wrong(fault, {endpoint: n})``: let the n-th calls meet ``fault``, once each."""

    def order(fault: str | int, places: dict[str, int]) -> None:
        if fault not in ("killed before", "killed after"):
            for endpoint, number in places.items():
                fake.script(f"/cgi-bin/{endpoint}", *[None] * (number - 1), fault)
            return
        genuine, seen = Wire._hear, Counter()

        def hear(self: Wire, address: str, *rest: Any) -> Any:
            endpoint = address.partition("/cgi-bin/")[2]
            seen[endpoint] += 1
            if seen[endpoint] != places.get(endpoint):
                return genuine(self, address, *rest)
            if fault == "killed after":
                genuine(self, address, *rest)
            raise Killed(endpoint)

        monkeypatch.setattr(Wire, "_hear", hear)

    return order


def finish(journey: Journey, settle: Settle, clock: Any, fault: str | int) -> Delivery:
    """Go on until all is over; a 群发 that could not be done today is pressed again tomorrow."""
    delivery = settle()
    day = NOW
    while journey.name == "mass_send" and fault == 45009 and delivery.failed_at:
        # What goes to all followers does not go by itself on another day.
        assert (delivery.stage, delivery.attempted_at) == (DeliveryStage.DELIVERED, None)
        assert "没有发出" in delivery.reason and "自动" not in delivery.reason
        assert not journey.fake.state.sendings
        day += dt.timedelta(days=1)
        clock.move_to(day)
        journey.start()
        delivery = settle()
    return delivery


@pytest.mark.parametrize("begun", JOURNEYS, indirect=True)
def test_undisturbed_it_asks_only_what_is_disturbed_below(begun: Journey, settle: Settle) -> None:
    begun.start()
    begun.check(settle())
    assert calls(begun.fake) == JOURNEYS[begun.name]


# A gateway that speaks for WeChat tells no more than a connection that is cut.
@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault != "gateway"])
@pytest.mark.parametrize(
    ("begun", "endpoint"),
    [
        (name, each)
        for name, asked in JOURNEYS.items()
        for each in dict.fromkeys(asked)
        if (name, each) not in SAME
    ],
    indirect=["begun"],
)
def test_one_call_goes_wrong(
    begun: Journey,
    endpoint: str,
    fault: str | int,
    go_wrong: Breaking,
    settle: Settle,
    clock: Any,
) -> None:
    asked = JOURNEYS[begun.name]
    go_wrong(fault, {endpoint: asked.count(endpoint)})
    begun.start()
    begun.check(finish(begun, settle, clock, fault))
    assert set(calls(begun.fake)) <= set(asked) | LOOK_UPS | {"stable_token"}
    assert not begun.fake.state.faults.left()
    assert (timezone.localdate() == TOMORROW) == (fault == 45009)
    if begun.name == "deliver":
        # Only a file whose reply was lost is there twice; readers see one of them.
        twice = endpoint in (UPLOAD, MATERIAL) and fault in DONE
        assert len(begun.fake.state.uploads) == 4 + twice


@pytest.mark.parametrize("fault", ["killed after", "gateway", -1, 45009])
@pytest.mark.parametrize("begun", JOURNEYS, indirect=True)
def test_all_that_is_asked_goes_wrong_once(
    begun: Journey, fault: str | int, go_wrong: Breaking, settle: Settle, clock: Any
) -> None:
    """Looking up what became of a call may go wrong as well."""
    go_wrong(fault, dict.fromkeys({*JOURNEYS[begun.name], *LOOK_UPS}, 1))
    begun.start()
    begun.check(finish(begun, settle, clock, fault))


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("begun", JOURNEYS, indirect=True)
def test_killed_around_each_writing_of_the_row(
    begun: Journey, when: str, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each worker gets one writing further than the last one, or dies right before it."""
    genuine, left = Job._write, [0, 0]

    def write(self: Job, *args: Any, **kwargs: Any) -> None:
        left[0] += 1
        if left[0] > left[1]:
            left[:] = 0, left[1] + 1
            if when == "after":
                genuine(self, *args, **kwargs)
            raise Killed("row")
        genuine(self, *args, **kwargs)

    monkeypatch.setattr(Job, "_write", write)
    begun.start()
    begun.check(settle())
    assert row(begun.push).attempts == 0 and left[1] > 1
