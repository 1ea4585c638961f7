"""What the report screens show, as plain values.

Every function asks a fixed number of queries, however many months or accounts there are.
Nothing here decides what counts as first: that is ``streaks``; here the words are found for it.
"""

from .account import (
    AccountReport,
    MonthCell,
    RunWords,
    Year,
    account_report,
    accounts_on,
    beyond_of,
    boards_of,
    breaks_of,
    latest_sentence,
    month_url,
    our_account,
    source_words,
    span,
)
from .details import (
    EvidenceUse,
    MonthDetail,
    StatementCard,
    evidence_uses,
    month_detail,
    state_explanation,
    statement_card,
)
from .differing import statement_differences
from .index_check import (
    BoardCheck,
    MonthCheck,
    Reference,
    board_check,
    check_of,
    latest_method,
    reference,
)
from .months import MonthTable, Movement, TableRow, month_table
from .places import STATE_WORDS, Place, StateWords, figure_text, place_of
from .returned import returned_to
from .unproved import UnprovedMonth, next_unproved

__all__ = [
    "STATE_WORDS",
    "AccountReport",
    "BoardCheck",
    "EvidenceUse",
    "MonthCell",
    "MonthCheck",
    "MonthDetail",
    "MonthTable",
    "Movement",
    "Place",
    "Reference",
    "RunWords",
    "StateWords",
    "StatementCard",
    "TableRow",
    "UnprovedMonth",
    "Year",
    "account_report",
    "accounts_on",
    "beyond_of",
    "board_check",
    "boards_of",
    "breaks_of",
    "check_of",
    "evidence_uses",
    "figure_text",
    "latest_method",
    "latest_sentence",
    "month_detail",
    "month_table",
    "month_url",
    "next_unproved",
    "our_account",
    "place_of",
    "reference",
    "returned_to",
    "source_words",
    "span",
    "state_explanation",
    "statement_card",
    "statement_differences",
]
