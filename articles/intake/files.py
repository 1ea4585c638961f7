"""What contributors send along, looked at before anything is kept."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from media.sniffing import UploadRefused, check_document, check_picture_decodes

PICTURES = {"jpg", "jpeg", "png", "webp"}
WORD = "docx"
MOST_FILES = 9
MOST_BYTES = 10 * 1024 * 1024


def check(uploads: Sequence[Any]) -> list[bool]:
    """Whether each of ``uploads`` (Django's uploaded files) is a picture; Word files are not.

    Raises:
        UploadRefused: too many or too large, of another kind, or not what the name says.
    """
    if len(uploads) > MOST_FILES:
        raise UploadRefused(f"一次最多带 {MOST_FILES} 个文件，请分几次投稿。")
    return [_check_one(upload) for upload in uploads]


def _check_one(upload: Any) -> bool:
    name = PurePath(upload.name).name
    extension = PurePath(name).suffix.lower().removeprefix(".")
    if upload.size > MOST_BYTES:
        raise UploadRefused(f"“{name}”超过 10 MB，请缩小后再上传。")
    try:
        if extension in PICTURES:
            check_picture_decodes(upload)
            return True
        if extension == WORD:
            check_document(upload, extension)
            return False
    except UploadRefused as refusal:
        raise UploadRefused(f"“{name}”：{refusal}") from refusal
    raise UploadRefused(
        f"“{name}”不能上传。请用 .docx 的 Word 文件，或 JPG、PNG、WebP 图片；"
        ".doc 和 .wps 请先另存为 .docx。"
    )
