"""Putting due articles live, against Wagtail's own publish_scheduled on the same rows."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from unittest import mock

from django.db import connection
from django.test.utils import override_settings
from wagtail.management.commands.publish_scheduled import Command as PublishScheduled

from articles.models import ArticlePage
from articles.publishing import publish_due

from .harness import DEFAULT, FULL, TINY, Line, Work, interleaved, ms, ratio
from .scratch import Scratch
from .site import Site

TITLE = "到点发布，每次都从同一份数据库副本开始"
# Due articles, live ones in the site (two sizes), rounds.
SIZES = {TINY: (4, (5, 10), 1), DEFAULT: (100, (200, 2000), 3), FULL: (1000, (200, 20_000), 3)}

LIMIT = 0.5  # ours by stock
FLAT = 1.25  # ours in the large site by ours in the small one


# What Wagtail's background work runs on where nobody has chosen: at once, in the same process.
AT_ONCE = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


def stock_here() -> None:
    """Wagtail's command as it would run here: approvals are looked up, the queue is ours."""
    PublishScheduled().handle(dryrun=False)


def stock_unguarded() -> None:
    """The same without our reviews: the search index still waits in our queue."""
    with (
        mock.patch("articles.review.approvals.require"),
        mock.patch("articles.guards.check_save"),
    ):
        stock_here()


def stock() -> None:
    """Wagtail's command on a site as Wagtail comes: no reviews, no queue."""
    with override_settings(TASKS=AT_ONCE):
        stock_unguarded()


PEERS: dict[str, Callable[[], Any]] = {
    "ours": publish_due,
    "stock": stock,
    "here": stock_here,
    "unguarded": stock_unguarded,
}
# What each is called beside ours, and the bar that ours is held to.
CALLED = (
    ("stock", "自带命令", LIMIT),
    ("here", "自带命令（查三审，排队）", None),
    ("unguarded", "自带命令（不查三审，排队）", None),
)


def run(size: str, databases: Scratch) -> Iterator[Line]:
    due, sites, rounds = SIZES[size]
    site = Site()
    ids = [site.schedule(f"定时 {number}").pk for number in range(due)]
    template = grown(databases, site, sites)
    queries: dict[str, int] = {}

    def work(name: str, live: int) -> Work:
        copy = ExitStack()

        def prepare() -> None:
            databases.use(template[live])
            copy.enter_context(databases.on_copy())
            connection.ensure_connection()

        def act() -> None:
            sent: list[str] = []
            with connection.execute_wrapper(noting(sent)):
                PEERS[name]()
            queries[f"{name} {live}"] = len(sent)

        def clean() -> None:
            went = live_now(ids)
            copy.close()
            assert went == due, f"{name}: {went} of {due} went live"

        return Work(act, prepare, clean)

    taken = interleaved(
        {f"{name} {live}": work(name, live) for live in sites for name in PEERS}, rounds
    )
    label = databases.label
    for live in sites:
        ours, each = taken[f"ours {live}"], queries[f"ours {live}"] / due
        for peer, called, limit in CALLED:
            theirs = taken[f"{peer} {live}"]
            yield Line(
                label,
                f"全站 {live} 篇，{due} 篇到点：publish_due ÷ {called}",
                ratio(ours, theirs),
                limit if live == max(sites) else None,
                detail=f"{ms(ours)} ÷ {ms(theirs)}，每篇查询 {each:.1f} 比 "
                f"{queries[f'{peer} {live}'] / due:.1f}",
            )
    small, large = sites
    yield Line(
        label,
        f"publish_due：全站 {large} 篇 ÷ {small} 篇",
        ratio(taken[f"ours {large}"], taken[f"ours {small}"]),
        FLAT,
    )
    databases.use(template[small])
    yield isolation(databases, ids, publish_due, "publish_due", limit=1.0)
    yield isolation(databases, ids, stock, "自带命令", limit=None)


def noting(sent: list[str]) -> Callable[..., Any]:
    """A wrapper that puts the statements sent to the database into ``sent``."""

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        sent.append(sql)
        return execute(sql, *rest)

    return note


def grown(databases: Scratch, site: Site, sites: tuple[int, ...]) -> dict[int, str]:
    """A database for each size of site, with what is due in ``site`` now."""
    time.sleep(2)  # a time that is set must be to come; now it has passed
    template = {}
    for live in sites:
        site.grow(live)
        template[live] = databases.copy()
    return template


def isolation(
    databases: Scratch, ids: list[int], publish: Callable[[], Any], called: str, limit: float | None
) -> Line:
    """Let the middle one of the due articles raise, twice: how many of the others go live."""
    broken = ids[len(ids) // 2]
    genuine = ArticlePage.publish

    def raising(self: ArticlePage, *args: Any, **kwargs: Any) -> Any:
        if self.pk == broken:
            raise RuntimeError("the one that is broken")
        return genuine(self, *args, **kwargs)

    with databases.on_copy(), mock.patch.object(ArticlePage, "publish", raising):
        for _ in range(2):  # the next minute's run comes as well
            try:
                publish()
            except RuntimeError:
                continue
        went = live_now(ids)
    return Line(
        databases.label,
        f"一篇出错时其余发出的比例：{called}",
        went / (len(ids) - 1),
        limit,
        least=True,
        detail=f"{len(ids)} 篇到点，{went} 篇发出",
    )


def live_now(ids: list[int]) -> int:
    """How many of the due articles are live."""
    return ArticlePage.objects.filter(pk__in=ids, live=True).count()
