"""Upload forms that look into the files."""

from pathlib import PurePath

from django.core.exceptions import ValidationError
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from .sniffing import UploadRefused, check_document, check_picture_decodes


class ImageForm(BaseImageForm):
    def clean_file(self):
        file = self.cleaned_data["file"]
        if "file" in self.changed_data:
            try:
                check_picture_decodes(file)
            except UploadRefused as refusal:
                raise ValidationError(str(refusal)) from refusal
        return file


class DocumentForm(BaseDocumentForm):
    def clean_file(self):
        file = self.cleaned_data["file"]
        if "file" in self.changed_data:
            try:
                check_document(file, PurePath(file.name).suffix.lower().removeprefix("."))
            except UploadRefused as refusal:
                raise ValidationError(str(refusal)) from refusal
        return file
