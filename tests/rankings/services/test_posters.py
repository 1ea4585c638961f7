"""Making posters, and what becomes of them when the claim fails."""

import io

import pytest
from django.core.exceptions import PermissionDenied
from PIL import Image

from cms.ops.models import AuditEntry
from media import fonts
from rankings.evidence import service as evidence
from rankings.models import Claim, ClaimStatus, Poster
from rankings.services import RankingError
from rankings.services.claims import approve_claim, make_claim, withdraw_claim
from rankings.services.posters import (
    draw_poster,
    make_poster,
    poster_bytes,
    refusal,
    shown_bytes,
)
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.needs("fonts-noto-cjk")]


@pytest.fixture
def office(person):
    return person("宣传部甲", "make_claim", "approve_claim", "make_poster")


@pytest.fixture
def second(person):
    return person("宣传部乙", "make_claim", "approve_claim")


@pytest.fixture
def proposed(office):
    board = BoardFactory(name="影响力榜", scope="县级", publisher="某社")
    account = AccountFactory(name="在荷塘", colour="#F2C94C")
    for month in ("2019-06", "2019-07", "2019-08"):
        ObservationFactory(board=board, account=account, period=month)
    return make_claim(office, board, account)


@pytest.fixture
def claim(proposed, second):
    return approve_claim(second, proposed)


@pytest.mark.parametrize(
    ("layout", "size"), [("cover", (900, 383)), ("square", (1080, 1080)), ("long", None)]
)
def test_a_proved_claim_becomes_a_picture_that_is_kept(claim, office, layout, size):
    poster = make_poster(office, claim, layout)
    assert (poster.claim, poster.layout, poster.colour) == (claim, layout, "#F2C94C")
    assert poster.made_by == office
    data = evidence.read(poster.capture)
    with Image.open(io.BytesIO(data)) as image:
        assert image.size == (poster.width, poster.height) == (size or image.size)
    assert poster_bytes(poster) == shown_bytes(poster) == data
    entry = AuditEntry.objects.get(action="rankings.poster.make")
    assert entry.detail == {"sha256": poster.capture.sha256}
    assert entry.action_label == "制作海报"


def test_the_same_picture_is_one_poster(claim, office):
    assert make_poster(office, claim, "cover") == make_poster(office, claim, "cover")
    assert Poster.objects.count() == 1
    assert AuditEntry.objects.filter(action="rankings.poster.make").count() == 1


def test_another_colour_is_another_poster(claim, office):
    make_poster(office, claim, "cover")
    claim.account.colour = "#123456"
    claim.account.save()
    assert make_poster(office, claim, "cover").colour == "#123456"
    assert Poster.objects.count() == 2


def test_making_needs_the_permission(claim, second):
    with pytest.raises(PermissionDenied):
        make_poster(second, claim, "cover")


def test_there_are_three_layouts(claim, office):
    with pytest.raises(RankingError, match="封面、方图、长图"):
        make_poster(office, claim, "round")


def test_a_claim_that_waits_makes_no_poster(proposed, office):
    with pytest.raises(RankingError, match="请另一位同事批准"):
        make_poster(office, proposed, "cover")
    assert not Poster.objects.exists()


@pytest.mark.parametrize(
    ("status", "way"),
    [
        (ClaimStatus.REVIEW, "恢复有效后再做"),
        (ClaimStatus.WITHDRAWN, "起草一条新的结论"),
        (ClaimStatus.REJECTED, "起草一条新的结论"),
    ],
)
def test_a_claim_that_does_not_hold_makes_no_poster(claim, office, status, way):
    claim.status = status
    claim.save(update_fields=["status"])
    with pytest.raises(RankingError, match=way):
        make_poster(office, claim, "cover")


@pytest.mark.parametrize("proof", ["partial", "reported"])
def test_only_what_is_proved_makes_a_poster(claim, office, proof):
    Claim.objects.filter(pk=claim.pk).update(proof=proof)
    with pytest.raises(RankingError, match="先补齐每个月的证据"):
        make_poster(office, claim, "cover")


@pytest.mark.parametrize("state", "R?DN")
def test_a_frozen_month_that_is_not_proved_is_never_drawn(claim, state):
    claim.frozen["months"][1]["state"] = state
    assert "还不能做海报" in refusal(claim)
    with pytest.raises(RankingError):
        draw_poster(claim, "cover")


def test_a_reported_run_cannot_be_drawn_at_all(office, second):
    board, account = BoardFactory(), AccountFactory()
    ObservationFactory(board=board, account=account, status="reported", source_kind="media")
    reported = approve_claim(second, make_claim(office, board, account))
    with pytest.raises(RankingError, match="仅有报道"):
        make_poster(office, reported, "cover")


def test_what_is_printed_comes_from_the_proof_and_not_from_today(claim, office):
    before = draw_poster(claim, "cover").data
    claim.board.name = "另一个榜"
    claim.board.save()
    claim.refresh_from_db()
    assert draw_poster(claim, "cover").data == before


def test_a_withdrawn_claim_voids_its_posters(claim, office):
    poster = make_poster(office, claim, "cover")
    kept = evidence.read(poster.capture)
    withdraw_claim(office, claim, "榜单更正")
    poster = Poster.objects.select_related("claim").get()
    assert not poster.usable
    with pytest.raises(RankingError, match="这张海报已失效"):
        poster_bytes(poster)
    assert shown_bytes(poster) not in (kept, b"")
    assert evidence.read(poster.capture) == kept


def test_without_a_font_the_package_is_named_and_nothing_is_kept(claim, office, monkeypatch):
    def missing(**kwargs):
        raise fonts.FontMissing("Noto Sans CJK")

    monkeypatch.setattr(fonts, "cjk_font_file", missing)
    with pytest.raises(RankingError, match="apt-get install fonts-noto-cjk"):
        make_poster(office, claim, "cover")
    assert not Poster.objects.exists()


def test_an_example_board_prints_its_mark(office, second):
    board, account = BoardFactory(is_example=True), AccountFactory()
    ObservationFactory(board=board, account=account)
    example = approve_claim(second, make_claim(office, board, account))
    assert any("示例" in box.text for box in draw_poster(example, "cover").boxes)


@pytest.mark.parametrize("layout", ["cover", "square", "long"])
def test_the_longest_names_still_fit(office, second, layout):
    board = BoardFactory(name="榜" * 120, publisher="社" * 120, scope="县" * 60)
    account = AccountFactory(name="号" * 100)
    ObservationFactory(board=board, account=account)
    long = approve_claim(second, make_claim(office, board, account))
    written = "".join(box.text for box in draw_poster(long, layout).boxes)
    assert all(each in written for each in ("社" * 120, "号" * 100, "县" * 60))
    assert "榜" * 120 in written
