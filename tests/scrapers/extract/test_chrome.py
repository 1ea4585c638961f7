"""Charts of headlines, links and comments inside the text, and the boards they stand beside."""

from __future__ import annotations

import pytest

from scrapers.extract.chrome import are_headlines, names_chrome, names_links
from tests.scrapers.extract.pages import read, rows_of

HEADLINES = ["夜市下周开张", "老街拆迁公告", "中考体育评分标准有调整", "樱花大道进入盛花期"]
SHORT = ["雨湖夜市", "花市攻略", "元旦轮渡", "寒潮预警"]
ONE, TWO = ["在荷塘", "掌上攸县", "茶陵融媒"], ["株洲公安", "株洲交警", "株洲消防"]


def numbered(names: list[str], form: str) -> str:
    """One piece of HTML for each name; ``form`` holds ``{n}``, ``{name}`` and ``{hits}``."""
    return "".join(
        form.format(n=n, name=name, hits=9000 - 7 * n) for n, name in enumerate(names, 1)
    )


def table(names: list[str]) -> str:
    lines = numbered(names, "<tr><td>{n}<td>{name}<td>{hits}")
    return f"<table><tr><td>排名<td>公众号<td>总阅读数{lines}</table>"


def told(names: list[str]) -> str:
    first, second, third = names
    return f"<p>“{first}”蝉联榜首，“{second}”位居第二。第三名是“{third}”。</p>"


PICTURE = "<p><img src=/a/1.png width=600 height=900></p>"
LINES = "<p>{n}、{name}：发布{n}篇，阅读总数{hits}</p>"
BOARDS = {
    "sentences": (f"<h3>县级榜</h3>{told(ONE)}", f"<h3>市直榜</h3>{told(TWO)}"),
    "bold": (f"<p><b>一、县级账号</b></p>{told(ONE)}", f"<p><b>二、部门榜</b></p>{told(TWO)}"),
    "lead-in": (
        told(ONE).replace("<p>", "<p><b>县级榜：</b>"),
        told(TWO).replace("<p>", "<p>【市直榜】"),
    ),
    "tables": (f"<h3>县级榜</h3>{table(ONE)}", f"<h3>市直榜</h3>{table(TWO)}"),
    "lines": (
        f"<b>县级榜</b>{numbered(ONE, LINES)}",
        f"<b>市直榜</b>{numbered(TWO, LINES)}",
    ),
    "pictures": (f"<h3>县级榜TOP20</h3>{PICTURE}", f"<h3>市直榜TOP20</h3>{PICTURE}{told(TWO)}"),
    "names": (
        f"<h3>县级榜</h3><ol>{numbered(ONE, '<li>{name}</li>')}</ol>",
        f"<h3>市直榜</h3><ol>{numbered(TWO, '<li>{name}</li>')}</ol>",
    ),
}
ITEMS = "<li><i>{n}</i><a href=/{n}>{name}</a></li>"
CHARTS = {
    "br": "<b>热门点击</b><br>" + numbered(HEADLINES, "{n}、<a>{name}</a>({hits})<br>"),
    "more": "<div><span>今日热点</span><a>更多&gt;&gt;</a></div>" + numbered(SHORT, ITEMS),
    "dl": f"<dl><dt>热点排行</dt>{numbered(HEADLINES, '<dd>{n}.{name}</dd>')}</dl>",
    "short": f"<h3>周热榜</h3><ul>{numbered(SHORT, ITEMS)}</ul>",
    "headless": f"<ul>{numbered(HEADLINES, ITEMS)}</ul>",
    "headless hits": numbered(HEADLINES, "<p>{n} {name} {hits}</p>"),
    "headless reads": numbered(HEADLINES, "<p>{n}. {name} 阅读 {hits}</p>"),
    "plain": f"<p>往期回顾</p>{numbered(HEADLINES, '<p>{n}. {name}</p>')}",
    "unknown": f"<div>要闻速递</div><ul>{numbered(SHORT, ITEMS)}</ul>",
    "accounts": "<h3>热搜账号</h3>" + numbered(["株洲晚报", "天元发布"], "<p>{n} {name}</p>"),
    "week": "<b>本周排行</b>" + numbered(SHORT, "<p>{n}. {name}</p>"),
    "inline": "<p>推荐阅读：①夜市开张②老街拆迁③地铁试运行</p>",
    "contents": "<p>本期目录</p><p>1. 县级榜</p><p>2. 市直榜</p><p>3. 高校榜</p>",
    "earlier": "<h4>上月榜单TOP2</h4>"
    + numbered(["株洲晚报", "天元发布"], "<p>{n} {name} {hits}</p>"),
    "films": "<h4>单日票房</h4><table><tr><td>排名<td>名称<td>票房<tr><td>1<td>海岸线<td>3120万"
    "<tr><td>2<td>风起时<td>66万</table>",
    "points": "<h4>积分榜</h4><table><tr><td>排名<td>名称<td>总分<tr><td>1<td>甲队<td>31"
    "<tr><td>2<td>乙队<td>18</table>",
    "songs": "<h3>金曲排行榜</h3><ol><li>荷塘月色</li><li>平凡之路</li></ol>",
    "books": "<h3>新书推荐</h3><p>1.《平凡的世界》（路遥）</p><p>2.《活着》（余华）</p>",
    "steps": "<h3>如何查看榜单</h3><ol><li>打开微信</li><li>搜索公众号</li></ol>",
    "comments": "<h4>网友评论（28）</h4><p>“甲号”应该第一名。</p>",
}


def seen(body: str) -> tuple:
    answer = read(body)
    boards = [
        (board.name, board.needs_transcription, rows_of(answer, at))
        for at, board in enumerate(answer.boards)
    ]
    return answer.verdict, boards


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
@pytest.mark.parametrize("board", BOARDS.values(), ids=BOARDS)
def test_a_chart_within_the_text_changes_nothing(board, chart):
    one, two = board
    alone = seen(one + two)
    assert alone[0] in ("ok", "needs_transcription")
    assert len(alone[1]) == 2
    for page in (chart + one + two, one + chart + two, f"{one}{two}<div>{chart}</div><p>编辑：甲"):
        assert seen(page) == alone


def test_the_text_goes_on_behind_a_chart():
    chart = f"<div>推荐阅读<ol>{numbered(HEADLINES, '<li><a>{name}</a></li>')}</ol></div>"
    for board in (told(ONE), table(ONE)):
        assert seen(f"<h3>县级榜</h3>{chart}{board}") == seen(f"<h3>县级榜</h3>{board}")
    assert seen(f"<h3>县级榜</h3>{chart}{PICTURE}")[0] == "needs_transcription"


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("<h3>本月榜单</h3><ol><li>在荷塘</li><li>掌上攸县</li></ol>", "本月榜单"),
        ("<h3>排行榜</h3><p>括号内为WCI</p><p>1. 在荷塘(899)</p><p>2. 掌上攸县(898)</p>", "排行榜"),
        ("<h3>阅读排行</h3><p>1、在荷塘 总阅读数900</p><p>2、掌上攸县 总阅读数80</p>", "阅读排行"),
        ("<h3>县级人气榜</h3><ol><li>在荷塘</li><li>掌上攸县</li></ol>", "县级人气榜"),
        ("<h3>县级榜</h3><ol><li><a>在荷塘</a></li><li><a>掌上攸县</a></li></ol>", "县级榜"),
        ("<p><b>省级账号：</b>“在荷塘”夺冠，“掌上攸县”获亚军。</p>", "省级账号"),
        (
            f"<h3>县级榜</h3>{told(ONE)}<p>完整榜单：</p><p>1、在荷塘</p><p>2、掌上攸县</p>",
            "县级榜",
        ),
        ("<h3>热门榜单</h3>" + table(ONE[:2]), "热门榜单"),
    ],
)
def test_boards_with_names_like_those_of_charts(body, name):
    answer = read(body)
    assert (answer.verdict, [board.name for board in answer.boards]) == ("ok", [name])
    assert rows_of(answer) == [(1, "在荷塘"), (2, "掌上攸县")]


@pytest.mark.parametrize(
    "body",
    [
        "<h3>县级榜</h3>" + told(ONE) + "<p>1、株洲公安</p><p>2、株洲交警</p>",
        "<h3>县级榜</h3>" + numbered(HEADLINES, "<p>{n}. {name}</p>"),
        f"<h3>县级榜</h3>{PICTURE}" + numbered(["雨湖灯会", "老街新貌"], "<p>{n} {name}</p>"),
        "<h3>总榜</h3><ol><li><a>在荷塘</a></li><li><a>掌上攸县</a></li></ol>",
    ],
    ids=["other names than told", "headlines under a board", "beside a picture", "links"],
)
def test_a_doubtful_list_calls_a_person(body):
    assert read(body).verdict == "review"


def test_a_count_under_a_list_belongs_to_the_page():
    lines = numbered(ONE, "<p>{n}、{name} 发布{n}篇</p>")
    (board,) = read(f"<h3>县级榜</h3>{lines}<div>点赞 22</div>").boards
    assert [set(row.values) for row in board.rows] == [{"articles"}] * 3


@pytest.mark.parametrize("bold", ["榜首：", "新上榜：", "本期榜单：", "重返榜单：", "亮点："])
def test_bold_words_that_open_no_board(bold):
    body = f"<h3>县级榜</h3><p><b>{bold}</b>“在荷塘”夺冠。</p><p>“掌上攸县”位居第二。</p>"
    assert seen(body) == ("ok", [("县级榜", False, [(1, "在荷塘"), (2, "掌上攸县")])])


def test_a_section_that_tells_places_again_is_no_board():
    one, two = told(ONE), told(TWO)
    answer = read(
        f"<h3>县级榜</h3>{one}<h3>市直单位</h3>{two}<h3>医疗机构</h3><p>“株洲公安”蝉联榜首。</p>"
    )
    assert [board.name for board in answer.boards] == ["县级榜", "市直单位"]


@pytest.mark.parametrize(
    "text",
    [
        *("点击排行", "一周点击", "24小时热榜", "侨乡热读", "热门推荐更多>>", "24h热文"),
        *("网友评论（35）", "往期回顾 2019年7月", "熱點排行", "猜你喜歡", "本月点击排行"),
    ],
)
def test_headings_of_charts(text):
    assert names_chrome(text)


@pytest.mark.parametrize(
    "text",
    [
        *("热文榜TOP10", "单篇热文榜", "热门推文 TOP5", "本期热文前五名", "阅读榜TOP20", "总榜"),
        *("综合榜", "双微月榜", "省级账号", "新锐榜前三名", "政务微信排行榜", "总阅读数"),
    ],
)
def test_headings_of_boards(text):
    assert not names_chrome(text)
    assert not names_links(text)


@pytest.mark.parametrize(
    ("names", "headlines"),
    [
        (HEADLINES, True),
        (["高考分数线何时公布", "梅雨季防霉指南", "龙虾价格跳水"], True),
        (["一图看懂新个税", "二手房交易流程再简化"], True),
        ([*ONE, *TWO], False),
        (["市人力资源和社会保障局", "市住房公积金管理中心"], False),
        (["国家税务总局株洲市税务局", "株洲市中心医院"], False),
        ([], False),
    ],
)
def test_names_that_are_headlines(names, headlines):
    assert are_headlines(names) is headlines


@pytest.mark.parametrize(
    "line",
    ["2、二手电脑 800元", "上一篇：县级榜2月", "标签：政务 微信"],
)
def test_lines_about_something_else_name_no_board(line):
    answer = read(f"<p>{line}</p>{table(ONE)}")
    assert [board.name for board in answer.boards] == ["荷塘区政务微信2019年3月榜"]


def test_a_verb_before_a_bare_number_ends_the_name():
    body = "<h3>县级榜</h3><p>括号外为WCI指数</p>" + numbered(
        ["天元发布", "在荷塘"], "<p>{n} {name} {hits}</p>"
    )
    assert rows_of(read(body)) == [(1, "天元发布"), (2, "在荷塘")]
    counted = numbered(["天元", "在荷塘"], "<p>{n}、{name}发布{n}篇，阅读总数900</p>")
    assert rows_of(read(f"<h3>县级榜</h3>{counted}")) == [(1, "天元"), (2, "在荷塘")]
