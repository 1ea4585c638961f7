"""HTML files as text, whatever they were saved as."""

from bs4.dammit import EncodingDetector

_GB = ("gb2312", "gbk", "gb_2312-80", "x-gbk", "cp936", "chinese")


class NotHTML(ValueError):
    """The bytes are no text; the message is a sentence in Chinese."""


def decoded(data: bytes) -> str:
    """``data`` as text: by its byte order mark, else by its ``<meta>``, else UTF-8 or GB18030.

    Raises:
        NotHTML: it is a picture or another file that holds no text, or nothing decodes it.
    """
    data, mark = EncodingDetector.strip_byte_order_mark(data)
    declared = EncodingDetector.find_declared_encoding(data, is_html=True) or ""
    tried = [mark] if mark else [declared, "utf-8", "gb18030"]
    for name in tried:
        try:
            text = data.decode("gb18030" if name in _GB else name) if name else None
        except (UnicodeDecodeError, LookupError):
            continue
        if text is not None and "\0" not in text:
            return text
    raise NotHTML("不是网页文件，或编码读不出来。请另存为 UTF-8 编码的网页后再检查。")
