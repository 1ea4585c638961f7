"""Which evidence belongs together because one run met it."""

from collections.abc import Iterator

from rankings.evidence.companions import Companion

from .models import Run, RunPicture

MOST = 60


def of_capture(capture: int) -> Iterator[Companion]:
    """The pictures and screenshot of a page; the page of a picture or screenshot."""
    pictures = RunPicture.objects.exclude(sighting=None).order_by("run", "board", "number")
    kept = pictures.filter(run__sighting__capture=capture)
    for picture in kept.values_list("sighting__capture", flat=True)[:MOST]:
        yield Companion("页面上的图片", picture, picture=True)
    drawn = Run.objects.filter(sighting__capture=capture).exclude(screenshot=None).order_by("pk")
    for screenshot in drawn.values_list("screenshot__capture", flat=True)[:MOST]:
        yield Companion("网页截图", screenshot, picture=True)
    shown = pictures.filter(sighting__capture=capture).values_list("run__sighting__capture")
    for (page,) in shown[:MOST]:
        yield Companion("图片所在的网页", page)
    of = Run.objects.filter(screenshot__capture=capture).order_by("pk")
    for page in of.values_list("sighting__capture", flat=True)[:MOST]:
        yield Companion("截图所依据的网页", page)
