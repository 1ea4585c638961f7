"""What differs between two texts of an article, in fields, blocks, pictures and tables."""

import json
from dataclasses import replace
from datetime import date
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.models import ArticlePage, SourceCitation
from articles.review import services
from articles.review.differences import (
    SENTENCES,
    Kind,
    changes,
    compare,
    sentences,
    since_approval,
)
from articles.review.digest import approved_values
from articles.review.snapshots import FIELDS, snapshot
from cms.ops.models import AuditEntry
from tests.factories.articles import ArticleFactory, approve_by, running_step
from tests.factories.media import DocumentFactory, ImageFactory
from tests.growth import assert_grows_linearly

pytestmark = pytest.mark.django_db
TOLD_APART = {"cover", "body", "files", "sources", "tags"}


def block(name: str, value, kind: str = "paragraph") -> dict:
    return {"type": kind, "value": value, "id": name}


def article(*blocks: dict, **fields) -> ArticlePage:
    """A text in memory."""
    given_ = {
        "title": "菜市场的早晨",
        "digest": "六点半，第一担青菜到了。",
        "author": "区融媒体中心",
        "editor_in_charge": "值班编辑",
        **fields,
    }
    sources = given_.pop("sources", [])
    tags = given_.pop("tags", [])
    made = ArticlePage(**given_, body=json.dumps(blocks))
    made.sources = [SourceCitation(**source, sort_order=n) for n, source in enumerate(sources)]
    made.tags.set(tags)
    return made


def told(old: ArticlePage, new: ArticlePage) -> list[str]:
    return sentences(changes(old, new))


P1 = block("a", "<p>早上八点，社区的门开了。</p>")
P2 = block("b", "<p>第一担青菜进了菜市场。</p>")
P3 = block("c", "<p>老李在门口等着。</p>")
HEAD = block("h", "六点半", "subheading")


def table(*rows: list[str], header=("街道", "人数")) -> dict:
    def line(cells):
        return [{"type": "item", "value": cell, "id": str(n)} for n, cell in enumerate(cells)]

    value = {
        "caption": "",
        "header": line(header),
        "rows": [{"type": "item", "value": line(row), "id": f"r{n}"} for n, row in enumerate(rows)],
    }
    return block("t", value, "table")


def test_every_approved_value_has_its_words():
    assert approved_values(article()).keys() == FIELDS.keys() | TOLD_APART


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": "菜市场的傍晚"}, "标题：“菜市场的早晨”改为“菜市场的傍晚”"),
        ({"digest": ""}, "摘要：删去“六点半，第一担青菜到了。”"),
        ({"kind": "notice"}, "体裁：“消息”改为“通知”"),
        ({"author": "李某"}, "作者：“区融媒体中心”改为“李某”"),
        ({"editor_in_charge": "王某"}, "责任编辑：“值班编辑”改为“王某”"),
        ({"is_machine_made": True}, "含人工智能生成内容：“否”改为“是”"),
        ({"tags": ["社区"]}, "标签：加了“社区”"),
        ({"sources": [{"name": "株洲日报"}]}, "信源：新加“株洲日报”"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_fields(fields, sentence):
    assert told(article(), article(**fields)) == [sentence]


def test_sources_one_by_one():
    old = article(sources=[{"name": "株洲日报", "date": date(2019, 9, 17)}, {"name": "区政府网"}])
    new = article(sources=[{"name": "株洲日报", "date": date(2019, 9, 18)}, {"name": "区政府网"}])
    assert told(old, new) == ["信源第1条：“株洲日报，2019-09-17”改为“株洲日报，2019-09-18”"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([P1, P2], [P1], ["原第2段：删去“第一担青菜进了菜市场。”"]),
        ([P1], [P1, P2], ["第2段：新加“第一担青菜进了菜市场。”"]),
        ([P1], [HEAD, P1], ["第1段：新加“六点半”"]),
        (
            [P1],
            [block("a", "<p>早上九点，街道的门开了。</p>")],
            ["第1段：“早上八点，社区的门开了。”改为“早上九点，街道的门开了。”"],
        ),
        ([P1, P2, P3], [P3, P1, P2], ["第1段：从原第3段的位置移来"]),
        (
            [P1, P2, P3],
            [P2, P3, block("a", "<p>早上八点，门开了。</p>")],
            [
                "第3段：从原第1段的位置移来；"
                "“早上八点，社区的门开了。”改为“早上八点，门开了。”"
            ],
        ),
        (
            [P1],
            [block("a", "<p>早上八点，<b>社区</b>的门开了。</p>")],
            ["第1段：加粗、列表等格式有改动"],
        ),
        (
            [block("a", '<p><a href="https://a.example/">看</a></p>')],
            [block("a", '<p><a href="https://b.example/">看</a></p>')],
            ["第1段：链接“https://a.example/”改为“https://b.example/”"],
        ),
        # Brought in anew: other ids, the same words.
        ([P1, P2], [block("x", P1["value"]), block("y", P2["value"]), P3],
         ["第3段：新加“老李在门口等着。”"]),
        # Brought in anew and changed: known by its likeness.
        ([P1, P2], [block("x", "<p>早上八点，社区的门开了一半。</p>"), P2],
         ["第1段：“早上八点，社区的门开了。”改为“早上八点，社区的门开了一半。”"]),
        (
            [table(["月塘", "120"], ["茨菇塘", "90"])],
            [table(["月塘", "130"], ["茨菇塘", "90"], ["金山", "8"])],
            ["第1段（表格）：第2行第2格“120”改为“130”；新加第4行"],
        ),
    ],
)  # fmt: skip
def test_the_body(old, new, expected):
    assert told(article(*old), article(*new)) == expected


def test_a_long_paragraph_is_told_by_what_changed():
    words = "老街口的早点铺子每天五点半就开了门，"
    old = f"<p>{words * 3}来了120人。{words}天亮了。</p>"
    new = f"<p>{words * 3}来了130人。{words}天还没亮。</p>"
    assert told(article(block("a", old)), article(block("a", new))) == [
        "第1段：“120”改为“130”；“亮了”改为“还没亮”"
    ]


def test_pictures_are_shown_side_by_side():
    one, two = ImageFactory(alt_text="荷叶"), ImageFactory(alt_text="荷花")

    def picture(image, caption=""):
        value = {"image": image.pk, "caption": caption, "alt_text": ""}
        return block("p", value, "picture")

    old, new = article(picture(one)), article(picture(two, "清晨"))
    (change,) = changes(old, new)
    assert change.sentence == "第1段（图片）：图片换了一张；图注加了“清晨”"
    assert [picture.pk for picture in change.details[0].pictures] == [one.pk, two.pk]
    (cover,) = changes(article(), article(cover=one))
    assert cover.sentence == "封面：图片加上了" and cover.details[0].pictures[0] is None


def test_a_picture_of_a_gallery_is_told_by_its_place():
    images = [ImageFactory() for _ in range(3)]

    def gallery(*items):
        value = [
            {"type": "item", "id": str(n), "value": {"image": i.pk, "caption": c, "alt_text": ""}}
            for n, i, c in items
        ]
        return block("g", value, "gallery")

    first, second, third = images
    old = article(gallery((1, first, ""), (2, second, "")))
    new = article(gallery((1, first, "荷"), (2, second, ""), (3, third, "")))
    (change,) = changes(old, new)
    assert change.where == "第1段（组图）"
    assert change.sentence == "第1段（组图）：第1张 图注加了“荷”；第3张 图片新加"
    moved = article(gallery((2, second, ""), (1, first, "")))
    assert told(old, moved) == ["第1段（组图）：第1张从原第2张的位置移来"]


def test_a_file_replaced_under_its_number():
    document = DocumentFactory()
    link = block("a", f'<p><a linktype="document" id="{document.pk}">清单</a></p>')
    old = snapshot(article(link))
    files = [[model, pk, "0" * 40, *words] for model, pk, _, *words in old.values["files"]]
    new = replace(old, values={**old.values, "files": files})
    assert sentences(compare(old, new)) == [f"附件（编号{document.pk}）：文件换过，编号没有变"]


def test_a_picture_changed_in_the_library_is_said_although_both_texts_show_it():
    text = article(P1)
    assert changes(text, article(P1)) == []
    assert since_approval(text, article(P1)) == ["文章用到的图片、附件或它们的说明在资料库里改过"]


def test_what_was_chosen_is_called_by_its_name():
    other = ArticleFactory(title="社区食堂开门")
    related = block("r", {"article": other.pk}, "related_article")
    assert told(article(), article(related)) == [
        f"第1段（相关文章）：新加“社区食堂开门（编号{other.page_ptr_id}）”"
    ]


def test_many_changes_are_cut_short():
    blocks = [block(str(n), f"<p>第{n}句话。</p>") for n in range(SENTENCES + 10)]
    said = told(article(), article(*blocks))
    assert len(said) == SENTENCES + 1 and said[-1] == "另有10处改动"


def test_a_book_is_compared_in_a_breath():
    def pair(size):
        old = [block(str(n), f"<p>{'荷塘的早晨。' * 50}</p>") for n in range(size)]
        new = [block(str(n), f"<p>{'荷塘的傍晚，' * 50}</p>") for n in range(size, 0, -1)]
        return article(*old), article(*new)

    assert_grows_linearly(pair, lambda texts: changes(*texts), 700)


def test_a_fixed_number_of_queries(django_assert_num_queries):
    others = [ArticleFactory() for _ in range(3)]

    def text(items):
        return article(
            *[block(str(n), {"article": o.pk}, "related_article") for n, o in enumerate(items)]
        )

    old, few, many = text([]), text(others[:1]), text(others)
    with django_assert_num_queries(2):  # the page, and its title
        changes(old, few)
    with django_assert_num_queries(2):
        changes(old, many)


# --- why reviews are asked again --------------------------------------------------------------


def reopened(people, article) -> AuditEntry:
    """Sent back after an approval, changed in between, and submitted again."""
    services.submit(people.editor, article)
    return AuditEntry.objects.get(action="article.reopen_reviews")


@pytest.fixture
def approved_once(people):
    cover = ImageFactory(alt_text="荷叶")
    article = ArticleFactory(writer=people.editor, title="菜市场的早晨", cover=cover)
    services.submit(people.editor, article)
    approve_by(article, people.reviewer_credible)
    services.send_back(people.reviewer_readable, running_step(article), "标题太长")
    return ArticlePage.objects.get(pk=article.pk)


def test_the_log_says_what_outgrew_the_approvals(people, approved_once):
    text = approved_once.get_latest_revision_as_object()
    text.title = "短标题"
    text.save_revision(user=people.editor)
    entry = reopened(people, approved_once)
    assert entry.detail == {"changes": ["标题：“菜市场的早晨”改为“短标题”"]}
    assert entry.detail_text == "改动：标题：“菜市场的早晨”改为“短标题”"


def test_the_log_says_so_too_when_a_picture_was_described_anew(people, approved_once):
    approved_once.cover.alt_text = "荷花"
    approved_once.cover.save()
    entry = reopened(people, approved_once)
    assert entry.detail == {"changes": ["文章用到的图片、附件或它们的说明在资料库里改过"]}


# --- laws -------------------------------------------------------------------------------------

TEXT = st.text(st.sampled_from("荷塘。，ab1<&\n"), max_size=8)
PARAGRAPH = st.builds(lambda text: ("paragraph", f"<p>{text}</p>"), TEXT)
MARKED = st.builds(lambda text: ("paragraph", f"<ul><li><b>{text}</b></li></ul>"), TEXT)
HEADING = st.builds(lambda text: ("subheading", text), TEXT)
QUOTATION = st.builds(
    lambda text, who: ("quotation", {"text": text, "speaker": who, "role": ""}), TEXT, TEXT
)
ITEMS = st.builds(
    lambda items, ordered: (
        "items",
        {
            "ordered": ordered,
            "items": [{"type": "item", "value": i, "id": str(n)} for n, i in enumerate(items)],
        },
    ),
    st.lists(TEXT, max_size=3),
    st.booleans(),
)
TABLES = st.builds(
    lambda rows: ("table", table(*rows)["value"]), st.lists(st.lists(TEXT, max_size=3), max_size=3)
)
BLOCK = st.tuples(
    st.one_of(PARAGRAPH, MARKED, HEADING, QUOTATION, ITEMS, TABLES),
    st.sampled_from(["", "a", "b", "c", "d"]),
)
BODY = st.lists(BLOCK, max_size=4)


def text_of(title: str, blocks: list) -> ArticlePage:
    numbers = count()
    return article(
        *[
            {"type": kind, "value": value, "id": name or f"new{next(numbers)}"}
            for (kind, value), name in blocks
        ],
        title=title,
    )


@given(TEXT, BODY, TEXT, BODY)
def test_no_change_exactly_when_the_digests_are_equal(title, blocks, other_title, others):
    old, new = text_of(title, blocks), text_of(other_title, others)
    found = changes(old, new)
    assert (found == []) is (old.content_digest == new.content_digest)
    assert all(sentence and "\n" not in sentence for sentence in sentences(found))


@given(TEXT, BODY)
def test_a_text_compared_with_itself(title, blocks):
    assert changes(text_of(title, blocks), text_of(title, blocks)) == []


@given(BODY, st.randoms(use_true_random=False))
def test_turning_the_order_round_adds_and_removes_nothing(blocks, chance):
    named = [(value, f"n{n}") for n, (value, _) in enumerate(blocks)]
    shuffled = chance.sample(named, len(named))
    assert {c.kind for c in changes(text_of("", named), text_of("", shuffled))} <= {Kind.MOVED}


@given(BODY, BODY)
def test_what_was_added_one_way_was_removed_the_other_way(blocks, others):
    old, new = text_of("", blocks), text_of("", others)
    there, back = changes(old, new), changes(new, old)

    def how_many(found, kind):
        return sum(change.kind is kind for change in found)

    assert how_many(there, Kind.ADDED) - how_many(there, Kind.REMOVED) == how_many(
        back, Kind.REMOVED
    ) - how_many(back, Kind.ADDED)
