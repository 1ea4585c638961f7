"""The small steps, case by case: bytes, ranks, movement, names, labels, spans of days."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.extract.contract import Movement, Period
from scrapers.extract.decoding import decode
from scrapers.extract.document import parse
from scrapers.extract.folding import fold
from scrapers.extract.headings import clean_name
from scrapers.extract.labels import grouped_label, parse_label
from scrapers.extract.measures import read_measures
from scrapers.extract.movement import class_kind, from_previous, in_words, parse_mark
from scrapers.extract.names import match_key, parse_name
from scrapers.extract.numerals import parse_numeral
from scrapers.extract.period_forms import bare_months, long_spans, months, spans
from scrapers.extract.ranks import expand, parse_rank
from scrapers.extract.sizes import size_in_heading, size_of_every_board, size_of_this_board
from scrapers.extract.verdict import verdict_of

TEXT = "在荷塘:镕喆彧㙓"


@pytest.mark.parametrize(
    ("data", "header", "charset", "conflict"),
    [
        (b"\xef\xbb\xbf" + TEXT.encode(), "", "utf-8", False),
        (b"\xef\xbb\xbf" + TEXT.encode(), "text/html; charset=gbk", "utf-8", True),
        (TEXT.encode(), "text/html; charset=UTF-8", "utf-8", False),
        (TEXT.encode(), "", "utf-8", False),
        (TEXT.encode("gb18030"), "", "gb18030", False),
        (b"<meta charset=gb2312>" + TEXT.encode("gb18030"), "text/html", "gb18030", False),
        (b"<meta charset=gb2312>" + TEXT.encode(), "text/html", "utf-8", True),
        (TEXT.encode("gb18030"), "text/html; charset=utf-8", "gb18030", True),
        (b"<meta charset=utf-8>" + TEXT.encode(), "text/html;charset=gbk", "utf-8", True),
        (b"<!--<meta charset=gbk>-->" + TEXT.encode(), "text/html", "utf-8", False),
        (b"plain", "text/html; charset=no-such", "utf-8", True),
    ],
)
def test_bytes_to_text(data, header, charset, conflict):
    decoded = decode(data, header)
    assert (decoded.charset, decoded.conflict) == (charset, conflict)
    assert TEXT in decoded.text or data == b"plain"


def test_a_cut_tail_does_not_turn_the_page_into_another_charset():
    data = b"<meta charset=utf-8>" + (TEXT * 40).encode()[:-1]
    assert TEXT in decode(data, "text/html; charset=utf-8").text


@pytest.mark.parametrize("header", ["", "text/html; charset=utf-8", "text/html; charset=gbk"])
def test_a_broken_character_in_long_utf8_stays_one_broken_character(header):
    data = (TEXT * 40).encode()
    decoded = decode(data[:500] + b"\xe6" + data[500:], header)
    assert decoded.charset == "utf-8"
    assert decoded.text.count("\ufffd") < 4


@given(st.binary(max_size=400), st.text(max_size=40))
def test_decoding_never_raises(data, header):
    assert isinstance(decode(data, header).text, str)


@pytest.mark.parametrize(
    "style",
    [
        "display:none",
        "display : NONE ;",
        "visibility:hidden",
        "opacity:0",
        "opacity: 0.0;",
        "font-size:0",
        "font-size:0px;color:red",
        "position:absolute;left:-9999px",
        "text-indent:-9999px",
        "margin-left:-2000px",
    ],
)
def test_what_a_reader_does_not_see_is_dropped(style):
    root = parse(f'<p>看得见<span style="{style}">看不见</span>尾巴</p>').root
    assert root.text_content().strip() == "看得见尾巴"


@pytest.mark.parametrize(
    "html",
    [
        '<style>@media print{.x{display:none}}</style><p class="x">正文</p>',
        '<p style="opacity:0.5;font-size:0.9em;left:-9px">正文</p>',
        '<div id="js_content" style="visibility:hidden;opacity:0">正文</div>',
    ],
)
def test_what_a_reader_sees_is_kept(html):
    assert "正文" in parse(html).root.text_content()


@pytest.mark.parametrize(
    "html",
    [
        '<style>.x,.y{color:red;display:none}</style><p class="a x">广告</p>',
        "<style>div.x{display:none}</style><div class='x'>广告</div>",
        "<p hidden>广告</p>",
        "<template>广告</template><noscript>广告</noscript><!-- 广告 -->",
    ],
)
def test_hidden_by_sheet_attribute_or_tag(html):
    assert "广告" not in parse(f"<body>正文{html}</body>").root.text_content()


RANKS = [
    "3",
    "03",
    "３",
    "第3名",
    "第三名",
    "第3",
    "第三",
    "NO.3",
    "No.3",
    "TOP3",
    "TOP 3",
    "③",
    "3、",
    "3.",
    "季军",
    "Top3",
    "（3）",
    "第３名",
    "3名",
]


@pytest.mark.parametrize("text", RANKS)
def test_every_form_of_rank_three(text):
    assert parse_rank(text).value == 3


@pytest.mark.parametrize(
    ("text", "value"), [("冠军", 1), ("亚军", 2), ("㊿", 50), ("一百二十", None)]
)
def test_other_ranks(text, value):
    rank = parse_rank(text)
    assert (rank.value if rank else None) == value


@pytest.mark.parametrize("text", ["", "注：本期", "在荷塘", "合计", "3.5", "0", "199999", "1/8"])
def test_no_rank(text):
    assert parse_rank(text) is None


def test_marks_beside_a_rank():
    assert parse_rank("5(+2)").movement == Movement("up", 2)
    assert parse_rank("3（并列）").tied


@pytest.mark.parametrize(
    ("text", "ranks"),
    [
        ("第三、四、五名", [3, 4, 5]),
        ("三、四、五名", [3, 4, 5]),
        ("第三至五名", [3, 4, 5]),
        ("第三到第五名", [3, 4, 5]),
        ("第四至第十名", [4, 5, 6, 7, 8, 9, 10]),
        ("前五名", [1, 2, 3, 4, 5]),
        ("第6到8名", [6, 7, 8]),
        ("亚军", [2]),
        ("第十二名", [12]),
    ],
)
def test_rank_expressions(text, ranks):
    assert expand(text) == ranks


@pytest.mark.parametrize(
    ("text", "number"),
    [("十", 10), ("十二", 12), ("二十", 20), ("一百二十", 120), ("二〇", 20), ("两", 2), ("⑫", 12)],
)
def test_numerals(text, number):
    assert parse_numeral(text) == number


@pytest.mark.parametrize(
    ("marks", "kind", "places"),
    [
        ("↑2 ▲2 +2 (+2) 升2 上升2位", "up", 2),
        ("↓1 ▼1 -1 (-1) 降1 下降1位", "down", 1),
        ("— - → 0 (0) 不变 保持不变 排名不变 持平 蝉联 卫冕 不變", "same", 0),
        ("新 (新) NEW new 新上榜 新晋 新晉 首次上榜 首次登榜", "new", None),
        ("重返 重回", "back", None),
    ],
)
def test_marks(marks, kind, places):
    for mark in marks.split():
        assert parse_mark(mark) == Movement(kind, places), mark


@pytest.mark.parametrize(
    ("text", "movement"),
    [
        ("由上月第八跃升至第四名", Movement("up", 4)),
        ("由上期榜首降至第六", Movement("down", 5)),
        ("从第15名升至第2名", Movement("up", 13)),
        ("较上期上升2位，", Movement("up", 2)),
        ("保持第六不变", Movement("same", 0)),
        ("首次登榜，获第三名", Movement("new", None)),
        ("重返榜单，位居第七", Movement("back", None)),
        ("稳居榜首", None),
        ("领跑全省", None),
        ("重返榜首", None),
    ],
)
def test_movement_in_words(text, movement):
    assert in_words(text) == movement


def test_movement_from_classes_and_previous_ranks():
    assert [class_kind(name) for name in ("mv up", "is-down", "icon_flat", "new", "update")] == [
        "up",
        "down",
        "same",
        "new",
        None,
    ]
    assert from_previous(5, 3) == Movement("up", 2)
    assert from_previous(None, 3) == Movement("new", None)


@pytest.mark.parametrize(
    ("text", "second", "account", "wechat_id", "unit"),
    [
        ("“在荷塘”", "", "在荷塘", None, None),
        ("@在荷塘", "", "在荷塘", None, None),
        ("在荷塘(zaihetang)", "", "在荷塘", "zaihetang", None),
        ("在荷塘（微信号:zaihetang）", "", "在荷塘", "zaihetang", None),
        ("在荷塘", "zaihetang", "在荷塘", "zaihetang", None),
        ("在荷塘（荷塘区委宣传部）", "", "在荷塘", None, "荷塘区委宣传部"),
        ("「在荷塘」（并列）", "", "在荷塘", None, None),
        ("在\u200b荷\u00a0塘", "", "在荷塘", None, None),
        ("12345热线", "", "12345热线", None, None),
    ],
)
def test_names(text, second, account, wechat_id, unit):
    name = parse_name(text, second)
    assert (name.account, name.wechat_id, name.unit) == (account, wechat_id, unit)


def test_names_that_differ_stay_apart():
    assert len({match_key(name) for name in ("在荷塘", "荷塘融媒", "荷塘发布", "在株洲")}) == 4
    assert match_key("“在 荷塘”") == match_key("@在荷塘")


@pytest.mark.parametrize(
    ("text", "key", "factor"),
    [
        ("公众号(微信号)", "account", 1),
        ("总阅读数(次)", "reads", 1),
        ("阅读总数(万)", "reads", 10000),
        ("阅读总数（万次）", "reads", 10000),
        ("微信传播指数(WCI)", "index", 1),
        ("閱讀總數", "reads", 1),
        ("最大\n阅读数", "max_reads", 1),
        ("发布(次/篇)", "posts/articles", 1),
        ("10W+", "ignored", 1),
        ("点赞率", "ignored", 1),
    ],
)
def test_labels(text, key, factor):
    label = parse_label(text)
    assert (label.key, label.factor) == (key, factor)


def test_the_lowest_label_counts_unless_the_group_is_the_past():
    assert grouped_label("微信公众号", "名称").key == "account"
    assert grouped_label("阅读", "总数").key == "reads"
    assert grouped_label("上期", "排名").key == "previous"
    assert grouped_label("上期", "WCI").key == "ignored"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (
            "以74篇文章、612408阅读量、5310在看量，获得WCI指数1092",
            {"articles": 74, "reads": 612408, "looks": 5310, "index": 1092},
        ),
        (
            "发文 63篇 阅读 71.8万 在看 2,306 WCI 1033.6",
            {"articles": 63, "reads": 718000, "looks": 2306, "index": 1033.6},
        ),
        ("发布28次136篇，点赞率0.34%", {"posts": 28, "articles": 136}),
        ("其中2篇10万+，总阅读数22万", {}),
        ("位列第3名，2021年5月", {}),
    ],
)
def test_values_in_text(text, values):
    assert {k: f.value for k, f in read_measures(text, "account").values.items()} == values


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("11月1日——11月30日", date(2017, 11, 1), date(2017, 11, 30)),
        ("12月1日-31日", date(2017, 12, 1), date(2017, 12, 31)),
        ("2022年07月01日-07月31日", date(2022, 7, 1), date(2022, 7, 31)),
        ("20190801-20190831", date(2019, 8, 1), date(2019, 8, 31)),
        ("(12.3-12.9)", date(2017, 12, 3), date(2017, 12, 9)),
        ("(2016.5.1-2016.5.7)", date(2016, 5, 1), date(2016, 5, 7)),
        ("2018-06-03 至 2018-06-09", date(2018, 6, 3), date(2018, 6, 9)),
        ("2018年4月8日0时至4月14日24时", date(2018, 4, 8), date(2018, 4, 14)),
        ("12月30日至1月5日", date(2017, 12, 30), date(2018, 1, 5)),
    ],
)
def test_spans(text, start, end):
    (span,) = spans(text)
    assert span.dates(2017) == (start, end)


def test_quarters_and_months():
    (span,) = long_spans("2021年第二季度")
    assert span.dates(0) == (date(2021, 4, 1), date(2021, 6, 30))
    assert [(m.year, m.month) for m in months("2018年9月 2018-09 201809")] == [(2018, 9)] * 3
    assert [m.month for m in bare_months("8月榜")] == [8]
    assert not list(months("2018年9月12日")) and not list(bare_months("12月上旬"))


@pytest.mark.parametrize(
    ("start", "end", "kind"),
    [
        (date(2019, 2, 1), date(2019, 2, 28), "month"),
        (date(2019, 3, 31), date(2019, 4, 6), "week"),
        (date(2019, 3, 1), date(2019, 3, 1), "day"),
        (date(2019, 1, 1), date(2019, 3, 31), "custom"),
        (date(2019, 1, 2), date(2019, 1, 31), "custom"),
    ],
)
def test_kinds_of_period(start, end, kind):
    assert Period(start, end).kind == kind


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("一、县市区融媒体中心微信榜", "县市区融媒体中心微信榜"),
        ("（一）县级榜：", "县级榜"),
        ("1.县级榜", "县级榜"),
        ("图1 县级榜TOP20", "县级榜TOP20"),
        ("圖1 縣級榜TOP20", "縣級榜TOP20"),
        ("２．县级榜", "县级榜"),
        ("▼ 【县级榜】", "县级榜"),
        ("2019年3月县级榜", "2019年3月县级榜"),
        ("县级榜 TOP10（前十名）", "县级榜 TOP10（前十名）"),
    ],
)
def test_board_names(printed, name):
    assert clean_name(printed) == name


def test_list_sizes():
    for heading, size in (
        ("TOP20", 20),
        ("前十名", 10),
        ("120强", 120),
        ("十大热文", 10),
        ("榜", None),
    ):
        assert size_in_heading(heading) == size
    assert size_of_every_board(["三榜各公布前20名。"]) == 20
    assert size_of_this_board(["下表列出前十五名。"]) == 15
    assert size_of_every_board(["共监测公众号176个，本期前10名公众号中"]) is None


def test_verdicts_follow_the_flags():
    assert verdict_of([]) == "ok"
    assert verdict_of(["period_year_inferred", "charset_conflict"]) == "ok"
    assert verdict_of(["picture_only", "charset_conflict"]) == "needs_transcription"
    assert verdict_of(["picture_only", "band_mismatch"]) == "review"
    assert verdict_of(["page_failed", "odd_grouping"]) == "failed"


@given(st.text(max_size=60))
def test_folding_keeps_the_length(text):
    assert len(fold(text)) == len(text)
