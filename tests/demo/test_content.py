"""The demo's written content, pictures and example board, checked as plain data."""

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from articles.models.column_types import ColumnType, keyword_list
from demo import content
from demo.content import pictures

CONTENT = Path(content.__file__).parent
COLUMN_FILES = sorted((CONTENT / "articles").glob("*.json"))
COLUMNS = [json.loads(path.read_text("utf-8")) for path in COLUMN_FILES]
ARTICLES: list[dict[str, Any]] = [a for column in COLUMNS for a in column["articles"]]
UNFINISHED: list[dict[str, Any]] = json.loads((CONTENT / "workbench.json").read_text("utf-8"))[
    "articles"
]
EVERYTHING = ARTICLES + UNFINISHED
BY_KEY = {article["key"]: article for article in ARTICLES}

PAPER = "株洲当地报纸"
PAPER_DATE = "2019-09-17"
PAPER_TEXT = "2019年9月17日株洲当地报纸"
KINDS = {"news", "notice", "explainer", "story"}
STATES = {"draft", "credible", "readable", "approachable", "ready", "scheduled"}
DRAFT_WITH_SLIPS = "wb-group-figures"

ARTICLE_FIELDS = {
    "key", "column", "title", "digest", "kind", "author", "editor", "date", "tags", "sources",
    "cover", "blocks",
}  # fmt: skip
BLOCK_FIELDS = {
    "paragraph": {"html"},
    "subheading": {"text"},
    "image": {"picture", "alt", "caption"},
    "gallery": {"pictures"},
    "quotation": {"text", "speaker", "role"},
    "figure": {"label", "value", "unit", "source", "date"},
    "service_card": {"title", "time", "place", "phone", "materials"},
    "list": {"ordered", "items"},
    "table": {"header", "rows", "caption"},
    "divider": set(),
    "attachment": {"title"},
    "related": {"key"},
    "ranking_fact": {"board", "account"},
}
HOTLINES = {"12345", "110", "119", "120"}
WEEKDAYS = "一二三四五六日"


def by_key(article: dict[str, Any]) -> str:
    return article["key"]


def blocks(article: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [block["value"] for block in article["blocks"] if block["type"] == kind]


def texts(article: dict[str, Any]) -> Iterator[str]:
    """Every piece of text a reader sees, paragraph by paragraph."""
    yield article["title"]
    yield article["digest"]
    for block in article["blocks"]:
        value = block["value"]
        match block["type"]:
            case "paragraph":
                for inner in re.findall(r"<p>(.*?)</p>", value["html"]):
                    yield re.sub(r"<[^>]+>", "", inner)
            case "list":
                yield from value["items"]
            case "table":
                yield value["caption"]
                yield from value["header"]
                for row in value["rows"]:
                    yield from row
            case "gallery":
                for picture in value["pictures"]:
                    yield picture["alt"]
                    yield picture["caption"]
            case "related" | "ranking_fact":
                pass
            case _:
                yield from value.values()


def body_length(article: dict[str, Any]) -> int:
    return sum(len(text) for text in texts(article))


# Columns and articles


def test_six_columns_with_about_sixty_articles():
    assert len(COLUMNS) == 6
    assert 55 <= len(ARTICLES) <= 72
    keys = [column["column"]["key"] for column in COLUMNS]
    assert sorted(column["column"]["order"] for column in COLUMNS) == [1, 2, 3, 4, 5, 6]
    for path, column in zip(COLUMN_FILES, COLUMNS, strict=True):
        head = column["column"]
        assert set(head) == {"key", "name", "description", "keywords", "column_type", "order"}
        assert head["column_type"] in dict(ColumnType.below_home())
        assert keyword_list(head["keywords"]) == head["keywords"] != ""
        assert path.stem == head["key"]
        assert re.fullmatch(r"[a-z][a-z0-9-]*", head["key"])
        assert 4 <= len(head["name"]) <= 8
        assert head["description"].endswith("。") and head["description"].count("。") == 1
        assert len(column["articles"]) >= 8
        assert all(article["column"] == head["key"] for article in column["articles"])
    assert {article["column"] for article in UNFINISHED} <= set(keys)


def test_keys_titles_and_minutes_are_unique():
    for field in ("key", "title", "date"):
        counts = Counter(article[field] for article in EVERYTHING)
        assert [value for value, n in counts.items() if n > 1] == []


def test_dates_are_spread_over_the_year_and_close_in_september():
    days = [dt.date.fromisoformat(article["date"][:10]) for article in ARTICLES]
    assert min(days) >= dt.date(2018, 11, 1)
    assert max(days) <= dt.date(2019, 11, 20)
    months = Counter((day.year, day.month) for day in days)
    assert len(months) == 13
    assert max(months, key=months.__getitem__) == (2019, 9)
    last_fortnight = [day for day in days if dt.date(2019, 9, 17) <= day <= dt.date(2019, 9, 30)]
    assert len(last_fortnight) >= 10


def test_lengths_vary_from_a_minute_to_a_long_read():
    lengths = sorted(body_length(article) for article in ARTICLES)
    assert lengths[0] >= 250
    assert lengths[-1] <= 1500
    assert sum(length > 900 for length in lengths) >= 3


def test_digests_are_mostly_short():
    assert sum(len(article["digest"]) <= 54 for article in EVERYTHING) >= 0.9 * len(EVERYTHING)


@pytest.mark.parametrize("article", EVERYTHING, ids=by_key)
class TestArticle:
    def test_fields(self, article):
        extra = {"state"} if article in UNFINISHED else set()
        assert set(article) == ARTICLE_FIELDS | extra
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", article["key"])
        assert article["kind"] in KINDS
        assert 4 <= len(article["title"]) <= 30
        assert 8 <= len(article["digest"]) <= 120
        assert article["author"] and article["editor"]
        assert article["tags"] and len(article["tags"]) == len(set(article["tags"]))
        assert article["cover"] in pictures.PICTURES
        moment = dt.datetime.fromisoformat(article["date"])
        assert moment.utcoffset() == dt.timedelta(hours=8)

    def test_blocks_are_known_and_whole(self, article):
        for block in article["blocks"]:
            assert set(block) == {"type", "value"}
            assert set(block["value"]) == BLOCK_FIELDS[block["type"]]
        for paragraph in blocks(article, "paragraph"):
            assert set(re.findall(r"</?([a-z0-9]+)", paragraph["html"])) <= {
                "p", "b", "i", "a", "ul", "ol", "li", "br",
            }  # fmt: skip
            assert paragraph["html"].startswith("<p>") and paragraph["html"].endswith("</p>")
            assert paragraph["html"].count("<p>") == paragraph["html"].count("</p>")
        for quotation in blocks(article, "quotation"):
            assert quotation["text"] and quotation["speaker"]
        for figure in blocks(article, "figure"):
            assert figure["label"] and figure["value"] and figure["source"]
            dt.date.fromisoformat(figure["date"])
        for listing in blocks(article, "list"):
            assert len(listing["items"]) >= 2 and all(listing["items"])
        for table in blocks(article, "table"):
            assert {len(row) for row in table["rows"]} == {len(table["header"])}
        for picture in [
            *blocks(article, "image"),
            *(p for gallery in blocks(article, "gallery") for p in gallery["pictures"]),
        ]:
            assert picture["picture"] in pictures.PICTURES
            assert picture["alt"]
        for gallery in blocks(article, "gallery"):
            assert len(gallery["pictures"]) >= 2

    def test_links_lead_to_earlier_published_articles(self, article):
        for related in blocks(article, "related"):
            target = BY_KEY[related["key"]]
            assert target["key"] != article["key"]
            assert target["date"] < article["date"]

    def test_ranking_facts_name_the_real_board_and_our_account(self, article):
        for fact in blocks(article, "ranking_fact"):
            assert fact == {"board": "county", "account": "zaihetang"}

    def test_sources_exist_and_are_not_from_the_future(self, article):
        if article["kind"] in {"news", "explainer"}:
            assert article["sources"]
        for source in article["sources"]:
            assert set(source) == {"name", "url", "date"}
            assert source["name"]
            assert source["date"] <= article["date"][:10]
        if "当地报纸" in "".join(texts(article)):
            assert {(s["name"], s["date"]) for s in article["sources"]} >= {(PAPER, PAPER_DATE)}

    def test_weekdays_fit_their_dates(self, article):
        body = "\n".join(texts(article))
        pattern = r"(\d{4})年(\d{1,2})月(\d{1,2})日[（，]星期([一二三四五六日])"
        for year, month, day, weekday in re.findall(pattern, body):
            moment = dt.date(int(year), int(month), int(day))
            assert WEEKDAYS[moment.weekday()] == weekday

    def test_nothing_private_and_no_invented_number_to_call(self, article):
        body = "\n".join(texts(article))
        assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", body)
        assert not re.search(r"(?<!\d)0\d{2,3}-?\d{7,8}(?!\d)", body)
        assert not re.search(r"\d{15,}", body)
        # A surname with a title of address, or a speech verb after a full name, is a person.
        people = r"[张王李刘陈杨赵黄周吴徐孙胡朱高林何郭马罗](?:先生|女士|师傅|大爷|阿姨|大妈|某)"
        assert not re.search(people, body)
        for card in blocks(article, "service_card"):
            assert set(re.findall(r"\d{3,}", card["phone"])) <= HOTLINES

    def test_reads_easily(self, article):
        for text in texts(article):
            assert len(text) <= 200
            assert all(len(sentence) <= 80 for sentence in re.split(r"[。！？]", text))
            assert not re.search(r"[\u4e00-\u9fff][,;:!?]|[,;:!?][\u4e00-\u9fff]", text)
            assert "。。" not in text and "，，" not in text
        if body_length(article) > 800:
            assert blocks(article, "subheading")

    def test_plain_words(self, article):
        body = "".join(texts(article))
        for phrase in (
            "高度重视",
            "切实",
            "狠抓",
            "压实责任",
            "再上新台阶",
            "扎实推进",
            "守正创新",
        ):
            assert phrase not in body

    def test_the_record_is_always_told_as_reported(self, article):
        body = "\n".join(texts(article))
        for text in texts(article):
            if "连续24个月" in text:
                assert "报" in text
        if "连续24个月" in body:
            assert f"据{PAPER_TEXT}报道" in body.replace("（星期二）", "")
            assert article["date"] >= PAPER_DATE
        assert "全国第一" not in body and "全省首个" not in body


def test_a_notice_says_when_where_and_whom_to_call():
    notices = [article for article in EVERYTHING if article["kind"] == "notice"]
    assert len(notices) >= 3
    for notice in notices:
        (card,) = blocks(notice, "service_card")
        assert card["time"] and card["place"] and card["phone"]


def test_every_block_type_appears_several_times():
    counts = Counter(block["type"] for article in ARTICLES for block in article["blocks"])
    assert set(counts) == set(BLOCK_FIELDS)
    assert counts["attachment"] == 2
    assert 2 <= counts["ranking_fact"] <= 3
    for kind in set(BLOCK_FIELDS) - {"attachment", "ranking_fact"}:
        assert counts[kind] >= 3


def test_every_subject_of_the_fact_sheet_is_told():
    body = "\n".join(text for article in ARTICLES for text in texts(article))
    for fact in (
        "2016年1月", "5,200多件", "2,160", "613", "754", "287户", "235", "116个", "82个", "51个",
        "金钩花园", "晏家湾社区", "芙蓉社区", "月桂社区", "近邻帮", "智慧荷塘", "以奖代补",
    ):  # fmt: skip
        assert fact in body


def test_impossible_figures_are_only_shown_as_doubtful():
    for article in ARTICLES:
        body = "".join(texts(article))
        if "28,722" in body or "158万" in body:
            assert article["key"] == "two-doubtful-numbers"
            assert "存疑" in body


def test_sums_told_in_the_text_are_right():
    both = "".join(texts(BY_KEY["first-batch"]))
    city, country = (
        int(re.search(pattern, both)[1]) for pattern in (r"城市项目(\d+)个", r"乡村项目(\d+)个")
    )
    assert f"一共{city + country}个" in both

    (accounts,) = blocks(BY_KEY["open-the-accounts"], "table")
    before, income, spent, after = (int(row[1]) for row in accounts["rows"])
    assert before + income - spent == after
    households, share = map(int, re.findall(r"\d+", accounts["rows"][1][2]))
    assert households * share == income
    assert sum(map(int, re.findall(r"\d+", accounts["rows"][2][2]))) == spent

    (doubtful,) = blocks(BY_KEY["two-doubtful-numbers"], "table")
    for members, total, _ in doubtful["rows"]:
        people = float(members.removesuffix("万"))
        assert round(people / 0.502) == int(total.removesuffix("万"))


# Unfinished work


def test_the_workbench_shows_every_state():
    assert len(UNFINISHED) == 15
    assert {article["state"] for article in UNFINISHED} == STATES


def test_one_draft_holds_the_slips_a_reviewer_should_find():
    (draft,) = (article for article in UNFINISHED if article["key"] == DRAFT_WITH_SLIPS)
    assert draft["state"] == "draft"
    body = "".join(texts(draft))
    for slip in ("一推遗留问题", "158万人", "50.2%", "28,722万"):
        assert slip in body
    for other in UNFINISHED:
        if other is not draft:
            assert "158万" not in "".join(texts(other))


# Pictures
