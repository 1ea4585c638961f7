"""What is sent of a push: its articles in the shape of draft/add, and the pictures they need."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from media import covers
from media.models import CustomImage

from ...models import MemberForm
from ...pushes.members import Loaded
from ..rendering import pictures_of, render, render_pictures_message
from ..rendering.fields import fields_of
from .plan import Wanted
from .uploads import Files, Use


@dataclass(frozen=True)
class Picture:
    """A picture to send; ``name`` is how people find it."""

    image: CustomImage
    use: Use
    name: str


def is_message(each: Loaded) -> bool:
    """Whether the article goes out as 图片消息."""
    return each.member.form == MemberForm.PICTURES


def body_pictures(loaded: Sequence[Loaded]) -> list[Picture]:
    """The pictures within the texts, each once for each use."""
    found: dict[tuple[int, Use], Picture] = {}
    for each in loaded:
        use = Use.LIBRARY if is_message(each) else Use.BODY
        for image in pictures_of(each.text):
            name = f"《{each.title}》的图片“{image.title}”"
            found.setdefault((image.pk, use), Picture(image, use, name))
    return list(found.values())


def cover_pictures(loaded: Sequence[Loaded]) -> list[Picture]:
    """The covers; 图片消息 show their first picture."""
    return [
        Picture(each.text.cover, Use.LIBRARY, f"《{each.title}》的封面“{each.text.cover.title}”")
        for each in loaded
        if each.text.cover and not is_message(each)
    ]


def fields_for(
    each: Loaded,
    *,
    is_alone: bool,
    address_of: Callable[[CustomImage], str],
    media_id_of: Callable[[CustomImage], str],
    crops_of: Callable[[CustomImage], tuple[str, str]],
) -> dict:
    """The article of draft/add; ``media_id_of`` answers of covers and of 图片消息's pictures.

    ``crops_of`` answers the 2.35:1 and the square cut of a cover.
    """
    text = each.text
    common = {
        "alone": is_alone,
        "form": each.member.form,
        "comments": each.member.comments,
    }
    if is_message(each):
        pictures = pictures_of(text)
        return fields_of(
            text,
            render_pictures_message(text),
            pictures=[media_id_of(image) for image in pictures],
            square_crop=crops_of(pictures[0])[1] if pictures else "",
            **common,
        )
    rendered = render(text, address_of)
    cover = text.cover
    wide, square = crops_of(cover) if cover else ("", "")
    return fields_of(
        text,
        rendered.html,
        source_url=rendered.source_url,
        cover=media_id_of(cover) if cover else "",
        wide_crop=wide,
        square_crop=square,
        **common,
    )


def wanted(push_pk: int, loaded: Sequence[Loaded], files: Files) -> list[Wanted]:
    """The articles as they are to stand in WeChat.

    Raises:
        LookupError: WeChat has not got all pictures (any more).
        PictureUnusable: a picture cannot be sent.
    """

    def upload_of(use: Use) -> Callable[[CustomImage], object]:
        def find(image: CustomImage) -> object:
            found = files.uploaded(image, use)
            if found is None:
                raise LookupError(image.title)
            return found

        return find

    body, library = upload_of(Use.BODY), upload_of(Use.LIBRARY)
    return [
        Wanted.marked(
            push_pk,
            each.article.pk,
            each.member.form,
            fields_for(
                each,
                is_alone=len(loaded) == 1,
                address_of=lambda image: body(image).url,
                media_id_of=lambda image: library(image).media_id,
                crops_of=_crops,
            ),
        )
        for each in loaded
    ]


def _crops(image: CustomImage) -> tuple[str, str]:
    frame = covers.frame_of(image)
    return covers.as_text(covers.wide(*frame)), covers.as_text(covers.square(*frame))
