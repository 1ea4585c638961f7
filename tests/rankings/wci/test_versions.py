"""Which formula a printed method means."""

import pytest

from rankings.wci import VERSIONS, version_of, versions_of


def keys(label: str) -> list[str]:
    return [version.key for version in versions_of(label)]


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("WCI V13.0", ["13.0"]),
        ("V13", ["13.0"]),
        ("13.0", ["13.0"]),
        ("13", ["13.0"]),
        ("wci13.0版", ["13.0"]),
        ("ＷＣＩ（Ｖ１３.０）", ["13.0"]),
        ("微信传播指数 WCI", []),
        ("WCI 12.0", ["12.0"]),
        ("V12", ["12.0"]),
        ("11.3", ["11.x"]),
        ("11.x", ["11.x"]),
        ("V11", ["11.x"]),
        ("2.0", ["2.0"]),
        ("14.2a", ["14.2a"]),
        ("WCI 14.2b", ["14.2b"]),
        ("WCI14.2", ["14.2a", "14.2b"]),
        ("14.2（含转发）", ["14.2b"]),
        ("V14.2 不含转发", ["14.2a"]),
        # Formulas that were not found are never guessed.
        ("V10", []),
        ("14.0", []),
        ("14.1", []),
        ("V14", []),
        ("13.1", []),
        ("13.0a", []),
        ("新榜指数", []),
        ("总得分", []),
        ("", []),
        ("2013.0", []),
    ],
)
def test_labels(label: str, expected: list[str]) -> None:
    assert keys(label) == expected
    found = version_of(label)
    assert (found.key if found else None) == (expected[0] if len(expected) == 1 else None)


@pytest.mark.parametrize("version", VERSIONS.values(), ids=str)
def test_weights_add_up_and_the_words_are_chinese(version) -> None:
    assert sum(version.views) == pytest.approx(1)
    assert sum(version.counts) == pytest.approx(1)
    assert version.note
    assert version_of(version.key) == version
    assert version_of(version.label) == version
    assert "ln(阅读+1)" in version.formula


def test_the_formula_in_one_line() -> None:
    assert VERSIONS["13.0"].formula == (
        "（30% 日均 + 30% 篇均 + 30% 头条日均 + 10% 最高一篇）² × 10，"
        "每一项都是 85% ln(阅读+1) + 15% ln(10×在看/点赞+1)"
    )
    assert VERSIONS["2.0"].formula.startswith("（40% 总数 + 45% 篇均 + 15% 最高一篇）² × 10")
    assert "20% ln(在看/点赞+1)" in VERSIONS["2.0"].formula
    assert "9% ln(10×在看+1) + 6% ln(10×点赞+1) + 15% ln(10×转发+1)" in VERSIONS["14.2b"].formula
