"""Cuts of a master picture for WeChat: where they lie, and what is wrong with a cover.

WeChat (draft/add) takes the corners as parts of the original's width and height from its top left,
written ``X1_Y1_X2_Y2``: ``0.166667_0_0.833333_1``. The headline's cover is 2.35:1, the others',
the one in lists and the one in chats are 1:1.
"""

from dataclasses import astuple, dataclass
from typing import NamedTuple

from PIL import Image
from wagtail.images.rect import Rect

from .models import CustomImage
from .sniffing import turn_of

WIDE = 2.35
SQUARE = 1.0
# What the headline's cover is shown with: 900 × 383.
LEAST_WIDTH = 900
# Below this share of its height left over, hardly anything of a picture is in its wide cut.
LEAST_SHARE = 0.4
# Pixels that nobody misses at an edge.
UNSEEN = 1


@dataclass(frozen=True)
class Crop:
    """Left, top, right, bottom as parts of the whole, from 0 to 1."""

    x1: float
    y1: float
    x2: float
    y2: float


class Frame(NamedTuple):
    """A picture as it is seen: its size in pixels, and the box of its subject if there is one."""

    width: int
    height: int
    focal: Rect | None


def frame_of(image: CustomImage) -> Frame:
    """What `wide` and the others take. Opens the file.

    A camera held upright writes a picture that lies down and says so beside it; Wagtail keeps the
    size of the file, and on it the focal point as it was drawn on the picture that is seen.

    Raises:
        OSError: the file cannot be read.
    """
    focal = image.get_focal_point()
    with image.open_file() as file, Image.open(file) as picture:
        lies_down = turn_of(picture) >= 5
    if not lies_down:
        return Frame(image.width, image.height, focal)
    if focal:
        across, down = image.height / image.width, image.width / image.height
        focal = Rect(
            focal.left * across, focal.top * down, focal.right * across, focal.bottom * down
        )
    return Frame(image.height, image.width, focal)


def wide(width: int, height: int, focal: Rect | None) -> Crop:
    """The largest 2.35:1 within the picture, the subject as near its middle as can be."""
    return _cut(width, height, focal, WIDE)


def square(width: int, height: int, focal: Rect | None) -> Crop:
    """The largest 1:1, likewise."""
    return _cut(width, height, focal, SQUARE)


def as_text(crop: Crop) -> str:
    """As WeChat's document writes it."""
    return "_".join(f"{edge:.6f}".rstrip("0").rstrip(".") for edge in astuple(crop))


def leaves_square(width: int, height: int, focal: Rect | None) -> bool:
    """Whether some of the subject is lost where WeChat shows the middle square of the wide cut."""
    if focal is None:
        return False
    whole = wide(width, height, focal)
    middle = (whole.x1 + whole.x2) / 2 * width
    half = (whole.y2 - whole.y1) * height / 2
    left, right = _within(focal.left, focal.right, width)
    lost = left < middle - half - UNSEEN or right > middle + half + UNSEEN
    return lost or _leaves(whole, height, focal)


def cover_findings(image: CustomImage) -> list[str]:
    """What is wrong with ``image`` as a cover, a sentence each that says what to do."""
    width, height, focal = frame_of(image)
    cut = wide(width, height, focal)
    shown = round((cut.x2 - cut.x1) * width)
    share = cut.y2 - cut.y1
    found = []
    if shown < LEAST_WIDTH:
        found.append(
            f"封面裁成 2.35:1 后宽 {shown} 像素，小于 {LEAST_WIDTH} 像素，在手机上会发虚，"
            "请换一张更大的图。"
        )
    if share < LEAST_SHARE:
        found.append(
            f"封面太高，裁成 2.35:1 后只剩高度的 {share:.0%}，请换一张横图，或先裁好再上传。"
        )
    if focal is None:
        return found
    if _leaves(cut, height, focal):
        found.append("焦点框比 2.35:1 的封面高，头条封面里主体会被切掉，请把焦点框画小，或换图。")
    elif leaves_square(width, height, focal):
        found.append(
            "主体超出封面中间的正方形，在次条、转发卡片里会被切掉。请把焦点框画小，或换图。"
        )
    return found


def _leaves(cut: Crop, height: int, focal: Rect) -> bool:
    """Whether the subject is taller than ``cut``."""
    top, bottom = _within(focal.top, focal.bottom, height)
    return top < cut.y1 * height - UNSEEN or bottom > cut.y2 * height + UNSEEN


def _cut(width: int, height: int, focal: Rect | None, ratio: float) -> Crop:
    across = min(1.0, height * ratio / width)
    down = min(1.0, width / ratio / height)
    box = focal or Rect(0, 0, width, height)
    x1 = _begin(box.left / width, box.right / width, across)
    y1 = _begin(box.top / height, box.bottom / height, down)
    return Crop(x1, y1, min(1.0, x1 + across), min(1.0, y1 + down))


def _begin(low: float, high: float, length: float) -> float:
    """Where ``length`` of a side of 1 begins so that its middle is nearest to the box's."""
    low, high = _within(low, high, 1)
    return max(0.0, min((low + high - length) / 2, 1 - length))


def _within(low: float, high: float, most: float) -> tuple[float, float]:
    """The part of a box that lies on the picture; a box may be drawn over its edge."""
    return max(0, min(low, most)), max(0, min(high, most))
