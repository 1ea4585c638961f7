"""Upload forms that look into the files."""

from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from . import guards
from .sniffing import UploadRefused, check_document, check_picture_decodes


class PictureField(WagtailImageField):
    """Wagtail's field, given only pictures that decode: it raises plain errors on others."""

    def to_python(self, data: Any) -> Any:
        if data and hasattr(data, "read"):
            self.check_image_file_size(data)
            try:
                check_picture_decodes(data)
            except UploadRefused as refusal:
                raise ValidationError(str(refusal), code="invalid_image") from refusal
        return super().to_python(data)


class ShownFileForm:
    """Says on the form why a file that readers see stays as it is."""

    def _post_clean(self) -> None:
        # The instance carries the new values only from here on.
        super()._post_clean()
        if self.instance.pk and not self.errors and (why := guards.why_not_change(self.instance)):
            self.add_error(None, why)


class ImageForm(ShownFileForm, BaseImageForm):
    file = PictureField(label="文件", widget=BaseImageForm.Meta.widgets["file"])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.instance._meta.get_field("licence")
        self.fields["licence"].choices = [("", "请选择"), *field.choices]


class DocumentForm(ShownFileForm, BaseDocumentForm):
    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if "file" in self.changed_data:
            try:
                check_document(file, PurePath(file.name).suffix.lower().removeprefix("."))
            except UploadRefused as refusal:
                raise ValidationError(str(refusal)) from refusal
        return file
