"""Who holds a permission, and that many alike are asked of the database once."""

import pytest

from cms.users.holders import holders, holders_among, read_once
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db

READ = "articles.view_push"


def test_active_people_of_the_roles_hold_it_and_superusers_where_wanted():
    editor, office = UserFactory(roles=["editor"]), UserFactory(roles=["office"])
    superuser = UserFactory(is_superuser=True)
    gone = UserFactory(roles=["editor"], is_active=False)
    held = set(holders(READ).values_list("pk", flat=True))
    assert {editor.pk, superuser.pk} <= held
    assert not {office.pk, gone.pk} & held
    assert superuser not in holders(READ, superusers=False)


@pytest.mark.parametrize("once", [False, True])
def test_those_among_some_people_in_the_order_of_their_ids(once, django_assert_num_queries):
    first, second = UserFactory(roles=["editor"]), UserFactory(roles=["publisher"])
    office = UserFactory(roles=["office"])
    asked = {second.pk, office.pk, first.pk}
    if not once:
        with django_assert_num_queries(2):
            assert [holders_among(asked, READ) for _ in range(2)] == [[first, second]] * 2
        return
    with read_once(), django_assert_num_queries(1):
        assert [holders_among(asked, READ) for _ in range(2)] == [[first, second]] * 2


def test_what_was_read_is_forgotten_with_the_block():
    person = UserFactory(roles=["office"])
    with read_once():
        assert holders_among({person.pk}, READ) == []
    person.is_superuser = True
    person.save()
    assert holders_among({person.pk}, READ) == [person]
