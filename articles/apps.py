from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "文章"

    def ready(self) -> None:
        from cms.ops import audit
        from cms.ops.registry import (
            HealthCheck,
            NoticeFamily,
            ScheduleSpec,
            register_action_labels,
            register_health_check,
            register_notice_family,
            register_schedule,
        )
        from cms.users.services import roles_synced
        from media.guards import register_use
        from rankings.dependents import register_dependents
        from rankings.signals import claim_changed

        from . import claim_watch, file_uses, guards, health, notifications, release, setup
        from .intake import topics
        from .review import checklists

        guards.connect()
        register_use(file_uses.titles_showing)
        roles_synced.connect(setup.bind_workflow, dispatch_uid="articles.bind_workflow")
        roles_synced.connect(checklists.sync, dispatch_uid="articles.checklists")
        roles_synced.connect(setup.sync_site, dispatch_uid="articles.sync_site")
        claim_changed.connect(claim_watch.on_claim_changed, dispatch_uid="articles.claim_watch")
        register_dependents("articles", "文章", claim_watch.dependents)
        audit.recorded.connect(notifications.on_recorded, dispatch_uid="articles.notifications")
        audit.recorded.connect(topics.on_recorded, dispatch_uid="articles.topics")
        for family in notifications.FAMILIES:
            register_notice_family(family)
        register_action_labels(
            {
                "article.approve": "通过审核",
                "article.claim": "认领",
                "article.claim_in_doubt": "文中名次结论需复核",
                "article.claim_restored": "文中名次结论恢复有效",
                "article.expire": "到期撤下",
                "article.from_paste": "粘贴外来文字",
                "article.from_word": "从 Word 导入",
                "article.import_past": "导入历史文章",
                "article.plan": "安排截稿和缓急",
                "article.publish": "发布",
                "article.publish_failed": "发布失败",
                "article.publish_retry": "重试发布",
                "article.reopen_reviews": "改动后重审",
                "article.review_overdue": "审核超期",
                "article.save_over": "以自己的稿子为准保存",
                "article.schedule": "定时",
                "article.send_back": "退回修改",
                "article.submit": "提交审核",
                "article.unclaim": "放回",
                "article.unschedule": "取消定时",
                "deputation.appoint": "安排代审",
                "deputation.end": "结束代审",
                "mail.morning_digest": "每日审稿提醒",
            }
        )
        register_action_labels(
            {
                "contribution.decline": "不采用来稿",
                "contribution.recall": "撤回来稿",
                "contribution.send": "投稿",
                "contribution.take": "采用来稿",
                "topic.accept": "采用选题",
                "topic.drop": "不做选题",
                "topic.propose": "报选题",
                "topic.write": "开始写选题",
            }
        )
        register_action_labels(
            {
                "article.change_public_date": "改公开日期",
                "article.checklist_change": "改审核清单",
                "article.comment": "写批注",
                "article.comment_resolve": "批注已解决",
                "article.correction_decline": "未同意更正",
                "article.correction_propose": "提出更正",
                "article.correction_publish": "公开更正",
                "article.take_back": "撤回送审",
                "article.urgent_cancel": "撤回特急",
                "article.urgent_decline": "未同意特急",
                "article.urgent_overdue": "特急补审超时",
                "article.urgent_publish": "特急发布",
                "article.urgent_request": "发起特急",
                "article.urgent_reviewed": "特急补审完成",
                "article.withdraw": "撤稿",
            }
        )
        release.connect()
        register_schedule(
            ScheduleSpec("urgent_overdue", "articles.release.urgent.mark_overdue", 10)
        )
        register_health_check(
            HealthCheck(
                "after_review", "特急补审", health.after_reviews, "articles.view_articlepage"
            )
        )
        register_schedule(
            ScheduleSpec("review_overdue", "articles.review.deadlines.note_overdue", 10)
        )
        register_schedule(ScheduleSpec("morning_digest", "articles.morning.send_digests", 5))
        register_notice_family(
            NoticeFamily(
                "morning",
                "每日审稿提醒",
                "每天早上八点：等您审的、超期的、退回给您的",
                frozenset({"mail.morning_digest"}),
            )
        )
        register_health_check(
            HealthCheck(
                "late_reviews", "审核超期", health.late_reviews, "articles.view_articlepage"
            )
        )
        register_action_labels(
            {
                "article.share": "送领导审阅",
                "article.share_revoke": "收回阅读链接",
                "article.shared_open": "打开阅读链接",
                "article.shared_opinion": "留下审阅意见",
            }
        )
        register_schedule(ScheduleSpec("publish_due", "articles.publishing.publish_due_task", 1))
        register_health_check(
            HealthCheck("publishing", "定时发布", health.publishing, "articles.view_articlepage")
        )
        register_health_check(
            HealthCheck("reviewers", "审核人手", health.reviewers, "articles.view_articlepage")
        )
        register_health_check(
            HealthCheck("article_claims", "文中结论", health.claims, "articles.view_articlepage")
        )
