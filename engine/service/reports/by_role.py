"""Who told something, by role: a report names nobody."""

from __future__ import annotations

from datetime import date

from engine.planning.organisation import Organisation, Seat
from engine.planning.plan import Plan
from engine.planning.workflow import Holder
from engine.wording.catalogue import Language, has, say
from engine.wording.holders import holder_words, office_title, role_title, role_words


def by_role(by: str, committee: str, on: date, plan: Plan, language: Language) -> str:
    """The role somebody told it in, the committee's own first; nothing where nobody is known."""
    organisation = plan.register.edition.organisation
    if by in organisation.offices:
        return office_title(by, organisation)
    seats = [seat for seat in plan.register.edition.seats if seat.person == by and seat.held(on)]
    own = [seat for seat in seats if seat.committee == committee]
    if own:
        return _in_role(own[0], organisation, language)
    if seats:
        return holder_words(
            Holder(role=seats[0].role, body=seats[0].committee), committee, organisation, language
        )
    return say("report.by-somebody", language) if by else ""


def _in_role(seat: Seat, organisation: Organisation, language: Language) -> str:
    """`forpersonen`; of a role that several hold, one of them."""
    title = role_title(seat.role, organisation, "da")
    if has(f"roles.{title.casefold()}", language):
        return say("report.by-one", language, role=role_title(seat.role, organisation, language))
    return role_words(seat.role, organisation, language)
