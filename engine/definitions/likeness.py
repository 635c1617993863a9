"""The known name that a wrong one was most likely meant to be."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_SPELLED = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "_": "-", " ": "-"})
_FEW = 15


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like this one, or nothing when none is like it.

    >>> nearest("sekretær", ["forperson", "sekretaer"])
    'sekretaer'
    """
    plain = {_plain(one): one for one in known}
    found = get_close_matches(_plain(name)[:80], plain, n=1, cutoff=0.6)
    return plain[found[0]] if found else ""


def _plain(name: str) -> str:
    return name.casefold().translate(_SPELLED)


def listed(known: Iterable[str]) -> str:
    """The known names as one text, cut off where they are many."""
    names = list(known)
    return ", ".join(names[:_FEW]) + (" …" if len(names) > _FEW else "")
