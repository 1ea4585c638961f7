"""How time grows with size, as a ratio within one run: machines differ, quadratic does not."""

import time
from collections.abc import Callable
from typing import Any

TIMES_AS_LARGE = 4
# Linear is 4 and quadratic 16; what passes is nearer to linear, however busy the machine.
LIMIT = 10


def assert_grows_linearly(make: Callable[[int], Any], act: Callable[[Any], Any], size: int) -> None:
    """``act`` on what ``make`` gives for ``size`` against a quarter of it, in processor time.

    The best of three each, taken in turn, so that a slow spell favours neither.
    """
    inputs = [make(size // TIMES_AS_LARGE), make(size)]
    best = [float("inf"), float("inf")]
    for _ in range(3):
        for place, given in enumerate(inputs):
            began = time.process_time()
            act(given)
            best[place] = min(best[place], time.process_time() - began)
    small, large = best
    assert large < LIMIT * small, f"{small * 1000:.1f} ms, {TIMES_AS_LARGE}×: {large * 1000:.1f} ms"
