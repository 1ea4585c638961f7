from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "文章"

    def ready(self) -> None:
        from cms.ops.registry import (
            HealthCheck,
            ScheduleSpec,
            register_action_labels,
            register_health_check,
            register_schedule,
        )
        from cms.users.services import roles_synced
        from rankings.dependents import register_dependents
        from rankings.signals import claim_changed

        from . import claim_watch, health, setup

        roles_synced.connect(setup.bind_workflow, dispatch_uid="articles.bind_workflow")
        roles_synced.connect(setup.sync_site, dispatch_uid="articles.sync_site")
        claim_changed.connect(claim_watch.on_claim_changed, dispatch_uid="articles.claim_watch")
        register_dependents("articles", "文章", claim_watch.dependents)
        register_action_labels(
            {
                "article.approve": "通过审核",
                "article.claim_in_doubt": "文中名次结论需复核",
                "article.claim_restored": "文中名次结论恢复有效",
                "article.expire": "到期撤下",
                "article.import_past": "导入历史文章",
                "article.publish": "发布",
                "article.publish_failed": "发布失败",
                "article.publish_retry": "重试发布",
                "article.reopen_reviews": "改动后重审",
                "article.schedule": "定时",
                "article.send_back": "退回修改",
                "article.submit": "提交审核",
                "article.unschedule": "取消定时",
            }
        )
        register_schedule(ScheduleSpec("publish_due", "articles.publishing.publish_due_task", 1))
        register_health_check(
            HealthCheck("publishing", "定时发布", health.publishing, "articles.view_articlepage")
        )
        register_health_check(
            HealthCheck("article_claims", "文中结论", health.claims, "articles.view_articlepage")
        )
