"""Each rule against HTML that breaks it, that only just keeps it, and that has nothing to do with
it. Only the findings of the rules named are compared: a snippet may break others."""

import pytest

from articles.wechat.lint import Severity, lint

E, W, H = Severity.ERROR, Severity.WARNING, Severity.HINT

LONG = "六点半，第一担青菜到了菜市场。" * 4
NIGHT_WHITE = "background:linear-gradient(to right,#4dbb6c,#b8ee84)"
WECHAT_FONTS = "font-family:'mp-quote', PingFang SC, system-ui, -apple-system, Arial"


def wrapped(tag, layers, inside="字", style=""):
    return f"<{tag} style='{style}'>" * layers + inside + f"</{tag}>" * layers


def said(rule, html):
    return [finding.severity for finding in lint(html) if finding.rule == rule]


@pytest.mark.parametrize(
    ("rule", "html", "expected"),
    [
        # 1.1 opacity
        ("1.1", "<img style='opacity:0' src=a>", [E]),
        ("1.1", "<img style='OPACITY: 0.0 !important' src=a>", [E]),
        ("1.1", "<img style='opacity:.01' src=a>", []),
        ("1.1", "<section style='opacity:0'>字</section>", []),
        # 1.2 caret-color
        ("1.2", "<p style='caret-color: rgba(0, 0, 0, 0)'>字</p>", [E]),
        ("1.2", "<p style='caret-color:transparent'>字</p>", [E]),
        ("1.2", "<p style='caret-color:transparent'><br></p>", []),
        ("1.2", "<p style='caret-color:red'>字</p>", []),
        # 1.3 line-height
        ("1.3", "<div style='line-height:0'>第一行<br>第二行</div>", [E]),
        ("1.3", f"<p style='line-height:0'>{LONG}</p>", [E]),
        ("1.3", f"<p style='font-size:20px;line-height:18px'>{LONG}</p>", [E]),
        ("1.3", f"<p style='font-size:20px;line-height:19px'>{LONG}</p>", []),
        ("1.3", f"<p style='font:20px/.5 serif'>{LONG}</p>", [E]),
        ("1.3", f"<section style='line-height:0'><p>{LONG}</p></section>", [E]),
        ("1.3", "<section style='line-height:0'><p>一行</p></section>", [W]),
        ("1.3", "<p style='line-height:1.75'>一行，<strong>加粗</strong>也是一行</p>", []),
        ("1.3", "<section style='line-height:0'><img src=a></section>", []),
        ("1.3", f"<p style='line-height:0'><span style='line-height:1.6'>{LONG}</span></p>", []),
        ("1.3", f"<p style='font-size:0;line-height:0'>{LONG}</p>", []),
        # 1.4 width
        ("1.4", "<section style='width:500px'>字</section>", [E]),
        ("1.4", "<section style='width:586.438px'><span>字</span></section>", [E]),
        ("1.4", "<section style='width:375px'>字</section>", [E]),
        ("1.4", "<section style='width:374px'>字</section>", []),
        ("1.4", "<section style='padding:0 16px'><p style='width:343px'>字</p></section>", [E]),
        ("1.4", "<section style='width:600px;margin:0 auto'>字</section>", [W]),
        ("1.4", "<section style='min-width:400px;margin:auto'>字</section>", [E]),
        ("1.4", "<section style='width:100%'>字</section>", []),
        ("1.4", "<span style='width:500px'>字</span>", []),
        ("1.4", "<span style='width:500px;display:inline-block'>字</span>", [E]),
        ("1.4", "<section style='max-width:600px'>字</section>", []),
        ("1.4", "<img src=a style='width:676.996px'>", [E]),
        ("1.4", "<p style='text-align:center'><img src=a style='width:600px'></p>", [W]),
        ("1.4", "<img src=a style='width:100%;height:auto'>", []),
        ("1.4", "<section data-ignore-width style='width:720px'><p>字</p></section>", []),
        (
            "1.4",
            "<section data-ignore-width><p style='white-space:nowrap;width:720px'>字</p></section>",
            [],
        ),
        ("1.4", "<section style='margin-left:294pt'><span leaf>字</span></section>", [E]),
        ("1.4", "<section style='margin-left:2em'>字</section>", []),
        ("1.4", "<section style='padding:0 45%'>字</section>", [E]),
        ("1.4", "<section style='margin-left:-15px'>字</section>", [E]),
        ("1.4", "<section style='margin:0 -15px'>字</section>", []),
        (
            "1.4",
            "<section style='padding:16px'><p style='margin-left:-16px'>字</p></section>",
            [],
        ),
        (
            "1.4",
            "<section style='display:flex'><p style='margin-left:-15px'>字</p></section>",
            [],
        ),
        ("1.4", "<p style='text-indent:-9999px'>字</p>", [E]),
        ("1.4", "<p style='text-indent:2em'>字</p>", []),
        (
            "1.4",
            "<table><tr><th style='width:200px'>甲<th style='width:400px'>乙</table>",
            [E],
        ),
        ("1.4", "<table><tr><td width=200>一</td><td width=175>二</td></tr></table>", []),
        ("1.4", "<table><tr><td width='50%'>一</td><td width='50%'>二</td></tr></table>", []),
        ("1.4", f"<p style='white-space:nowrap'>{LONG}</p>", [E]),
        ("1.4", "<p style='white-space:nowrap'>短短的</p>", []),
        ("1.4", f"<p style='white-space:nowrap;overflow-x:auto'>{LONG}</p>", []),
        # 1.5 height
        ("1.5", "<section style='height:0px'><p>字</p></section>", [E]),
        ("1.5", "<section style='height:0'><img src=a></section>", []),
        ("1.5", "<section data-mode=svg><p style='height:0'>字</p></section>", []),
        ("1.5", "<svg><g style='height:0'><text>字</text></g></svg>", []),
        ("1.5", "<section style='max-height:0;overflow:hidden'>字</section>", [E]),
        ("1.5", f"<section style='height:1px;overflow:hidden'><p>{LONG}</p></section>", [E]),
        ("1.5", f"<section style='height:40px'>{LONG}</section>", [E]),
        ("1.5", f"<section style='height:40px;overflow-y:auto'>{LONG}</section>", []),
        ("1.5", "<section style='height:30px;line-height:30px'>一行</section>", [W]),
        ("1.5", "<section style='height:90px'>一行</section>", []),
        ("1.5", "<section style='height:auto'>一行</section>", []),
        # 1.6 text-align
        ("1.6", "<p style='text-align:start'>字</p>", [E]),
        ("1.6", "<p style='text-align: END'>字</p>", [E]),
        ("1.6", "<p style='text-align:justify'>字</p>", []),
        # 1.7 begin
        ("1.7", "<svg><animate begin='touchstart'/></svg>", [E]),
        ("1.7", "<svg><animateTransform begin='touchstart+0.5s'/></svg>", [E]),
        ("1.7", "<svg><animate begin='touchstart; click'/></svg>", []),
        ("1.7", "<svg><animate begin='0s'/></svg>", []),
        # 1.8 pre
        ("1.8", "<pre style='line-height:1.75em'><span leaf>一段普通的正文。</span></pre>", [E]),
        ("1.8", "<pre><code>print(1)</code></pre>", []),
        ("1.8", f"<pre><code>{'x' * 80}</code></pre>", [E]),
        ("1.8", f"<pre style='overflow-x:auto'><code>{'x' * 80}</code></pre>", []),
        ("1.8", "<pre></pre>", []),
        # 2.1 nesting
        ("2.1", wrapped("section", 11), [E]),
        ("2.1", wrapped("section", 10), []),
        ("2.1", wrapped("section", 11, style="color:red"), [E]),
        ("2.1", wrapped("section", 6) + wrapped("section", 6, style="color:red"), []),
        ("2.1", wrapped("section", 6, wrapped("p", 1) + wrapped("section", 6)), []),
        ("2.1", wrapped("g", 12, "<path>"), []),
        ("2.1", wrapped("section", 3_000), [E, E]),
        # 2.2 and 2.3
        ("2.2", "<span leaf><section>块</section></span>", [E]),
        ("2.2", "<span leaf=''><strong>字</strong><img src=a><br></span>", []),
        ("2.2", "<span><section>块</section></span>", []),
        ("2.3", "<section nodeleaf><section>块</section></section>", [E]),
        ("2.3", "<section nodeleaf><img src=a><img src=b></section>", [E]),
        ("2.3", "<section nodeleaf><img src=a>说明</section>", [E]),
        ("2.3", "<section nodeleaf=''><img src=a></section>", []),
        ("2.3", "<section nodeleaf><a href='//mp.weixin.qq.com/s/1'><img src=a></a></section>", []),
        ("2.3", "<section nodeleaf><mp-common-profile></mp-common-profile></section>", []),
        # 2.4 empty elements
        ("2.4", f"<section>{'<p></p>' * 16}{'<p>字</p>' * 5}</section>", [E]),
        ("2.4", f"<section>{'<p></p>' * 15}{'<p>字</p>' * 6}</section>", []),
        ("2.4", f"<section>{'<p></p>' * 16}{'<p>字</p>' * 4}</section>", []),
        ("2.4", f"<section>{'<p><img src=a></p>' * 21}</section>", []),
        ("2.4", f"<p>字{'<br>' * 30}</p>", []),
        # 3 fonts
        ("3", "<p style='font-family:Optima-Regular'>字</p>", [E]),
        ("3", "<p style=\"font-family:'mp-quote','system-ui',Arial\">字</p>", [E]),
        ("3", f'<p style="{WECHAT_FONTS}">字</p>', []),
        ("3", "<p style='font:bold 16px/1.8 Georgia, serif'>字</p>", [E]),
        ("3", "<font face=楷体>字</font>", [E]),
        ("3", "<p style='font-family:inherit;font-size:16px'>字</p>", []),
        # 4.1 dark mode
        ("4.1", f"<section style='{NIGHT_WHITE}'>字</section>", [E]),
        ("4.1", f"<section style='{NIGHT_WHITE};color:#fff'>字</section>", [W, W, E]),
        ("4.1", f"<section style='{NIGHT_WHITE}'><br></section>", []),
        ("4.1", f"<section data-ignore-dm=text-bg-gradient style='{NIGHT_WHITE}'>字</section>", []),
        ("4.1", "<p style='color:#333' data-no-dark>字</p>", [E]),
        ("4.1", "<p style='color:#333' data-no-dark data-ignore-dm=low-contrast>字</p>", []),
        ("4.1", "<p style='color:#333'>字</p>", []),
        ("4.1", "<p style='background:#2e6a50;color:#fff'>字</p>", []),
        ("4.1", "<p style='background-color:#ffe14d;color:#fff'>字</p>", [W, W]),
        ("4.1", "<p style='color:#d8d8d8'>字</p>", [W]),
        ("4.1", "<p style='background:url(a.png);color:#fff'>字</p>", []),
        # 4.2 overlaid text
        (
            "4.2",
            "<div style='position:relative'><p style='position:absolute;top:0'>字</p>"
            "<div style='background-color:#f6d4da'><br></div></div>",
            [E],
        ),
        (
            "4.2",
            "<div style='position:relative;background-color:#f6d4da'>"
            "<p style='position:absolute;top:0'>字</p></div>",
            [],
        ),
        (
            "4.2",
            "<div><div style='position:relative'><p style='position:absolute'>字</p></div>"
            "<div style='background-color:#f6d4da'>别处</div></div>",
            [],
        ),
        # 4.4 SVG
        ("4.4", "<svg><path fill=black d=M1></path></svg>", [W]),
        ("4.4", "<svg><path d=M1></path></svg>", [W]),
        ("4.4", "<svg><g style='fill:none;stroke:#111'><path d=M1></path></g></svg>", [W]),
        ("4.4", "<svg fill=currentColor><path d=M1></path></svg>", []),
        ("4.4", "<svg><path fill=none stroke='#ffdf70' d=M1></path></svg>", []),
        ("4.4", "<svg><defs><path d=M1></path></defs></svg>", []),
        (
            "4.4",
            "<p style='background:#ffdf70'><svg><path fill=black d=M1></path></svg></p>",
            [],
        ),
        # 4.5
        ("4.5", "<p style='color:red !important'>字</p>", [E]),
        ("4.5", "<p data-no-dark>字</p>", [W]),
        ("4.5", "<p style='color:red'>important</p>", []),
    ],
)
def test_published_rules(rule, html, expected):
    assert said(rule, html) == expected


@pytest.mark.parametrize(
    ("rule", "html", "expected"),
    [
        ("style-sheet", "<style>@media screen{p{color:red}}</style><p>字</p>", [E]),
        ("style-sheet", "<link rel=stylesheet href=a.css><p>字</p>", [E]),
        ("script", "<p>字<script>alert(1)</script></p>", [E]),
        ("event-handler", "<p onclick='a()'>字</p><p onload='b()'>字</p>", [E]),
        ("event-handler", "<p one=1 on=2>字</p>", []),
        ("form", "<p><input><button>按</button></p>", [E, E]),
        ("media", "<video src=a></video><audio src=b></audio>", [E, E]),
        ("frame", "<iframe src='https://example.com/'></iframe>", [E]),
        ("frame", "<iframe data-src='https://v.qq.com/txp/iframe/player.html?vid=a'></iframe>", []),
        ("frame", "<iframe src='https://v.qq.com.example.com/'></iframe>", [E]),
        ("grid", "<section style='display:grid'>字</section>", [E]),
        ("flex", "<p style='display:flex'>字</p><p style='display:inline-flex'>字</p>", [W]),
        ("position", "<p style='position:fixed'>字</p>", [W]),
        ("position", "<p style='position:relative'>字</p>", []),
        ("float", "<img src=a style='float:left'><p style='float:right'>字</p>", [W]),
        ("float", "<svg style='float:left'></svg>", []),
        ("class", "<p class=a>字</p><p class=b>字</p>", [W]),
        ("id", "<p id=a>字</p>", [W]),
        ("variable", "<p style='--a:red;color:var(--a)'>字</p>", [W]),
        ("broken-style", f"<p style='width:{'(' * 99}'>字</p>", [W]),
        ("div", "<div>一</div><div>二</div>", [H]),
        ("svg-object", "<svg><foreignObject><p>字</p></foreignObject></svg>", [W]),
        ("svg-reference", "<svg><path fill='url(#a)'></path></svg>", [W]),
        ("link", "<a href='https://example.com/'>外</a><a href='/news/'>内</a>", [W, W]),
        ("link", "<a href='https://mp.weixin.qq.com/s/abc'>文章</a><a>无</a>", []),
        ("link", "<a href='https://[/'>坏的</a>", [W]),
        ("anchor", "<a href='#top'>回到开头</a>", [W]),
        ("nested-list", "<ul><li>一<ul><li>二</li></ul></li></ul>", [W]),
        ("nested-list", "<ul><li>一</li></ul><ol><li>二</li></ol>", []),
        ("list-space", "<ul>\n<li>一</li>\n<li>二</li>\n</ul>", [W]),
        ("list-space", "<ul><li>一</li><li>二</li></ul>", []),
        ("picture-size", "<img src=a width=640><img src=b height='100px'>", [W]),
        ("picture-size", "<img src=a width='100%'><td width=3>字</td>", []),
        ("picture-missing", "<img alt=荷花>", [E]),
        ("picture-missing", "<img data-src='https://mmbiz.qpic.cn/a'>", []),
        ("picture-outside", "<img src='https://example.com/a.jpg'><img src='/b.jpg'>", [H]),
        ("picture-outside", "<img src='http://mmbiz.qpic.cn/a/0?wx_fmt=png'>", []),
        ("ground-outside", "<p style='background:url(https://example.com/a.png)'>字</p>", [W]),
        ("ground-outside", "<p style='background-image:url(\"//mmbiz.qpic.cn/a\")'>字</p>", []),
        ("too-long", "字" * 20_000, [E]),
        ("too-long", "字" * 19_999, []),
        ("nearly-too-long", "字" * 19_999, [W]),
        ("nearly-too-long", "字" * 18_000, []),
        ("too-big", "字" * 333_334, [E]),
        ("too-big", "字" * 333_333, []),
        ("cut-short", "<b></b>" * 50_001, [E]),
    ],
)
def test_what_wechat_removes_or_shows_otherwise(rule, html, expected):
    assert said(rule, html) == expected


def test_pictures_of_ours_are_uploaded_when_the_text_is_sent():
    html = "<img src='https://hetang.example/media/a.jpg'><img src='https://hetang.example.com/'>"
    found = [f for f in lint(html, own_hosts={"hetang.example"}) if f.rule == "picture-outside"]
    assert [f.message for f in found] == ["有 1 张图片不在微信的图片库里，微信不会显示。"]


@pytest.mark.parametrize(
    "html",
    [
        "",
        " \n",
        "<!-- 只有注释 -->",
        "春天的荷塘，荷叶刚刚冒尖。",
        "<p style='margin:0 0 1em;line-height:1.8;text-align:justify'>春天的<b>荷塘</b></p>",
        "<h2 style='padding-left:.6em;border-left:4px solid #2e6a50;line-height:1.5'>小标题</h2>",
        "<blockquote style='background-color:#f6f6f6;padding:1em'><p>引语</p></blockquote>",
    ],
)
def test_nothing_is_said_of_plain_text(html):
    assert lint(html) == []
