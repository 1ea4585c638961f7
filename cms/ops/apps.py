from django.apps import AppConfig
from django.db.models.signals import post_migrate


class OpsConfig(AppConfig):
    name = "cms.ops"
    label = "ops"
    verbose_name = "运行"

    def ready(self) -> None:
        from . import setup
        from .registry import ScheduleSpec, register_schedule

        post_migrate.connect(setup.after_migrate, sender=self)
        register_schedule(ScheduleSpec("发送通知邮件", "cms.ops.tasks.send_notice_mails", 5))
