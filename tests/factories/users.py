"""People, with the groups of their roles."""

from types import SimpleNamespace

import factory
from django.contrib.auth.models import Group

from cms.users.models import User
from cms.users.roles import BY_KEY, ROLES


class UserFactory(factory.django.DjangoModelFactory):
    """A person; ``roles=["editor", …]`` puts them into those roles' groups (after `sync_roles`)."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    display_name = factory.Sequence(lambda n: f"同事{n}")
    first_name = factory.SelfAttribute("display_name")
    office = "区融媒体中心"
    email = factory.LazyAttribute(lambda o: f"{o.username}@example.com")

    @factory.post_generation
    def roles(self, create, extracted, **kwargs):
        if create and extracted:
            self.groups.set(Group.objects.filter(name__in=[BY_KEY[k].name for k in extracted]))


def one_of_each() -> SimpleNamespace:
    """One person a role, by the role's key; in few queries, for very many tests ask for them."""
    people = User.objects.bulk_create(UserFactory.build(username=role.key) for role in ROLES)
    groups = dict(Group.objects.values_list("name", "pk"))
    User.groups.through.objects.bulk_create(
        User.groups.through(user=person, group_id=groups[role.name])
        for person, role in zip(people, ROLES, strict=True)
    )
    return SimpleNamespace(**{person.username: person for person in people})
