"""Roles as one table: who may do what. `sync_roles` makes the groups equal to it.

Permissions are ``app.codename`` strings, so that the ground floor can name what belongs to
apps above it; a name that does not exist fails `sync_roles` and a test.
"""

from dataclasses import dataclass

ACCESS_ADMIN = "wagtailadmin.access_admin"

# Page permissions are granted on the root of the page tree, image and document permissions
# on the root collection.
IMAGE_USER = ("wagtailimages.add_image", "wagtailimages.choose_image")
DOCUMENT_USER = ("wagtaildocs.add_document", "wagtaildocs.choose_document")
RANKING_READER = ("rankings.view_report",)
DRAFT_READER = ("articles.view_articlepage",)
PUSH_READER = ("articles.view_push", "articles.view_reading")
# Without the sender's name and contact, which only those who handle messages see.
FEEDBACK_READER = ("feedback.view_message", "feedback.view_figures")
MIRROR_READER = ("mirror.view_mirror",)
# Days of mourning, and days on which nothing new appears.
MIRROR_DAYS = (
    "mirror.view_specialperiod",
    "mirror.add_specialperiod",
    "mirror.change_specialperiod",
    "mirror.delete_specialperiod",
)
REVIEWER = (
    ACCESS_ADMIN,
    *DRAFT_READER,
    *RANKING_READER,
    *PUSH_READER,
    "articles.approve_push",
    "articles.confirm_urgent",
    "articles.confirm_correction",
    "articles.share_draft",
    "articles.view_review_report",
)


@dataclass(frozen=True)
class Role:
    """One role. ``name`` is the group's name and what people read."""

    key: str
    name: str
    description: str
    permissions: tuple[str, ...] = ()
    page_permissions: tuple[str, ...] = ()
    collection_permissions: tuple[str, ...] = ()


ROLES: tuple[Role, ...] = (
    Role(
        "editor",
        "编辑",
        "写稿、改稿、提交审核、计划日期",
        permissions=(
            ACCESS_ADMIN,
            *DRAFT_READER,
            *RANKING_READER,
            *PUSH_READER,
            "articles.plan_push",
            "articles.answer_wechatcomment",
            "articles.propose_correction",
            "articles.share_draft",
            "articles.view_topic",
            "articles.add_topic",
            "articles.change_topic",
            "articles.view_contribution",
            "articles.handle_contribution",
        ),
        page_permissions=("add", "change"),
        collection_permissions=IMAGE_USER + DOCUMENT_USER,
    ),
    Role(
        "reviewer_credible",
        "可信审核",
        "第一审：事实、出处、姓名职务、数字、保密与隐私",
        permissions=REVIEWER,
    ),
    Role(
        "reviewer_readable",
        "可读审核",
        "第二审：标题、导语、文字、标点、结构、图片",
        permissions=REVIEWER,
    ),
    Role(
        "reviewer_approachable",
        "可亲审核",
        "第三审：通俗、有人有细节、服务信息、封面摘要，并负最终责任",
        permissions=REVIEWER,
    ),
    Role(
        "publisher",
        "发布",
        "给三审通过的文章定时、立即发布、撤下；紧急撤下页面；组稿推送，送到微信",
        permissions=(
            ACCESS_ADMIN,
            *PUSH_READER,
            "articles.plan_push",
            "articles.assemble_push",
            "articles.approve_push",
            "articles.deliver_push",
            "articles.mass_send_push",
            "articles.import_reading",
            "articles.answer_wechatcomment",
            "articles.schedule_article",
            "articles.withdraw_article",
            "articles.request_urgent",
            "articles.confirm_urgent",
            "articles.propose_correction",
            "articles.confirm_correction",
            "articles.change_public_date",
            "articles.share_draft",
            "articles.view_review_report",
            "articles.view_topic",
            "mirror.close_mirror",
            *MIRROR_READER,
            *DRAFT_READER,
            *RANKING_READER,
        ),
        page_permissions=("publish",),
    ),
    Role(
        "contributor",
        "通讯员",
        "街道和部门的通讯员：向投稿箱投稿，只看得到自己的稿件",
        permissions=(ACCESS_ADMIN, "articles.add_contribution"),
    ),
    Role(
        "office",
        "宣传部",
        "看名次、录入和核实名次、确认抓取结果、起草和批准结论、签发简报",
        permissions=(
            ACCESS_ADMIN,
            *RANKING_READER,
            "articles.view_reading",
            "articles.import_reading",
            "rankings.make_claim",
            "rankings.approve_claim",
            "rankings.make_poster",
            "rankings.make_brief",
            "rankings.issue_brief",
            "rankings.link_board",
            "rankings.watch_account",
            "rankings.record_observation",
            "rankings.confirm_observation",
            "rankings.import_rankings",
            "scrapers.run_source",
            "scrapers.review_run",
            "scrapers.view_source",
            "scrapers.view_run",
            "scrapers.view_candidate",
            "scrapers.view_replay",
            "scrapers.run_replay",
            *FEEDBACK_READER,
            "feedback.approve_answer",
            *MIRROR_READER,
            *MIRROR_DAYS,
        ),
    ),
    Role(
        "feedback",
        "留言办理",
        "受理、交办、督查、答复居民留言；答复由宣传部审定",
        permissions=(ACCESS_ADMIN, *FEEDBACK_READER, "feedback.handle_message"),
    ),
    Role(
        "feedback_unit",
        "承办单位",
        "报告交办给本单位的留言的落实情况，只看得到这些留言",
        permissions=(ACCESS_ADMIN, "feedback.carry_out_message"),
    ),
    Role(
        "auditor",
        "审计",
        "只看审计记录、留言的办理经过和镜像的状态",
        permissions=(ACCESS_ADMIN, "ops.view_auditentry", *FEEDBACK_READER, *MIRROR_READER),
    ),
    Role(
        "administrator",
        "管理员",
        "管理用户、栏目、榜单与来源；不参与写稿和审核",
        permissions=(
            ACCESS_ADMIN,
            *RANKING_READER,
            "users.add_user",
            "users.change_user",
            "users.delete_user",
            "rankings.add_account",
            "rankings.change_account",
            "rankings.add_board",
            "rankings.change_board",
            "rankings.import_rankings",
            "scrapers.add_source",
            "scrapers.change_source",
            "scrapers.view_source",
            "scrapers.view_run",
            "scrapers.view_candidate",
            "scrapers.view_replay",
            "scrapers.run_source",
            "scrapers.run_replay",
            "articles.import_past_article",
            "articles.view_checklistquestion",
            "articles.add_checklistquestion",
            "articles.change_checklistquestion",
            "articles.manage_deputation",
            "articles.view_review_report",
            "articles.change_pushsettings",
            "articles.view_phonereader",
            "articles.add_phonereader",
            "articles.change_phonereader",
            "articles.delete_phonereader",
            "articles.view_wechatcall",
            "articles.view_callbackevent",
            *DRAFT_READER,
            *PUSH_READER,
            "ops.view_auditentry",
            "mirror.change_siteidentity",
            "mirror.close_mirror",
            "mirror.rebuild_mirror",
            *MIRROR_READER,
            *MIRROR_DAYS,
            "ops.resend_mail",
            "ops.view_specialday",
            "ops.add_specialday",
            "ops.change_specialday",
            "ops.delete_specialday",
            "feedback.hand_over_message",
            "feedback.change_feedbacksettings",
            "feedback.view_place",
            "feedback.add_place",
            "feedback.change_place",
            "feedback.view_unit",
            "feedback.add_unit",
            "feedback.change_unit",
        ),
        page_permissions=("add", "change", "publish"),
        collection_permissions=(
            *IMAGE_USER,
            *DOCUMENT_USER,
            "wagtailimages.change_image",
            "wagtailimages.delete_image",
            "wagtaildocs.change_document",
            "wagtaildocs.delete_document",
        ),
    ),
)

BY_KEY = {role.key: role for role in ROLES}
