"""Address patterns: where a source prints the list of a given month."""

from string import Formatter

from rankings.periods import Month

FIELDS = {"year": ("", "04d"), "month": ("", "02d")}


class PatternError(ValueError):
    """The pattern cannot be used; the message is a Chinese sentence."""


def address_for(pattern: str, month: Month) -> str:
    """The address of ``month``: ``{year}``, ``{month}`` and ``{month:02d}`` are filled in.

    Nothing else may stand in braces: a format string can reach into objects. Raises
    ``PatternError``.
    """
    try:
        pieces = list(Formatter().parse(pattern))
    except ValueError as error:
        raise PatternError("地址模板里的大括号不成对，请检查。") from error
    values = {"year": month.year, "month": month.month}
    address = ""
    for text, field, form, conversion in pieces:
        address += text
        if field is None:
            continue
        if field not in FIELDS or form not in FIELDS[field] or conversion:
            raise PatternError(
                "地址模板里只能用 {year}、{month} 和 {month:02d}，请检查大括号里的内容。"
            )
        address += format(values[field], form or "")
    return address


def has_month(pattern: str) -> bool:
    """Whether different months have different addresses.

    A pattern without them is the address of a page that always shows the newest list.
    """
    return address_for(pattern, Month(2019, 1)) != address_for(pattern, Month(2018, 2))
