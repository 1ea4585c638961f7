from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_save


class OpsConfig(AppConfig):
    name = "cms.ops"
    label = "ops"
    verbose_name = "运行"

    def ready(self) -> None:
        from cms import workdays

        from . import health, notices, outbox, setup
        from .registry import (
            HealthCheck,
            ScheduleSpec,
            register_action_labels,
            register_health_check,
            register_schedule,
        )

        post_migrate.connect(setup.after_migrate, sender=self)
        pre_save.connect(setup.without_wagtails_mails, sender="wagtailusers.UserProfile")
        outbox.register(notices.MAILS)
        register_schedule(ScheduleSpec("发送通知邮件", "cms.ops.tasks.send_notice_mails", 5))
        register_schedule(ScheduleSpec("清理旧通知", "cms.ops.tasks.delete_old_notices", 1440))
        register_health_check(
            HealthCheck("notice_mails", "通知邮件", health.notice_mails, outbox.PERMISSION)
        )
        register_health_check(
            HealthCheck("special_days", "节假日", workdays.missing_tables, "ops.change_specialday")
        )
        register_action_labels(
            {
                "special_day.add": "录入节假日或静默日",
                "special_day.change": "修改节假日或静默日",
                "special_day.remove": "删除节假日或静默日",
            }
        )
