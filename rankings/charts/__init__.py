"""Charts as plain geometry, drawn by the templates ``rankings/charts/*.svg``.

Everything here is a pure function over plain values, in whole pixels; ``svg`` alone renders. Why
charts are drawn on the server: docs/adr/0003-charts.md.
"""

from .drawing import NAMES, svg
from .heat import (
    ABSENT,
    DISPUTED,
    NOT_ISSUED,
    REPORTED,
    UNKNOWN,
    HeatCell,
    HeatKey,
    HeatMap,
    HeatRow,
    bucket_of,
    heat_legend,
    heat_map,
)
from .index import NO_METHOD, SIGNS, IndexChart, IndexMonth, IndexSeries, index_chart
from .layout import Label, MethodBreak, runs
from .rank import Arrow, ChartMonth, Line, Point, RankChart, labelled, rank_chart
from .versus import LETTERS, Contender, Curve, VersusChart, versus_chart

__all__ = [
    "ABSENT",
    "DISPUTED",
    "LETTERS",
    "NAMES",
    "NOT_ISSUED",
    "NO_METHOD",
    "REPORTED",
    "SIGNS",
    "UNKNOWN",
    "Arrow",
    "ChartMonth",
    "Contender",
    "Curve",
    "HeatCell",
    "HeatKey",
    "HeatMap",
    "HeatRow",
    "IndexChart",
    "IndexMonth",
    "IndexSeries",
    "Label",
    "Line",
    "MethodBreak",
    "Point",
    "RankChart",
    "VersusChart",
    "bucket_of",
    "heat_legend",
    "heat_map",
    "index_chart",
    "labelled",
    "rank_chart",
    "runs",
    "svg",
    "versus_chart",
]
