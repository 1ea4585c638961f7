"""The public mirror: what one published article costs, and how quickly everything is built."""

import os
import resource
import time
from collections.abc import Iterator

from django.conf import settings
from django.db import connection

from articles import publishing
from articles.models import ArticlePage
from cms.mirror import jobs, registry, worker
from cms.mirror.models import MirrorFile, MirrorJob
from media.models import Rendition

from .harness import DEFAULT, FULL, TINY, Line
from .publishing import noting
from .scratch import Scratch
from .site import Site

TITLE = "公开镜像：发布一篇文章动多少地址，全站重建每秒多少页"
# Live articles in the site (two sizes), pages built for the rate.
SIZES = {TINY: ((5, 10), 20), DEFAULT: ((200, 2000), 1000), FULL: ((200, 20_000), 20_000)}

MOST_ADDRESSES = 40
MOST_QUERIES = 150
MOST_SECONDS = 2.0
LEAST_PAGES_A_SECOND = 60
FLAT = 1.25  # memory after the build by memory after its first tenth


def run(size: str, databases: Scratch) -> Iterator[Line]:
    sites, pages = SIZES[size]
    settings.MIRROR_ROOT = os.path.join(os.environ["VAR_DIR"], "mirror")
    site = Site()
    for number in range(3):  # what a process does only once belongs to nobody
        publish(site, f"先发 {number}")
    for live in sites:
        site.grow(live)
        yield from one_article(databases.label, site, live)
    yield from build(databases.label, pages)


def publish(site: Site, title: str) -> None:
    article = site.ready(title)
    publishing.publish_now(site.people["publisher"], ArticlePage.objects.get(pk=article.pk))


def one_article(label: str, site: Site, live: int) -> Iterator[Line]:
    """Publish one and have its pages made, as the worker does right after the commit."""
    worker.render_pending()
    article = site.ready(f"全站 {live} 篇时发的")
    MirrorJob.objects.all().delete()
    sent: list[str] = []
    began = time.perf_counter()
    with connection.execute_wrapper(noting(sent)):
        publishing.publish_now(site.people["publisher"], ArticlePage.objects.get(pk=article.pk))
    report = worker.render_pending()
    taken = time.perf_counter() - began
    assert not report.failed, report.failed
    what = f"全站 {live} 篇，发布一篇"
    yield Line(label, f"{what}：地址数", report.done, MOST_ADDRESSES)
    yield Line(label, f"{what}：发布事务的查询数", len(sent), MOST_QUERIES)
    yield Line(label, f"{what}：秒，到全部地址都是新的", taken, MOST_SECONDS)


def build(label: str, pages: int) -> Iterator[Line]:
    """Build everything, or as many of the articles as are asked for, on all processors."""
    addresses = []
    for address in registry.all_addresses():
        addresses.append(address)
        if len(addresses) == pages:
            break
    MirrorJob.objects.all().delete()
    jobs.request(addresses, "测量")
    processes = os.cpu_count() or 1
    memory: list[int] = []
    began = time.perf_counter()
    report = worker.render_pending(
        processes=processes, progress=lambda done, left: memory.append(peak())
    )
    taken = time.perf_counter() - began
    assert not report.failed, report.failed
    assert MirrorFile.objects.count() >= len(addresses)
    yield Line(
        label,
        f"重建 {len(addresses)} 页，{processes} 个进程：每秒页数",
        report.done / taken,
        LEAST_PAGES_A_SECOND,
        least=True,
        detail=f"图片尺寸 {Rendition.objects.count()} 种已备好",
    )
    yield Line(
        label,
        "重建全站：最后的内存峰值 ÷ 前十分之一时",
        memory[-1] / memory[len(memory) // 10],
        FLAT,
        detail=f"{memory[-1] // 1024} MB",
    )


def peak() -> int:
    """The most memory of this process and of any of its children so far, in kB."""
    return max(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
