"""补证: a statement with the file that proves it."""

import io

import pytest
from django.core.exceptions import PermissionDenied
from PIL import Image

from cms.ops.models import AuditEntry
from rankings.evidence import service as evidence
from rankings.evidence.models import Capture
from rankings.models import Observation, State
from rankings.periods import Period
from rankings.queries import month_record
from rankings.services import (
    Proof,
    RankingError,
    SourceRef,
    confirm_observations,
    correct_observation,
    record_proof,
)
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory

pytestmark = pytest.mark.django_db

AUGUST = Period.parse("2019-08")


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def board():
    return BoardFactory(name="影响力榜")


@pytest.fixture
def ours():
    return AccountFactory(name="在荷塘")


@pytest.fixture
def reported(board, ours):
    return ObservationFactory(
        board=board, account=ours, status="reported", source_kind="media", source_name="日报"
    )


def proof(board, account, publisher, **rest):
    given = {"status": "confirmed", "rank": 1, "upload": picture()} | rest
    source = given.pop("source", publisher)
    return Proof(board=board, period=AUGUST, account=account, source=source, **given)


def test_a_reported_month_becomes_confirmed_with_its_picture(
    reported, board, ours, publisher, recorder, checker
):
    assert month_record(board).states(ours.pk) == "R"
    row = record_proof(recorder, proof(board, ours, publisher, list_size=20))
    assert (row.status, row.rank, row.list_size) == ("proposed", 1, 20)
    assert evidence.read(row.capture) == picture()
    sighting = row.capture.sightings.get()
    assert (sighting.kind, sighting.content_type) == ("upload", "image/png")
    assert sighting.url == publisher.url
    assert AuditEntry.objects.filter(action="evidence.upload").count() == 1
    assert month_record(board).states(ours.pk) == "R"
    confirm_observations(checker, [row])
    assert month_record(board).states(ours.pk) == "F"


def test_a_confirmed_statement_needs_evidence(board, ours, publisher, recorder):
    with pytest.raises(RankingError, match="必须有存证"):
        record_proof(recorder, proof(board, ours, publisher, upload=None))
    row = record_proof(recorder, proof(board, ours, publisher, upload=None, status="reported"))
    assert (row.status, row.capture) == ("reported", None)
    capture = Capture.objects.create(sha256="ab" * 32, size=1, path="ab/ab")
    row = record_proof(recorder, proof(board, ours, publisher, upload=None, capture=capture))
    assert (row.status, row.capture, row.version) == ("proposed", capture, 2)


def test_our_own_word_never_confirms(board, ours, recorder):
    own = SourceRef("self", "在荷塘")
    with pytest.raises(RankingError, match="自述不能作为核实的依据"):
        record_proof(recorder, proof(board, ours, None, source=own))


def test_a_month_without_a_list(board, ours, publisher, recorder, checker):
    row = record_proof(
        recorder, proof(board, None, publisher, rank=None, state=State.NOT_ISSUED, note="停发公告")
    )
    assert (row.state, row.account, row.note) == ("not_issued", None, "停发公告")
    confirm_observations(checker, [row])
    assert month_record(board).states(ours.pk) == "S"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "文件是空的"),
        (b"\x7fELF\x00\x00", "只收图片"),
        (b"MZ\x90\x00program", "只收图片"),
        (picture()[:60], "图片文件不完整"),
        (b"PK\x03\x04broken xl/", "与扩展名"),
        (b"%PDF-1.7 " + b"x" * (20 * 1024 * 1024), "文件太大"),
    ],
)
def test_what_is_no_evidence_is_refused_and_nothing_is_kept(
    board, ours, publisher, recorder, data, sentence
):
    with pytest.raises(RankingError, match=sentence):
        record_proof(recorder, proof(board, ours, publisher, upload=data))
    assert not Capture.objects.exists()
    assert not Observation.objects.exists()


def test_the_same_proof_twice_is_told(board, ours, publisher, recorder):
    record_proof(recorder, proof(board, ours, publisher))
    with pytest.raises(RankingError, match="内容相同的记录"):
        record_proof(recorder, proof(board, ours, publisher))


def test_figures_of_the_same_source_are_kept(board, ours, publisher, recorder):
    figures = {"reads": {"value": 5, "bound": "exact", "capped": False, "raw": "5"}}
    ObservationFactory(
        board=board,
        account=ours,
        status="reported",
        source_name=publisher.name,
        source_url=publisher.url,
        figures=figures,
        unit="宣传部",
    )
    row = record_proof(recorder, proof(board, ours, publisher))
    assert (row.version, row.figures, row.unit) == (2, figures, "宣传部")


def test_another_place_of_the_same_source_needs_a_reason(reported, board, ours, recorder):
    source = SourceRef("media", "日报")
    other = proof(board, ours, None, source=source, status="reported", rank=2, upload=None)
    with pytest.raises(RankingError, match="请写明更正理由"):
        record_proof(recorder, other)
    assert record_proof(recorder, other, reason="看错了").rank == 2


def test_who_may(board, ours, publisher, person):
    for codenames in (("view_report",), ("confirm_observation",), ("import_rankings",)):
        with pytest.raises(PermissionDenied):
            record_proof(person(codenames[0], *codenames), proof(board, ours, publisher))
    assert not Capture.objects.exists()


def test_a_correction_brings_its_evidence(reported, recorder):
    new = correct_observation(recorder, reported, "补原件", {}, upload=picture())
    assert evidence.read(new.capture) == picture()
    assert (new.version, new.status) == (2, "reported")
