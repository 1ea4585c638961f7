from django.apps import AppConfig


class MirrorConfig(AppConfig):
    name = "cms.mirror"
    label = "mirror"
    verbose_name = "公开镜像"

    def ready(self) -> None:
        from . import receivers, registrations

        registrations.register()
        receivers.connect()
