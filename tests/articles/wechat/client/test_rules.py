"""Errors in words, the limits of fields, and pauses between tries: plain values."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.wechat import fields
from articles.wechat.backoff import GIVE_UP_AFTER, next_delay
from articles.wechat.errors import (
    MEANINGS,
    ErrorKind,
    MassStatus,
    WeChatError,
    mass_status,
    why_not_published,
)

KINDS = {
    ErrorKind.BUSY: {-1, 40001, 40014, 42001},
    ErrorKind.RATE: {45011, 45066, 53501},
    ErrorKind.QUOTA: {45009},
}
# WeChat's codes that a delivery, a statistic or a comment can meet.
REFUSED = {
    *(40005, 40007, 40009, 40013, 40125, 40164, 41005, 44003, 45002, 45003, 45004, 45005, 45028),
    *(45065, 45067, 45110, 45166, 47001, 47009, 48001, 53402, 53500, 53502, 53503, 53504, 53505),
    *(61500, 61501),
}


def test_every_code_is_of_the_right_kind() -> None:
    for kind, codes in KINDS.items():
        assert {code for code, (of, _) in MEANINGS.items() if of == kind} == codes
    assert {code for code, (kind, _) in MEANINGS.items() if kind == ErrorKind.REFUSED} >= REFUSED


def test_every_sentence_says_in_chinese_what_to_do() -> None:
    for code, (kind, sentence) in MEANINGS.items():
        assert sentence.endswith("。"), code
        assert not re.search(r"errcode|errmsg|token|media_id|clientmsgid", sentence), code
        if kind in (ErrorKind.BUSY, ErrorKind.RATE):
            assert "自动再试" in sentence, code
        elif code != 45065:  # nothing is left to do
            assert re.search(r"请|自动再试", sentence), code


def test_an_unknown_code_keeps_what_wechat_said() -> None:
    error = WeChatError(99999, "strange thing rid: 5f9a-12 hint: [abc.X1]")
    assert (error.kind, error.errmsg) == (ErrorKind.REFUSED, "strange thing")
    assert error.sentence == "微信拒绝了这次操作（错误 99999：strange thing），请管理员查看。"
    assert "没有说明" in WeChatError(99999).sentence


@pytest.mark.parametrize(
    "said, status",
    [
        ("send success", MassStatus(sent=True)),
        ("SEND_SUCCESS", MassStatus(sent=True)),
        (" send success\n", MassStatus(sent=True)),
        ("SENDING", MassStatus()),
    ],
)
def test_how_a_sending_stands(said: str, status: MassStatus) -> None:
    assert mass_status(said) == status


@pytest.mark.parametrize(
    "said, why",
    [
        ("err(10001)", "涉嫌广告"),
        ("err(20001)", "涉嫌政治"),
        ("err(20002)", "涉嫌色情"),
        ("err(20004)", "涉嫌社会"),
        ("err(20006)", "涉嫌违法"),
        ("err(20008)", "涉嫌欺诈"),
        ("err(20013)", "涉嫌版权"),
        ("err(21000)", "涉嫌其他"),
        ("err(22000)", "涉嫌互推"),
        ("err(30003)", "30003"),
        ("send fail", "发送失败"),
        ("SEND_FAIL", "发送失败"),
        ("DELETE", "已被删除"),
        ("", "没有说明"),
    ],
)
def test_why_a_sending_failed(said: str, why: str) -> None:
    status = mass_status(said)
    assert (status.sent, status.failed) == (False, True)
    assert why in status.sentence and status.sentence.endswith("。")


def test_why_there_is_no_permanent_link() -> None:
    assert [why_not_published(status) for status in (0, 1)] == ["", ""]
    assert len({why_not_published(status) for status in range(2, 8)}) == 6
    assert "状态 9" in why_not_published(9)


# --- fields ---------------------------------------------------------------------------------------

FINE = {"title": "长" * 32, "author": "人" * 16, "digest": "摘" * 120, "content": "<p>文</p>"}


@pytest.mark.parametrize(
    "changes, said",
    [
        ({}, ""),
        ({"title": "长" * 33}, "标题有 33 个字，微信最多 32 个字"),
        ({"title": " "}, "没有标题"),
        ({"author": "人" * 17}, "作者有 17 个字"),
        ({"digest": "摘" * 121}, "摘要有 121 个字"),
        ({"content": "x" * 19_999}, ""),
        ({"content": "x" * 20_000}, "少于 20000 个"),
        ({"content_source_url": "https://a.cn/" + "x" * 1011}, ""),
        ({"content_source_url": "https://a.cn/" + "x" * 1012}, "1 KB"),
        ({"image_info": {"image_list": [{}] * 20}}, ""),
        ({"image_info": {"image_list": [{}] * 21}}, "最多 20 张"),
    ],
)
def test_what_wechat_would_not_take(changes: dict, said: str) -> None:
    found = fields.problems({**FINE, **changes}, 3)
    assert len(found) == bool(said) and all(said in sentence for sentence in found)
    assert all(sentence.startswith("第 3 篇") for sentence in found)


def test_all_that_is_wrong_is_told_at_once() -> None:
    bad = {"title": "长" * 40, "author": "人" * 40, "content": "😀" * 260_000}
    assert len(fields.problems(bad, 1)) == 4


# --- pauses ---------------------------------------------------------------------------------------


def test_pauses_grow_and_end_after_a_day() -> None:
    pauses = []
    while (pause := next_delay(len(pauses) + 1)) is not None:
        pauses.append(pause)
    assert [pause.total_seconds() for pause in pauses[:7]] == [10, 30, 60, 120, 300, 600, 600]
    assert sum(pauses, timedelta()) <= GIVE_UP_AFTER < sum(pauses, timedelta()) + pauses[-1]
    with pytest.raises(ValueError, match="from 1"):
        next_delay(0)


@given(st.integers(1, 100_000))
def test_a_pause_never_shrinks(attempts: int) -> None:
    now, then = next_delay(attempts), next_delay(attempts + 1)
    assert then is None or (now is not None and now <= then)
