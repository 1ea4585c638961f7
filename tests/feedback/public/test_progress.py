"""The five steps as a sender sees them."""

import datetime as dt

import pytest

from feedback.models import Deed, State
from feedback.public import progress
from feedback.public.progress import Stage
from feedback.rules import Limits

AT = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
ALL = (Deed.ACCEPT, Deed.ASSIGN, Deed.REPORT, Deed.SUPERVISE_PASS, Deed.APPROVE_ANSWER)
D, N, L, S = Stage.DONE, Stage.NOW, Stage.LATER, Stage.SKIPPED


@pytest.mark.parametrize(
    ("state", "deeds", "stages"),
    [
        (State.RECEIVED, (), [N, L, L, L, L]),
        (State.ACCEPTED, ALL[:1], [D, N, L, L, L]),
        (State.ASSIGNED, ALL[:2], [D, D, N, L, L]),
        # Sent back by the supervision: reported before, and still to be carried out.
        (State.ASSIGNED, ALL[:3], [D, D, N, L, L]),
        (State.REPORTED, ALL[:3], [D, D, D, N, L]),
        (State.SUPERVISED, ALL[:4], [D, D, D, D, N]),
        (State.DRAFTED, ALL[:4], [D, D, D, D, N]),
        (State.ANSWERED, ALL, [D, D, D, D, D]),
        (State.CLOSED, ALL, [D, D, D, D, D]),
        # What the office knows itself.
        (State.DRAFTED, ALL[:1], [D, S, S, S, N]),
        (State.ANSWERED, (ALL[0], ALL[4]), [D, S, S, S, D]),
        (State.REFUSED, (), [S, S, S, S, S]),
        (State.REFUSED, ALL[:1], [D, S, S, S, S]),
        (State.MERGED, ALL[:2], [D, D, S, S, S]),
    ],
)
def test_where_each_step_stands(state, deeds, stages):
    rows = progress.rows(state, dict.fromkeys(deeds, AT), AT, False, Limits())
    assert [row.stage for row in rows] == stages
    for row in rows:
        assert (row.at is not None) == (row.stage is D)
        assert (row.due is not None) == (row.stage is N)


def test_a_hard_one_has_longer_to_be_carried_out():
    limits = Limits()
    plain = [row.days for row in progress.rows(State.RECEIVED, {}, AT, False, limits)]
    long = [row.days for row in progress.rows(State.RECEIVED, {}, AT, True, limits)]
    assert plain == [1, 1, 4, 1, 1] and long == [1, 1, 12, 1, 1]


def test_every_state_is_told_in_words():
    assert set(progress.WORDS) == set(State)
    for state in State:
        assert len(progress.rows(state, {}, AT, False, Limits())) == 5
