"""WeChat's structure rules, looked at before WeChat does: `lint` for HTML. Pure.

``rules`` is the table of all rules with their words; ``document`` reads the HTML, ``layout``,
``text``, ``nesting``, ``fonts``, ``dark``, ``stripped`` and ``limits`` look at it.
"""

from .findings import Finding, Severity
from .linting import lint

__all__ = ["Finding", "Severity", "lint"]
