"""What the mirror announces to the ground floor."""

from wagtail.images import get_image_model

from cms.ops.registry import (
    HealthCheck,
    NoticeFamily,
    ScheduleSpec,
    register_action_labels,
    register_health_check,
    register_notice_family,
    register_schedule,
)

from . import closing, health, identity, periods, upkeep, verifying
from .addresses import DAY_STYLE, GENERAL
from .models import SpecialPeriod
from .registry import register_addresses, register_dependents


def register() -> None:
    """Called once, when the app is ready."""
    register_addresses("general", lambda: GENERAL)
    register_dependents(SpecialPeriod, lambda period: [DAY_STYLE])
    register_schedule(ScheduleSpec("mirror", "cms.mirror.tasks.render", 1))
    register_schedule(ScheduleSpec("mirror_day", "cms.mirror.tasks.new_day", 5))
    register_schedule(ScheduleSpec("mirror_verify_quick", "cms.mirror.tasks.verify_quickly", 5))
    register_schedule(ScheduleSpec("mirror_verify_full", "cms.mirror.tasks.verify_fully", 5))
    register_health_check(HealthCheck("mirror", "公开镜像", health.check, "mirror.view_mirror"))
    register_notice_family(
        NoticeFamily(
            "mirror",
            "公开镜像",
            "紧急撤下、恢复和镜像文件被改动",
            frozenset({closing.CLOSED, closing.RESTORED, verifying.ALTERED}),
        )
    )
    register_action_labels(
        {
            closing.CLOSED: "紧急撤下",
            closing.RESTORED: "恢复紧急撤下",
            verifying.ALTERED: "发现镜像文件被改动",
            upkeep.REBUILD: "重建镜像",
            upkeep.VERIFY: "核对镜像",
            upkeep.SEEN: "确认镜像改动已查清",
            periods.ADD: "录入哀悼日或停止发布",
            periods.CHANGE: "修改哀悼日或停止发布",
            periods.REMOVE: "删除哀悼日或停止发布",
        }
    )
    identity.connect(get_image_model())
    register_health_check(
        HealthCheck("site_identity", identity.NAME, identity.findings, "mirror.change_siteidentity")
    )
