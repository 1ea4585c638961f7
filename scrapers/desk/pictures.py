"""The stored pictures beside the rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from rankings.periods import Month, Period

from ..checking import stated_period
from ..models import Run, RunPicture
from .shown import DeskBoard


@dataclass(frozen=True, slots=True)
class DeskPicture:
    """A stored picture beside the rows; ``state`` says what has been read of it."""

    pk: int
    board: int
    number: int
    caption: str
    shown: bool
    failed: bool
    state: str
    url: str


def pictures(run: Run, boards: Sequence[DeskBoard]) -> list[DeskPicture]:
    """The pictures of the run's boards, in order."""
    month = run.statistics_month
    names = {board.position: board.name for board in boards}
    return [
        DeskPicture(
            pk=picture.pk,
            board=picture.board,
            number=picture.number,
            caption=f"{names.get(picture.board) or '榜单'}　图 {picture.number + 1}",
            shown=picture.sighting_id is not None,
            failed=bool(picture.problem) and picture.read_at is None,
            state=_state(picture, month),
            url=picture.url,
        )
        for picture in run.pictures.all()
    ]


def _state(picture: RunPicture, month: Month) -> str:
    if picture.problem:
        return picture.problem
    if picture.sighting_id is None:
        return "正在取图片，取到后刷新本页就能看到。"
    if picture.read_at is None:
        return "正在识别文字，完成后刷新本页就能看到；也可以现在就照着图片录入。"
    reading = picture.reading or {}
    found = sum(len(board["rows"]) for board in reading.get("boards", []))
    if not found:
        return "没有识别出名次，请照着图片录入。"
    stated = stated_period(reading)
    if stated is not None and stated != Period.of_month(month):
        return f"图片上写的是{stated.label}，不是{month.label}，请先核对是不是这一期。"
    return f"识别出 {found} 行，请逐格对照图片核对。{reading.get('note', '')}"
