"""The words of date rules in Danish and English: what each phrase stands for.

Where several phrases stand for the same, all are read and the first is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from engine.planning.rules.tree import (
    LAST,
    WEEKDAYS,
    DayKind,
    Direction,
    Language,
    Relation,
    Side,
    Unit,
    Which,
)

ANCHORS: tuple[str, ...] = (
    "meeting",
    "previous meeting",
    "next meeting",
    "their meeting",
    "period start",
    "period end",
    "part start",
    "part end",
    "year start",
    "year end",
    "joining",
    "leaving",
    "last done",
    "round end",
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The phrases of one language, each with what it stands for."""

    anchors: Mapping[str, str]
    units: Mapping[str, Unit]
    months: Mapping[str, int]
    weekdays: Mapping[str, DayKind]
    kinds: Mapping[str, DayKind]
    ordinals: Mapping[str, int]
    directions: Mapping[str, Direction]
    sides: Mapping[str, Side]
    which: Mapping[str, Which]
    relations: Mapping[str, Relation]
    month_end: str
    structure: tuple[str, ...]
    """The words that hold a rule together and stand for nothing by themselves."""

    @property
    def words(self) -> frozenset[str]:
        """Every single word of the language's rules."""
        tables: tuple[Mapping[str, object], ...] = (
            self.anchors,
            self.units,
            self.months,
            self.weekdays,
            self.kinds,
            self.ordinals,
            self.directions,
            self.sides,
            self.which,
            self.relations,
        )
        phrases = [phrase for table in tables for phrase in table]
        return frozenset(
            word
            for phrase in (*phrases, self.month_end, *self.structure)
            for word in phrase.split()
        )


ENGLISH = Vocabulary(
    anchors={anchor: anchor for anchor in ANCHORS},
    units={
        "year": Unit.YEAR,
        "years": Unit.YEAR,
        "month": Unit.MONTH,
        "months": Unit.MONTH,
        "week": Unit.WEEK,
        "weeks": Unit.WEEK,
        "day": Unit.DAY,
        "days": Unit.DAY,
        "working day": Unit.WORKING_DAY,
        "working days": Unit.WORKING_DAY,
    },
    months={
        "january": 1,
        "february": 2,
        "march": 3,
        "april": 4,
        "may": 5,
        "june": 6,
        "july": 7,
        "august": 8,
        "september": 9,
        "october": 10,
        "november": 11,
        "december": 12,
    },
    weekdays={kind.value: kind for kind in WEEKDAYS},
    kinds={"working day": DayKind.WORKING_DAY, "day": DayKind.DAY},
    ordinals={"first": 1, "second": 2, "third": 3, "fourth": 4, "last": LAST},
    directions={"before": Direction.BEFORE, "after": Direction.AFTER},
    sides={"next meeting": Side.NEXT, "previous meeting": Side.PREVIOUS},
    which={"first": Which.FIRST, "last": Which.LAST},
    relations={relation.value: relation for relation in Relation},
    month_end="to the end of the month",
    structure=(
        *("the later of", "the earlier of", "and", "within", "otherwise", "done"),
        *("the year before", "the year after", "of", "period", "week", "meeting"),
        *("notice by", "from", "given"),
    ),
)

DANISH = Vocabulary(
    anchors={
        "mødet": "meeting",
        "forrige møde": "previous meeting",
        "næste møde": "next meeting",
        "deres møde": "their meeting",
        "periodens start": "period start",
        "periodens slutning": "period end",
        "delperiodens start": "part start",
        "delperiodens slutning": "part end",
        "funktionsårets start": "year start",
        "funktionsårets slutning": "year end",
        "tiltrædelsen": "joining",
        "fratrædelsen": "leaving",
        "sidst udført": "last done",
        "rundens slutning": "round end",
    },
    units={
        "år": Unit.YEAR,
        "måned": Unit.MONTH,
        "måneder": Unit.MONTH,
        "uge": Unit.WEEK,
        "uger": Unit.WEEK,
        "dag": Unit.DAY,
        "dage": Unit.DAY,
        "arbejdsdag": Unit.WORKING_DAY,
        "arbejdsdage": Unit.WORKING_DAY,
    },
    months={
        "januar": 1,
        "februar": 2,
        "marts": 3,
        "april": 4,
        "maj": 5,
        "juni": 6,
        "juli": 7,
        "august": 8,
        "september": 9,
        "oktober": 10,
        "november": 11,
        "december": 12,
    },
    weekdays={
        "mandag": DayKind.MONDAY,
        "tirsdag": DayKind.TUESDAY,
        "onsdag": DayKind.WEDNESDAY,
        "torsdag": DayKind.THURSDAY,
        "fredag": DayKind.FRIDAY,
        "lørdag": DayKind.SATURDAY,
        "søndag": DayKind.SUNDAY,
    },
    kinds={"arbejdsdag": DayKind.WORKING_DAY, "dag": DayKind.DAY},
    ordinals={"første": 1, "anden": 2, "tredje": 3, "fjerde": 4, "sidste": LAST},
    directions={"før": Direction.BEFORE, "efter": Direction.AFTER},
    sides={"næste møde": Side.NEXT, "forrige møde": Side.PREVIOUS},
    which={"første": Which.FIRST, "sidste": Which.LAST},
    relations={
        "før": Relation.BEFORE,
        "efter": Relation.AFTER,
        "senest": Relation.ON_OR_BEFORE,
        "tidligst": Relation.ON_OR_AFTER,
    },
    month_end="til udgangen af måneden",
    structure=(
        *("den seneste af", "den tidligste af", "og", "inden for", "fra", "ellers", "udført"),
        *("året før", "året efter", "i", "perioden", "uge", "møde", "varsel efter", "givet"),
    ),
)

VOCABULARIES: Mapping[Language, Vocabulary] = {"en": ENGLISH, "da": DANISH}


@cache
def words(language: Language) -> frozenset[str]:
    """Every single rule word of a language."""
    return VOCABULARIES[language].words


@cache
def reserved() -> frozenset[str]:
    """The words that cannot be names: the rule words of both languages."""
    return words("en") | words("da")


def phrase(table: Mapping[str, object], meaning: object, count: int = 1) -> str:
    """The written phrase for a meaning; the second one, if there is one, for more than one."""
    fitting = [text for text, stands_for in table.items() if stands_for == meaning]
    return fitting[-1] if count != 1 else fitting[0]
