"""A worker killed with -9 while it keeps pictures: what it kept stands, the rest comes later."""

import signal
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from rankings.evidence import service as evidence
from rankings.evidence.models import Sighting
from rankings.evidence.service import Condition
from scrapers import services
from scrapers.models import Trigger
from scrapers.services.alone import HELD
from tests.apart import apart, die

from .conftest import AUGUST, make_source
from .fetching.servers import running_server
from .test_pictures import png

PAGE = (
    "<!doctype html><meta charset=utf-8><title>2019年8月榜单</title><h1>2019年8月榜单</h1>"
    "<h2>2019年8月县级政务公众号排行榜</h2><img src=a.png><img src=b.png><img src=c.png>"
).encode()


def keep_pictures(pk: int, moment: str) -> None:
    """What a worker does, killed at ``moment``; only for a process of its own."""
    store = evidence.store

    def kept(data: bytes, **details: Any) -> Sighting:
        second = details["url"].endswith("b.png")
        if second and moment == "before storing":
            die()
        sighting = store(data, **details)
        if second and moment == "after storing":
            die()
        return sighting

    evidence.store = kept
    services.keep_pictures(pk)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.usefixtures("evidence_root")
@pytest.mark.parametrize("moment", ["before storing", "after storing"])
def test_killed(moment: str, board) -> None:
    with running_server() as server:
        server.put("/201908.html", PAGE)
        for number, name in enumerate("abc"):
            server.put(f"/{name}.png", png(number), Content_Type="image/png")
        source = make_source(
            board, address=server.url("/{year}{month:02d}.html"), allowed_hosts="127.0.0.1"
        )
        run = services.run_source(None, source, AUGUST, Trigger.COMMAND)
        assert run.pictures.count() == 3
        killed = apart(lambda: keep_pictures(run.pk, moment))
        assert killed.exitcode == -signal.SIGKILL
        assert [p.sighting is not None for p in run.pictures.all()] == [True, False, False]
        assert all(found.condition is Condition.SOUND for found in evidence.verify())
        # For some minutes nobody can tell that the worker is dead.
        assert services.keep_pictures(run.pk) == 0
        with time_machine.travel(timezone.now() + timedelta(seconds=HELD + 1)):
            assert services.keep_pictures(run.pk) == 2
    assert [evidence.read(p.sighting.capture) for p in run.pictures.all()] == [
        png(number) for number in range(3)
    ]
    assert Sighting.objects.filter(url__endswith="a.png").count() == 1
