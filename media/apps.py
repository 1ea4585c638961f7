from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "media"
    verbose_name = "图片与附件"

    def ready(self) -> None:
        from . import guards
        from .models import CustomDocument, CustomImage

        for model in (CustomImage, CustomDocument):
            guards.connect(model)
