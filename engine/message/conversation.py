"""What mail programs need to show mails about one matter together.

Most go by `References`. Classic Outlook goes by `Thread-Index` alone: an index that every mail of
a thread begins with, and a part of its own (MS-OXOMSG 2.2.1.3).
"""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256

_BEGAN_AT = datetime(2020, 1, 1, tzinfo=UTC)
"""When every thread began, as far as an index says: the first mail is never sent."""

_FILE_TIME = datetime(1601, 1, 1, tzinfo=UTC)
_LONG_AGO = 1 << 31


def thread_index(root_id: str, message_id: str, sent_at: datetime) -> str:
    """The index of a mail in the thread of a root.

    A byte 1, five of the time the thread began, sixteen that name the thread; then four of the
    time since, in units of 2^23 · 100 ns, and one that tells mails of one moment apart.

    >>> thread_index("root@x", "m1@x", datetime(2026, 11, 26, 7, 30, tzinfo=UTC))
    'AQHVwDZpGrIWXziTE2QJwAMb1j7YYI96gxF3'
    """
    began = _ticks(_BEGAN_AT - _FILE_TIME) >> 24
    head = b"\1" + began.to_bytes(5, "big") + sha256(root_id.encode()).digest()[:16]
    since = (_ticks(sent_at - _BEGAN_AT) >> 23) % _LONG_AGO
    own = (_LONG_AGO | since).to_bytes(4, "big") + sha256(message_id.encode()).digest()[:1]
    return b64encode(head + own).decode("ascii")


def _ticks(span: timedelta) -> int:
    """A span in the unit of Windows, 100 nanoseconds."""
    return span // timedelta(microseconds=1) * 10
