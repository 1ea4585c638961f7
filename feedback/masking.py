"""Taking personal data out of texts before a person looks at them: pure functions.

Numbers and addresses are found by their form, names only by the words around them: what stands on
the mirror is read by a person first, who also sees what no rule can know.
"""

import re
import unicodedata
from collections.abc import Iterable

LONG_NUMBER = "〔号码略〕"
ID_NUMBER = "〔证件号略〕"
PHONE = "〔电话略〕"
EMAIL = "〔邮箱略〕"
ACCOUNT = "〔账号略〕"

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁"
    "魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武"
    "乔贺赖龚文欧阳"
)
_NAME = rf"([{SURNAMES}])[\u4e00-\u9fff]{{1,2}}"
_TITLES = "先生|女士|同志|师傅|阿姨|大爷|大妈|大伯|婆婆|爷爷|奶奶"

# Between the digits of one number people write blanks, dashes and dots.
_BETWEEN = r"[^\S\r\n]{0,2}[-‐-―－·.]?[^\S\r\n]{0,2}"
_DIGITS = re.compile(rf"(?<!\d)\d(?:{_BETWEEN}\d){{10,}}(?:{_BETWEEN}[XxＸｘ])?")
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}[-‐-―－\s]\d{7,8}(?!\d)")
_CALLED = re.compile(r"((?:电话|座机|手机|热线)[号码]{0,2}(?:是|为)?[:：\s]*)\d[\d\s-]{5,}\d")
_SPOKEN = re.compile(r"[零〇○一二三四五六七八九幺]{7,}")
_EMAIL = re.compile(r"[^\s@＠，。；、：:<>（）()]+\s?[@＠]\s?[\w-]+(?:[.．。][\w-]+)+")
_ACCOUNT = re.compile(
    r"((?:微信|QQ|ＱＱ|抖音|支付宝|银行卡|社保卡|账|卡)(?:号码|号)?(?:是|为)?[:：\s]*)"
    r"[A-Za-z0-9][\w-]{4,}",
    re.I,
)
_COUNT = r"(?:\d+|[零〇一二三四五六七八九十百]+)"
_HOUSE = re.compile(
    rf"{_COUNT}(?=\s?(?:栋|幢|单元|号楼|室|号门|门面|号房))|(?<![月\d])\d+(?:-\d+)*(?=\s?号(?![线文令]))"
    r"|(?<=[室栋元幢楼])\d+"
)
_SAID = re.compile(
    rf"(我叫|我名叫|名叫|名字叫|姓名[是为]?[:：\s]*|联系人[是为]?[:：\s]*|本人姓名[:：\s]*){_NAME}"
)
_ADDRESSED = re.compile(rf"{_NAME}(?={_TITLES})")
_INVISIBLE = {"Cf"}
ROUNDS = 10


def mask(text: str, names: Iterable[str] = ()) -> str:
    """``text`` without phone and identity numbers, mail addresses, accounts, house numbers, names.

    ``names`` are those known to belong to the sender; each becomes its first character and ``**``.
    Masking twice is masking once.
    """
    text = _visible(text)
    names = [name for each in names if len(name := _visible(each).strip()) > 1]
    # What was taken out may let something stand beside it that has a form of its own now.
    for _ in range(ROUNDS):
        before, text = text, _masked_once(text, names)
        if text == before:
            break
    return text


def _masked_once(text: str, names: list[str]) -> str:
    text = _EMAIL.sub(EMAIL, text)
    text = _LANDLINE.sub(PHONE, text)
    text = _DIGITS.sub(_kind_of_number, text)
    text = _CALLED.sub(rf"\1{PHONE}", text)
    text = _SPOKEN.sub(LONG_NUMBER, text)
    text = _ACCOUNT.sub(rf"\1{ACCOUNT}", text)
    text = _HOUSE.sub("*", text)
    for name in names:
        if not name.endswith("*"):
            text = text.replace(name, hidden_name(name))
    text = _SAID.sub(r"\1\2**", text)
    return _ADDRESSED.sub(r"\1**", text)


def hidden_name(name: str) -> str:
    """王小明 as 王**; a name without first character is nobody's."""
    name = name.strip()
    return f"{name[0]}**" if name else ""


def leftovers(text: str) -> list[str]:
    """What of a person is still in ``text`` by its form, in Chinese words; empty when nothing."""
    text = _visible(text)
    found = []
    if _EMAIL.search(text):
        found.append("邮箱")
    if _DIGITS.search(text) or _LANDLINE.search(text):
        found.append("电话或证件号码")
    if _SPOKEN.search(text):
        found.append("用汉字写的号码")
    return found


def _visible(text: str) -> str:
    """Without characters that nobody sees and that would split a number."""
    return "".join(char for char in text if unicodedata.category(char) not in _INVISIBLE)


def _kind_of_number(match: re.Match[str]) -> str:
    digits = sum(char.isdigit() for char in match[0])
    if digits == 11:
        return PHONE
    has_check_letter = not match[0][-1].isdigit()
    return ID_NUMBER if digits in (15, 18) or has_check_letter else LONG_NUMBER
