"""Putting a push of eight on the mirror: one transaction, all articles or none."""

from collections.abc import Iterator
from contextlib import ExitStack

from django.db import connection

from articles.publishing import publish_due
from articles.pushes.rules import MOST

from .harness import DEFAULT, FULL, TINY, Line, Work, interleaved, ms, ratio
from .publishing import FLAT, grown, live_now, noting
from .scratch import Scratch
from .site import Site

TITLE = "一次推送八篇，同时上网页镜像"
# Live articles in the site (two sizes), rounds.
SIZES = {TINY: ((5, 10), 1), DEFAULT: ((200, 2000), 5), FULL: ((200, 20_000), 7)}


def run(size: str, databases: Scratch) -> Iterator[Line]:
    sites, rounds = SIZES[size]
    site = Site()
    ids = list(site.push(MOST).members.values_list("article", flat=True))
    template = grown(databases, site, sites)
    queries: dict[int, int] = {}

    def work(live: int) -> Work:
        copy = ExitStack()
        sent: list[str] = []

        def prepare() -> None:
            databases.use(template[live])
            copy.enter_context(databases.on_copy())
            connection.ensure_connection()
            sent.clear()

        def act() -> None:
            with connection.execute_wrapper(noting(sent)):
                publish_due()

        def clean() -> None:
            queries[live] = len(sent)
            went = live_now(ids)
            copy.close()
            assert went == MOST, f"{went} of {MOST} went live"

        return Work(act, prepare, clean)

    taken = interleaved({str(live): work(live) for live in sites}, rounds)
    small, large = sites
    yield Line(
        databases.label,
        f"一次推送 {MOST} 篇：全站 {large} 篇 ÷ {small} 篇",
        ratio(taken[str(large)], taken[str(small)]),
        FLAT,
        detail=f"{ms(taken[str(large)])} ÷ {ms(taken[str(small)])}",
    )
    yield Line(
        databases.label,
        f"一次推送 {MOST} 篇的查询数：全站 {large} 篇 ÷ {small} 篇",
        queries[large] / queries[small],
        1.0,
        detail=f"{queries[large]} ÷ {queries[small]}，每篇 {queries[large] / MOST:.0f}",
    )
