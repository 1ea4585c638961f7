from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "rankings.evidence"
    label = "evidence"
    verbose_name = "存证"

    def ready(self) -> None:
        from django.core.checks import register

        from cms.ops.registry import (
            HealthCheck,
            ScheduleSpec,
            register_health_check,
            register_schedule,
        )

        from . import checks, health

        register(checks.check_store)
        register_schedule(ScheduleSpec("核对存证", "rankings.evidence.tasks.continue_round", 30))
        register_health_check(
            HealthCheck("evidence", "存证", health.check, "rankings.import_rankings")
        )
