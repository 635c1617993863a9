"""Who has a duty, in words: the definite form of a role, its committee, or an office."""

from __future__ import annotations

from engine.planning.organisation import Organisation
from engine.planning.plan import Deadline
from engine.planning.workflow import Holder
from engine.wording.catalogue import Language, has, say
from engine.wording.lengths import listing, quoted


def holder_words(
    holder: Holder, committee: str, organisation: Organisation, language: Language
) -> str:
    """Whom a duty falls to, with the committee: `sekretæren for afdelingsMED Økonomi & Stab`."""
    if holder.office:
        return office_title(holder.office, organisation)
    who = role_words(holder.role, organisation, language)
    body = organisation.committees.get(holder.body or committee)
    if body is None:
        return who
    many = has(f"roles.{_title(holder.role, organisation).casefold()}", language)
    code = "holder.many-of-committee" if many else "holder.of-committee"
    return say(code, language, holder=who, committee=body.title)


def responsible_words(deadline: Deadline, organisation: Organisation, language: Language) -> str:
    """Everybody who must act; a duty that comes with a seat is that member's own."""
    return listing(
        dict.fromkeys(
            own_seat_words(holder, deadline, organisation, language)
            or holder_words(holder, deadline.committee, organisation, language)
            for holder in deadline.terms.responsible
        ),
        language,
    )


def own_seat_words(
    holder: Holder, deadline: Deadline, organisation: Organisation, language: Language
) -> str:
    """Whose duty it is that comes with a seat and is its role's to do; empty for any other."""
    seat = deadline.seat
    if seat is None or holder.body or holder.office or holder.role != seat.role:
        return ""
    body = organisation.committees.get(seat.committee)
    role = role_title(seat.role, organisation, language)
    committee = body.title if body else seat.committee
    return say("holder.own-seat", language, role=role, committee=committee)


def _title(role: str, organisation: Organisation) -> str:
    known = organisation.roles.get(role)
    return known.title if known else role


def role_words(role: str, organisation: Organisation, language: Language) -> str:
    """The definite form of a role; one that the municipality named itself is called by its name.

    Danish definite forms cannot be made by rule, so a title that the catalogue does not know
    becomes `rollen »…«`.
    """
    known = organisation.roles.get(role)
    shown = _title(role, organisation)
    key = shown.casefold()
    if has(f"roles.{key}", language):
        return say(f"roles.{key}", language)
    if language == "en" and known is not None and known.en:
        return say("holder.the", language, role=known.en)
    if has(f"role.{key}", language):
        return say(f"role.{key}", language)
    return say("holder.other-role", language, role=quoted(shown, language))


def role_title(role: str, organisation: Organisation, language: Language) -> str:
    """What a role is called in a list: `sekretær`."""
    known = organisation.roles.get(role)
    if known is None:
        return role
    return known.en if language == "en" and known.en else known.title


def office_title(office: str, organisation: Organisation) -> str:
    """What an office is called."""
    known = organisation.offices.get(office)
    return known.title if known else office
