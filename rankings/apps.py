from django.apps import AppConfig


class RankingsConfig(AppConfig):
    name = "rankings"
    verbose_name = "排名"

    def ready(self) -> None:
        from cms.ops import outbox
        from cms.ops.registry import (
            HealthCheck,
            ScheduleSpec,
            register_action_labels,
            register_health_check,
            register_schedule,
        )

        from . import health, mirror, receivers
        from .briefs.leaning import briefs_on
        from .claims import leaning
        from .dependents import register_dependents
        from .services import alert_mail

        receivers.connect()
        mirror.register()
        outbox.register(alert_mail.MAILS)

        register_health_check(
            HealthCheck("rankings", "名次复核", health.check, "rankings.confirm_observation")
        )
        register_health_check(
            HealthCheck("alert_mails", "提醒邮件", health.check_mails, "rankings.import_rankings")
        )
        register_health_check(
            HealthCheck("claims", "结论", health.check_claims, "rankings.make_claim")
        )
        register_schedule(ScheduleSpec("核验结论", "rankings.tasks.verify_claims", 60))
        register_schedule(ScheduleSpec("检查排名提醒", "rankings.tasks.check_alerts", 60))
        register_schedule(ScheduleSpec("发送提醒邮件", "rankings.tasks.send_alert_mails", 5))
        register_dependents("claims", "结论", leaning.claims_on)
        register_dependents("posters", "海报", leaning.posters_on)
        register_dependents("briefs", "简报", briefs_on)
        register_action_labels(
            {
                "evidence.restore": "补回存证文件",
                "evidence.upload": "上传存证",
                "rankings.account.change": "修改公众号",
                "rankings.account.create": "新增公众号",
                "rankings.account.rename": "公众号改名",
                "rankings.board.change": "修改榜单",
                "rankings.board.create": "新增榜单",
                "rankings.brief.correct": "编写简报更正版",
                "rankings.brief.discard": "删除简报草稿",
                "rankings.brief.edit": "修改简报草稿",
                "rankings.brief.issue": "签发简报",
                "rankings.brief.make": "编写简报",
                "rankings.brief.refresh": "刷新简报内容",
                "rankings.brief.restore": "简报恢复正常",
                "rankings.brief.review": "简报转为需复核",
                "rankings.brief.settle": "简报复核完毕",
                "rankings.brief.template.add": "上传简报模板",
                "rankings.brief.template.use": "启用简报模板",
                "rankings.claim.approve": "批准结论",
                "rankings.claim.bundle": "导出结论证据包",
                "rankings.claim.make": "起草结论",
                "rankings.claim.reject": "退回结论",
                "rankings.claim.restore": "恢复结论",
                "rankings.claim.review": "结论转为需复核",
                "rankings.claim.withdraw": "撤回结论",
                "rankings.confirm": "复核名次",
                "rankings.correct": "更正名次",
                "rankings.import": "导入名次",
                "rankings.link.confirm": "复核榜单衔接",
                "rankings.link.propose": "提出榜单衔接",
                "rankings.link.reject": "退回榜单衔接",
                "rankings.link.withdraw": "撤销榜单衔接",
                "rankings.poster.make": "制作海报",
                "rankings.record": "录入名次",
                "rankings.reject": "退回名次",
                "rankings.watch.add": "关注公众号",
                "rankings.watch.change": "修改关注的指数差距",
                "rankings.watch.remove": "取消关注公众号",
                "rankings.withdraw": "撤回名次",
            }
        )
