"""Masking: examples as a table, laws for every text."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feedback.masking import hidden_name, leftovers, mask

TABLE = [
    ("请打13812345678找我", "请打〔电话略〕找我"),
    ("138 1234 5678", "〔电话略〕"),
    ("138-1234-5678", "〔电话略〕"),
    ("１３８１２３４５６７８", "〔电话略〕"),
    ("138\u200b1234\u200b5678", "〔电话略〕"),
    ("0731-28123456", "〔电话略〕"),
    ("座机：28123456", "座机：〔电话略〕"),
    ("手机号是 138 1234", "手机号是 〔电话略〕"),
    ("一三八一二三四五六七八", "〔号码略〕"),
    ("430202199001011234", "〔证件号略〕"),
    ("43020219900101123X", "〔证件号略〕"),
    ("43020219900101123x", "〔证件号略〕"),
    ("6222020200112233445", "〔号码略〕"),
    ("邮箱wang.xm@example.com，谢谢", "〔邮箱略〕，谢谢"),
    ("a@b.cn", "〔邮箱略〕"),
    ("微信号：wxm_1990", "微信号：〔账号略〕"),
    ("QQ 12345678", "QQ 〔账号略〕"),
    ("我叫王小明，住金钩花园", "我叫王**，住金钩花园"),
    ("姓名：李雷", "姓名：李**"),
    ("王建国师傅很热心", "王**师傅很热心"),
    ("李师傅很热心", "李师傅很热心"),
    ("住3栋2单元502室", "住*栋*单元*室"),
    ("三栋二单元", "*栋*单元"),
    ("新华路12号", "新华路*号"),
    ("新华路12-3号", "新华路*号"),
    # What must stay.
    ("11月12号开始停水", "11月12号开始停水"),
    ("拨打12345热线", "拨打12345热线"),
    ("2026-11-24 08:30", "2026-11-24 08:30"),
    ("坐1号线去", "坐1号线去"),
    ("荷政发〔2026〕12号文件", "荷政发〔2026〕12号文件"),
    ("5,200多件诉求", "5,200多件诉求"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "masked"), TABLE)
def test_examples(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(("text", "masked"), TABLE)
def test_what_is_masked_has_no_leftovers(text: str, masked: str) -> None:
    assert leftovers(masked) == []


def test_the_sender_s_own_name_goes_wherever_it_stands() -> None:
    assert mask("楼上姓欧阳的是我，欧阳小明", ["欧阳小明"]) == "楼上姓欧阳的是我，欧**"
    assert mask("王", ["王"]) == "王"
    assert hidden_name("王小明") == "王**"
    assert hidden_name(" ") == ""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("打13812345678", ["电话或证件号码"]),
        ("a@b.cn 或 0731-2812345", ["邮箱", "电话或证件号码"]),
        ("幺三八零零一三八零零零", ["用汉字写的号码"]),
        ("路灯已修好，请拨打12345", []),
    ],
)
def test_leftovers_are_named(text: str, found: list[str]) -> None:
    assert leftovers(text) == found


# --- laws -----------------------------------------------------------------------------------------

DIGITS = "0123456789０１２３４５６７８９"
pieces = st.one_of(
    st.text(max_size=12),
    st.text(alphabet=DIGITS + " -·", min_size=1, max_size=25),
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.from_regex(r"[0-9]{17}[0-9Xx]", fullmatch=True),
    st.emails(),
    st.sampled_from(["我叫王小明", "手机", "住3栋", "，", "。", "\n", "微信："]),
)
texts = st.lists(pieces, max_size=8).map("".join)

# Independent of the expressions that mask.
PHONE = re.compile(r"(?<!\d)1[3-9](?:[ -]?\d){9}(?!\d)")
ELEVEN = re.compile(r"\d{11}")
IDENTITY = re.compile(r"\d{17}[0-9Xx]")
EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z]{2,}")


@given(texts, st.text(max_size=6))
@example("1381234567８", "")
@example("13812345678a@b.cn", "")
@example("138\u00ad12345678", "")
@example("138\u2060\u200d12345678", "")
def test_no_number_or_address_of_a_person_survives(text: str, name: str) -> None:
    masked = mask(text, [name])
    for pattern in (PHONE, ELEVEN, IDENTITY, EMAIL):
        assert not pattern.search(masked), (text, masked)
    assert leftovers(masked) == []


@given(texts, st.text(max_size=6))
def test_masking_twice_is_masking_once(text: str, name: str) -> None:
    once = mask(text, [name])
    assert mask(once, [name]) == once


@given(st.text(max_size=20), st.text(alphabet="王李张刘陈杨小明建国芳", min_size=2, max_size=4))
def test_a_known_name_does_not_survive(around: str, name: str) -> None:
    assert name not in mask(f"{around}{name}{around}", [name])
