"""What an uploaded file really is, read from its bytes and not from its name.

Wagtail's image field already compares format and extension and counts the pixels of all
frames; this module adds what it leaves out: pictures that do not decode to the end, and
documents.
"""

import struct
import warnings
import zipfile
from typing import BinaryIO

from PIL import ExifTags, Image

# Office files and archives are zips; one that unpacks to more than this is a bomb.
MAX_UNPACKED_BYTES = 300 * 1024 * 1024
MAX_RATIO = 200
MAX_MEMBERS = 5_000

# What Pillow raises over damaged pictures, some of it from the depths of its readers.
BROKEN = (OSError, EOFError, SyntaxError, ValueError, IndexError, TypeError, struct.error)

OLE2 = bytes.fromhex("d0cf11e0a1b11ae1")
OOXML_PART = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}


class UploadRefused(ValueError):
    """The file is not taken; the message is a Chinese sentence for the person uploading."""


def check_picture_decodes(file: BinaryIO) -> None:
    """Decode the whole picture once. Raises as `decoded`."""
    try:
        with decoded(file):  # leaves a file open that is not its own
            pass
    finally:
        file.seek(0)


def decoded(file: BinaryIO) -> Image.Image:
    """The picture in ``file``, its first frame read to the end.

    Raises:
        UploadRefused: it breaks off, or unpacks to more than Pillow thinks safe.
    """
    file.seek(0)
    try:
        with warnings.catch_warnings():
            # What is amiss beside the picture itself is nobody's worry.
            warnings.simplefilter("ignore", UserWarning)
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(file)
            picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UploadRefused("这张图片解开后过大，可能会拖垮系统。请缩小尺寸后再上传。") from error
    except BROKEN as error:
        raise UploadRefused("图片文件不完整或已损坏，请重新导出后再上传。") from error
    return picture


def turn_of(picture: Image.Image) -> int:
    """How the camera was held: EXIF's Orientation, 1 to 8.

    Notes that cannot be read turn nothing, as in browsers.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            turn = picture.getexif().get(ExifTags.Base.Orientation, 1)
    except BROKEN:
        return 1
    return turn if turn in range(1, 9) else 1


def check_document(file: BinaryIO, extension: str) -> None:
    """Compare a document's bytes with its extension (lower case, without the dot).

    Raises:
        UploadRefused: content and extension disagree, or an archive unpacks to too much.
    """
    file.seek(0)
    head = file.read(8192)
    file.seek(0)
    if not head:
        raise UploadRefused("文件是空的，请检查后重新选择。")
    if extension == "pdf":
        fits = b"%PDF-" in head[:1024]
    elif extension in ("doc", "xls", "ppt"):
        fits = head.startswith(OLE2)
    elif extension in OOXML_PART:
        fits = _zip_holds(file, OOXML_PART[extension])
    elif extension == "zip":
        fits = _zip_holds(file, "")
    elif extension == "txt":
        fits = b"\x00" not in head
    else:
        raise UploadRefused(f"不支持 .{extension} 文件。")
    file.seek(0)
    if not fits:
        raise UploadRefused(
            f"文件内容与扩展名 .{extension} 不符，可能改过名或已损坏。请用原程序另存后再上传。"
        )


def _zip_holds(file: BinaryIO, prefix: str) -> bool:
    """Whether ``file`` is a sane zip with a member below ``prefix``."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return False
    unpacked = sum(member.file_size for member in members)
    packed = max(sum(member.compress_size for member in members), 1)
    if (
        len(members) > MAX_MEMBERS
        or unpacked > MAX_UNPACKED_BYTES
        or (unpacked > 10 * 1024 * 1024 and unpacked / packed > MAX_RATIO)
    ):
        raise UploadRefused("压缩内容解开后过大，可能会拖垮系统，不能上传。")
    return any(member.filename.startswith(prefix) for member in members)
