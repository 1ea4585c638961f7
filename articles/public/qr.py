"""QR codes of public addresses, for print and posters."""

from io import BytesIO

import segno

# Readable with a smear on it; more would only make the picture finer.
ERROR = "m"
# The quiet zone that ISO/IEC 18004 asks for.
BORDER = 4
PNG_SCALE = 12
# Any of the eight masks can be read; to try all for the most even one takes a third of the time
# that a page takes to render.
MASK = 3


def _code(address: str) -> segno.QRCode:
    # Never stronger than asked: the smallest picture that does.
    return segno.make_qr(address, error=ERROR, boost_error=False, mask=MASK)


def as_inline_svg(address: str) -> str:
    """A path in a ``viewBox``, to be sized by the style sheet; about 2 kB."""
    return _code(address).svg_inline(
        border=BORDER, omitsize=True, svgclass="qr", lineclass=None, dark="#000", light="#fff"
    )


def as_svg(address: str) -> bytes:
    """An SVG file for the printer."""
    out = BytesIO()
    _code(address).save(out, kind="svg", border=BORDER, scale=10, light="#fff", svgclass=None)
    return out.getvalue()


def as_png(address: str) -> bytes:
    """A PNG file; 12 pixels a module, sharp at the size of a hand."""
    out = BytesIO()
    _code(address).save(out, kind="png", border=BORDER, scale=PNG_SCALE, light="#fff")
    return out.getvalue()
