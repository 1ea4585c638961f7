"""Images with a real file."""

import factory
from django.core.files.base import ContentFile
from wagtail.images.tests.utils import get_test_image_file_jpeg

from media.models import CustomDocument, CustomImage, Licence


class ImageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CustomImage

    title = factory.Sequence(lambda n: f"图{n}")
    alt_text = "荷塘里的一片荷叶"
    credit = "区融媒体中心"
    licence = Licence.OWN
    file = factory.LazyAttribute(lambda o: get_test_image_file_jpeg(size=(640, 427)))


class DocumentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CustomDocument

    title = "办事清单"
    file = factory.LazyAttribute(lambda o: ContentFile("清单".encode(), name="list.txt"))
