"""Words for where a deadline stands and what has happened to it."""

from __future__ import annotations

from engine.planning.diff import Verb
from engine.planning.organisation import Side
from engine.planning.status import State
from engine.wording.catalogue import Language, say


def state_word(state: State, language: Language) -> str:
    """Where a deadline stands.

    >>> state_word(State.OPEN, "da")
    'kan gøres nu'
    """
    return say(f"state.{state.value}", language)


def verb_word(verb: Verb, language: Language) -> str:
    """What has happened to a deadline since it was last announced.

    >>> verb_word(Verb.RETIRED, "da")
    'bortfaldet'
    """
    return say(f"verb.{verb.value}", language)


def postponed_word(language: Language) -> str:
    """The flag of an item that was moved to another meeting."""
    return say("state.postponed", language)


def missing_word(language: Language) -> str:
    """The flag of a deadline that has no day yet."""
    return say("state.missing", language)


def provisional_word(language: Language) -> str:
    """The flag of a day that may still move."""
    return say("state.provisional", language)


def side_word(side: Side, language: Language) -> str:
    """One of the two parties of a committee.

    >>> side_word(Side.MANAGEMENT, "da")
    'ledelsessiden'
    """
    return say(f"side.{side.value}", language)
