"""The signed token: neither too young nor too old, not forged, used once."""

import time

import pytest
from django.core import signing

from feedback.public import tokens
from feedback.public.tokens import Age

NOW = "2026-11-24T08:00:00+08:00"


def aged(seconds):
    made = tokens.issue("条款")
    return tokens.Token(time.time() - seconds, made.nonce, made.consent)


@pytest.mark.parametrize(
    ("seconds", "age"),
    [
        (-60, Age.YOUNG),
        (0, Age.YOUNG),
        (2.9, Age.YOUNG),
        (3.1, Age.FITS),
        (3 * 3600 - 1, Age.FITS),
        (3 * 3600 + 1, Age.OLD),
        (10**9, Age.OLD),
    ],
)
def test_its_age(seconds, age, time_machine):
    time_machine.move_to(NOW, tick=False)
    token = aged(seconds)
    assert tokens.read(token.signed()) == (token, age)


@pytest.mark.parametrize("signed", ["", "x", "a:b:c", "\x00", "路灯"])
def test_what_was_never_signed_is_nothing(signed):
    assert tokens.read(signed) == (None, Age.FORGED)


@pytest.mark.parametrize(
    ("value", "options"),
    [
        ([0, "n", "c"], {"salt": "another"}),
        ([0, "n"], {}),
        ({"made": 0}, {}),
        (None, {}),
        (["x", "n", "c"], {}),
        ([0, "n", "c"], {"key": "another"}),
    ],
)
def test_forged_ones_are_nothing(value, options):
    signed = signing.dumps(value, **{"salt": tokens.SALT, **options})
    assert tokens.read(signed) == (None, Age.FORGED)


@pytest.mark.parametrize("made", [float("nan"), float("inf"), float("-inf")])
def test_a_time_that_is_none_never_fits(made):
    assert tokens.read(tokens.Token(made, "n", "c").signed())[1] is not Age.FITS


@pytest.mark.django_db
def test_it_is_used_once_and_knows_for_what():
    token, other = aged(10), aged(10)
    assert tokens.used_for(token) is None
    assert tokens.use(token) and not tokens.use(token)
    assert tokens.used_for(token) == tokens.UNDER_WAY
    tokens.keep(token, "20261124-0001")
    assert tokens.used_for(token) == "20261124-0001" and not tokens.use(token)
    assert tokens.use(other)
    tokens.give_back(other)
    assert tokens.use(other)


@pytest.mark.django_db
def test_it_is_remembered_longer_than_it_holds(time_machine):
    time_machine.move_to(NOW, tick=False)
    token = aged(4)
    tokens.use(token)
    tokens.keep(token, "1")
    time_machine.shift(tokens.OLDEST + 1)
    assert tokens.used_for(token) == "1" and tokens.read(token.signed())[1] is Age.OLD


def test_the_cache_holds_more_than_a_busy_day(settings):
    assert settings.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] >= 100_000


def test_the_question_is_answered_in_digits_and_in_words():
    sums = set()
    for _ in range(200):
        token = aged(10)
        left, right = tokens._numbers(token)
        sums.add(total := left + right)
        words = tokens.question(token)
        assert words == f"{tokens.DIGITS[left]}加{tokens.DIGITS[right]}等于几？"
        full_width = str(total).translate({ord(str(n)): ord("０") + n for n in range(10)})
        for right_answer in (str(total), f" {total} ", full_width, tokens._in_words(total)):
            assert tokens.is_answer(token, right_answer), (words, right_answer)
        for wrong in ("", str(total + 1), "九百", "x", f"{total}.0", "9" * 5000, f"-{total}", "²"):
            assert not tokens.is_answer(token, wrong), (words, wrong)
    assert len(sums) > 8
    assert [tokens._in_words(n) for n in (2, 10, 11, 18)] == ["二", "十", "十一", "十八"]
