"""Texts made comparable: full-width signs, traditional characters, invisible characters.

:func:`fold` keeps the length of the text, so that what is found in the folded form can be cut
from the printed one.
"""

from __future__ import annotations

import re
import unicodedata

INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SPACES = re.compile(r"\s+")
_NBSP = re.compile("[\u00a0\u2007\u202f]")

# Only characters that occur in the words a ranking page is read by (README §2).
_TRADITIONAL = (
    "蟬聯躍將還現環該漲幾屆維組雙詳減眾號閱讀總數發佈點贊讚變晉萬億單體稱賬帳標題條綜"
    "轉響運營辦較週屬區傳連軍亞奪衛領獲為與從進來個並併無據暫時間統計績續強達過餘約後"
    "機關門戶網這製級縣質監測報導評論絲圖說註備檢舉陸戰爭頭兩種類別際紅選濟聞編輯責縮"
    "寫創穩"
    "丟臨爲鄉於僅價衆會內冊衝況擊則刪務動勢佔廳壓廈叄參臺啓員團圍塊處婦學審對"
    "廣開異張歸當錄徵徑掃護攔擠揮攬敵斬舊暱顯構樣殘氣沒瀏熱狀獨獄碼禮離籌簡緊"
    "線終結絕繼緣羣勝範薦榮銜補見規覽訂認議訊記設訪證識訴詞試話語誤請敗貳資趕"
    "趨輪載遷違遺採釋裏銅銀鏈銷錯鍵鎮長閉問隊隨隸頁頂項須顧頻驗鰲黃啟裡昇穫"
)
_SIMPLIFIED = (
    "蝉联跃将还现环该涨几届维组双详减众号阅读总数发布点赞赞变晋万亿单体称账账标题条综"
    "转响运营办较周属区传连军亚夺卫领获为与从进来个并并无据暂时间统计绩续强达过余约后"
    "机关门户网这制级县质监测报导评论丝图说注备检举陆战争头两种类别际红选济闻编辑责缩"
    "写创稳"
    "丢临为乡于仅价众会内册冲况击则删务动势占厅压厦叁参台启员团围块处妇学审对"
    "广开异张归当录征径扫护拦挤挥揽敌斩旧昵显构样残气没浏热状独狱码礼离筹简紧"
    "线终结绝继缘群胜范荐荣衔补见规览订认议讯记设访证识诉词试话语误请败贰资赶"
    "趋轮载迁违遗采释里铜银链销错键镇长闭问队随隶页顶项须顾频验鳌黄启里升获"
)

_TABLE = {0xFF01 + i: 0x21 + i for i in range(94)}
del _TABLE[ord("，")]  # stays apart from the comma, which may group digits
_TABLE |= {ord("\u3000"): ord(" "), ord("\u00a0"): ord(" "), ord("〜"): ord("~")}
_TABLE |= dict(zip(map(ord, _TRADITIONAL), map(ord, _SIMPLIFIED), strict=True))


def fold(text: str) -> str:
    """Half-width signs and simplified label characters, character for character."""
    return text.translate(_TABLE)


def strip_invisible(text: str) -> str:
    """The text without zero-width and direction characters."""
    return INVISIBLE.sub("", text)


def one_line(text: str) -> str:
    """White space of every kind collapsed to single spaces, ends trimmed."""
    return _SPACES.sub(" ", strip_invisible(text)).strip()


def tidy(text: str) -> str:
    """Names and raw numbers: no invisible characters, no ``&nbsp;``, single spaces."""
    return one_line(_NBSP.sub("", text))


def without_nbsp(text: str) -> str:
    """The text without ``&nbsp;``: in running text it parts neither names nor numbers."""
    return _NBSP.sub("", text)


def compact(text: str) -> str:
    """NFKC, folded, without any white space: the form labels are compared in."""
    return fold(_SPACES.sub("", strip_invisible(unicodedata.normalize("NFKC", text))))
