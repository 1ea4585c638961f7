"""Which Word templates may be used: what the office uploads can do no harm and lacks nothing.

A template is a .docx whose text holds placeholders. Besides placeholders it may loop over the
lists and ask whether something is there; anything else of the template language is refused before
it is run (calls, sums, macros, other files), so that no template can read what is not in the brief
or keep the server busy.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from docx import Document as open_docx
from docx.exceptions import PythonDocxError
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 30 * 1024 * 1024
# docxtpl searches the text with patterns whose time grows faster than the text.
MAX_TEXT = 2 * 1024 * 1024
MAX_ENTRIES = 300
LOOPS_DEEP = 2


class TemplateRefused(ValueError):
    """The template cannot be used; the message is a Chinese sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """``fields``: what one item of a list offers; None for a single value. ``text``: a list whose
    items are texts."""

    meaning: str
    fields: dict[str, str] | None = None
    text: bool = False
    required: bool = False

    @property
    def is_list(self) -> bool:
        return self.text or self.fields is not None


_FIGURES = {"index": "指数", "reads": "总阅读数", "articles": "发布篇数"}
PLACEHOLDERS: dict[str, Placeholder] = {
    "title": Placeholder("标题", required=True),
    "number": Placeholder("编号，例如 JB-2026-001；草稿印“草稿，未签发”", required=True),
    "issued_on": Placeholder("签发日期"),
    "written_by": Placeholder("编写人"),
    "issued_by": Placeholder("签发人"),
    "account": Placeholder("公众号名称"),
    "board": Placeholder("榜单名称"),
    "publisher": Placeholder("榜单发布机构"),
    "month": Placeholder("统计月，例如 2026年10月"),
    "example_mark": Placeholder(
        "示例榜单的标记；平时为空。必须放在每一节的页眉或页脚里", required=True
    ),
    "correction": Placeholder(
        "更正版才有；用 {%p if correction %} 判断。correction.heading 更正第几号，"
        "correction.reason 理由，correction.differences 逐条差异",
        required=True,
    ),
    "remarks": Placeholder("编者的话，逐段", text=True, required=True),
    "summary": Placeholder("本月要点，逐条", {"text": "句子", "proof": "核实程度"}, required=True),
    "months": Placeholder(
        "近13个月，逐月",
        {
            "month": "统计月",
            "place": "名次",
            "proof": "核实情况",
            "state": "状态代号（F T N S R ? D）",
            **_FIGURES,
            "sources": "来源序号",
        },
        required=True,
    ),
    "rank_chart": Placeholder("名次走势图（图片）；没有名次时为空"),
    "index_chart": Placeholder("指数走势图（图片）；没有指数时为空"),
    "top_caption": Placeholder("本月榜单表的说明"),
    "top_rows": Placeholder(
        "本月前20名，逐行",
        {
            "rank": "名次",
            "name": "公众号",
            "ours": "是否本账号（用 if 判断）",
            "movement": "较上期升降",
            **_FIGURES,
            "proof": "核实情况",
        },
    ),
    "compared_caption": Placeholder("对比表的说明"),
    "compared": Placeholder(
        "与其他账号对比，逐行",
        {
            "name": "公众号",
            "place": "本月名次",
            "index": "本月指数",
            "gap": "我方指数高低",
            "ahead": "我方在前的期数",
            "behind": "我方在后的期数",
            "level": "名次相同的期数",
        },
    ),
    "methods": Placeholder("计算方法及变化，逐条", text=True),
    "sources": Placeholder(
        "来源，逐条",
        {
            "number": "序号",
            "name": "来源",
            "published": "发布日期",
            "months": "用于哪些月份",
            "url": "网址",
            "evidence": "存证校验值",
            "address": "网址和校验值，分两行",
        },
        required=True,
    ),
    "notes": Placeholder("说明，逐条", text=True, required=True),
}
CORRECTION = {"heading": False, "reason": False, "differences": True}
_LOOP = frozenset({"index", "index0", "first", "last", "length"})
_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.If,
    nodes.For,
    nodes.Const,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Compare,
    nodes.Operand,
    nodes.CondExpr,
)
_TAGS = re.compile(r"<[^>]+>")


@dataclass(slots=True)
class Usage:
    """What is wrong with a template."""

    unknown: set[str] = field(default_factory=set)
    forbidden: bool = False


class BriefEnvironment(SandboxedEnvironment):
    """Runs nothing but placeholders, loops over them and questions about them.

    Every text is checked where it is parsed, so that nothing is compiled that was not looked at.
    """

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        # No helpers: what a template needs comes with the brief.
        self.globals.clear()
        self.filters.clear()
        self.tests.clear()

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        usage = Usage()
        _check(tree, usage, {}, 0)
        if usage.forbidden:
            raise TemplateRefused(
                "模板里只能用占位符、{% for %} 逐条列出和 {% if %} 判断，不能用计算、函数、"
                "过滤器或其他命令，请去掉后再上传。"
            )
        if usage.unknown:
            raise TemplateRefused(
                f"模板里有不认识的占位符：{'、'.join(sorted(usage.unknown))}。"
                "请对照“可用的占位符”改正后再上传。"
            )
        return tree


def _check(node: nodes.Node, usage: Usage, scope: dict[str, str], deep: int) -> None:
    """Walk the tree; ``scope`` maps the name of a loop's item to the list it goes over."""
    if not isinstance(node, _ALLOWED):
        usage.forbidden = True
        return
    if isinstance(node, nodes.For):
        _check_loop(node, usage, scope, deep)
        return
    if isinstance(node, nodes.Getattr):
        _check_field(node, usage, scope)
        return
    if isinstance(node, nodes.Name):
        if node.name in scope:
            return
        if node.name not in PLACEHOLDERS:
            usage.unknown.add(node.name)
        return
    for child in node.iter_child_nodes():
        _check(child, usage, scope, deep)


def _check_loop(node: nodes.For, usage: Usage, scope: dict[str, str], deep: int) -> None:
    over = _list_name(node.iter, scope)
    if over is None and isinstance(node.iter, nodes.Name) and node.iter.name not in PLACEHOLDERS:
        usage.unknown.add(node.iter.name)
        return
    simple = isinstance(node.target, nodes.Name) and not node.recursive and node.test is None
    if over is None or not simple or deep >= LOOPS_DEEP:
        usage.forbidden = True
        return
    inner = {**scope, node.target.name: over, "loop": "loop"}
    for child in (*node.body, *node.else_):
        _check(child, usage, inner, deep + 1)


def _list_name(node: nodes.Node, scope: dict[str, str]) -> str | None:
    """The list a loop goes over, None when that is no list of the brief."""
    if isinstance(node, nodes.Name) and node.name not in scope:
        found = PLACEHOLDERS.get(node.name)
        return node.name if found is not None and found.is_list else None
    if (
        isinstance(node, nodes.Getattr)
        and isinstance(node.node, nodes.Name)
        and node.node.name == "correction"
        and CORRECTION.get(node.attr)
    ):
        return f"correction.{node.attr}"
    return None


def _check_field(node: nodes.Getattr, usage: Usage, scope: dict[str, str]) -> None:
    """``row.month``, ``loop.index`` or ``correction.reason``; nothing deeper."""
    if not isinstance(node.node, nodes.Name):
        usage.forbidden = True
        return
    name = node.node.name
    if name not in scope:
        known = name == "correction" and node.attr in CORRECTION
    elif name == "loop":
        known = node.attr in _LOOP
    else:
        fields = None
        if scope[name] in PLACEHOLDERS:
            fields = PLACEHOLDERS[scope[name]].fields
        known = fields is not None and node.attr in fields
    if not known:
        usage.unknown.add(f"{name}.{node.attr}")


# --- the file -------------------------------------------------------------------------------------

UNREADABLE = (
    AttributeError,
    IndexError,
    KeyError,
    NotImplementedError,
    OpcError,
    PythonDocxError,
    RuntimeError,
    TypeError,
    UnicodeError,
    ValueError,
    etree.LxmlError,
    zipfile.BadZipFile,
    zlib.error,
)
# What a package may point at outside itself: nothing but links people click.
_LINKS = frozenset({RELATIONSHIP_TYPE.HYPERLINK})
_ACTIVE = ("vbaproject", "/embeddings/", "/activex/", "afchunk")
_NOT_WORD = "这不是可以用的 Word 文件（.docx），请在 Word 或 WPS 里另存为 .docx 再上传。"


def check_file(data: bytes) -> None:
    """Raise ``TemplateRefused`` unless ``data`` is a .docx, not too large, nothing active in it."""
    if len(data) > MAX_BYTES:
        raise TemplateRefused(
            f"文件有 {len(data) / 1024 / 1024:.1f} MB，最大 {MAX_BYTES // 1024 // 1024} MB，"
            "请压缩或去掉其中的图片。"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            if len(entries) > MAX_ENTRIES or sum(e.file_size for e in entries) > MAX_UNPACKED:
                raise TemplateRefused("文件解开后太大，请去掉其中的图片和附件再上传。")
            for entry in entries:
                _check_entry(package, entry)
        document = open_docx(io.BytesIO(data))
        main = document.part.content_type
        links = [
            relation
            for part in document.part.package.iter_parts()
            for relation in part.rels.values()
            if relation.is_external and relation.reltype not in _LINKS
        ]
    except TemplateRefused:
        raise
    except UNREADABLE as error:
        raise TemplateRefused(_NOT_WORD) from error
    if main != CONTENT_TYPE.WML_DOCUMENT_MAIN:
        raise TemplateRefused(_NOT_WORD)
    if links:
        raise TemplateRefused(
            "文件里有链接到外部的图片、模板或对象，请改成嵌入的图片，或断开链接后再上传。"
        )


def _check_entry(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    name = entry.filename.lower()
    if any(mark in f"/{name}" for mark in _ACTIVE):
        raise TemplateRefused("文件里有宏或嵌入的对象，请去掉后另存为 .docx 再上传。")
    if name.endswith((".xml", ".rels")):
        if entry.file_size > MAX_TEXT:
            raise TemplateRefused("文件里的文字或修订记录太多，请接受全部修订、精简后再上传。")
        if b"<!doctype" in package.read(entry).lower().replace(b"\0", b""):
            raise TemplateRefused(_NOT_WORD)


def syntax_words(error: TemplateSyntaxError) -> str:
    """The sentence for a placeholder that cannot be read, with the paragraph it stands in."""
    paragraph = ""
    if error.source and error.lineno:
        rows = error.source.splitlines()
        if 0 < error.lineno <= len(rows):
            paragraph = _TAGS.sub("", rows[error.lineno - 1]).strip()[:60]
    near = f"，在“{paragraph}”附近" if paragraph else ""
    return (
        f"模板里有占位符写错了{near}。请检查 {{{{ }}}} 和 {{% %}} 是否成对、if 和 for "
        "是否都有结尾，改正后再上传。"
    )


def missing_words(used: Collection[str]) -> str:
    """The sentence for placeholders that no brief can do without; empty when all are there."""
    missing = [name for name, each in PLACEHOLDERS.items() if each.required and name not in used]
    return f"模板缺少必需的占位符：{'、'.join(missing)}。请加上后再上传。" if missing else ""


def placeholder_rows() -> list[dict[str, Any]]:
    """What people may put into a template, for the screen and the handbook."""
    return [
        {
            "name": name,
            "meaning": each.meaning,
            "required": each.required,
            "is_list": each.is_list,
            "fields": each.fields or {},
        }
        for name, each in PLACEHOLDERS.items()
    ]
