"""The morning overview: one letter a person a day, composed from plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engine.message.letter import Entry, Letter, Link, Section
from engine.wording.catalogue import Language, say
from engine.wording.dates import day_within, long_day

TITLE_IN_SUBJECT = 70  # characters; the weekday and date must still be seen


class Group(StrEnum):
    """The three headings of the overview, in the order they stand."""

    ACT = "act"
    WAITING = "waiting"
    FYI = "fyi"


class Kind(StrEnum):
    """Why a line stands in the overview, in the order of urgency."""

    OVERDUE = "overdue"
    ESCALATION = "escalation"
    DUE = "due"
    HEADS_UP = "heads_up"
    OPEN = "open"
    """Something to do as soon as possible, without a day."""
    UNDATED = "undated"
    """Something whose day is not known yet."""


_URGENCY = {kind: place for place, kind in enumerate(Kind)}
_PAST = (Kind.OVERDUE, Kind.ESCALATION)


@dataclass(frozen=True, slots=True)
class Line:
    """One deadline as the recipient is to read it; whole sentences in the letter's language.

    `title` is understood without the rest. `meeting`, `reason` for telling somebody else than those
    who act, `sentence`, `basis` and `if_missed` are sentences; `responsible` and `others` are the
    words of those who act and were also asked.
    Of a `masked` line only its date and its link are used; without a `url` there is no link.
    """

    group: Group
    kind: Kind
    title: str
    url: str
    committee_title: str = ""
    due_on: date | None = None
    nominal_on: date | None = None
    meeting: str = ""
    reason: str = ""
    sentence: str = ""
    basis: str = ""
    if_missed: str = ""
    responsible: str = ""
    others: str = ""
    known: str = ""
    """Who knows of what is told at last, and who is told next, in whole sentences."""
    masked: bool = False
    button: Link | None = None
    """Where it can be answered, besides its page."""

    @property
    def order(self) -> tuple[int, date, str]:
        """What is late comes first, then by date; what has no date comes last."""
        # A masked line's place must not tell how it stands.
        kind, title = (Kind.HEADS_UP, "") if self.masked else (self.kind, self.title)
        return (_URGENCY[kind], self.due_on or date.max, title)


def digest(  # noqa: PLR0913  # what a letter is made of, all but three told by name
    lines: Sequence[Line],
    on: date,
    language: Language,
    *,
    message_id: str,
    list_id: str,
    because: str = "",
    office: str = "",
    footer_links: tuple[Link, ...] = (),
    ics: str | None = None,
) -> Letter:
    """The letter of a morning.

    `because` is the recipient's part, "sekretær for ØSMED"; a shared mailbox names its `office`.
    """
    ordered = sorted(lines, key=lambda line: line.order)
    sections = tuple(
        Section(
            heading=say(f"mail.heading.{group}", language),
            entries=tuple(entry(line, on, language) for line in ordered if line.group is group),
        )
        for group in Group
    )
    return Letter(
        subject=_subject(ordered, on, language),
        intro=say("mail.greeting", language),
        sections=tuple(section for section in sections if section.entries),
        footer=footer(because, office, language),
        language=language,
        message_id=message_id,
        list_id=list_id,
        footer_links=footer_links,
        ics=ics,
    )


def footer(because: str, office: str, language: Language) -> str:
    """Why somebody gets a mail, and when the next one comes."""
    reason = [say("mail.footer.because", language, part=because)] if because else []
    if office:
        reason = [say("mail.footer.office", language, office=office)]
    return " ".join([*reason, say("mail.footer.only-news", language)])


def _subject(ordered: Sequence[Line], on: date, language: Language) -> str:
    open_lines = [line for line in ordered if not line.masked]
    parts = [headline(open_lines, on, language)]
    late = sum(line.kind in _PAST and line.group is Group.ACT for line in open_lines)
    if late:
        parts.append(say("mail.subject.overdue", language, count=late))
    week = on.isocalendar().week
    return say("mail.subject", language, week=week, what=" – ".join(parts))


def headline(lines: Sequence[Line], on: date, language: Language) -> str:
    """The next thing to do; when nothing is ahead, the oldest that is late."""
    if not lines:
        return say("mail.subject.plain", language)
    chosen = min(lines, key=_prominence)
    title = shortened(chosen.title)
    if chosen.due_on is None:
        code = "open" if chosen.kind is Kind.OPEN else "undated"
        return say(f"mail.subject.{code}", language, title=title)
    code = "mail.subject.was" if chosen.due_on < on else "mail.subject.by"
    if chosen.due_on == on:
        code = "mail.subject.today"
    return say(code, language, title=title, day=day_within(chosen.due_on, on.year, language))


def _prominence(line: Line) -> tuple[int, int, date]:
    group = list(Group).index(line.group)
    rank = 2 if line.due_on is None else 1 if line.kind in _PAST else 0
    return (group, rank, line.due_on or date.max)


def shortened(title: str) -> str:
    """A title that leaves room in a subject for the day."""
    if len(title) <= TITLE_IN_SUBJECT:
        return title
    return title[: TITLE_IN_SUBJECT - 1].rsplit(" ", 1)[0].rstrip(",;:– ") + "…"


def entry(line: Line, on: date, language: Language) -> Entry:
    """A matter as it stands in a letter; of one that is masked its day alone."""
    if line.masked:
        return _masked_entry(line, on, language)
    return Entry(
        title=line.title,
        when=_when(line, on, language),
        text="\n".join(_paragraphs(line, on, language)),
        why=_why(line, language),
        basis=line.basis,
        links=(*([line.button] if line.button else []), *_links("mail.link.see", line, language)),
    )


def _masked_entry(line: Line, on: date, language: Language) -> Entry:
    day = _capital(day_within(line.due_on, on.year, language)) if line.due_on else ""
    return Entry(
        title=say("mail.masked", language),
        when=day,
        links=_links("mail.link.masked", line, language),
    )


def _links(code: str, line: Line, language: Language) -> tuple[Link, ...]:
    return (Link(say(code, language), line.url),) if line.url else ()


def _when(line: Line, on: date, language: Language) -> str:
    if line.due_on is None:
        return say(f"mail.when.{'open' if line.kind is Kind.OPEN else 'undated'}", language)
    if line.kind in _PAST:
        return say("mail.when.overdue", language)
    day = day_within(line.due_on, on.year, language)
    ahead = (line.due_on - on).days
    if ahead in (0, 1):
        return say(f"mail.when.{('today', 'tomorrow')[ahead]}", language, day=day)
    code = "mail.when.ahead" if ahead > 0 else "mail.when.ago"
    return _capital(say(code, language, day=day, count=abs(ahead)))


def _why(line: Line, language: Language) -> str:
    """How the date was reached; of a date that is missing the sentence says so by itself."""
    if not line.sentence or line.kind in (Kind.UNDATED, Kind.OPEN):
        return line.sentence
    return say("mail.why", language, sentence=line.sentence)


def _paragraphs(line: Line, on: date, language: Language) -> list[str]:
    late = _was(line, on, language)
    concerns = _labelled("mail.committee", line.committee_title, language)
    escalated = say("mail.escalated", language) if line.kind is Kind.ESCALATION else ""
    told = [
        _labelled("mail.responsible", line.responsible, language),
        _labelled("mail.others", line.others, language),
        _labelled("mail.if-missed", line.if_missed, language),
        line.known,
    ]
    first = " ".join(filter(None, [late, escalated, line.reason, concerns, line.meeting]))
    return [text for text in (first, _unexplained(line, on, language), *told) if text]


def _was(line: Line, on: date, language: Language) -> str:
    if line.kind not in _PAST or line.due_on is None:
        return ""
    late = (on - line.due_on).days
    return say("mail.was", language, day=long_day(line.due_on, language), count=late)


def _unexplained(line: Line, on: date, language: Language) -> str:
    """The counted date, where it is another than the day to act by and nothing says why."""
    if line.sentence or line.nominal_on is None or line.nominal_on == line.due_on:
        return ""
    return say("mail.nominal", language, day=day_within(line.nominal_on, on.year, language))


def _labelled(code: str, words: str, language: Language) -> str:
    return say(code, language, words=words) if words else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
