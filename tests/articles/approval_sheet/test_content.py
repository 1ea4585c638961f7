"""The words of a 发布审批单, over plain values."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from articles.approval_sheet.content import (
    OPEN,
    Answer,
    Fact,
    Note,
    Opinion,
    Sheet,
    Source,
    Urgent,
    file_name,
    heading,
    rows,
)
from articles.review.stages import Dimension

AT = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)  # 08:30 in Shanghai


def opinion(dimension: str, **changes) -> Opinion:
    return replace(
        Opinion(dimension, f"{Dimension(dimension).label}审核人", AT, "同意。"), **changes
    )


CREDIBLE = opinion(
    "credible",
    slips=2,
    answers=[
        Answer("数字核对过吗？", "yes"),
        Answer("有没有涉密内容？已查", "yes", "查过目录", is_secrecy=True),
        Answer("链接能打开吗？", "na", "没有链接"),
    ],
    facts=[
        Fact("12户", "株洲日报", checked=True),
        Fact("张某", "株洲日报", checked=True),
        Fact("1号", false_find=True),
    ],
)
THREE = (
    CREDIBLE,
    opinion("readable", slips=0, deputy_for="周可读", person="吴敏"),
    opinion("approachable", slips=1),
)
DONE = Sheet(
    title="楼道灯亮了",
    kind="故事",
    column="身边事",
    author="区融媒体中心",
    writers=["林编辑", "王编辑"],
    editor_in_charge="值班编辑",
    number=3,
    saved_at=AT,
    digest="ab" * 32,
    sources=[Source("株洲日报", "https://example.com/1", date(2026, 11, 20)), Source("居委会")],
    opinions=THREE,
    address="https://example.com/a/1/",
    published_at=AT,
    published_by="郑发布",
)
DRAFT = replace(DONE, opinions=(), published_at=None, published_by="", sources=())


def fields(sheet: Sheet) -> dict[str, str]:
    return {
        cell.label: "\n".join([*cell.lines, *([cell.signed] if cell.signed else [])])
        for row in rows(sheet)
        for cell in row
    }


def gaps(sheet: Sheet) -> set[str]:
    return {cell.label for row in rows(sheet) for cell in row if cell.is_open}


def test_a_finished_sheet_says_everything():
    assert fields(DONE) == {
        "标题": "楼道灯亮了",
        "体裁": "故事",
        "栏目": "身边事",
        "署名": "区融媒体中心",
        "撰稿": "林编辑、王编辑",
        "责任编辑": "值班编辑",
        "版本": "第3稿\n2026年11月23日 08:30保存",
        "信源": "1．株洲日报（2026年11月20日）　https://example.com/1\n2．居委会",
        "可信审核": "同意。\n审核清单3项：是2，不适用1。\n链接能打开吗？　不适用（没有链接）\n"
        "可信审核人　2026年11月23日 08:30",
        "可读审核": "同意。\n吴敏（代周可读）　2026年11月23日 08:30",
        "可亲审核": "同意。\n可亲审核人　2026年11月23日 08:30",
        "事实核对": "列出3项，已核对2项，不是事实1项\n核对依据：株洲日报",
        "保密审查": "有没有涉密内容？已查　是（查过目录）——可信审核人　2026年11月23日 08:30",
        "校对": "可信校出差错2处，可读校出差错0处，可亲校出差错1处，共3处",
        "发布渠道": "网页镜像　https://example.com/a/1/",
        "定时": "没有定时",
        "发布时间": "2026年11月23日 08:30\n郑发布",
        "内容摘要值": "ab" * 32,
    }
    assert gaps(DONE) == set()
    assert DONE.is_complete and heading(DONE) == ["三审已完成，已发布。"]


def test_a_draft_says_what_lacks_in_every_place_and_signs_nothing():
    assert gaps(DRAFT) == {
        "信源",
        "可信审核",
        "可读审核",
        "可亲审核",
        "事实核对",
        "保密审查",
        "校对",
        "发布渠道",
        "发布时间",
    }
    said = fields(DRAFT)
    assert all(said[label] == OPEN for label in gaps(DRAFT) - {"信源"})
    assert not any(cell.signed for row in rows(DRAFT) for cell in row)
    assert heading(DRAFT) == ["未完成：还差可信、可读、可亲审核。"]


def test_a_text_on_its_way_shows_what_is_given_and_what_lacks():
    half = replace(DRAFT, opinions=THREE[:1])
    assert gaps(half) >= {"可读审核", "可亲审核", "校对", "发布时间"}
    assert fields(half)["校对"] == "可信校出差错2处；可读、可亲未完成"
    assert heading(half) == ["未完成：还差可读、可亲审核。"]
    ready = replace(DRAFT, opinions=THREE)
    assert heading(ready) == ["未完成：三审已通过，还没有发布。"]
    assert not ready.is_complete


def test_urgent_release_with_and_without_its_reviews():
    urgent = Urgent("暴雨红色预警", "郑发布", AT, "周可亲", AT, AT, "已特急发布，待补审")
    open_ = replace(DONE, opinions=(), urgent=urgent)
    assert heading(open_) == ["特急发布，三审未补完：还差可信、可读、可亲审核。"]
    assert fields(open_)["特急发布"].splitlines() == [
        "理由：暴雨红色预警",
        "发起：郑发布　2026年11月23日 08:30",
        "第二人同意：周可亲　2026年11月23日 08:30",
        "补审截止：2026年11月23日 08:30；现在：已特急发布，待补审",
    ]
    assert heading(replace(open_, opinions=THREE)) == ["三审已完成，已发布。"]


def test_what_came_after_publication_stands_on_it():
    after = replace(
        DONE,
        corrections=[Note("应为12户。已在微信改正。", "林编辑提出，周可亲确认", AT)],
        withdrawals=[Note("内容有误：数字错", "郑发布", AT)],
    )
    assert fields(after)["更正"].startswith("应为12户。已在微信改正。（林编辑提出")
    assert fields(after)["撤稿"] == "内容有误：数字错（郑发布　2026年11月23日 08:30）"
    assert "本文有撤稿记录，见下。" in heading(after)


def test_an_older_draft_says_that_it_is_not_the_latest():
    assert heading(replace(DONE, newer=5))[1] == (
        "这是第3稿，不是最新的一稿（第5稿）。本单只说这一稿。"
    )


def test_an_import_pretends_no_review():
    past = replace(
        DONE, opinions=(), is_imported=True, original_address="https://mp.weixin.qq.com/s/1"
    )
    assert "没有经过本系统的三审" in heading(past)[0]
    assert fields(past)["可信审核"] == "历史导入，未经本系统审核"
    assert fields(past)["发布渠道"].startswith("微信公众号（历史）　https://mp.weixin.qq.com/s/1")
    assert not any(cell.signed for row in rows(past) for cell in row)


def test_machine_made_text_is_marked():
    assert "人工智能" in fields(replace(DONE, is_machine_made=True))["标明"]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("楼道灯亮了", "发布审批单-楼道灯亮了-2026-11-23.docx"),
        ('a/b\\c:*?"<>|d\u202ee\n', "发布审批单-abcde-2026-11-23.docx"),
        ("..", "发布审批单-无题-2026-11-23.docx"),
        ("长" * 200, f"发布审批单-{'长' * 40}-2026-11-23.docx"),
    ],
    ids=["plain", "forbidden", "dots", "long"],
)
def test_the_name_of_the_file(title, name):
    assert file_name(replace(DONE, title=title), date(2026, 11, 23)) == name
