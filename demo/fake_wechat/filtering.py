"""What WeChat takes out of an article's HTML before it is stored."""

import html
from html.parser import HTMLParser
from urllib.parse import urlsplit

OURS = ("mmbiz.qpic.cn", "mmbiz.qlogo.cn", "mmecoa.qpic.cn")
SOURCES = ("src", "data-src")


def is_wechat_picture(address: str) -> bool:
    try:
        return (urlsplit(address).hostname or "") in OURS
    except ValueError:
        return False


class _Filter(HTMLParser):
    """Writes what it reads, letter by letter, but for scripts and pictures of other hosts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self.script = 0

    def _start(self, tag: str, attrs: list[tuple[str, str | None]]) -> bool:
        if tag == "script":
            self.script += 1
            return False
        if self.script:
            return False
        values = dict(attrs)
        sources = [values.get(name) for name in SOURCES if values.get(name)]
        if tag == "img" and not (sources and all(is_wechat_picture(s or "") for s in sources)):
            return False
        kept = [
            (name, value)
            for name, value in attrs
            if not name.startswith("on")
            and not (value or "").strip().lower().startswith("javascript:")
        ]
        if len(kept) == len(attrs):
            self.out.append(self.get_starttag_text() or "")
        else:
            words = [tag] + [
                name if value is None else f'{name}="{html.escape(value)}"' for name, value in kept
            ]
            self.out.append(f"<{' '.join(words)}>")
        return True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs)
        if tag == "script":
            self.script -= 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self.script = max(0, self.script - 1)
        elif not self.script:
            self.out.append(f"</{tag}>")

    def _keep(self, text: str) -> None:
        if not self.script:
            self.out.append(text)

    def handle_data(self, data: str) -> None:
        self._keep(data)

    def handle_entityref(self, name: str) -> None:
        self._keep(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._keep(f"&#{name};")


def stored(content: str) -> str:
    """``content`` as it is kept: no script, no picture from outside, no event handler, no comment.

    Nothing tells the caller what was taken out; that is how pictures get lost.
    """
    filter_ = _Filter()
    filter_.feed(content)
    filter_.close()
    return "".join(filter_.out)


def plain_text(content: str) -> str:
    """The words of an article, for the digest WeChat makes by itself."""

    class Words(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.words: list[str] = []

        def handle_data(self, data: str) -> None:
            self.words.append(data)

    reader = Words()
    reader.feed(content)
    reader.close()
    return "".join("".join(reader.words).split())
