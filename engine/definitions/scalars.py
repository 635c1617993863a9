"""The YAML 1.2 core schema: which plain texts are numbers, yes and no, or nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping

_INTEGER = re.compile(r"[-+]?[0-9]{1,18}\Z")
_BASED = re.compile(r"0o[0-7]{1,18}\Z|0x[0-9a-fA-F]{1,15}\Z")
_FLOAT = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,3})?\Z"
    r"|[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z"
)
_WORDS: Mapping[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_LONGEST = 40
_MAYBE_NUMBER = frozenset("+-.0123456789")


def core_value(text: str) -> object:
    """A plain scalar's value by the YAML 1.2 core schema.

    >>> [core_value(text) for text in ("no", "22:00", "2026-01-27", "true", "7", "~")]
    ['no', '22:00', '2026-01-27', True, 7, None]
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _MAYBE_NUMBER:
        return text
    if _INTEGER.match(text):
        return int(text)
    if _BASED.match(text):
        return int(text, 0)
    if len(text) <= _LONGEST and _FLOAT.match(text):
        return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return text
