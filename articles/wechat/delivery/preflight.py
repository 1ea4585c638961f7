"""Everything that speaks against a delivery, told at once, before anything is sent."""

from collections.abc import Iterator, Sequence

from django.utils import timezone

from media.models import CustomImage
from media.transcoding import PictureUnusable

from ...models import Push, PushSettings
from ...pushes import services as pushes
from ...pushes.members import Loaded
from .. import quotas
from ..client import Client
from ..errors import QUOTA_SPENT, ErrorKind, WeChatError
from ..lint import Severity, lint
from ..rendering.rules import why_not_fit
from .content import Picture, body_pictures, cover_pictures, fields_for, is_message
from .uploads import Files, Use


def problems(push: Push, loaded: Sequence[Loaded], files: Files, client: Client) -> list[str]:
    """Sentences on what has to be put right first; empty when the push can be delivered.

    Raises:
        WeChatError: WeChat could not be asked just now, or not often enough today; try again.
    """
    found = [*pushes.why_not_deliver(push), *_verification()]
    for number, each in enumerate(loaded, start=1):
        found += _article(each, number, is_alone=len(loaded) == 1)
    found += _pictures(loaded, files)
    found = list(dict.fromkeys(found))
    try:
        client.draft_list(0, 1)  # account, secret, address, permission
        _check_calls_left(loaded, files)
    except WeChatError as error:
        # What passes by itself keeps nobody from hearing of what does not.
        if error.kind is not ErrorKind.REFUSED and not found:
            raise
        found.append(error.sentence)
    return found


def _verification() -> Iterator[str]:
    until = PushSettings.load().verified_until
    if until and until < timezone.localdate():
        yield f"公众号认证已在{until:%Y年%m月%d日}过期，请续办后到“推送设置”改有效期。"


def _article(each: Loaded, number: int, *, is_alone: bool) -> list[str]:
    fields = fields_for(
        each,
        is_alone=is_alone,
        address_of=_address_like_wechats,
        media_id_of=lambda image: str(image.pk),
        crops_of=lambda image: ("", ""),
    )
    found = why_not_fit(fields, number)
    if not is_message(each):
        if not each.text.cover:
            found.append(f"《{each.title}》没有封面，请选一张封面。")
        found += [
            f"《{each.title}》{finding.place}：{finding.message}{finding.advice}"
            for finding in lint(fields["content"])
            if finding.severity is Severity.ERROR
        ]
    return found


def _address_like_wechats(image: CustomImage) -> str:
    """As long as those WeChat gives, for the addresses count in the length of the text."""
    return f"https://mmbiz.qpic.cn/mmbiz_jpg/{image.pk:0>90}/0"


def _pictures(loaded: Sequence[Loaded], files: Files) -> Iterator[str]:
    for picture in [*body_pictures(loaded), *cover_pictures(loaded)]:
        try:
            files.uploaded(picture.image, picture.use)
        except PictureUnusable as error:
            yield f"{picture.name}不能用：{error}"


def _check_calls_left(loaded: Sequence[Loaded], files: Files) -> None:
    """Raise what WeChat would answer in the middle: today's calls are used up."""
    new = [
        picture.use
        for picture in [*body_pictures(loaded), *cover_pictures(loaded)]
        if _is_new(picture, files)
    ]
    needs = {
        "/cgi-bin/draft/add": 1,
        "/cgi-bin/draft/get": 2,
        "/cgi-bin/media/uploadimg": sum(use is Use.BODY for use in new),
        "/cgi-bin/material/add_material": sum(use is Use.LIBRARY for use in new),
    }
    for endpoint, count in needs.items():
        left = quotas.left(endpoint)
        if left is not None and left < count:
            raise WeChatError(QUOTA_SPENT)


def _is_new(picture: Picture, files: Files) -> bool:
    try:
        return files.uploaded(picture.image, picture.use) is None
    except PictureUnusable:  # told already
        return False
