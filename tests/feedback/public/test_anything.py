"""Whatever is posted: a page, at most one message, nothing of it unescaped."""

from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from feedback.models import Category, Message
from feedback.public.texts import links_in

from .resident import HOSTILE, NEW, TRACK, token

pytestmark = pytest.mark.django_db

NAMES = [
    "token",
    "category",
    "title",
    "text",
    "place",
    "name",
    "contact",
    "consent",
    "is_public_wish",
    "website",
    "answer",
    "article",
]
# Lone surrogates cannot be sent.
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
GOOD = {
    "category": st.sampled_from(Category.values),
    "title": st.just("标题"),
    "text": st.just("内容"),
    "consent": st.just("on"),
    "website": st.just(""),
    "contact": st.sampled_from(["", "13800000000", "a@example.com"]),
}
ANY = WORDS | st.sampled_from([HOSTILE, "\x00", "9" * 400, "-1", "长" * 3001, "１", "on", "true"])


@st.composite
def posts(draw):
    """Fields of which some are as they should be; one that takes another's token is one too."""
    fields = {
        name: draw(st.one_of(GOOD[name], GOOD[name], GOOD[name], ANY) if name in GOOD else ANY)
        for name in draw(st.sets(st.sampled_from(NAMES)))
    }
    return {**fields, "mark": draw(st.sampled_from(["fits", "none", "as drawn"]))}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(posts(), min_size=1, max_size=3), st.booleans())
@example([{"mark": "fits", "category": "help", "title": HOSTILE[:60], "text": HOSTILE}] * 2, True)
def test_whatever_is_posted_is_answered_with_a_page(posted, agrees):
    cache.clear()
    with transaction.atomic():
        one = token()
        for fields in posted:
            before = Message.objects.count()
            data = {name: value for name, value in fields.items() if name != "mark"}
            if fields["mark"] == "fits":
                data["token"] = one
            elif fields["mark"] == "none":
                data.pop("token", None)
            if agrees:
                data["consent"] = "on"
            response = Client().post(NEW, data)
            page = response.content.decode()
            assert response.status_code in (200, 409, 422, 429), response.status_code
            assert "<h1>" in page and "<script>alert" not in page and "<img src=x" not in page
            assert not response.cookies
            grown = Message.objects.count() - before
            assert grown == (1 if response.status_code == 200 else 0)
        # Only the token that was handed out is worth a message, and only one.
        assert Message.objects.count() <= 1
        transaction.set_rollback(True)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANY, ANY, st.sampled_from(["", "rate", HOSTILE]), ANY)
def test_whatever_is_asked_is_answered_with_a_page(number, code, action, rating):
    cache.clear()
    data = {"number": number, "code": code, "action": action, "satisfaction": rating}
    response = Client().post(TRACK, data)
    page = response.content.decode()
    assert response.status_code == 422 and "<h1>查办理情况" in page
    assert "<script>alert" not in page and "<img src=x" not in page


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WORDS)
def test_any_address_below_the_link_of_a_mail_is_answered(words):
    response = Client().get(f"/feedback/track/verify/{quote(words, safe='')}x/")
    assert response.status_code in (404, 422)


@given(WORDS)
def test_counting_links_never_fails(words):
    assert 0 <= links_in(words) <= len(words)
