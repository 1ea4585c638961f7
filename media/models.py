"""Images and documents with what a government account must know of them."""

import secrets
from typing import Any

from django.core.files.base import ContentFile, File
from django.db import models
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Filter, Image
from wagtail.search import index


class ShownFile:
    """What readers see of a file, by the names of its fields; `media.guards` watches them."""

    SHOWN: tuple[str, ...] = ()

    def shown_words(self) -> list[Any]:
        """What is printed with the file itself; part of what reviewers approve."""
        return [getattr(self, name) for name in self.SHOWN if name != "file"]


class Licence(models.TextChoices):
    """On what ground a picture may be shown."""

    OWN = "own", "自有版权"
    LICENSED = "licensed", "已获授权"
    OPEN = "open", "开放许可"
    OFFICIAL = "official", "政务公开素材"


class CustomImage(ShownFile, AbstractImage):
    """An image with required alternative text, credit and licence."""

    alt_text = models.CharField(
        "替代文字", max_length=160, help_text="说出图里有什么，给看不到图的读者听。不写“图片”二字。"
    )
    credit = models.CharField("图片来源", max_length=120, help_text="摄影者或提供单位。")
    licence = models.CharField("授权情况", max_length=20, choices=Licence.choices)
    consent_note = models.CharField(
        "肖像同意",
        max_length=160,
        blank=True,
        help_text="画面里有可辨认的未成年人或个人肖像时，写明谁在何时同意。",
    )
    is_machine_made = models.BooleanField("机器生成", default=False)

    SHOWN = ("file", "alt_text", "credit", "is_machine_made")

    admin_form_fields = (
        "title",
        "file",
        "alt_text",
        "credit",
        "licence",
        "consent_note",
        "is_machine_made",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )
    search_fields = [
        *Image.search_fields,
        index.SearchField("alt_text"),
        index.SearchField("credit"),
    ]

    class Meta(AbstractImage.Meta):
        verbose_name = "图片"
        verbose_name_plural = "图片"

    @property
    def default_alt_text(self) -> str:
        return self.alt_text

    def get_upload_to(self, filename: str) -> str:
        """As Wagtail's, but no name comes again when its picture is gone.

        Renditions are named after it, and readers keep those for a year (cms.mirror.serving).
        """
        stem, dot, suffix = filename.rpartition(".")
        return super().get_upload_to(f"{stem[:60]}-{secrets.token_hex(4)}{dot}{suffix}")

    def generate_rendition_file(self, filter: Filter, *, source: File | None = None) -> File:
        """As Wagtail's; its temporary file is closed here, since nobody else would close it.

        Raises:
            SourceImageIOError: the original is lost. It is opened first: Wagtail would leave the
                temporary file to the collector.
        """
        if source is None:
            with self.open_file() as original:
                return self.generate_rendition_file(filter, source=original)
        with super().generate_rendition_file(filter, source=source) as made:
            made.seek(0)
            return ContentFile(made.read(), name=made.name)

    def create_renditions(self, *filters: Filter) -> dict[Filter, AbstractRendition]:
        """As Wagtail's, but of two processes that make the same, both name the one that stays."""
        made = super().create_renditions(*filters)
        unsure = {f: each for f, each in made.items() if each.pk is None}
        if not unsure:
            return made
        specs = {filter.spec: filter for filter in unsure}
        for row in self.renditions.filter(filter_spec__in=specs):
            filter = specs[row.filter_spec]
            if row.focal_point_key != unsure[filter].focal_point_key:
                continue
            if row.file.name != unsure[filter].file.name:
                unsure[filter].file.delete(save=False)
            made[filter] = row
        return made


class Rendition(AbstractRendition):
    """A resized copy of a `CustomImage`."""

    image = models.ForeignKey(CustomImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = [("image", "filter_spec", "focal_point_key")]


class CustomDocument(ShownFile, AbstractDocument):
    """An attachment that readers can download."""

    SHOWN = ("file", "title")  # the title stands where an article gives none of its own

    admin_form_fields = Document.admin_form_fields

    class Meta(AbstractDocument.Meta):
        verbose_name = "附件"
        verbose_name_plural = "附件"
