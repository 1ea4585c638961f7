from django.apps import AppConfig


class ScrapersConfig(AppConfig):
    name = "scrapers"
    verbose_name = "抓取"

    def ready(self) -> None:
        from cms.ops.registry import (
            HealthCheck,
            ScheduleSpec,
            register_health_check,
            register_schedule,
        )

        from . import health

        register_schedule(ScheduleSpec("抓取到期来源", "scrapers.tasks.run_due_sources", 5))
        register_health_check(HealthCheck("scrapers", "抓取", health.check))
