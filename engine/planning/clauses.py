"""References to the clauses of a document, read so that one can be held against another.

A reference leads into a document step by step: `§ 7, stk. 1, 2. pkt.` is § 7, in it stk. 1, in it
the second sentence. Several numbers are several places (`§ 2, stk. 2, 3 og 7`), two with a dash
between them are all from the one to the other (`§§ 19-20`), and words are a step of their own,
from one comma, semicolon, colon or parenthesis to the next (`punkt 12, dagsordenen`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

Number = tuple[int, str]
"""A clause's number and its letter: § 6 d is (6, "d"), and stands after § 6 and before § 7."""


class Segment(NamedTuple):
    """One step of a reference: a kind of clause with its number or numbers, or words."""

    kind: str
    first: Number = (0, "")
    last: Number = (0, "")
    words: str = ""

    def meets(self, other: Segment) -> bool:
        """Whether the two have a clause in common."""
        return (
            (self.kind, self.words) == (other.kind, other.words)
            and self.first <= other.last
            and other.first <= self.last
        )


Trail = tuple[Segment, ...]


class Fit(StrEnum):
    """How a cited place lies to a listed clause."""

    INSIDE = "inside"
    AROUND = "around"
    APART = "apart"


WORDS = "words"
_RANKS = {
    "bilag": 0,
    "kapitel": 1,
    "afsnit": 1,
    "§": 2,
    "artikel": 2,
    "stk": 3,
    "nr": 4,
    "litra": 5,
    "punkt": 6,
    "punktum": 6,
    WORDS: 7,
}
"""What lies within what; a step of a lower rank begins anew from where it belongs."""

_KINDS = (
    ("§", r"§§?|paragraf(?:fer|ferne|fen)?\b"),
    ("artikel", r"artik(?:el|ler)\b|art\b\.?"),
    ("bilag", r"bilag\b"),
    ("kapitel", r"kapit(?:el|ler)\b|kap\b\.?"),
    ("afsnit", r"afsnit\b"),
    ("stk", r"stykke\b|stk\b\.?"),
    ("nr", r"nummer\b|nr\b\.?"),
    ("punkt", r"punkt(?:er|erne)?\b|pkt\b\.?"),
)
_AND = r"(?:og|samt|eller)\b"
_END = rf"\s*(?:$|[,;:()\-.§]|{_AND}|til\b|stk\b|nr\b|litra\b|\d+\.\s*(?:pkt|punktum)\b)"
_LETTER = rf"(?:\s?[a-zæøå](?={_END}))?"
_NUMBER = rf"\d+{_LETTER}"
# A further number of a list stands alone: not "14 dage", and not the "2" of "2. pkt.".
_FURTHER = rf"{_NUMBER}(?!\.\s*(?:pkt|punktum)\b)(?={_END})"
_RANGE = rf"(?:\s*(?:-|til\b)\s*§?\s*{_FURTHER})?"
_LIST = rf"{_NUMBER}{_RANGE}(?:(?:\s*,\s*(?:{_AND}\s*)?|\s*{_AND}\s*){_FURTHER}{_RANGE})*"
_NUMBERED = tuple(
    (kind, re.compile(rf"(?:{_AND}\s*)?(?:{named})\s*(?P<list>{_LIST})")) for kind, named in _KINDS
)
_LITRA_LIST = rf"[a-zæøå](?={_END})(?:\s*(?:-|til\b|,|{_AND})\s*[a-zæøå](?={_END}))*"
_LITRA = re.compile(rf"(?:{_AND}\s*)?litra\s*(?P<list>{_LITRA_LIST})")
_SENTENCE = re.compile(rf"(?:{_AND}\s*)?(?P<list>\d+)\.\s*(?:pkt\b\.?|punktum\b)")
_EVERY = (*_NUMBERED, ("litra", _LITRA), ("punktum", _SENTENCE))
_ONE = re.compile(
    rf"(?P<first>\d+)(?:\s?(?P<letter>[a-zæøå])(?={_END}))?|(?<!\w)(?P<alone>[a-zæøå])(?!\w)"
)
_BETWEEN = re.compile(r"[\s,;:().-]+")
_SPOKEN = re.compile(r"(?:[^,;:()]|,(?=\d)|:(?!\s))+")
_QUOTES = str.maketrans(dict.fromkeys("»«\"'“”„’", ""))


def plain(text: str) -> str:
    """A name or a reference as it is compared: letters' size, blanks, quotes and dashes aside.

    >>> plain("  Aftale om  »Trivsel« ")
    'aftale om trivsel'
    """
    folded = unicodedata.normalize("NFC", text).casefold().translate(_QUOTES)
    return " ".join(folded.replace("–", "-").replace("—", "-").split()).rstrip(". ")


def trails(reference: str) -> tuple[Trail, ...]:
    """Every place a reference names; the whole document where it is empty.

    `§ 2, stk. 2, 3 og 7` names three places in § 2, and `§§ 1, 5-8` § 1 and all of §§ 5 to 8.
    """
    finished: list[Trail] = []
    open_now: list[Trail] = [()]
    for group in _groups(plain(reference)):
        if group[0].kind == WORDS:
            open_now = [(*trail, group[0]) for trail in open_now]
            continue
        last = open_now[-1]
        base = _above(last, _RANKS[group[0].kind])
        finished += open_now[:-1] if base == last else open_now
        open_now = [(*base, segment) for segment in group]
    return tuple(dict.fromkeys((*finished, *open_now)))


def fit(cited: tuple[Trail, ...], listed: tuple[Trail, ...]) -> Fit:
    """How what is cited lies to a listed clause.

    1. Inside: a cited place begins with every step of a listed one. § 8, stk. 3 lies in § 8.
    2. Around: it stops before the listed one's last step. § 8 lies around § 8, stk. 3.
    3. Apart: they part ways. § 8, stk. 2 lies apart from § 8, stk. 3.
    """
    around = False
    for place in cited:
        for clause in listed:
            if all(ours.meets(theirs) for ours, theirs in zip(place, clause, strict=False)):
                if len(place) >= len(clause):
                    return Fit.INSIDE
                around = True
    return Fit.AROUND if around else Fit.APART


def _above(trail: Trail, rank: int) -> Trail:
    """The steps a new one of this rank stands under."""
    for index, segment in enumerate(trail):
        if segment.kind != WORDS and _RANKS[segment.kind] >= rank:
            return trail[:index]
    return trail


def _groups(text: str) -> Iterator[list[Segment]]:
    """The steps of a reference in order, several where a step names several clauses."""
    at = 0
    while at < len(text):
        if between := _BETWEEN.match(text, at):
            at = between.end()
            continue
        numbered = ((kind, form.match(text, at)) for kind, form in _EVERY)
        kind, found = next(((kind, hit) for kind, hit in numbered if hit), (WORDS, None))
        if found is None:
            spoken = _SPOKEN.match(text, at)
            assert spoken is not None, "only separators are no words"
            found = spoken
            yield [Segment(WORDS, words=spoken[0].rstrip(" .-"))]
        else:
            yield list(_segments(kind, found["list"]))
        at = found.end()


def _segments(kind: str, numbers: str) -> Iterator[Segment]:
    """The numbers of one list, ranges kept together."""
    first: Number | None = None
    before = 0
    held: list[tuple[Number, Number]] = []
    for found in _ONE.finditer(numbers):
        number = _number(found)
        between = numbers[before : found.start()]
        if first is not None and re.search(r"-|til", between):
            held[-1] = (min(first, number), max(first, number))
        else:
            held.append((number, number))
        first, before = number, found.end()
    for low, high in held:
        yield Segment(kind, low, high)


def _number(found: re.Match[str]) -> Number:
    if found["alone"]:
        return (0, found["alone"])
    return (int(found["first"]), found["letter"] or "")
