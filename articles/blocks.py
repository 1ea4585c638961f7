"""The blocks an article is written from."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms.utils import ErrorList
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from rankings.claims import public_note
from rankings.claims.chooser import ClaimChooserBlock

from .editing.measures import BODY_MOST, body_characters

TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul", "superscript", "subscript"]


class ParagraphBlock(blocks.RichTextBlock):
    def __init__(self, **kwargs: Any):
        super().__init__(features=TEXT_FEATURES, **kwargs)

    class Meta:
        icon = "pilcrow"
        label = "正文"
        template = "articles/blocks/paragraph.html"


class SubheadingBlock(blocks.CharBlock):
    class Meta:
        icon = "title"
        label = "小标题"
        template = "articles/blocks/subheading.html"


class PictureBlock(blocks.StructBlock):
    """An image with a caption; without its own alternative text the image's is used."""

    image = ImageChooserBlock(label="图片")
    caption = blocks.CharBlock(label="图注", required=False, max_length=120)
    alt_text = blocks.CharBlock(
        label="替代文字",
        required=False,
        max_length=160,
        help_text="留空则用图片自带的替代文字。",
    )

    class Meta:
        icon = "image"
        label = "图片"
        template = "articles/blocks/picture.html"


class GalleryBlock(blocks.ListBlock):
    def __init__(self, **kwargs: Any):
        super().__init__(PictureBlock(), min_num=2, max_num=12, **kwargs)

    class Meta:
        icon = "image"
        label = "组图"
        template = "articles/blocks/gallery.html"


class QuotationBlock(blocks.StructBlock):
    text = blocks.TextBlock(label="原话", rows=3)
    speaker = blocks.CharBlock(label="谁说的", max_length=60)
    role = blocks.CharBlock(label="身份", required=False, max_length=80)

    class Meta:
        icon = "openquote"
        label = "引语"
        template = "articles/blocks/quotation.html"


class FigureBlock(blocks.StructBlock):
    """A number that matters, never without its source."""

    label = blocks.CharBlock(label="说明", max_length=60)
    value = blocks.CharBlock(label="数值", max_length=30)
    unit = blocks.CharBlock(label="单位", required=False, max_length=20)
    source = blocks.CharBlock(label="数据来源", max_length=120)
    date = blocks.DateBlock(label="数据日期", required=False)

    class Meta:
        icon = "table"
        label = "数据"
        template = "articles/blocks/figure.html"


class ServiceCardBlock(blocks.StructBlock):
    """What a resident needs in order to go and get it done."""

    title = blocks.CharBlock(label="事项", max_length=60)
    time = blocks.CharBlock(label="时间", required=False, max_length=120)
    place = blocks.CharBlock(label="地点", required=False, max_length=120)
    phone = blocks.CharBlock(label="电话", required=False, max_length=60)
    materials = blocks.TextBlock(label="材料", required=False, rows=3)

    class Meta:
        icon = "calendar-check"
        label = "服务卡片"
        template = "articles/blocks/service_card.html"


class AttachmentBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label="文件")
    title = blocks.CharBlock(label="显示名称", required=False, max_length=120)

    class Meta:
        icon = "doc-full"
        label = "附件"
        template = "articles/blocks/attachment.html"


class RelatedArticleBlock(blocks.StructBlock):
    article = blocks.PageChooserBlock(label="文章", page_type="articles.ArticlePage")

    class Meta:
        icon = "link"
        label = "相关文章"
        template = "articles/blocks/related_article.html"


class RankingFactBlock(blocks.StructBlock):
    """A sentence about our place: a claim somebody else approved, never typed by hand.

    The sentence is written into the block whenever the article is saved, so that what the
    reviewers approve is what readers see. A claim that falls later changes nothing of it: the
    page adds a dated note below.
    """

    claim = ClaimChooserBlock(label="结论")
    sentence = blocks.CharBlock(
        label="文字",
        required=False,
        help_text="保存时由系统按结论写入，手工输入的内容不会保留。",
    )

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        value = super().clean(value)
        claim = value["claim"]
        if not claim.holds:
            sentence = (
                f"结论 {claim.number} 现在是“{claim.get_status_display()}”，不能再用。"
                "请换一条有效的结论，或删去这一块。"
            )
            raise blocks.StructBlockValidationError(
                block_errors={"claim": ErrorList([ValidationError(sentence)])}
            )
        value["sentence"] = claim.text
        return value

    def get_context(
        self, value: blocks.StructValue, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        claim = value["claim"]
        context["note"] = public_note(claim) if claim and not claim.holds else ""
        return context

    class Meta:
        icon = "pick"
        label = "名次结论"
        template = "articles/blocks/ranking_fact.html"


class ItemsBlock(blocks.StructBlock):
    ordered = blocks.BooleanBlock(label="编号", required=False)
    items = blocks.ListBlock(blocks.CharBlock(max_length=300), label="条目", min_num=1)

    class Meta:
        icon = "list-ul"
        label = "清单"
        template = "articles/blocks/items.html"


class TableRowBlock(blocks.ListBlock):
    def __init__(self, **kwargs: Any):
        super().__init__(blocks.CharBlock(required=False, max_length=120), **kwargs)


class TableBlock(blocks.StructBlock):
    """A small table with a header row; rows shorter than the header are padded when shown."""

    caption = blocks.CharBlock(label="表题", required=False, max_length=80)
    header = TableRowBlock(label="表头", min_num=1, max_num=8)
    rows = blocks.ListBlock(TableRowBlock(label="行", max_num=8), label="行", min_num=1)

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        value = super().clean(value)
        width = len(value["header"])
        if any(len(row) > width for row in value["rows"]):
            raise blocks.StructBlockValidationError(
                block_errors={
                    "rows": ErrorList([ValidationError("有的行比表头多出格子，请补齐表头或删去。")])
                }
            )
        return value

    class Meta:
        icon = "table"
        label = "表格"
        template = "articles/blocks/table.html"


class VideoBlock(blocks.StructBlock):
    """A video by address or by its Tencent id; shown as a link, nothing is loaded from outside."""

    title = blocks.CharBlock(label="标题", max_length=80)
    url = blocks.URLBlock(label="视频地址", required=False)
    tencent_id = blocks.RegexBlock(
        regex=r"^[A-Za-z0-9]{8,20}$",
        label="腾讯视频编号",
        required=False,
        error_messages={"invalid": "编号只含字母和数字，例如 a0123bcdefg。"},
    )

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        value = super().clean(value)
        if not value["url"] and not value["tencent_id"]:
            raise blocks.StructBlockValidationError(
                block_errors={"url": ErrorList([ValidationError("请填写视频地址或腾讯视频编号。")])}
            )
        return value

    class Meta:
        icon = "media"
        label = "视频"
        template = "articles/blocks/video.html"


class AudioBlock(blocks.StructBlock):
    title = blocks.CharBlock(label="标题", max_length=80)
    url = blocks.URLBlock(label="音频地址")

    class Meta:
        icon = "media"
        label = "音频"
        template = "articles/blocks/audio.html"


class DividerBlock(blocks.StaticBlock):
    class Meta:
        icon = "horizontalrule"
        label = "分隔线"
        admin_text = "一条分隔线"
        template = "articles/blocks/divider.html"


class BodyBlock(blocks.StreamBlock):
    """The body of an article; too long a one is refused with a sentence and stays in the form."""

    paragraph = ParagraphBlock(group="文字")
    subheading = SubheadingBlock(group="文字", max_length=40)
    quotation = QuotationBlock(group="文字")
    items = ItemsBlock(group="文字")
    picture = PictureBlock(group="图片与影音")
    gallery = GalleryBlock(group="图片与影音")
    video = VideoBlock(group="图片与影音")
    audio = AudioBlock(group="图片与影音")
    figure = FigureBlock(group="数据与服务")
    table = TableBlock(group="数据与服务")
    service_card = ServiceCardBlock(group="数据与服务")
    ranking_fact = RankingFactBlock(group="数据与服务")
    attachment = AttachmentBlock(group="更多")
    related_article = RelatedArticleBlock(group="更多")
    divider = DividerBlock(group="更多")

    def clean(self, value: blocks.StreamValue, **kwargs: Any) -> blocks.StreamValue:
        value = super().clean(value, **kwargs)
        if (length := body_characters(value)) > BODY_MOST:
            sentence = (
                f"正文有 {length} 字，最多 {BODY_MOST} 字，没有保存。请分成几篇，"
                "或把长的材料作为附件上传；您贴进来的文字还在下面。"
            )
            raise blocks.StreamBlockValidationError(
                non_block_errors=ErrorList([ValidationError(sentence)])
            )
        return value
