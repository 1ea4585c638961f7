"""Whatever changes in the records, the honours page follows."""

from pathlib import Path
from typing import Any

import pytest

from articles.models import HomePage
from cms.mirror import rendering, worker
from cms.mirror.models import MirrorJob
from rankings.models import HonouredBoard, HonoursPage
from rankings.services.claims import approve_claim, make_claim, withdraw_claim

pytestmark = pytest.mark.django_db

PAGES = ("/honours/", "/honours/data.json", "/")


@pytest.fixture
def mirrored(board: Any, ours: Any, settings: Any, tmp_path: Path) -> Any:
    """Call it: are the files what is true now? They were so when the test began."""
    settings.MIRROR_ROOT = tmp_path
    page = HonoursPage(title="荣誉", slug="honours", account=ours, live=True)
    page.honoured_boards.add(HonouredBoard(board=board))
    HomePage.objects.get().add_child(instance=page)

    def agrees() -> None:
        report = worker.render_pending()
        assert not report.failed and not MirrorJob.objects.exists()
        for address in PAGES:
            fresh = rendering.render(address)
            assert worker.store().read(address) == (200, fresh.body), address

    agrees()
    return agrees


def shown() -> str:
    return worker.store().read("/honours/")[1].decode()


def test_a_recorded_month_appears(mirrored: Any, record: Any) -> None:
    assert "2019年8月" not in shown()
    record("2019-08", 1, 2)
    mirrored()
    assert "2019年8月" in shown()


def test_it_is_asked_for_in_the_transaction_of_the_recording(mirrored: Any, record: Any) -> None:
    MirrorJob.objects.all().delete()
    record("2019-08", 1, 2)
    assert set(PAGES) <= set(MirrorJob.objects.values_list("address", flat=True))


def test_claims_come_and_go(mirrored: Any, record: Any, person: Any, board: Any, ours: Any) -> None:
    record("2019-08", 1, 2)
    first, second = person("甲", "make_claim"), person("乙", "approve_claim")
    claim = approve_claim(second, make_claim(first, board, ours))
    mirrored()
    assert claim.number in shown()
    withdraw_claim(first, claim, "内部", "名次更正了。")
    mirrored()
    assert "这一结论已撤回" in shown()


def test_a_new_name_stands_on_the_page(mirrored: Any, person: Any, ours: Any) -> None:
    before = shown()
    ours.name = "荷塘新名"
    ours.save()
    mirrored()
    assert shown() != before and "荷塘新名" in shown()
