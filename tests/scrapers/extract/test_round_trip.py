"""A law: whatever structure the same board is printed in, the same rows are read back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scrapers.extract.pages import read

LABELS = {
    "articles": ("发布篇数", "文章数", "发文数"),
    "reads": ("阅读总数", "总阅读数", "阅读量"),
    "max_reads": ("最高阅读数", "最大阅读"),
    "looks": ("在看数", "总在看数", "在看"),
    "likes": ("点赞总数", "点赞数"),
    "index": ("WCI", "WCI指数", "综合得分"),
}
PLACES = ["荷塘", "芦淞", "石峰", "天元", "渌口", "攸县", "茶陵", "炎陵", "醴陵", "浏阳"]
KINDS = ["发布", "在线", "融媒", "之声", "公安", "交警"]

names = st.builds(lambda place, kind: place + kind, st.sampled_from(PLACES), st.sampled_from(KINDS))
numbers = {
    "articles": st.integers(1, 400).map(str),
    "reads": st.sampled_from(["629,890", "62.9万", "238W+", "10万+", "88096", "超41万"]),
    "max_reads": st.sampled_from(["10万+", "100001", "88,338", "4346"]),
    "looks": st.integers(0, 9999).map(str),
    "likes": st.integers(0, 9999).map("{:,}".format),
    "index": st.decimals(50, 1900, places=2).map(str),
}


@st.composite
def boards(draw):
    """Column labels by key, and rows of a name with its printed numbers."""
    keys = draw(st.lists(st.sampled_from(sorted(LABELS)), min_size=1, max_size=5, unique=True))
    labels = {key: draw(st.sampled_from(LABELS[key])) for key in keys}
    accounts = draw(st.lists(names, min_size=2, max_size=12, unique=True))
    return labels, [(name, {key: draw(numbers[key]) for key in keys}) for name in accounts]


def cells(board):
    labels, rows = board
    yield ["排名", "公众号", *labels.values()]
    for rank, (name, values) in enumerate(rows, 1):
        yield [str(rank), name, *values.values()]


def as_table(board):
    lines = ("".join(f"<td>{cell}</td>" for cell in line) for line in cells(board))
    return "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"


def as_turned_table(board):
    lines = zip(*cells(board), strict=True)
    body = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in lines
    )
    return f"<table>{body}</table>"


def as_div_lines(board):
    lines = ("".join(f"<span>{cell}</span>" for cell in line) for line in cells(board))
    return "<div>" + "".join(f"<div class='l'>{line}</div>" for line in lines) + "</div>"


def as_block_lines(board):
    lines = ("".join(f"<div>{cell}</div>" for cell in line) for line in cells(board))
    return "<section>" + "".join(f"<section>{line}</section>" for line in lines) + "</section>"


def as_cards(board):
    labels, rows = board
    cards = []
    for rank, (name, values) in enumerate(rows, 1):
        pairs = ((labels[key], value) for key, value in values.items())
        items = "".join(
            f"<li><label>{label}</label><em>{value}</em></li>" for label, value in pairs
        )
        cards.append(f"<div class='c'><b>{rank:02}</b><h5>{name}</h5><ul>{items}</ul></div>")
    return f"<div>{''.join(cards)}</div>"


def as_definitions(board):
    labels, rows = board
    parts = []
    for rank, (name, values) in enumerate(rows, 1):
        items = "".join(f"<dd>{labels[key]}：{value}</dd>" for key, value in values.items())
        parts.append(f"<dt>TOP{rank} {name}</dt>{items}")
    return f"<dl>{''.join(parts)}</dl>"


def texts(board, mark):
    labels, rows = board
    for rank, (name, values) in enumerate(rows, 1):
        told = ",".join(f"{labels[key]}{value}" for key, value in values.items())
        yield f"{mark(rank)}{name}:{told}"


def as_numbered_lines(board):
    return "".join(f"<p>{line}</p>" for line in texts(board, "{}、".format))


def as_no_lines(board):
    return "<p>" + "<br>".join(texts(board, "NO.{} ".format)) + "</p>"


def as_ordered_list(board):
    return "<ol>" + "".join(f"<li>{line}</li>" for line in texts(board, lambda _: "")) + "</ol>"


def as_sentences(board):
    labels, rows = board
    told = []
    for rank, (name, values) in enumerate(rows, 1):
        numbers_told = "，".join(f"{labels[key]}{value}" for key, value in values.items())
        told.append(f"“{name}”{numbers_told}，位列第{rank}名。")
    return f"<p>{''.join(told)}</p>"


STRUCTURES = [
    as_table,
    as_turned_table,
    as_div_lines,
    as_block_lines,
    as_cards,
    as_definitions,
    as_numbered_lines,
    as_no_lines,
    as_ordered_list,
    as_sentences,
]


@pytest.mark.parametrize("structure", STRUCTURES, ids=lambda f: f.__name__)
@settings(max_examples=40, deadline=None)
@given(board=boards())
def test_rows_read_back(structure, board):
    _, rows = board
    answer = read(f"<h2>县级政务微信榜TOP{len(rows)}</h2>{structure(board)}")
    (found,) = answer.boards
    assert [(row.rank, row.account) for row in found.rows] == [
        (rank, name) for rank, (name, _) in enumerate(rows, 1)
    ]
    for row, (_, values) in zip(found.rows, rows, strict=True):
        assert {key: figure.raw for key, figure in row.values.items()} == values
    assert not set(answer.flags) - {"implausible_value"}
