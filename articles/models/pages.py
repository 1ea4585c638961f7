"""Home, columns and articles, and what belongs to them."""

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.http import HttpResponse
from django.utils import timezone
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page, PageManager, Revision, WorkflowState
from wagtail.query import PageQuerySet
from wagtail.search import index
from wagtail.url_routing import RouteResult

from cms.mirror.rendering import shared
from cms.pages import BasePage, FramePage

from .. import gate
from ..blocks import BodyBlock
from ..gate import NotApproved
from ..permission_testers import ArticlePermissionTester
from ..pushes import lock as push_lock
from ..pushes import membership
from ..release import notice
from ..review import approvals
from ..review.comment_panel import RuledCommentPanel
from ..review.digest import content_digest
from ..review.locks import in_our_words
from .column_types import ColumnType, keyword_list


class HomePage(FramePage):
    """The front page of the public mirror."""

    tagline = models.CharField("一句话介绍", max_length=80, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("tagline")]
    promote_panels = []
    settings_panels = []
    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["articles.ColumnPage", "rankings.HonoursPage"]

    class Meta:
        verbose_name = "首页"
        verbose_name_plural = "首页"

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        from ..public import home  # it shows articles, so it imports them

        context |= home.context(self)
        return context


class ColumnPage(FramePage):
    """A section of the account (栏目): its newest articles, and one page for each of its months."""

    description = models.CharField("栏目说明", max_length=160)
    keywords = models.CharField(
        "关键词",
        max_length=160,
        blank=True,
        help_text="检索和检查工具读的栏目关键词，几个之间用逗号隔开，例如：办事,服务,指南。"
        "留空则用栏目名称。",
    )
    column_type = models.CharField(
        "栏目类别",
        max_length=20,
        choices=ColumnType.below_home(),
        default=ColumnType.NEWS,
        help_text="按《政府网站发展指引》规定的名称选一个，检查工具按它认栏目。",
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("description"),
        FieldRowPanel([FieldPanel("column_type"), FieldPanel("keywords")]),
    ]
    promote_panels = [FieldPanel("slug")]
    settings_panels = []
    parent_page_types = ["articles.HomePage"]
    subpage_types = ["articles.ArticlePage"]

    class Meta:
        verbose_name = "栏目"
        verbose_name_plural = "栏目"

    def clean(self) -> None:
        super().clean()
        self.keywords = keyword_list(self.keywords)

    def route(self, request: Any, path_components: list[str]) -> RouteResult:
        """The column itself, and below it its months: ``2026-11/``, and ``2026-11/1/`` …"""
        from ..public import column_lists  # it lists articles, so it imports them

        if self.live and (month := column_lists.month_asked(path_components)):
            return RouteResult(self, kwargs=month)
        return super().route(request, path_components)

    def get_context(
        self, request: Any, *args: Any, day: Any = None, number: int | None = None, **kwargs: Any
    ) -> dict[str, Any]:
        from ..public import column_lists

        context = super().get_context(request, *args, **kwargs)
        context |= column_lists.context(self, self.get_url(request) or "/", day, number)
        return context


class ArticleTag(TaggedItemBase):
    content_object = ParentalKey(
        "articles.ArticlePage", on_delete=models.CASCADE, related_name="tagged_items"
    )


class Kind(models.TextChoices):
    """What sort of text it is; the checks ask different things of each."""

    NEWS = "news", "消息"
    NOTICE = "notice", "通知"
    EXPLAINER = "explainer", "解读"
    STORY = "story", "故事"
    REPOST = "repost", "转载"


class Origin(models.TextChoices):
    """Where an article was written; past WeChat posts keep their old date."""

    WORKBENCH = "workbench", "工作台撰写"
    IMPORTED = "imported", "历史导入"


class ArticleQuerySet(PageQuerySet):
    """Questions about articles."""

    def newest(self) -> "ArticleQuerySet":
        """Those on the mirror, latest first."""
        return self.live().order_by("-first_published_at", "-pk")

    def on_their_way(self) -> "ArticleQuerySet":
        """Those under review, waiting in 待发布, in a push, or with a time set."""
        from .pushes import Push, PushMember

        running = WorkflowState.objects.filter(
            base_content_type=ContentType.objects.get_for_model(Page),
            status=WorkflowState.STATUS_IN_PROGRESS,
        ).values_list("object_id", flat=True)
        scheduled = Revision.page_revisions.filter(approved_go_live_at__isnull=False).values_list(
            "object_id", flat=True
        )
        in_pushes = PushMember.objects.filter(push__in=Push.objects.holding())
        held = in_pushes.values_list("article_id", flat=True)
        return self.filter(pk__in={int(pk) for pk in [*running, *scheduled, *held]})

    def with_what_lists_show(self) -> "ArticleQuerySet":
        """Join what a list prints of each article: cover and renditions in fixed queries."""
        return (
            self.select_related("cover").prefetch_related("cover__renditions").defer_streamfields()
        )


class ArticlePage(BasePage):
    """One article: written from blocks, reviewed three times, bound to its digest."""

    digest = models.CharField(
        "摘要", max_length=120, help_text="微信卡片和列表里显示的一两句话，不超过120字。"
    )
    kind = models.CharField("体裁", max_length=20, choices=Kind.choices, default=Kind.NEWS)
    cover = models.ForeignKey(
        "media.CustomImage",
        verbose_name="封面",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    author = models.CharField("作者", max_length=60)
    editor_in_charge = models.CharField("责任编辑", max_length=60)
    body = StreamField(BodyBlock(), verbose_name="正文", blank=True)
    planned_for = models.DateField(
        "计划日期", null=True, blank=True, help_text="打算哪天推送。只是计划，不会自动发布。"
    )
    tags = ClusterTaggableManager(through=ArticleTag, blank=True, verbose_name="标签")
    is_machine_made = models.BooleanField(
        "含人工智能生成内容",
        default=False,
        help_text="文字由人工智能生成或合成的，须勾选；公开页面会按规定标明。",
    )
    origin = models.CharField(
        "出处", max_length=20, choices=Origin.choices, default=Origin.WORKBENCH, editable=False
    )
    original_url = models.URLField("原文地址", blank=True, max_length=500, editable=False)

    objects = PageManager.from_queryset(ArticleQuerySet)()

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("title"),
                    FieldPanel("digest"),
                    FieldPanel("cover"),
                    FieldPanel(
                        "body", help_text="点下面的加号，加入文字、图片、引语、服务卡片等内容。"
                    ),
                    InlinePanel(
                        "sources",
                        heading="信源",
                        label="信源",
                        help_text="写清事实从哪里来：名称、地址、日期。",
                    ),
                    RuledCommentPanel(),
                ],
                heading="内容",
            ),
            ObjectList(
                [
                    MultiFieldPanel(
                        [
                            FieldRowPanel([FieldPanel("author"), FieldPanel("editor_in_charge")]),
                            FieldRowPanel([FieldPanel("kind"), FieldPanel("planned_for")]),
                            FieldPanel("tags"),
                            FieldPanel("is_machine_made"),
                        ],
                        heading="署名与安排",
                    ),
                ],
                heading="署名与安排",
            ),
        ]
    )
    exclude_fields_in_copy = ["origin", "original_url"]
    parent_page_types = ["articles.ColumnPage"]
    subpage_types = []
    permission_tester = ArticlePermissionTester
    search_fields = [
        *Page.search_fields,
        index.SearchField("digest"),
        index.SearchField("body"),
        index.SearchField("author"),
        index.SearchField("tags", type="TextField"),
        index.FilterField("kind"),
    ]

    class Meta:
        verbose_name = "文章"
        verbose_name_plural = "文章"
        permissions = [
            ("schedule_article", "可以定时和发布文章"),
            ("import_past_article", "可以导入历史文章"),
            ("withdraw_article", "可以撤稿"),
            ("request_urgent", "可以发起特急发布"),
            ("confirm_urgent", "可以作为第二人确认特急发布"),
            ("propose_correction", "可以提出更正"),
            ("confirm_correction", "可以作为第二人确认更正"),
            ("change_public_date", "可以改公开日期"),
            ("share_draft", "可以送领导审阅"),
            ("manage_deputation", "可以为他人安排代审"),
            ("view_review_report", "可以看审稿报表"),
        ]

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding and not self.slug:
            # Replaced by date and id as soon as there is an id.
            self.slug = f"new-{timezone.now():%Y%m%d%H%M%S%f}"
        super().full_clean(*args, **kwargs)

    def clean_fields(self, exclude: Any = None) -> None:
        """As Django's; what a text that goes live points to was looked up when it was read."""
        exclude = set(exclude or ())
        if gate.is_open_for(self.pk):
            exclude |= {field.name for field in self._meta.concrete_fields if field.is_relation}
        super().clean_fields(exclude=exclude)

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Save; a new article gets its address of date and id (never Chinese)."""
        adding = self._state.adding
        result = super().save(*args, **kwargs)
        if adding:
            day = timezone.localtime(self.first_published_at or timezone.now())
            self.slug = f"{day:%Y%m%d}-{self.pk}"
            self.set_url_path(self.get_parent())
            Page.objects.filter(pk=self.pk).update(slug=self.slug, url_path=self.url_path)
        return result

    def publish(self, revision: Revision, *args: Any, **kwargs: Any) -> Any:
        """Publish `revision`, whoever asks and by whatever way.

        Raises:
            NotApproved: its text has not passed the three reviews in this very form, or a push
                holds it, with which it goes live.
        """
        if not gate.goes_with_its_push(self.pk) and (why := membership.why_not_alone(self)):
            raise NotApproved(why)
        text = revision.as_object()
        digest = approvals.require(revision, text)
        # Wagtail would read the text once more, which takes a third of the time.
        revision.as_object = lambda: text
        try:
            with transaction.atomic(), gate.going_live(self, digest):
                return super().publish(revision, *args, **kwargs)
        finally:
            del revision.as_object

    def unpublish(self, *args: Any, **kwargs: Any) -> Any:
        """Take the article down, as a withdrawal or an expiry does.

        Raises:
            NotApproved: asked for by any other way.
        """
        if not gate.lets_down(self.pk):
            raise NotApproved(gate.TAKE_DOWN)
        return super().unpublish(*args, **kwargs)

    def saved_drafts(self) -> list[Revision]:
        """The saved drafts, oldest first and without their texts, each with its ``number``.

        One query, with who saved them. Wherever people read 第几稿, it is counted here.
        """
        drafts = list(self.revisions.select_related("user").defer("content").order_by("pk"))
        for number, draft in enumerate(drafts, start=1):
            draft.number = number
        return drafts

    def save_revision(self, *args: Any, overwrite_revision: Any = None, **kwargs: Any) -> Revision:
        """Save a revision, always a new one: who wrote what must stay on record."""
        return super().save_revision(*args, **kwargs)

    def with_content_json(self, content: dict[str, Any]) -> "ArticlePage":
        """As Wagtail's, but when and as what it is public belongs to the row, not to a text."""
        article = super().with_content_json(content)
        article.first_published_at = self.first_published_at
        article.last_published_at = self.last_published_at
        article.live_revision_id = self.live_revision_id
        article.expired = self.expired
        return article

    def get_lock(self) -> Any:
        """The lock on this article, which says who holds it, why, and what to do next."""
        return push_lock.of(self) or in_our_words(super().get_lock())

    def route(self, request: Any, path_components: list[str]) -> RouteResult:
        """A withdrawn article is still found, to say that it was withdrawn."""
        if not path_components and not self.live and (gone := self.withdrawals.in_force().first()):
            return RouteResult(self, kwargs={"withdrawal": gone})
        return super().route(request, path_components)

    def serve(
        self, request: Any, *args: Any, withdrawal: Any = None, **kwargs: Any
    ) -> HttpResponse:
        if withdrawal is not None:
            return notice.gone(request, self, withdrawal)
        return super().serve(request, *args, **kwargs)

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        """The public page, and the article as WeChat shows it."""
        from ..wechat.rendering import previews  # it renders articles, so it imports them

        return previews.MODES

    def serve_preview(self, request: Any, mode_name: str) -> HttpResponse:
        from ..wechat.rendering import previews

        if previews.serves(mode_name):
            return previews.serve(request, self, mode_name)
        return super().serve_preview(request, mode_name)

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from ..public import related  # it chooses articles, so it imports them

        context = super().get_context(request, *args, **kwargs)
        context["columns"] = shared("columns", lambda: list(ColumnPage.objects.live()))
        pictures = self.pictures()
        shown = [*pictures, self.cover] if self.cover else pictures
        models.prefetch_related_objects(shown, "renditions")
        context["opening_picture"] = None if pictures else self.cover
        context["sources"] = list(self.sources.all())
        context["tags"] = list(self.tags.all())
        context["related"] = related.earlier(self, [tag.pk for tag in context["tags"]])
        return context

    def pictures(self) -> list[Any]:
        """The images of the body in their order; one that was deleted is left out."""
        found = []
        for block in self.body:
            if block.block_type == "picture":
                found.append(block.value["image"])
            elif block.block_type == "gallery":
                found.extend(item["image"] for item in block.value)
        return [image for image in found if image]

    @property
    def content_source(self) -> str:
        """The ContentSource tag: whose text it is; a repost names where it was taken from."""
        first = self.sources.first() if self.kind == Kind.REPOST else None
        return first.name if first else settings.WAGTAIL_SITE_NAME

    @property
    def is_imported(self) -> bool:
        return self.origin == Origin.IMPORTED

    @property
    def content_digest(self) -> str:
        """SHA-256 over all that reviewers approve; see `articles.review.digest`."""
        return content_digest(self)

    @property
    def column(self) -> ColumnPage:
        return self.get_parent().specific


class SourceCitation(Orderable):
    """Where an article's facts come from (信源)."""

    article = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="sources")
    name = models.CharField("名称", max_length=160)
    url = models.URLField("地址", blank=True, max_length=500)
    date = models.DateField("日期", null=True, blank=True)

    panels = [FieldRowPanel([FieldPanel("name"), FieldPanel("date")]), FieldPanel("url")]

    class Meta(Orderable.Meta):
        verbose_name = "信源"
        verbose_name_plural = "信源"

    def __str__(self) -> str:
        return self.name
