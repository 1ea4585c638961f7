"""How readings are printed and added up. Pure.

10万+ is WeChat's ceiling for one post, kept as 100001, at least; a sum with one of them is a lower
bound and is printed with ≥.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from rankings.charts import SIGNS
from rankings.figures import ARTICLE_CAP, AT_LEAST, EXACT

from ..models import Metric

CAPPED = "10万+"
#: From here on a post counts as 10万+.
LARGE = ARTICLE_CAP
#: Metrics that are counted, so that those of several posts may be added up.
COUNTED = tuple(
    metric
    for metric in Metric
    if metric not in (Metric.DELIVERY_RATE, Metric.FINISH_RATE, Metric.MINUTES)
)


class Value(Protocol):
    """A reading, or what stands for one."""

    metric: str
    value: Decimal
    bound: str
    capped: bool


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of ``count`` values."""

    value: int
    bound: str
    count: int

    @property
    def words(self) -> str:
        return f"{SIGNS[self.bound]}{self.value:,}"


def total(values: Iterable[Value]) -> Total:
    """Values of one metric added up.

    Raises:
        ValueError: they are of several metrics, or of one that cannot be added.
    """
    found = list(values)
    metrics = {each.metric for each in found}
    if len(metrics) > 1 or not metrics <= set(COUNTED):
        raise ValueError(f"these cannot be added up: {', '.join(sorted(metrics))}")
    bound = AT_LEAST if any(each.bound == AT_LEAST for each in found) else EXACT
    return Total(int(sum(each.value for each in found)), bound, len(found))


def printed(reading: Value) -> str:
    """``12,345``, ``10万+``, ``≥3,000``, ``45.2%``, ``1.5 分钟`` or ``3.20 元``."""
    if reading.capped:
        return CAPPED
    sign, value = SIGNS[reading.bound], reading.value
    match reading.metric:
        case Metric.DELIVERY_RATE | Metric.FINISH_RATE:
            return f"{sign}{value * 100:.1f}%"
        case Metric.MINUTES:
            return f"{sign}{value:.1f} 分钟"
        case Metric.PRAISE:
            return f"{sign}{value / 100:,.2f} 元"
    return f"{sign}{int(value):,}"
