"""Saved articles of WeChat, as a browser leaves them."""

import io
import zipfile

from tests.articles.importing.docx_files import png

URL = "http://mp.weixin.qq.com/s?__biz=MzA5&amp;mid=265&amp;idx=1&amp;sn=abc&amp;chksm=9f#rd"
CLEAN_URL = "https://mp.weixin.qq.com/s?__biz=MzA5&mid=265&idx=1&sn=abc"


def page(
    title: str = "荷塘来了新图书馆",
    *,
    mid: int = 265,
    ct: str = "1573171200",
    body: str = "",
    description: str = "早上八点开门。",
    printed: str = "",
) -> bytes:
    """A page with the parts that WeChat's own have; ``ct`` are seconds since 1970."""
    url = URL.replace("mid=265", f"mid={mid}")
    text = body or (
        "<section style='margin:0'><p><span style='font-size:16px'>　　早上八点，图书馆开门。"
        "</span></p></section><p><br></p><section><img data-src='https://mmbiz.qpic.cn/mmbiz_jpg/1'"
        f" src='./{title}_files/640' alt='图片' data-w='1080'></section><p>▲读者在门口排队</p>"
        "<p>责任编辑：王芳</p>"
    )
    stamp = f'var ct = "{ct}";' if ct else ""
    return f"""<!DOCTYPE html>
<!-- saved from url=(0065)https://mp.weixin.qq.com/s/short -->
<html><head><meta charset="utf-8"><title></title>
<meta property="og:title" content="{title}"><meta property="og:url" content="{url}">
<meta property="og:description" content="{description}"><meta name="author" content="李记者">
<script>var nickname = "在荷塘"; var msg_title = '{title}'.html(false); {stamp}</script></head>
<body><h1 id="activity-name">
  {title}
</h1><a id="js_name">在荷塘</a><em id="publish_time">{printed}</em>
<div class="rich_media_content" id="js_content" style="visibility: hidden; opacity: 0;">{text}</div>
<div id="js_tags">推荐阅读</div></body></html>""".encode()


def archive(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, data in files.items():
            package.writestr(name, data)
    return buffer.getvalue()


def picture() -> bytes:
    return png("blue", (200, 120)).getvalue()
