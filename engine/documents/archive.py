"""Office files are archives that carry the clock; the same document must give the same bytes."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_CORE = "docProps/core.xml"
_MOMENT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")
_FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)


def settled(content: bytes, made_on: date) -> bytes:
    """The archive with its parts in order, stamped with the document's day and no clock's."""
    made = BytesIO()
    stamp = rf"\g<1>{made_on:%Y-%m-%d}T00:00:00Z\g<2>".encode()
    with ZipFile(BytesIO(content)) as given, ZipFile(made, "w", ZIP_DEFLATED) as taken:
        for name in given.namelist():
            part = given.read(name)
            if name == _CORE:
                part = _MOMENT.sub(stamp, part)
            entry = ZipInfo(name, _FIRST_MOMENT)
            entry.compress_type = ZIP_DEFLATED
            taken.writestr(entry, part)
    return made.getvalue()
