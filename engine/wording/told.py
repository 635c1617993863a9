"""What people have told of a deadline, each thing in a sentence."""

from __future__ import annotations

from datetime import date

from engine.planning.answers import Answered
from engine.planning.facts import Done, FollowUp, Postponed, Waived
from engine.planning.plan import Plan
from engine.wording.catalogue import Language, say
from engine.wording.dates import long_day
from engine.wording.holders import office_title

Told = Done | Postponed | Waived | FollowUp


def told_sentence(told: Told, body: str, plan: Plan, language: Language) -> str:
    """What was told, with its day, its meeting and the reason; `body` holds the meetings."""
    match told:
        case Done():
            said = [_done(told, body, plan, language)]
            if told.answer:
                said.append(say("told.own-answer", language, answer=told.answer))
            if told.evidence:
                evidence = told.evidence.removesuffix(".")
                said.append(say("told.evidence", language, evidence=evidence))
            said.append(_via(told.via, plan, language))
        case Postponed():
            said = [_postponed(told, body, plan, language), _because(told.why, language)]
            said.append(_via(told.via, plan, language))
        case Waived():
            day = long_day(told.on, language)
            said = [
                say("told.waived", language, day=day, by=told.by),
                _because(told.why, language),
            ]
        case FollowUp():
            said = [_noted(told, plan, language)]
    return " ".join(part for part in said if part)


def answered_words(asked: Answered, language: Language) -> str:
    """How many have answered of those asked: `2 af 4`."""
    given = len(asked.wanted) - len(asked.lacking)
    return say("told.answered", language, given=given, wanted=len(asked.wanted))


def _done(told: Done, body: str, plan: Plan, language: Language) -> str:
    meeting_on = _meeting_on(told.meeting, body, plan)
    day = long_day(told.on, language)
    if meeting_on is None:
        code = "told.answer" if told.unit else "told.done"
        return say(code, language, day=day, unit=told.unit)
    code = "told.treated-item" if told.minutes_item else "told.treated"
    treated = say(code, language, day=long_day(meeting_on, language), item=told.minutes_item)
    done = say("told.done", language, day=day)
    return treated if told.on == meeting_on else f"{done} {treated}"


def _postponed(told: Postponed, body: str, plan: Plan, language: Language) -> str:
    if told.to_on is not None:
        stood_on = long_day(told.from_on, language) if told.from_on else ""
        code = "told.postponed-day" if stood_on else "told.postponed-to"
        return say(code, language, stood=stood_on, day=long_day(told.to_on, language))
    from_on = _meeting_on(told.from_meeting, body, plan)
    to_on = _meeting_on(told.to_meeting, body, plan)
    stood = long_day(from_on, language) if from_on else told.from_meeting
    if to_on is None:
        return say("told.postponed-next", language, stood=stood)
    return say("told.postponed", language, stood=stood, day=long_day(to_on, language))


def _noted(told: FollowUp, plan: Plan, language: Language) -> str:
    day = long_day(told.noted_on, language)
    meeting_on = _meeting_on(told.noted_at, told.committee, plan)
    if meeting_on is None:
        return say("told.noted", language, day=day, number=told.number)
    code = "told.noted-item" if told.minutes_item else "told.noted-meeting"
    at = long_day(meeting_on, language)
    return say(code, language, day=at, number=told.number, item=told.minutes_item)


def _via(via: str, plan: Plan, language: Language) -> str:
    """Whom the link was mailed to: initials, an office, or whatever words stand there."""
    if not via:
        return ""
    kind, _, name = via.rpartition(":")
    organisation = plan.register.edition.organisation
    who = office_title(name, organisation) if kind == "office" else name
    return say("told.via-link", language, who=who)


def _because(why: str, language: Language) -> str:
    return say("told.why", language, why=why.removesuffix(".")) if why else ""


def _meeting_on(meeting: str, body: str, plan: Plan) -> date | None:
    """The day a meeting is held; one that is planned no more was on the day it is called after."""
    found = plan.register.plan_of(body).by_id.get(meeting)
    if found is not None:
        return found.on
    try:
        return date.fromisoformat(meeting) if meeting else None
    except ValueError:
        return None
