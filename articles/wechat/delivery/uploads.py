"""Pictures on their way to WeChat: each file is sent once, found again by the hash of its bytes."""

import hashlib
from enum import StrEnum

from django.conf import settings
from wagtail.images.models import SourceImageIOError

from media.models import CustomImage
from media.transcoding import PictureUnusable, Sendable, for_body, for_cover

from ...models import UploadPurpose, WeChatUpload
from ..client import Client


class Use(StrEnum):
    """What a picture is for: a text, or the library (covers, 图片消息)."""

    BODY = "body"
    LIBRARY = "library"


class Files:
    """What WeChat gets of each image. Making it takes time, so hashes are remembered."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, Use], tuple[UploadPurpose, str]] = {}

    def made(self, image: CustomImage, use: Use) -> Sendable:
        """The file to send.

        Raises:
            PictureUnusable: it cannot be sent; the message is a sentence.
        """
        try:
            with image.open_file() as file:
                data = file.read()
        except SourceImageIOError as error:
            raise PictureUnusable("原图文件不在了，请重新上传这张图片。") from error
        sendable = for_body(data) if use is Use.BODY else for_cover(data)
        purpose = (
            UploadPurpose.MATERIAL
            if use is Use.LIBRARY or sendable.as_material
            else UploadPurpose.BODY
        )
        self._known[image.pk, use] = purpose, hashlib.sha256(sendable.data).hexdigest()
        return sendable

    def uploaded(self, image: CustomImage, use: Use) -> WeChatUpload | None:
        """What WeChat has of it already. Raises as `made`."""
        if (image.pk, use) not in self._known:
            self.made(image, use)
        purpose, sha256 = self._known[image.pk, use]
        return WeChatUpload.objects.filter(
            appid=settings.WECHAT_APPID, purpose=purpose, sha256=sha256
        ).first()

    def upload(self, client: Client, image: CustomImage, use: Use) -> WeChatUpload:
        """What WeChat has of it, sending it if need be. Raises as `made`, and `WeChatError`.

        A reply that is lost leaves a file there that nobody uses; the library has room for
        100,000 (WeChat: add_material), and nothing shows it to readers.
        """
        if found := self.uploaded(image, use):
            return found
        sendable = self.made(image, use)
        purpose, sha256 = self._known[image.pk, use]
        if purpose == UploadPurpose.MATERIAL:
            material = client.add_material(sendable.data, sendable.name)
            names = {"media_id": material.media_id, "url": material.url}
        else:
            names = {"url": client.upload_body_picture(sendable.data, sendable.name)}
        row, _ = WeChatUpload.objects.get_or_create(
            appid=settings.WECHAT_APPID, purpose=purpose, sha256=sha256, defaults=names
        )
        return row
