"""Articles as WeChat is sent them: `render` for an article, `render_pictures_message` for 图片消息.

``theme.css`` says how it looks, ``templates/articles/wechat/`` what stands where; what WeChat
would remove never gets in. ``rules`` holds WeChat's limits, ``fields`` what goes with the text.
"""

from .budget import why_too_long
from .message import render_pictures_message
from .renderer import Part, Rendered, pictures_of, render
from .targets import mirror_address_of

__all__ = [
    "Part",
    "Rendered",
    "mirror_address_of",
    "pictures_of",
    "render",
    "render_pictures_message",
    "why_too_long",
]
