"""Office files that depend on nothing but their content: the same document, the same bytes.

Word and Excel files are zip archives; their writers stamp every entry with the clock. Here the
archive is written again in a fixed order with one moment for all.
"""

import datetime as dt
import io
import re
import zipfile

from ..periods import SHANGHAI

_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:(?:created|modified)>)")
CORE = "docProps/core.xml"


def repack(data: bytes, moment: dt.datetime) -> bytes:
    """``data`` with every time in it set to ``moment`` (aware; to two seconds, as zip keeps it)."""
    local = moment.astimezone(SHANGHAI)
    stamp = moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == CORE:
                content = _STAMP.sub(rb"\g<1>" + stamp + rb"\g<3>", content)
            entry = zipfile.ZipInfo(name, local.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            target.writestr(entry, content)
    return written.getvalue()
