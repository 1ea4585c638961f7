from django.apps import AppConfig


class RankingsConfig(AppConfig):
    name = "rankings"
    verbose_name = "排名"

    def ready(self) -> None:
        from cms.ops.registry import HealthCheck, register_action_labels, register_health_check

        from . import health

        register_health_check(
            HealthCheck("rankings", "名次复核", health.check, "rankings.confirm_observation")
        )
        register_action_labels(
            {
                "evidence.restore": "补回存证文件",
                "evidence.upload": "上传存证",
                "rankings.account.change": "修改公众号",
                "rankings.account.create": "新增公众号",
                "rankings.account.rename": "公众号改名",
                "rankings.board.change": "修改榜单",
                "rankings.board.create": "新增榜单",
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
                "rankings.record": "录入名次",
                "rankings.reject": "退回名次",
                "rankings.withdraw": "撤回名次",
            }
        )
