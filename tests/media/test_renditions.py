"""Two processes that make the same renditions at once name the same files."""

from pathlib import Path
from typing import Any

import pytest
from django.db.models import QuerySet

from media.models import CustomImage, Rendition
from tests.factories.media import ImageFactory

SPECS = ("fill-40x30", "fill-80x60")


@pytest.mark.django_db
def test_who_was_slower_names_what_the_other_made(monkeypatch: pytest.MonkeyPatch) -> None:
    image = ImageFactory()
    bulk_create = QuerySet.bulk_create
    other: dict[str, str] = {}

    def and_the_other_is_quicker(self: QuerySet, rows: Any, **options: Any) -> Any:
        rows = list(rows)
        if self.model is Rendition and not other:
            other["busy"] = ""
            found = CustomImage.objects.get(pk=image.pk).get_renditions(*SPECS)
            other.update({spec: found[spec].file.name for spec in SPECS})
        return bulk_create(self, rows, **options)

    monkeypatch.setattr(QuerySet, "bulk_create", and_the_other_is_quicker)
    mine = image.get_renditions(*SPECS)
    rows = {row.filter_spec: row for row in Rendition.objects.filter(image=image)}
    for spec in SPECS:
        assert mine[spec].file.name == other[spec] == rows[spec].file.name
    folder = Path(rows[SPECS[0]].file.path).parent
    stem = Path(image.file.name).stem[:20]
    assert {path.name for path in folder.glob(f"{stem}*fill*")} == {
        Path(row.file.name).name for row in rows.values()
    }
