"""Whether a rendered article fits, and what makes it long."""

from collections import defaultdict

from .renderer import Rendered
from .rules import why_content_too_long

NAMES = {
    "": "信源和参考链接",
    "paragraph": "正文段落",
    "table": "表格",
    "gallery": "组图",
    "picture": "图片",
    "items": "清单",
    "service_card": "服务卡片",
}


def why_too_long(rendered: Rendered) -> str:
    """A sentence saying how much too long ``rendered`` is and what makes it so; else nothing."""
    reason = why_content_too_long(rendered.html)
    if not reason or not rendered.parts:
        return reason
    by_kind: dict[str, int] = defaultdict(int)
    for part in rendered.parts:
        by_kind[part.kind] += len(part.html)
    longest = sorted(by_kind.items(), key=lambda entry: -entry[1])[:2]
    made_of = "、".join(f"{NAMES.get(kind, '其他内容块')} {size} 个" for kind, size in longest)
    return f"{reason}占得最多的是{made_of}。请删减、分成两篇，或把长的材料放进附件。"
