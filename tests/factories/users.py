"""People, with the groups of their roles."""

import factory
from django.contrib.auth.models import Group

from cms.users.models import User
from cms.users.roles import BY_KEY


class UserFactory(factory.django.DjangoModelFactory):
    """A person; ``roles=["editor", …]`` puts them into those roles' groups (after `sync_roles`)."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    display_name = factory.Sequence(lambda n: f"同事{n}")
    office = "区融媒体中心"
    email = factory.LazyAttribute(lambda o: f"{o.username}@example.com")

    @factory.post_generation
    def roles(self, create, extracted, **kwargs):
        if create and extracted:
            self.groups.set(Group.objects.filter(name__in=[BY_KEY[k].name for k in extracted]))
