"""The text of paragraphs: what is kept, what is rewritten, what never gets through."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html

from articles.wechat.rendering.references import References, in_wechat
from articles.wechat.rendering.richtext import RichText
from articles.wechat.rendering.targets import Targets

ALLOWED = {"p", "strong", "em", "sup", "sub", "br", "a", "ul", "ol", "li", "section"}


def rewritten(source: str) -> str:
    return RichText(source).rewritten(Targets(), References(), [])


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("", ""),
        ("只有字", "<p>只有字</p>"),
        ("前<b>粗</b>后<p>段</p>尾", "<p>前<strong>粗</strong>后</p><p>段</p><p>尾</p>"),
        ("<div>一</div><h3>二</h3>", "<p>一</p><p>二</p>"),
        ('<p data-block-key="k1" style="color:red">字</p>', "<p>字</p>"),
        ("<p>1 &lt; 2 &amp; 3</p>", "<p>1 &lt; 2 &amp; 3</p>"),
        ("<p>一<!-- 注 -->二</p>", "<p>一二</p>"),
        ("<p><u>线</u><font color=red>红</font></p>", "<p>线红</p>"),
        ("<p>一\x00\x0b二</p>", "<p>一二</p>"),
        (
            "<ul><li>甲</li> <li><p>乙</p><p>丙</p></li></ul>",
            '<ul class="list"><li><section>甲</section></li><li><section>乙<br>丙</section></li>'
            "</ul>",
        ),
        # Broken lists of imports: every word stays, in an item or a paragraph of its own.
        ("前<li>甲<li>乙", "<p>前</p><p>甲</p><p>乙</p>"),
        (
            "<ul>散<p>段</p><b>粗</b><li>甲</li>尾</ul>",
            '<ul class="list"><li><section>散</section></li><li><section>段</section></li>'
            "<li><section><strong>粗</strong></section></li><li><section>甲</section></li>"
            "<li><section>尾</section></li></ul>",
        ),
        ("<p>一<b>粗<p>二</p></b>三", "<p>一<strong>粗</strong></p><p>二</p><p>三</p>"),
        (
            "<ul><p><b><li>甲<ul><li>子",
            '<section class="outline"><p class="step step1">• 甲</p>'
            '<p class="step step2">• 子</p></section>',
        ),
    ],
)
def test_what_is_kept(source: str, made: str) -> None:
    assert rewritten(source) == made


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<p onclick='x()' onerror=x>一</p>",
        "<p><img src=x onerror=alert(1)></p>",
        "<style>p{position:fixed}</style>",
        "<p style='background:url(javascript:x)'>一</p>",
        "<p><a href='javascript:alert(1)'>一</a><a href=' JaVaScRiPt:alert(1)'>二</a></p>",
        "<p><a href='data:text/html,<script>'>一</a></p>",
        "<iframe src='https://evil.example'></iframe><object data=x></object><embed src=x>",
        "<svg><script>x</script></svg><math><mtext></mtext></math>",
        "<p><a href='https://mp.weixin.qq.com@evil.example/'>一</a></p>",
        "<p><a href='https://mp.weixin.qq.com:444@evil.example/'>一</a></p>",
        "<template><script>x</script></template><form><input></form>",
    ],
)
def test_nothing_hostile_gets_through(source: str) -> None:
    assert_harmless(rewritten(source))


def assert_harmless(made: str) -> None:
    root = html.fragment_fromstring(made, create_parent="main")
    for element in root.iterdescendants():
        assert element.tag in ALLOWED
        assert {"href", "class"} >= set(element.keys())
        if href := element.get("href"):
            assert href.startswith("https://mp.weixin.qq.com/")


PIECES = st.sampled_from(
    (
        *("<p>", "</p>", "<b>", "</b>", "<ul>", "</ul>", "<ol>", "<li>", "</li>", "<br>", "<!--"),
        *("-->", "<a href='https://x.cn/'>", "<a linktype='page' id='7'>", "</a>", "<table>", "<"),
        *("<script>", "<a href=\"javascript:1\" onclick='x'>", "&lt;script&gt;", "&#0;", "字", " "),
    )
)


@given(st.lists(PIECES | st.text(max_size=5), max_size=40).map("".join))
@example("<A")  # half a tag, whose name is no name
@example("<li><ul>")  # an item of no list
@example("<ul><p><a href='https://x.cn/'><li><ul>")  # in a link in a paragraph in a list
@example("<li><ul><ul><p>")  # an item of no list that holds some
def test_no_text_breaks_it(source: str) -> None:
    rich = RichText(source)
    spoken = html.fragment_fromstring(_visible(source), create_parent="main")
    for script in list(spoken.iter("script")):
        script.drop_tree()
    found: list[str] = []
    made = rich.rewritten(_Nowhere(), References(), found)
    assert_harmless(made)
    assert made.count("字") == spoken.text_content().count("字")
    root = html.fragment_fromstring(made, create_parent="main")
    assert not root.xpath(".//li//ul|.//li//ol|.//ul/ul|.//ol/ol|.//ul/ol|.//ol/ul")
    assert not root.xpath(".//p//p|.//p//li|.//*[self::ul or self::ol]/*[not(self::li)]")
    assert not root.xpath(".//li[not(parent::ul or parent::ol)]")


def _visible(source: str) -> str:
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", source)


class _Nowhere(Targets):
    """Knows no page and no document."""

    def __init__(self) -> None:
        self._pages, self._documents = {}, {}


def test_lists_in_lists_keep_their_counting() -> None:
    made = rewritten(
        "<ol><li>甲<ul><li>子</li></ul>还是甲</li><li>乙<ol><li>丑</li><li>寅</li></ol></li>"
        "<li><b>丙</b></li></ol>"
    )
    lines = re.findall(r'<p class="step step(\d)">(.*?)</p>', made)
    assert lines == [
        *(("1", "1. 甲"), ("2", "• 子"), ("1", "还是甲"), ("1", "2. 乙")),
        *(("2", "1. 丑"), ("2", "2. 寅"), ("1", "3. <strong>丙</strong>")),
    ]


@pytest.mark.parametrize(
    ("link", "made"),
    [
        ('<a href="https://x.cn/a">甲</a>', '甲<sup class="ref">[1]</sup>'),
        ('<a href="https://x.cn/a"><b>甲</b></a>', '<strong>甲</strong><sup class="ref">[1]</sup>'),
        ('<a href="https://x.cn/a"> </a>', " "),
        (
            '<a href="http://mp.weixin.qq.com/s/1">甲</a>',
            '<a href="https://mp.weixin.qq.com/s/1" class="link">甲</a>',
        ),
        ('<a href="#top">甲</a>', "甲"),
        ("<a>甲</a>", "甲"),
        ('<a href="mailto:a@b.cn?subject=x">写信</a>', "写信（a@b.cn）"),
        ('<a href="mailto:a@b.cn">a@b.cn</a>', "a@b.cn"),
        ('<a href="tel:0731-12345">0731-12345</a>', "0731-12345"),
        ('<a href="tel:12345"><b>拨打</b></a>', "<strong>拨打</strong>（12345）"),
        ('<a href="https://[::1">甲</a>', "甲"),
    ],
)
def test_links(link: str, made: str) -> None:
    assert rewritten(f"<p>{link}</p>") == f"<p>{made}</p>"


def test_the_same_address_keeps_its_number() -> None:
    references = References()
    source = '<p><a href="https://x.cn/">甲</a><a href="https://y.cn/">乙</a>'
    rich = RichText(f'{source}<a href="https://x.cn/">丙</a></p>')
    made = rich.rewritten(Targets(), references, [])
    assert re.findall(r"\[\d\]", made) == ["[1]", "[2]", "[1]"]
    assert [(one.number, one.title, one.address) for one in references.all()] == [
        (1, "甲", "https://x.cn/"),
        (2, "乙", "https://y.cn/"),
    ]


def test_a_reference_is_named_shortly_and_not_twice() -> None:
    references = References()
    references.number("https://x.cn/", "https://x.cn/")
    references.number("https://y.cn/", "长" * 50)
    assert [one.title for one in references.all()] == ["", "长" * 39 + "…"]


def test_a_link_to_what_nobody_can_open_is_told() -> None:
    remarks: list[str] = []
    source = '<p><a linktype="page" id="7">旧文</a><a linktype="document" id="x">附</a></p>'
    made = RichText(source).rewritten(_Nowhere(), References(), remarks)
    assert made == "<p>旧文附</p>"
    assert [remark[:4] for remark in remarks] == ["“旧文”", "“附”链"]


def test_what_was_embedded_is_told() -> None:
    remarks: list[str] = []
    rich = RichText('<p>甲</p><embed embedtype="image" id="1">')
    assert rich.rewritten(Targets(), References(), remarks) == "<p>甲</p>"
    assert "请改用图片块" in remarks[0]


@pytest.mark.parametrize(
    ("address", "opens"),
    [
        ("https://mp.weixin.qq.com/s/1", True),
        ("HTTPS://MP.WEIXIN.QQ.COM/s/1", True),
        ("http://mp.weixin.qq.com/s?__biz=1&mid=2", True),
        ("https://mp.weixin.qq.com.evil.example/s/1", False),
        ("https://x@mp.weixin.qq.com/s/1", False),
        ("https://weixin.qq.com/", False),
        ("//mp.weixin.qq.com/s/1", False),
        ("", False),
    ],
)
def test_what_wechat_opens_from_a_text(address: str, opens: bool) -> None:
    assert bool(in_wechat(address)) is opens
