"""The mirror served by nginx and by one process, against nginx alone and a page cache."""

import os
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import Request, urlopen

from django.conf import settings

from articles.models import ArticlePage

from . import load, nginx
from .harness import DEFAULT, FULL, TINY, Line, number, ratio
from .load import Burst
from .scratch import Scratch
from .site import Site

TITLE = "提供镜像，64 个连接，轮流取 200 篇文章"
# Articles, seconds of each burst, rounds.
SIZES = {TINY: (5, 1, 1), DEFAULT: (200, 2, 6), FULL: (200, 4, 6)}

NGINX_LIMIT = 0.9  # our nginx by nginx with plain files
PROCESS_LIMIT = 0.4  # one process by nginx with plain files
CACHE_LIMIT = 6  # one process by Wagtail with a page cache
SLOWEST = 20  # milliseconds, of one request in a hundred

PLAIN = """
server {{
    listen 127.0.0.1:{port};
    root {root};
    index index.html;
    tcp_nopush off;
}}
"""
MIRRORED, PLAINLY, PROCESS, CACHED = "nginx", "plain", "process", "cached"


def run(size: str, databases: Scratch) -> Iterator[Line]:
    if databases.connection.vendor != "sqlite":
        print("  与数据库无关，只在 SQLite 上测。")
        return
    if missing := [
        name for name, found in (("nginx", nginx.program()), ("wrk", load.program())) if not found
    ]:
        print(f"  没有安装 {'、'.join(missing)}，这一项从略；要测请先运行：")
        print(f"  apt-get install {' '.join(missing)}")
        return
    articles, seconds, rounds = SIZES[size]
    with TemporaryDirectory(prefix="serving-", dir=os.environ["VAR_DIR"]) as folder:
        bursts = _measure(Path(folder), databases, articles, seconds, rounds)
    for ours, peer, what, limit in (
        (MIRRORED, PLAINLY, "nginx 配镜像 ÷ 同一 nginx 只给文件", NGINX_LIMIT),
        (PROCESS, PLAINLY, "单进程 ÷ nginx 只给文件", PROCESS_LIMIT),
        (PROCESS, CACHED, "单进程 ÷ Wagtail 加页面缓存", CACHE_LIMIT),
    ):
        yield Line(
            databases.label,
            what,
            ratio([b.rate for b in bursts[ours]], [b.rate for b in bursts[peer]]),
            limit,
            least=True,
            detail=f"{_told(bursts[ours])} ÷ {_told(bursts[peer])}",
        )
    yield Line(
        databases.label,
        "单进程：100 次里最慢的一次，毫秒",
        statistics.median(burst.p99 for burst in bursts[PROCESS]),
        SLOWEST,
        detail=f"nginx {number(statistics.median(b.p99 for b in bursts[MIRRORED]))}",
    )


def _measure(
    folder: Path, databases: Scratch, articles: int, seconds: int, rounds: int
) -> dict[str, list[Burst]]:
    site = Site()
    site.grow(articles)
    addresses = [page.get_url() for page in ArticlePage.objects.live().order_by("pk")]
    bodies = _lay_out(folder, addresses)
    # The processes read the scratch database; nothing is written from here on.
    databases.connection.close()
    shared = {
        "VAR_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{databases.current}",
        "SITE_URL": settings.SITE_URL,  # pages hold their own address
    }
    ports = {name: nginx.free_port() for name in (MIRRORED, PLAINLY, PROCESS, CACHED)}
    sites = (
        nginx.site(folder, ports[MIRRORED], ports[PROCESS]),
        PLAIN.format(port=ports[PLAINLY], root=folder / "plain"),
    )
    with (
        nginx.running(folder / "nginx", *sites, port=ports[MIRRORED], workers=2) as front,
        load.application(ports[PROCESS], folder, **shared) as process,
        load.application(
            ports[CACHED], folder, **shared, DJANGO_SETTINGS_MODULE="bench.page_cache"
        ) as cached,
    ):
        processes = {MIRRORED: front, PLAINLY: front, PROCESS: process, CACHED: cached}
        hosts = {MIRRORED: nginx.HOST}

        def once(name: str, length: int = seconds) -> Burst:
            host = hosts.get(name, f"127.0.0.1:{ports[name]}")
            return load.burst(ports[name], addresses, length, processes[name], folder, host)

        for name in ports:
            # Each worker process has a cache of its own, and a connection reaches one of the two.
            for address, body in [*bodies.items()] * (8 if name == CACHED else 1):
                found = _fetch(ports[name], address, hosts.get(name))
                assert found == body, (name, address, len(found), len(body))
        return _interleaved(list(ports), once, rounds)


def _lay_out(folder: Path, addresses: list[str]) -> dict[str, bytes]:
    """The pages as the mirror's files and as plain ones."""
    from cms.mirror.files import Store
    from cms.mirror.rendering import render

    store = Store(folder / "mirror", durable=False)
    store.prepare()
    bodies = {}
    for address in addresses:
        body = render(address).body
        assert len(body) > 4000, address
        store.put(address, body, None)
        plain = folder / "plain" / address.strip("/") / "index.html"
        plain.parent.mkdir(parents=True)
        plain.write_bytes(body)
        bodies[address] = body
    return bodies


def _fetch(port: int, address: str, host: str | None) -> bytes:
    asked = Request(f"http://127.0.0.1:{port}{address}")
    if host:
        asked.add_header("Host", host)
    with urlopen(asked, timeout=60) as answer:  # noqa: S310
        return bytes(answer.read())


def _interleaved(
    names: list[str], once: Callable[..., Burst], rounds: int
) -> dict[str, list[Burst]]:
    """Bursts in rounds, each beginning with another server; a warm one each before."""
    for name in names:
        once(name, 1)
    bursts: dict[str, list[Burst]] = {name: [] for name in names}
    for turn in range(rounds):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            bursts[name].append(once(name))
    return bursts


def _told(bursts: list[Burst]) -> str:
    """The medians, for the detail of a line."""
    rate, p50, cpu = (
        statistics.median(getattr(burst, field) for burst in bursts)
        for field in ("rate", "p50", "cpu")
    )
    return f"{rate:,.0f} 次/秒（中位 {number(p50)} ms，CPU {number(cpu)} ms）"
