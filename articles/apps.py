from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "文章"

    def ready(self) -> None:
        from cms.ops.registry import (
            HealthCheck,
            ScheduleSpec,
            register_health_check,
            register_schedule,
        )
        from cms.users.services import roles_synced

        from . import health, setup

        roles_synced.connect(setup.bind_workflow, dispatch_uid="articles.bind_workflow")
        roles_synced.connect(setup.sync_site, dispatch_uid="articles.sync_site")
        register_schedule(ScheduleSpec("publish_due", "articles.publishing.publish_due_task", 1))
        register_health_check(HealthCheck("publishing", "定时发布", health.publishing))
