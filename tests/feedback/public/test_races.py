"""The same form pressed twice at the same moment."""

from functools import partial

import pytest
from django.core.cache import cache

from feedback.models import Message
from tests.at_once import at_once

from .resident import Resident, filled

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_of_two_posts_of_one_form_one_is_kept():
    cache.clear()
    data = filled()
    answers = at_once(*[partial(Resident().send, **data) for _ in range(3)])
    assert Message.objects.count() == 1
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]


def test_of_two_forms_both_are_kept_under_numbers_of_their_own():
    cache.clear()
    sent = [filled(text="一件事"), filled(text="另一件事")]
    answers = at_once(*[partial(Resident().send, **data) for data in sent])
    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(set(Message.objects.values_list("number", flat=True))) == 2
