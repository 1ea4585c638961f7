"""Full boards for the tests that count queries."""

from rankings.models import Board, Observation, Watch
from rankings.periods import Month, Period
from tests.factories.rankings import AccountFactory


def fill(board: Board, accounts: int, months: int) -> None:
    """A full board of confirmed places with an index each."""
    people = AccountFactory.create_batch(accounts)
    rows = []
    for at in range(months):
        month = Month(2010, 1) + at
        period = Period.of_month(month)
        for place, account in enumerate(people):
            rows.append(
                Observation(
                    board=board,
                    period_kind="month",
                    start=period.start,
                    end=period.end,
                    month=month.index,
                    account=account,
                    state="ranked",
                    rank=1 + (place + at) % accounts,
                    status="confirmed",
                    source_kind="publisher",
                    source_name="某报社",
                    origin="import",
                    method="13.0",
                    figures={"index": {"value": 1000 - place, "bound": "exact", "raw": ""}},
                )
            )
    Observation.objects.bulk_create(rows, batch_size=500)
    Watch.objects.create(board=board, account=people[1])
