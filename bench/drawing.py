"""Pictures of ranking tables as publishers draw them, with what they print: for measuring OCR.

Every name is made up of real and invented places and every figure is drawn at random; nothing
here is a ranking of anybody.
"""

import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PIL import Image, ImageDraw, ImageFilter

from media.fonts import cjk_font

Colour = tuple[int, int, int]

WHITE, BLACK = (255, 255, 255), (24, 24, 24)
MEDALS = ((232, 179, 33), (168, 176, 184), (196, 126, 66))


def _words(text: str) -> list[str]:
    return text.split()


_PLACES = _words("""
    荷塘 芦淞 石峰 天元 渌口 攸县 茶陵 炎陵 醴陵 岳麓 开福 雨花 望城 浏阳 宁乡 湘潭 韶山 衡阳
    耒阳 常宁 邵阳 武冈 岳阳 汨罗 临湘 常德 津市 张家界 慈利 桑植 益阳 沅江 郴州 资兴 永州 祁阳
    怀化 洪江 娄底 冷水江 涟源 湘西 吉首 凤凰 孱陵 荆州 枝江 宜都 恩施 巴东 黄陂 江夏 大冶 十堰
    郧阳 鼓楼 仓山 福清 闽侯 武侯 锦江 青白江 郫都 溧阳 邗江 盱眙 涪陵 綦江 儋州 亳州 濉溪 鄞州
    衢州 嵊泗 泸溪 沅陵
""")
_TAILS = _words("""
    发布 融媒 在线 微讯 公安 教育 文旅 检察 法院 消防 交警 青年 卫健 统计 先锋 妇联 新闻网 广电
    微政务
""")
_HEADS = _words("掌上 在 家在 醉美 最 微 壹 今日 美丽 活力 平安 清廉 爱")
#: Names that are easily misread: rare characters, look-alikes, dots, digits, Latin letters.
ODD_NAMES = _words("""
    喆说法治 镕城发布 㙓城在线 彧见湘江 青白江·微观 12345热线 iChangsha E法通 N视频 湘A之声
    24小时警事 己未书院 已阅 日知录 曰归 未来荷塘 末班车 大冶发布 太冶发布 人社通 入山记 土地之声
    士兵之友 干部学习 千部学习 0731资讯 O2O荷塘 洛城-旅游 三湘风纪 湘妹子 文明·渌口 荷塘区税务
    戊戌学社 戌边人 徽州 微州 候补河 武候祠
""")

_KEYS = {
    "排名": "rank",
    "公众号": "account",
    "微信公众号": "account",
    "标题": "title",
    "单位": "unit",
    "升降": "movement",
    "发布(次/篇)": "posts/articles",
    "发布篇数": "articles",
    "总阅读数": "reads",
    "阅读总量": "reads",
    "头条阅读": "headline_reads",
    "平均阅读": "average_reads",
    "最高阅读": "max_reads",
    "点赞数": "likes",
    "在看数": "looks",
    "WCI": "index",
}
_TITLES = (
    "荷塘这条路今天通车了",
    "重要通知!事关全区居民",
    "他叫李喆,是一名护林员",
    "2026年中考时间定了",
    "高温预警 38℃",
)


@dataclass(frozen=True)
class Design:
    """How a table is set. ``dark``: light letters on dark ground."""

    name: str
    dark: bool = False
    ground: tuple[Colour, Colour] = (WHITE, WHITE)
    ink: Colour = BLACK
    title: Colour = BLACK
    header: tuple[Colour | None, Colour] = (None, BLACK)
    zebra: Colour | None = None
    ruled: Colour | None = None
    medals: str = ""
    columns: tuple[str, ...] = (
        "排名",
        "公众号",
        "发布篇数",
        "总阅读数",
        "平均阅读",
        "点赞数",
        "WCI",
    )
    groups: int = 1
    ids: bool = False
    left: bool = False
    serif: bool = False
    width: int = 1080
    spoil: Callable[[Image.Image], Image.Image] = lambda picture: picture
    quality: int | None = None


@dataclass
class Printed:
    """A drawn picture and what it prints: cells by contract key, as text, row by row."""

    data: bytes
    title: str
    rows: list[dict[str, str]] = field(default_factory=list)


def shrink(width: int) -> Callable[[Image.Image], Image.Image]:
    return lambda picture: picture.resize(
        (width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS
    )


def blur(radius: float) -> Callable[[Image.Image], Image.Image]:
    return lambda picture: picture.filter(ImageFilter.GaussianBlur(radius))


def rotate(degrees: float) -> Callable[[Image.Image], Image.Image]:
    return lambda picture: picture.rotate(
        degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=picture.getpixel((2, 2))
    )


_BLUE, _RED, _GOLD = (32, 82, 160), (192, 24, 32), (255, 214, 120)
_NAVY, _NIGHT = (16, 28, 74), (44, 20, 84)
_WIDE = (
    "排名",
    "公众号",
    "发布(次/篇)",
    "总阅读数",
    "头条阅读",
    "平均阅读",
    "最高阅读",
    "点赞数",
    "WCI",
)
_MOVING = ("排名", "公众号", "升降", "阅读总量", "在看数", "WCI")
_STRIPED = {"title": _RED, "header": (_BLUE, WHITE), "zebra": (234, 240, 250)}
_DEEP = {"dark": True, "ground": (_NAVY, _NIGHT), "ink": WHITE, "title": _GOLD, "medals": "circle"}

DESIGNS = (
    Design("白底"),
    Design("白底，九列，JPEG 60", columns=_WIDE, quality=60),
    Design("红标题蓝表头，隔行底色，JPEG 60", **_STRIPED, columns=_MOVING, quality=60),
    Design(
        "红标题蓝表头，缩到 640 像素", **_STRIPED, columns=_MOVING, spoil=shrink(640), quality=60
    ),
    Design("框线，宋体，微信号在名称下", ruled=(150, 150, 150), serif=True, ids=True),
    Design(
        "左右两栏", columns=("排名", "公众号", "WCI"), groups=2, header=((242, 236, 220), BLACK)
    ),
    Design("文章榜，左对齐", columns=("排名", "标题", "公众号", "总阅读数", "点赞数"), left=True),
    Design("深色渐变，奖牌，JPEG 50", **_DEEP, quality=50),
    Design("深色渐变，奖牌，微糊", **_DEEP, spoil=blur(0.8), quality=60),
    Design("深色渐变，奖牌，倾斜 1 度", **_DEEP, spoil=rotate(1), quality=60),
    Design("深色渐变，缩到 640 像素，JPEG 50", **_DEEP, spoil=shrink(640), quality=50),
    Design(
        "深红底金字，隔行，奖杯",
        dark=True,
        ground=((120, 10, 18), (86, 4, 12)),
        ink=(255, 236, 200),
        title=_GOLD,
        header=((150, 30, 34), _GOLD),
        zebra=(108, 16, 22),
        medals="blank",
        columns=_MOVING,
        quality=50,
    ),
)


def draw(design: Design, rows: int, seed: int, names: Sequence[str] = ()) -> Printed:
    """The table ``design`` with ``rows`` rows, drawn from ``seed``; ``names`` come first.

    Raises ``media.fonts.FontMissing`` where no Chinese font is installed.
    """
    chance = random.Random(f"{design.name} {seed}")
    title = f"2026年{chance.randrange(1, 13)}月演示政务微信影响力排行榜"
    printed = Printed(b"", title, _rows(design, rows, chance, list(names)))
    picture = design.spoil(_paint(design, printed))
    answer = io.BytesIO()
    if design.quality:
        picture.save(answer, "JPEG", quality=design.quality)
    else:
        picture.save(answer, "PNG")
    printed.data = answer.getvalue()
    return printed


def names_of(count: int, chance: random.Random) -> list[str]:
    """Different account names, one in five of the odd ones."""
    odd = list(ODD_NAMES)
    chance.shuffle(odd)
    found: list[str] = []
    while len(found) < count:
        if odd and chance.random() < 0.2:
            name = odd.pop()
        elif chance.random() < 0.3:
            name = chance.choice(_HEADS) + chance.choice(_PLACES)
        else:
            name = chance.choice(_PLACES) + chance.choice(_TAILS)
        if name not in found:
            found.append(name)
    return found


def _rows(design: Design, count: int, chance: random.Random, names: list[str]) -> list[dict]:
    names = [*names, *(n for n in names_of(count + len(names), chance) if n not in names)][:count]
    index, rows = chance.uniform(900, 1400), []
    for rank, name in enumerate(names, 1):
        index -= chance.uniform(1, 1100 / (count + 10))
        rows.append(_row(design, rank, name, index, chance))
    return rows


def _row(design: Design, rank: int, name: str, index: float, chance: random.Random) -> dict:
    articles = chance.randrange(20, 260)
    average = chance.randrange(80, 9000)
    reads = articles * average + chance.randrange(articles)
    most = min(reads, average * chance.randrange(2, 30))
    moves = ["↑", "↓", "—", "新"]
    move = chance.choice(moves)
    texts = {
        "rank": str(rank),
        "account": name,
        "title": chance.choice(_TITLES),
        "movement": move + (str(chance.randrange(1, 9)) if move in "↑↓" else ""),
        "posts/articles": f"{chance.randrange(8, 62)}/{articles}",
        "articles": str(articles),
        "reads": chance.choice((f"{reads}", f"{reads:,}")) if reads < 900_000 else _tens(reads),
        "headline_reads": str(reads // 2),
        "average_reads": str(average),
        "max_reads": "10万+" if most > 100_000 else str(most),
        "likes": str(chance.randrange(30, 9_999)),
        "looks": str(chance.randrange(30, 9_999)),
        "index": f"{max(index, 30):.2f}",
    }
    row = {_KEYS[label]: texts[_KEYS[label]] for label in design.columns}
    if design.ids:
        row["wechat_id"] = "".join(chance.choice("abdefghkmnprstuy") for _ in range(8))
    if "title" in row:
        row["reads"] = chance.choice(("10万+", str(chance.randrange(9_000, 100_000))))
    return row


def _tens(reads: int) -> str:
    return f"{reads / 10_000:.1f}万"


# --- painting ---------------------------------------------------------------------------------


def _paint(design: Design, printed: Printed) -> Image.Image:
    pitch = 84 if design.ids else 62
    lines = -(-len(printed.rows) // design.groups)
    top = 210
    height = top + pitch * lines + 110
    picture = _ground(design, design.width, height)
    pen = ImageDraw.Draw(picture)
    heading = cjk_font(40, bold=True)
    small = cjk_font(20)
    pen.text((design.width / 2, 60), printed.title, design.title, heading, anchor="mm")
    pen.text((design.width / 2, 112), "数据来源:演示数据中心", design.ink, small, anchor="mm")
    edges = _edges(design)
    _header(pen, design, edges, top, pitch)
    body = cjk_font(24, serif=design.serif)
    for number, row in enumerate(printed.rows):
        group, line = divmod(number, lines)
        y = top + pitch * line
        if design.zebra and line % 2:
            pen.rectangle((24, y, design.width - 24, y + pitch), fill=design.zebra)
        for column, label in enumerate(design.columns):
            left, right = edges[group * len(design.columns) + column]
            _cell(pen, design, row, _KEYS[label], (left, right, y + pitch / 2), body)
    if design.ruled:
        for line in range(lines + 1):
            y = top + pitch * line
            pen.line((24, y, design.width - 24, y), design.ruled, 2)
        for left, _ in (*edges, (design.width - 24, 0)):
            pen.line((left, top - 56, left, top + pitch * lines), design.ruled, 2)
    pen.text((36, height - 66), "注:仅统计订阅号,数据截至月末", design.ink, small, anchor="lm")
    return picture


def _ground(design: Design, width: int, height: int) -> Image.Image:
    upper, lower = design.ground
    shade = Image.linear_gradient("L").resize((width, height))
    return Image.composite(
        Image.new("RGB", (width, height), lower), Image.new("RGB", (width, height), upper), shade
    )


def _edges(design: Design) -> list[tuple[float, float]]:
    """Left and right of every column, names and titles wider than numbers."""
    weights = [
        {"account": 2.0, "title": 3.0, "rank": 0.8}.get(_KEYS[c], 1.2) for c in design.columns
    ]
    weights *= design.groups
    scale = (design.width - 48) / sum(weights)
    edges, x = [], 24.0
    for weight in weights:
        edges.append((x, x + weight * scale))
        x += weight * scale
    return edges


def _header(
    pen: ImageDraw.ImageDraw, design: Design, edges: list[tuple[float, float]], top: int, pitch: int
) -> None:
    fill, ink = design.header
    if fill:
        pen.rectangle((24, top - 56, design.width - 24, top), fill=fill)
    colour = ink if fill or not design.dark else design.ink
    font = cjk_font(23, bold=True)
    for number, (left, right) in enumerate(edges):
        label = design.columns[number % len(design.columns)]
        _text(pen, design, label, (left, right, top - 28), colour, font, _KEYS[label])


def _cell(pen, design: Design, row: dict[str, str], key: str, at: tuple, font) -> None:
    left, right, y = at
    centre = (left + right) / 2
    text = row[key]
    if key == "rank" and design.medals and int(text) <= 3:
        colour = MEDALS[int(text) - 1]
        if design.medals == "circle":
            pen.ellipse((centre - 22, y - 22, centre + 22, y + 22), fill=colour)
            pen.text((centre, y), text, WHITE, cjk_font(24, bold=True), anchor="mm")
        else:
            pen.polygon(
                [(centre - 20, y - 16), (centre + 20, y - 16), (centre, y + 20)], fill=colour
            )
        return
    ink = design.ink
    if key == "movement":
        ink = {"↑": (214, 40, 40), "↓": (24, 140, 70)}.get(text[0], ink)
        if design.dark:
            ink = {"↑": (255, 120, 120), "↓": (120, 235, 150)}.get(text[0], ink)
    if key == "account" and "wechat_id" in row:
        _text(pen, design, text, (left, right, y - 14), ink, font, key)
        _text(pen, design, row["wechat_id"], (left, right, y + 18), ink, cjk_font(18), key)
        return
    _text(pen, design, text, at, ink, font, key)


def _text(pen, design: Design, text: str, at: tuple, ink: Colour, font, key: str) -> None:
    left, right, y = at
    if design.left and key in ("title", "account"):
        pen.text((left + 12, y), text, ink, font, anchor="lm")
    else:
        pen.text(((left + right) / 2, y), text, ink, font, anchor="mm")
