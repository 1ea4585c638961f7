"""The sentences of streaks: nothing reported is worded as proved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.sentences import Proof, proof_of, streak_sentence
from rankings.streaks import measure

from .test_streaks import FIRST

WHERE = "《影响力榜》（示例研究院）"


def said(letters: str, **rest):
    run = measure(letters, FIRST.index, FIRST.index + len(letters) - 1).current
    return streak_sentence(
        run,
        board="影响力榜",
        publisher="示例研究院",
        account="在荷塘",
        scope="县级",
        sources=["株洲日报2019年9月17日"],
        **rest,
    )


@pytest.mark.parametrize(
    ("letters", "proof", "text"),
    [
        (
            "NFFF",
            Proof.PROVED,
            f"据{WHERE}逐月公布结果，“在荷塘”2019年2月至2019年4月连续3个月列县级榜第一。",
        ),
        (
            "FFF",
            Proof.PROVED,
            f"据{WHERE}逐月公布结果，“在荷塘”2019年1月至2019年3月至少连续3个月列县级榜第一。",
        ),
        (
            "NF",
            Proof.PROVED,
            f"据{WHERE}逐月公布结果，“在荷塘”2019年2月列县级榜第一。",
        ),
        (
            "NFTSF",
            Proof.PROVED,
            f"据{WHERE}逐月公布结果，“在荷塘”2019年2月至2019年5月连续3个月列县级榜第一"
            "（其中并列1个月，其间榜单停发1期，不计入）。",
        ),
        (
            "NFF?FFF",
            Proof.PARTIAL,
            f"据{WHERE}逐月公布结果，“在荷塘”2019年5月至2019年7月连续3个月列县级榜第一；"
            "若2019年4月补证，则为连续6个月。",
        ),
        (
            "NRRFR",
            Proof.PARTIAL,
            f"据株洲日报2019年9月17日报道，“在荷塘”在{WHERE}2019年2月至2019年5月连续4个月"
            "列县级榜第一；现存证据可核实其中1个月，其余3个月待补。",
        ),
        (
            "F?RF",
            Proof.PARTIAL,
            f"“在荷塘”在{WHERE}2019年1月至2019年4月的4个月里，现存证据可核实列县级榜第一的有"
            "2个月，据株洲日报2019年9月17日报道的有1个月，没有定论的有1个月，尚不能说明是否连续。",
        ),
        (
            "RRR",
            Proof.REPORTED,
            f"据株洲日报2019年9月17日报道，“在荷塘”在{WHERE}2019年1月至2019年3月连续3个月"
            "列县级榜第一（本系统未逐月核实）。",
        ),
        (
            "R?R",
            Proof.REPORTED,
            f"据株洲日报2019年9月17日报道，“在荷塘”在{WHERE}2019年1月至2019年3月有2个月"
            "列县级榜第一，另有1个月没有定论，不能说明是否连续（本系统未逐月核实）。",
        ),
        ("???", Proof.NONE, f"现存资料不能说明“在荷塘”在{WHERE}列第一。"),
        ("N", Proof.NONE, f"现存资料不能说明“在荷塘”在{WHERE}列第一。"),
    ],
)
def test_wording(letters, proof, text):
    sentence = said(letters)
    assert (sentence.proof, sentence.text) == (proof, text)


@pytest.mark.parametrize("letters", ["FFN??", "FFNRRR", "FFN??F?"])
def test_the_longest_proved_run_stands_for_itself(letters):
    """Also where a longer or later run would be possible elsewhere."""
    run = measure(letters, FIRST.index, None).longest
    sentence = streak_sentence(run, board="影响力榜", publisher="", account="在荷塘")
    assert sentence.proof == Proof.PROVED
    assert sentence.text == (
        "据《影响力榜》逐月公布结果，“在荷塘”2019年1月至2019年2月至少连续2个月列第一。"
    )


@given(st.text("FTNSR?D", min_size=1, max_size=30))
def test_only_confirmed_rows_are_proved(letters):
    run = measure(letters, FIRST.index, FIRST.index + len(letters) - 1).current
    sentence = said(letters)
    if run.reported or run.unknown:
        assert sentence.proof != Proof.PROVED
    if sentence.proof == Proof.REPORTED:
        assert not run.confirmed
        assert "本系统未逐月核实" in sentence.text
        assert "逐月公布结果" not in sentence.text
    assert proof_of(run) == sentence.proof
