"""WeChat's limits, and what is sent beside the text."""

from typing import Any

import pytest

from articles.models import ArticlePage
from articles.wechat.rendering import Part, Rendered, why_too_long
from articles.wechat.rendering.fields import fields_of
from articles.wechat.rendering.rules import why_not_fit, why_title_too_long
from articles.wechat.rendering.tables import columns

NEWS = {"article_type": "news", "title": "题", "content": "<p>文</p>"}
PICTURES = {
    "article_type": "newspic",
    "title": "题",
    "content": "文",
    "image_info": {"image_list": [{"image_media_id": "m"}]},
}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (NEWS, []),
        (PICTURES, []),
        (NEWS | {"title": "题" * 32, "author": "作" * 16, "digest": "摘" * 120}, []),
        (NEWS | {"title": "题" * 33}, ["33"]),
        (NEWS | {"author": "作" * 17}, ["17"]),
        (NEWS | {"digest": "摘" * 121}, ["121"]),
        (NEWS | {"title": " "}, ["没有标题"]),
        (NEWS | {"content": " "}, ["没有正文"]),
        (NEWS | {"content": "x" * 19_999}, []),
        (NEWS | {"content": "x" * 20_000}, ["20000"]),
        (NEWS | {"content_source_url": "x" * 1025}, ["1 KB"]),
        (PICTURES | {"content": "文" * 1000}, []),
        (PICTURES | {"content": "文" * 1001}, ["1001"]),
        (PICTURES | {"image_info": {"image_list": []}}, ["没有图片"]),
        (PICTURES | {"image_info": {"image_list": [{}] * 21}}, ["21"]),
    ],
)
def test_what_wechat_would_refuse(fields: dict[str, Any], said: list[str]) -> None:
    found = why_not_fit(fields)
    assert len(found) == len(said)
    for sentence, words in zip(found, said, strict=True):
        assert words in sentence


@pytest.mark.parametrize(("length", "over"), [(0, ""), (32, ""), (33, "删去 1 个字")])
def test_a_long_title(length: int, over: str) -> None:
    sentence = why_title_too_long(" " + "题" * length)
    assert over in sentence
    assert bool(sentence) is bool(over)


def rendered(*parts: tuple[str, int]) -> Rendered:
    made = tuple(Part("", kind, "x" * size) for kind, size in parts)
    whole = "".join(part.html for part in made)
    return Rendered(whole, len(whole), "", (), made)


def test_what_makes_a_text_too_long_is_said() -> None:
    assert why_too_long(rendered(("paragraph", 19_999))) == ""
    sentence = why_too_long(rendered(("paragraph", 9_000), ("table", 15_000), ("", 100)))
    assert "24100" in sentence and "超出 4101 个" in sentence
    assert sentence.index("表格 15000") < sentence.index("正文段落 9000")


def article(**fields: Any) -> ArticlePage:
    return ArticlePage(title=" 题 ", digest="摘要", author="作者", **fields)


def test_the_fields_of_an_article() -> None:
    fields = fields_of(
        article(),
        "<p>文</p>",
        source_url="https://mirror.example/1/",
        cover="thumb",
        wide_crop="0_0.1_1_0.9",
        square_crop="0.25_0_0.75_1",
    )
    assert fields == {
        "article_type": "news",
        "title": "题",
        "author": "作者",
        "digest": "摘要",
        "content": "<p>文</p>",
        "content_source_url": "https://mirror.example/1/",
        "thumb_media_id": "thumb",
        "need_open_comment": 1,
        "only_fans_can_comment": 0,
        "pic_crop_235_1": "0_0.1_1_0.9",
        "pic_crop_1_1": "0.25_0_0.75_1",
    }


def test_one_of_several_articles_has_no_digest() -> None:
    assert fields_of(article(), "<p>文</p>", alone=False)["digest"] == ""


@pytest.mark.parametrize(
    ("comments", "sent"), [("closed", (0, 0)), ("everyone", (1, 0)), ("followers", (1, 1))]
)
def test_who_may_comment(comments: str, sent: tuple[int, int]) -> None:
    fields = fields_of(article(), "<p>文</p>", comments=comments)
    assert (fields["need_open_comment"], fields["only_fans_can_comment"]) == sent


def test_the_fields_of_a_picture_message() -> None:
    fields = fields_of(
        article(), "文", form="newspic", square_crop="0.25_0_0.75_1", pictures=["m1", "m2"]
    )
    assert fields["image_info"]["image_list"] == [
        {"image_media_id": "m1"},
        {"image_media_id": "m2"},
    ]
    assert fields["cover_info"]["crop_percent_list"] == [
        {"ratio": "1_1", "x1": "0.25", "y1": "0", "x2": "0.75", "y2": "1"}
    ]
    assert not {"author", "digest", "thumb_media_id", "content_source_url"} & fields.keys()


@pytest.mark.parametrize(
    ("rows", "widths", "size"),
    [
        ([["一", "二"]], [50, 50], ""),
        ([["一"]], [100], ""),
        ([["短", "长" * 40]], [14, 86], ""),
        ([[""] * 3, ["字"] * 3], [33, 34, 33], ""),
        ([["字"] * 5], [20] * 5, "six"),
        ([["字"] * 8], [12, 13, 13, 12, 12, 13, 13, 12], "eight"),
    ],
)
def test_columns(rows: list[list[str]], widths: list[int], size: str) -> None:
    made = columns(rows)
    assert sum(made.widths) == 100
    assert (made.widths, made.size) == (widths, size)
