"""``verify_claim`` and ``claim_bundle``."""

import json
import zipfile

import pytest
from django.core.management import CommandError, call_command

from rankings import tasks
from rankings.models import Claim
from rankings.services import claims as services
from rankings.services import correct_observation
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(person):
    return person("甲", "make_claim", "record_observation")


@pytest.fixture
def proposed(office):
    board, account = BoardFactory(), AccountFactory()
    for month in ("2019-01", "2019-02"):
        ObservationFactory(board=board, account=account, period=month)
    return services.make_claim(office, board, account)


@pytest.fixture
def claim(proposed, person):
    return services.approve_claim(person("乙", "approve_claim", "make_claim"), proposed)


@pytest.fixture
def failed(claim, office):
    row = claim.observations.first()
    correct_observation(office, row, "来函更正", {"rank": 2, "status": "reported"})
    claim.refresh_from_db()
    return claim


def code_of(*arguments):
    """The exit code of a command, as a shell would see it."""
    try:
        call_command(*arguments)
    except SystemExit as error:
        return error.code
    except CommandError as error:
        return error.returncode
    return 0


def test_a_claim_that_holds(claim, capsys):
    assert code_of("verify_claim", claim.number) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{claim.number}（有效）{claim.text}",
        "仍然成立。",
    ]
    assert code_of("verify_claim", str(claim.pk)) == 0
    assert code_of("verify_claim", claim.number.lower()) == 0


def test_a_claim_that_fails_says_what_changed(failed, capsys):
    assert code_of("verify_claim", failed.number) == 1
    text = capsys.readouterr().out
    assert "（需复核）" in text
    assert "名次 1 → 2；核实情况 已核实 → 据报道；理由：来函更正" in text


def test_verifying_turns_an_approved_claim(claim, capsys):
    # As if the row had been changed behind the program's back.
    row = claim.observations.first()
    type(row).objects.filter(pk=row.pk).update(rank=3)
    assert code_of("verify_claim", claim.number) == 1
    assert "被直接改动：名次 1 → 3" in capsys.readouterr().out
    claim.refresh_from_db()
    assert claim.status == "review"


def test_json(failed, capsys):
    assert code_of("verify_claim", "--all", "--json") == 1
    [found] = json.loads(capsys.readouterr().out)["claims"]
    assert (found["number"], found["holds"], found["status"]) == (failed.number, False, "review")
    assert {"level", "code", "month", "message"} == set(found["findings"][0])


def test_all_leaves_proposals_and_withdrawn_ones_out(proposed, capsys):
    assert code_of("verify_claim", "--all") == 0
    assert capsys.readouterr().out == "没有有效或需复核的结论。\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("verify_claim",),
        ("verify_claim", "JL-1999-0001"),
        ("verify_claim", "9" * 30),
        ("verify_claim", "结论"),
        ("claim_bundle", "JL-1999-0001"),
    ],
)
def test_usage(arguments, db):
    assert code_of(*arguments) == 2


def test_one_or_all_but_not_both(claim):
    assert code_of("verify_claim", claim.number, "--all") == 2


def test_the_bundle_is_written_whole(claim, tmp_path, capsys):
    path = tmp_path / "out.zip"
    assert code_of("claim_bundle", claim.number, "--out", str(path)) == 0
    assert zipfile.is_zipfile(path)
    assert str(path) in capsys.readouterr().out
    assert [each.name for each in tmp_path.iterdir()] == ["out.zip"]


def test_what_cannot_be_bundled_leaves_nothing(proposed, tmp_path):
    assert code_of("claim_bundle", proposed.number, "--out", str(tmp_path / "o.zip")) == 1
    assert list(tmp_path.iterdir()) == []
    assert code_of("claim_bundle", proposed.number, "--out", str(tmp_path / "no" / "o.zip")) == 2


def test_the_daily_round_verifies_what_is_due(claim):
    assert tasks.verify_claims() == "核验 0 条结论，0 条不符"
    Claim.objects.filter(pk=claim.pk).update(verified_at=None)
    assert tasks.verify_claims() == "核验 1 条结论，0 条不符"
