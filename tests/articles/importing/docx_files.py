"""Word files as people make them, built in memory."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from PIL import Image

NAMESPACES = (
    nsdecls("w", "wp", "a", "pic", "r", "m")
    + ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    + ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    + ' xmlns:v="urn:schemas-microsoft-com:vml"'
)
NOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


def saved(document: Any) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def xml(text: str) -> Any:
    """The one element that ``text`` writes; the usual prefixes are declared for it."""
    return parse_xml(f"<w:body {NAMESPACES}>{text}</w:body>")[0]


def add(document: Any, *texts: str) -> Any:
    """Append elements written as XML; a text without a tag becomes a plain paragraph."""
    last = document.element.body.sectPr
    for text in texts:
        written = text if text.startswith("<") else f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
        last.addprevious(xml(written))
    return document


def png(colour: str = "green", size: tuple[int, int] = (60, 40)) -> io.BytesIO:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "PNG")
    buffer.seek(0)
    return buffer


def numbered(document: Any, *levels: tuple[str, str]) -> str:
    """A numbering with ``(format, text)`` for each level; answers its id."""
    root = document.part.numbering_part.element
    made = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for at, (kind, text) in enumerate(levels)
    )
    number = str(900 + len(root))
    abstract = xml(f'<w:abstractNum w:abstractNumId="{number}">{made}</w:abstractNum>')
    root.insert(0, abstract)
    root.append(xml(f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'))
    return number


def item(number: str, text: str, level: int = 0, style: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return (
        f'<w:p><w:pPr>{named}<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/>'
        f"</w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
    )


def add_style(document: Any, name: str, based_on: str = "", outline: int | None = None) -> str:
    """A paragraph style called ``name``; answers its id."""
    style = OxmlElement("w:style")
    style.set(qn("w:type"), "paragraph")
    style.set(qn("w:styleId"), f"s{len(document.styles.element)}")
    inner = f'<w:name w:val="{name}"/>'
    inner += f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    inner += f'<w:pPr><w:outlineLvl w:val="{outline}"/></w:pPr>' if outline is not None else ""
    for child in parse_xml(f"<w:style {nsdecls('w')}>{inner}</w:style>"):
        style.append(child)
    document.styles.element.append(style)
    return style.get(qn("w:styleId"))


def with_footnote(text: str) -> bytes:
    document = add(
        Document(),
        '<w:p><w:r><w:t>正文</w:t></w:r><w:r><w:footnoteReference w:id="1"/></w:r></w:p>',
    )
    notes = (
        f'<w:footnotes {NAMESPACES}><w:footnote w:id="1"><w:p><w:r><w:t>{text}</w:t></w:r></w:p>'
        "</w:footnote></w:footnotes>"
    )
    part = Part(PackURI("/word/footnotes.xml"), NOTES, notes.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    return saved(document)


TEXT_BOX = (
    '<w:p><w:r><w:t>前文</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
    '<wp:anchor><a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/'
    'wordprocessingShape"><wps:wsp><wps:txbx><w:txbxContent><w:p><w:r><w:t>框里的字</w:t></w:r></w:p>'
    "</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing>"
    "</mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent><w:p><w:r>"
    "<w:t>框里的字</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback>"
    "</mc:AlternateContent></w:r></w:p>"
)


def repacked(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The archive with its entries changed by ``change``."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        entries = {entry.filename: package.read(entry) for entry in package.infolist()}
    change(entries)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in entries.items():
            package.writestr(name, content)
    return buffer.getvalue()
