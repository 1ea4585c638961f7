"""Addresses that a person copied from WeChat for a push's articles. Pure."""

from collections import Counter
from collections.abc import Sequence

from ..readings.addresses import PostAddress, parse_wechat_url

NOT_A_POST = "这不是公众号文章的地址。地址以 https://mp.weixin.qq.com/s 开头，请从微信里复制。"
TWICE = "这个地址填了两遍，每篇文章有自己的地址。"
NOT_TOGETHER = "这个地址和前面的不是同一次群发，请核对。"


def read(texts: Sequence[str]) -> tuple[list[PostAddress | None], list[str]]:
    """The addresses of articles in their order, and what is wrong with each.

    An empty text is an address that is not known: None, and nothing is wrong with it. A long
    address says of which message it is and at which place (from 1); both are held to the others.
    """
    found = [parse_wechat_url(text) if text.strip() else None for text in texts]
    times = Counter(address.url for address in found if address)
    message = next((address.mid for address in found if address and address.mid), "")
    wrong = []
    for place, (text, address) in enumerate(zip(texts, found, strict=True), start=1):
        if address is None:
            wrong.append(NOT_A_POST if text.strip() else "")
        elif times[address.url] > 1:
            wrong.append(TWICE)
        elif address.mid and address.mid != message:
            wrong.append(NOT_TOGETHER)
        elif address.idx and address.idx != place:
            wrong.append(f"这是那次群发的第{address.idx}条，这篇是第{place}条，请核对次序。")
        else:
            wrong.append("")
    return found, wrong
