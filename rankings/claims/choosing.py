"""Which run of months a claim is about."""

from .. import sentences, streaks
from ..models import Account, Board
from ..periods import Month
from ..queries import NoRecord
from .records import Series


def span_of(
    series: Series, account: Account, *, as_of: Month | None = None, proved_only: bool = False
) -> tuple[Month, Month]:
    """First and last month of the run to be told.

    The run that ends at ``as_of``; without it the current one, or the longest where the current
    one says nothing. ``proved_only`` leaves out the months before that are not settled. Raises
    ``NoRecord`` when there is no such run.
    """
    board = series.board
    if not board.is_monthly:
        raise NoRecord(f"《{board}》不是月榜，连续榜首只按月计算，请换一个月榜。")
    run = _current(series, account, as_of)
    if not _tells(run, proved_only):
        if as_of is not None:
            raise NoRecord(_nothing(board, account, as_of, proved_only))
        run = _current(series, account, _end_of_longest(series, account, proved_only))
        if not _tells(run, proved_only):
            raise NoRecord(_nothing(board, account, None, proved_only))
    if proved_only or sentences.proof_of(run) == sentences.Proof.PROVED:
        return run.proved_from, run.proved_to
    return run.start, run.end


def _current(series: Series, account: Account, as_of: Month | None) -> streaks.Run:
    if as_of is None and not series.record.months:
        return streaks.Run()
    return streaks.standings(series.record, [account.pk], as_of).streaks[account.pk].current


def _end_of_longest(series: Series, account: Account, proved_only: bool) -> Month | None:
    longest = streaks.standings(series.record, [account.pk]).streaks[account.pk].longest
    if proved_only or sentences.proof_of(longest) == sentences.Proof.PROVED:
        return longest.proved_to
    return longest.end


def _tells(run: streaks.Run, proved_only: bool) -> bool:
    if proved_only:
        return run.proved > 0
    return sentences.proof_of(run) != sentences.Proof.NONE


def _nothing(board: Board, account: Account, as_of: Month | None, proved_only: bool) -> str:
    when = f"截至{as_of.label}，" if as_of is not None else ""
    what = "已核实列第一" if proved_only else "列第一"
    return (
        f"{when}《{board}》没有“{account}”{what}的记录，"
        "请先录入或导入名次，或换一个榜单、公众号或截止月份。"
    )
