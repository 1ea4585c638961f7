"""A run's page beside what was accepted before: its lists, and how it is built."""

from collections.abc import Mapping

from rankings.evidence import service as evidence
from rankings.evidence.service import EvidenceError
from rankings.models import Account, AccountName, Observation, State
from rankings.periods import Month

from .. import similarity, validation
from ..checking import Rule
from ..models import Run, RunState
from ..validation import Accepted, Line

# Pages of another year may look otherwise: past months are fetched long after.
NEAR = 12


def doubts_of(run: Run, matches: Mapping[int, Rule]) -> list[str]:
    """What the lists on record make doubtful about those of the page, as Chinese sentences."""
    ours = _ours()
    found = []
    for position, rule in sorted(matches.items()):
        if rule.board is None:
            continue
        listing = run.extraction["boards"][position]
        found += validation.doubts(
            rule.label,
            run.statistics_month,
            validation.lines_of(listing["rows"]),
            _accepted(run, rule.board),
            list_size=listing["list_size"],
            ours=ours,
        )
    return found


def likeness(run: Run) -> tuple[float | None, str]:
    """How alike the page is built to the last accepted one, and a sentence where it is not.

    An unlike page waits for a person even where its rows read well: after a redesign the rows may
    be those of another column that happens to hold a list, and only the accepted page, once there
    is a new one, tells the next month otherwise. So it costs one look per redesign.
    """
    before = _last_accepted(run)
    if before is None:
        return None, ""
    try:
        alike = similarity.similarity(*(_fingerprint(each) for each in (before, run)))
    except EvidenceError:
        # The evidence check tells of damage; this run needs no older page.
        return None, ""
    if alike is None or alike >= similarity.ALIKE:
        return alike, ""
    return alike, (
        f"页面结构与上次入库的（第 {before.pk} 号，{before.statistics_month.label}）"
        f"只有 {alike:.0%} 相同，可能改版了，请对照页面核对读出的名次。"
    )


def _last_accepted(run: Run) -> Run | None:
    runs = (
        run.source.runs.filter(
            state=RunState.RECORDED,
            sighting__isnull=False,
            month__range=(run.month - NEAR, run.month + NEAR),
        )
        .exclude(pk=run.pk)
        .select_related("sighting__capture")
        .defer("extraction")
    )
    return min(runs, key=lambda other: (abs(other.month - run.month), -other.pk), default=None)


def _fingerprint(run: Run) -> frozenset[similarity.Shingle]:
    sighting = run.sighting
    return similarity.fingerprint(evidence.read(sighting.capture), sighting.content_type)


def _accepted(run: Run, board: int) -> list[Accepted]:
    """The lists of the run's source for the board: its month's own, and those next to it."""
    said = (
        Observation.objects.current()
        .filter(
            board=board,
            source_kind=run.source.source_kind,
            source_name=run.source.source_name,
            state=State.RANKED,
            month__range=(
                run.month - validation.OLDEST_COMPARED,
                run.month + validation.OLDEST_COMPARED,
            ),
        )
        .order_by()
    )
    months = set(said.values_list("month", flat=True).distinct())
    near = {
        max((month for month in months if month < run.month), default=None),
        min((month for month in months if month > run.month), default=None),
        run.month,
    }
    rows: dict[int, dict[int, Observation]] = {}
    # A proposal stands beside what is in force: the later word counts.
    for row in said.filter(month__in=near & months).order_by("version", "pk"):
        rows.setdefault(row.month, {})[row.account_id] = row
    names = _names({pk for listed in rows.values() for pk in listed})
    return [
        Accepted(
            Month.from_index(month),
            [
                Line(names[pk], row.rank, validation.exact_figures(row.figures))
                for pk, row in listed.items()
            ],
            max((row.list_size for row in listed.values() if row.list_size), default=None),
        )
        for month, listed in rows.items()
    ]


def _names(accounts: set[int]) -> dict[int, frozenset[str]]:
    """All names of each account, in the form for comparing."""
    found: dict[int, set[str]] = {pk: set() for pk in accounts}
    for pk, name in AccountName.objects.filter(account__in=accounts).values_list("account", "name"):
        found[pk].add(validation.name_key(name))
    return {pk: frozenset(names) for pk, names in found.items()}


def _ours() -> Line | None:
    account = Account.objects.filter(is_ours=True).first()
    return None if account is None else Line(_names({account.pk})[account.pk])
