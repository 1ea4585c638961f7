"""The month's first twenty as a picture, as most publishers print their lists."""

import io
from functools import lru_cache

from PIL import Image, ImageDraw

from demo.content import example_board
from media.fonts import cjk_font

NAME = "演示图片榜"
ROWS = 20
WIDTH, MARGIN, LINE = 1080, 30, 56
TITLE_SIZE, TEXT_SIZE = 40, 28
INK, PAPER, BAND, HEAD = "#1f2a28", "#ffffff", "#eef4f1", "#2e6a50"
# Heading, key of the row, left edge in pixels.
COLUMNS = (
    ("排名", "rank", 30),
    ("公众号", "name", 150),
    ("发布篇数", "articles", 430),
    ("总阅读数", "reads", 630),
    ("WCI", "index", 880),
)


@lru_cache(maxsize=4)
def picture_list(year: int, month: int) -> bytes:
    """A PNG of 1080 px.

    Raises ``LookupError`` when there is no list for that month, and ``FontMissing``.
    """
    names = {account["key"]: account["name"] for account in example_board.accounts()}
    try:
        rows = example_board.rows(year, month)[:ROWS]
    except ValueError as error:
        raise LookupError(f"{year}-{month:02d}") from error
    if not rows:
        raise LookupError(f"{year}-{month:02d}")
    title, text = cjk_font(TITLE_SIZE, bold=True), cjk_font(TEXT_SIZE)
    top = MARGIN + TITLE_SIZE * 2
    image = Image.new("RGB", (WIDTH, top + LINE * (len(rows) + 1) + LINE + MARGIN), PAPER)
    draw = ImageDraw.Draw(image)
    heading = f"{NAME}{year}年{month}月TOP{len(rows)}（{example_board.MARK}）"
    draw.text((WIDTH / 2, MARGIN), heading, INK, font=title, anchor="ma")
    draw.rectangle((MARGIN, top, WIDTH - MARGIN, top + LINE), HEAD)
    for label, _, left in COLUMNS:
        draw.text((left + 20, top + LINE / 2), label, PAPER, font=text, anchor="lm")
    for number, row in enumerate(rows):
        y = top + LINE * (number + 1)
        if number % 2:
            draw.rectangle((MARGIN, y, WIDTH - MARGIN, y + LINE), BAND)
        printed = {
            "rank": str(row["rank"]),
            "name": names[row["account_key"]],
            "articles": str(row["articles"]),
            "reads": f"{row['reads']}{'+' if row['reads_bound'] == 'at_least' else ''}",
            "index": f"{row['index']:.2f}",
        }
        for _, key, left in COLUMNS:
            draw.text((left + 20, y + LINE / 2), printed[key], INK, font=text, anchor="lm")
    note = "账号和数字都是虚构的，只用来演示"
    draw.text((WIDTH / 2, image.height - MARGIN), note, INK, font=text, anchor="ms")
    packed = io.BytesIO()
    image.quantize(64).save(packed, "PNG", optimize=True)
    return packed.getvalue()
