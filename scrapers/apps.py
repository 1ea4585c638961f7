from django.apps import AppConfig


class ScrapersConfig(AppConfig):
    name = "scrapers"
    verbose_name = "抓取"

    def ready(self) -> None:
        from cms.ops.registry import (
            HealthCheck,
            ScheduleSpec,
            register_action_labels,
            register_health_check,
            register_schedule,
        )
        from rankings.evidence.companions import register_companions

        from . import companions, health
        from .models import RunState

        register_action_labels(
            {
                "scrape.request": "要求抓取",
                "scrape.edit": "改动解析结果",
                "scrape.return": "退回抓取结果",
                "scrape.pictures": "重新取图片",
                "candidate.confirm": "确认发现的文章",
                "candidate.reject": "发现的文章不是榜单",
                "replay.start": "开始重放",
                "replay.apply": "重放结果送核对",
                "replay.dismiss": "不采用重放结果",
                "source.change": "修改来源",
                "source.create": "新增来源",
                **{f"scrape.{state}": f"抓取：{label}" for state, label in RunState.choices},
            }
        )
        register_schedule(ScheduleSpec("抓取到期来源", "scrapers.tasks.run_due_sources", 5))
        register_schedule(ScheduleSpec("取图片和识别", "scrapers.tasks.continue_pictures", 5))
        register_companions(companions.of_capture)
        register_health_check(HealthCheck("scrapers", "抓取", health.check, "scrapers.view_run"))
