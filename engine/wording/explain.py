"""Why a deadline lies where it lies: one or two sentences, and the text behind them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.planning.facts import Meeting
from engine.planning.organisation import Organisation
from engine.planning.plan import Deadline, Plan
from engine.planning.rules import Link, Value
from engine.wording.catalogue import Language, say
from engine.wording.dates import day_within, long_day
from engine.wording.gaps import gap_sentences
from engine.wording.links import tell
from engine.wording.names import Names
from engine.wording.sources import sources_words
from engine.wording.telling import Frame, Telling

_FRAMES: dict[str, Frame] = {"due": "due", "at": "at", "on": "on"}


def sentence(
    deadline: Deadline, plan: Plan, language: Language, *, told: Meeting | None = None
) -> str:
    """How the day of a deadline was reached, or what is missing for it.

    What is reckoned from a meeting that was `told` of just before names it without its day.
    """
    if deadline.due_on is None:
        if deadline.kind == "open" and not deadline.missing:
            return _as_soon_as_possible(deadline, language)
        return missing_sentence(deadline, plan, language)
    names = Names.around(deadline, plan, language)
    telling = Telling(names, _FRAMES.get(deadline.kind, "due"), told)
    tell(telling, deadline.derivation)
    sentences = [telling.told()]
    if deadline.provisional and deadline.missing:
        sentences.append(gap_sentences(deadline.missing, names))
        sentences.append(say("explain.provisional-until", language))
    elif deadline.provisional and not telling.provisional_told:
        sentences.append(say("explain.provisional", language))
    return " ".join(sentences)


def missing_sentence(deadline: Deadline, plan: Plan, language: Language) -> str:
    """What must be known before the deadline has a day; empty where nothing is missing."""
    if not deadline.missing:
        return ""
    told = [gap_sentences(deadline.missing, Names.around(deadline, plan, language))]
    if deadline.due_on is None:
        frame = _FRAMES.get(deadline.kind, "due")
        postponed = "postponed" if deadline.postponed else "unknown"
        told.append(say(f"explain.{frame}.{postponed}", language))
    if deadline.at_earliest_on is not None:
        earliest = long_day(deadline.at_earliest_on, language)
        told.append(say("explain.at-earliest", language, day=earliest))
    return " ".join(told)


def basis(deadline: Deadline, language: Language) -> str:
    """Where the duty is written, and how sure that is; empty without sources."""
    words = sources_words(deadline.terms.source, language)
    return say("explain.basis", language, sources=words.removesuffix(".")) if words else ""


def legal_sentence(deadline: Deadline, language: Language) -> str:
    """The day to act by beside the day the text gives; empty where the two are one."""
    due_on, nominal_on = deadline.due_on, deadline.nominal_on
    if due_on is None or nominal_on is None or due_on == nominal_on:
        return ""
    rolled = [link for link in deadline.derivation if link.kind == "rolled"]
    name = rolled[-1].detail["name"] if rolled else None
    code = "named" if name else "weekend" if nominal_on.weekday() >= 5 else "closed"
    return say(
        f"explain.legal.{'earlier' if due_on < nominal_on else 'later'}",
        language,
        due=long_day(due_on, language),
        nominal=day_within(nominal_on, due_on.year, language),
        why=say(f"explain.legal.{code}", language, name=name),
    )


def date_sentence(
    value: Value,
    due_on: date | None,
    links: Sequence[Link],
    language: Language,
    organisation: Organisation | None = None,
) -> str:
    """How the deadline calculator reached a day, in the names the person gave.

    `links` end with the link of the roll where the day was moved off a closed one. A name the
    person gave is a link `given` with its `name`.
    """
    names = Names(language, organisation.committees if organisation else {})
    if due_on is None:
        told = [gap_sentences(value.missing, names), say("explain.asked.unknown", language)]
        if value.at_earliest_on is not None:
            earliest = long_day(value.at_earliest_on, language)
            told.append(say("explain.at-earliest", language, day=earliest))
        return " ".join(part for part in told if part)
    telling = Telling(names, "asked")
    tell(telling, links)
    return telling.told()


def _as_soon_as_possible(deadline: Deadline, language: Language) -> str:
    code = "explain.open.after-others" if deadline.needs else "explain.open.soon"
    if deadline.not_before_on is None:
        return say(code, language)
    return say(f"{code}-from", language, day=long_day(deadline.not_before_on, language))
