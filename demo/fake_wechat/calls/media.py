"""Pictures: those of the body, and permanent material."""

from typing import Any

from ..asking import Asked, Picture, Refused
from ..state import State, Upload

MEGABYTE = 1024 * 1024
BODY_LIMIT, MATERIAL_LIMIT = MEGABYTE, 10 * MEGABYTE
HOST = "http://mmbiz.qpic.cn"


def sniff(data: bytes) -> str:
    """The kind of picture by its first bytes: jpeg, png, gif, bmp, or nothing."""
    for kind, start in (
        ("jpeg", b"\xff\xd8\xff"),
        ("png", b"\x89PNG\r\n\x1a\n"),
        ("gif", b"GIF8"),
        ("bmp", b"BM"),
    ):
        if data.startswith(start):
            return kind
    return ""


def _keep(state: State, picture: Picture, form: str, media_id: str = "") -> Upload:
    kind = "material" if media_id else "body"
    url = f"{HOST}/mmbiz_{'jpg' if form == 'jpeg' else form}/{state.code(kind, 60)}/0?wx_fmt={form}"
    upload = Upload(
        kind=kind,
        name=picture.name,
        url=url,
        media_id=media_id,
        sha256=state.keep_file(picture.data),
        media_type=f"image/{form}",
        at=state.clock.time(),
    )
    state.uploads.append(upload)
    return upload


def uploadimg(state: State, asked: Asked) -> dict[str, Any]:
    """POST /cgi-bin/media/uploadimg: jpg or png under 1 MB."""
    if asked.picture is None:
        raise Refused(41005)
    form = sniff(asked.picture.data)
    if form not in ("jpeg", "png"):
        raise Refused(40005)
    if len(asked.picture.data) >= BODY_LIMIT:
        raise Refused(40009)
    return {"url": _keep(state, asked.picture, form).url}


def add_material(state: State, asked: Asked) -> dict[str, Any]:
    """POST /cgi-bin/material/add_material?type=image: up to 10 MB, kept for good."""
    if asked.query.get("type") != "image":
        raise Refused(40004)
    if asked.picture is None:
        raise Refused(41005)
    form = sniff(asked.picture.data)
    if not form:
        raise Refused(40005)
    if len(asked.picture.data) > MATERIAL_LIMIT:
        raise Refused(45001)
    upload = _keep(state, asked.picture, form, state.code("material", 64))
    return {"media_id": upload.media_id, "url": upload.url, "item": []}
