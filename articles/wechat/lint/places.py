"""A readable way to a spot: 第3段“春天的荷塘…”, 第2张图片, 表格第2行第4列."""

from .findings import EXCERPT_MOST
from .nodes import CELLS, Document, Node

_QUOTED = 8


def place_of(document: Document, node: Node | None) -> str:
    """Where ``node`` is, counted as a reader would count; None is the whole text."""
    if node is None or node.tag in ("html", "body"):
        return "全文"
    cell = _cell(node)
    words = document.words(node, _QUOTED + 1).removesuffix("…")[:_QUOTED]
    if node.tag == "img":
        return f"第{node.picture}张图片"
    if cell:
        return f"{_table(document, cell)}第{cell.row}行第{cell.column}列"
    if node.tag == "col":
        return f"{_table(document, node)}的列宽"
    if node.tag in ("table", "tbody", "thead", "tr"):
        row = f"第{node.row}行" if node.tag == "tr" else ""
        return f"{_table(document, node)}{row}"
    if node.has_text:
        first, last = document.paragraphs[node.start], document.paragraphs[node.end - 1]
        more = "…" if len(document.words(node, _QUOTED + 1)) > _QUOTED else ""
        through = f"第{first}段" if first == last else f"第{first}～{last}段"
        return f"{through}“{words}{more}”"
    if node.tag == "svg" or node.in_svg:
        return f"第{node.shape}个图形"
    if node.has_media:
        return f"{_after(node)}的图片或组件"
    return f"{_after(node)}的空白处"


def excerpt_of(document: Document, node: Node | None) -> str:
    """The words at ``node``; of a picture its description; empty where nothing can be read."""
    if node is None:
        return ""
    if node.has_text:
        return document.words(node, EXCERPT_MOST)
    described = " ".join(node.attributes.get("alt", "").split())
    return described if len(described) <= EXCERPT_MOST else described[: EXCERPT_MOST - 1] + "…"


def _cell(node: Node) -> Node | None:
    """The cell ``node`` is or stands in."""
    while node is not None and node.table:
        if node.tag in CELLS:
            return node
        node = node.parent
    return None


def _table(document: Document, node: Node) -> str:
    return f"第{node.table}个表格" if document.tables > 1 else "表格"


def _after(node: Node) -> str:
    return f"第{node.paragraph}段之后" if node.paragraph else "开头"
