"""The known name that a wrong one was most likely meant to be."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches

_SPELLED = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "_": "-", " ": "-"})
_FEW = 15
_SURE, _APART = 0.8, 0.1


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like this one, or nothing when none is like it.

    >>> nearest("sekretær", ["forperson", "sekretaer"])
    'sekretaer'
    """
    plain = {_plain(one): one for one in known}
    wanted = _plain(name)[:80]
    found = get_close_matches(wanted, plain, n=2, cutoff=0.6)
    if not found or (len(found) > 1 and _unsure(wanted, *found)):
        return ""
    return plain[found[0]]


def _unsure(wanted: str, best: str, second: str) -> bool:
    """Whether a second name is about as like: `dagen før` is not `day after`."""
    likeness = [SequenceMatcher(None, one, wanted).ratio() for one in (best, second)]
    return likeness[0] < _SURE and likeness[0] - likeness[1] < _APART


def _plain(name: str) -> str:
    return name.casefold().translate(_SPELLED)


def listed(known: Iterable[str]) -> str:
    """The known names as one text, cut off where they are many."""
    names = list(known)
    return ", ".join(names[:_FEW]) + (" …" if len(names) > _FEW else "")
