"""Each kind of block of the body: what its template is given."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from media.models import CustomImage
from rankings.claims import public_note

from ...templatetags.article_tags import lines, padded, web_address
from .references import References, in_wechat
from .richtext import RichText
from .tables import columns
from .targets import Target, Targets, width_of

AddressOf = Callable[[CustomImage], str]
READ_ON = "请点击文末“阅读原文”{}。"


@dataclass(frozen=True)
class Shown:
    """A template of ``articles/wechat/blocks/`` and what it is given."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


@dataclass
class Scene:
    """What blocks need beside their own value; ``remarks`` are for the editor."""

    address_of: AddressOf
    targets: Targets
    texts: dict[int, RichText]  # by the block's place in the body
    references: References = field(default_factory=References)
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Picture:
    src: str
    width: int
    alt: str
    caption: str
    credit: str
    is_machine_made: bool


def subheading(text: str, scene: Scene) -> Shown:
    return Shown("subheading", {"text": text})


def picture(value: Any, scene: Scene) -> Shown | None:
    found = _picture(value, scene)
    return Shown("picture", {"picture": found}) if found else None


def gallery(value: Any, scene: Scene) -> Shown | None:
    pictures = [found for item in value if (found := _picture(item, scene))]
    if not pictures:
        return None
    return Shown("gallery", {"pictures": pictures, "is_odd": len(pictures) % 2 == 1})


def _picture(value: Any, scene: Scene) -> Picture | None:
    image = value["image"]
    if image is None:
        scene.remarks.append(
            "有一张图片已经从图片库里删除，没有带到微信。请换一张图片或删去这一块。"
        )
        return None
    return Picture(
        src=scene.address_of(image),
        width=width_of(image),
        alt=value["alt_text"] or image.alt_text,
        caption=value["caption"] or "",
        credit=image.credit,
        is_machine_made=image.is_machine_made,
    )


def quotation(value: Any, scene: Scene) -> Shown:
    return Shown("quotation", {**value, "lines": lines(value["text"])})


def figure(value: Any, scene: Scene) -> Shown:
    when = value["date"]
    return Shown("figure", {**value, "date": when if isinstance(when, date) else None})


def service_card(value: Any, scene: Scene) -> Shown:
    terms = (("时间", "time"), ("地点", "place"), ("电话", "phone"))
    return Shown(
        "service_card",
        {
            "title": value["title"],
            "rows": [(term, value[name]) for term, name in terms if value[name]],
            "materials": lines(value["materials"]),
        },
    )


def ranking_fact(value: Any, scene: Scene) -> Shown | None:
    claim, sentence = value["claim"], value["sentence"]
    if not claim or not sentence:
        scene.remarks.append("有一块名次结论没有文字，没有带到微信。请重新选择结论后保存。")
        return None
    note = "" if claim.holds else public_note(claim)
    return Shown("ranking_fact", {"sentence": sentence, "note": note})


def items(value: Any, scene: Scene) -> Shown:
    return Shown("items", {"ordered": value["ordered"], "items": list(value["items"])})


def table(value: Any, scene: Scene) -> Shown:
    header = list(value["header"])
    rows = [padded(row, len(header)) for row in value["rows"]]
    layout = columns([header, *rows])
    return Shown(
        "table",
        {
            "caption": value["caption"],
            "size": layout.size,
            "header": list(zip(header, layout.widths, strict=True)),
            "rows": rows,
        },
    )


def video(value: Any, scene: Scene) -> Shown:
    scene.remarks.append(
        f"视频“{value['title']}”不能随稿件送到微信，请在公众号后台插入；文中写的是请读者点“阅读原文”观看。"
    )
    return Shown(
        "resource", {"kind": "视频", "title": value["title"], "hint": READ_ON.format("观看视频")}
    )


def audio(value: Any, scene: Scene) -> Shown:
    scene.remarks.append(
        f"音频“{value['title']}”不能随稿件送到微信，请在公众号后台插入；文中写的是请读者点“阅读原文”收听。"
    )
    return Shown(
        "resource", {"kind": "音频", "title": value["title"], "hint": READ_ON.format("收听音频")}
    )


def attachment(value: Any, scene: Scene) -> Shown | None:
    file = value["document"]
    target = scene.targets.document(file.pk) if file else None
    if target is None:
        scene.remarks.append(
            "有一个附件已经从文件库里删除，没有带到微信。请换一个文件或删去这一块。"
        )
        return None
    title = value["title"] or target.title
    return Shown(
        "resource",
        {
            "kind": "附件",
            "title": title,
            "number": scene.references.number(target.address, title),
            "hint": READ_ON.format("下载附件"),
        },
    )


def related_article(value: Any, scene: Scene) -> Shown | None:
    article = value["article"]
    target: Target | None = scene.targets.page(article.pk) if article else None
    if target is None:
        scene.remarks.append("有一篇相关文章没有公开，没有带到微信。请换一篇或删去这一块。")
        return None
    context: dict[str, Any] = {"kind": "相关文章", "title": target.title}
    if target.wechat:
        context["link"] = target.wechat
    else:
        context["number"] = scene.references.number(target.address, target.title)
    return Shown("resource", context)


def divider(value: Any, scene: Scene) -> Shown:
    return Shown("divider")


# Every kind of `articles.blocks.BodyBlock` but the paragraph, whose rich text needs no template.
SHOWN_BY: dict[str, Callable[[Any, Scene], Shown | None]] = {
    "subheading": subheading,
    "picture": picture,
    "gallery": gallery,
    "quotation": quotation,
    "figure": figure,
    "service_card": service_card,
    "ranking_fact": ranking_fact,
    "items": items,
    "table": table,
    "video": video,
    "audio": audio,
    "attachment": attachment,
    "related_article": related_article,
    "divider": divider,
}


@dataclass(frozen=True)
class Source:
    """A line of 信源; ``number`` is that of its address among the references."""

    name: str
    date: date | None
    number: int | None


def sources(citations: Any, references: References) -> list[Source]:
    """The citations of an article, their addresses numbered."""
    return [
        Source(
            cited.name,
            cited.date,
            references.number(address, cited.name)
            if (address := in_wechat(cited.url) or web_address(cited.url))
            else None,
        )
        for cited in citations
    ]
