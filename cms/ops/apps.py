from django.apps import AppConfig
from django.db.models.signals import post_migrate


class OpsConfig(AppConfig):
    name = "cms.ops"
    label = "ops"
    verbose_name = "运行"

    def ready(self) -> None:
        from . import setup

        post_migrate.connect(setup.after_migrate, sender=self)
