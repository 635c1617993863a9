"""The letters that the mail tests send and read."""

from __future__ import annotations

from datetime import UTC, date, datetime

from engine.message import Group, Kind, Letter, Line, Link, digest

SENT_AT = datetime(2026, 6, 8, 5, 30, tzinfo=UTC)
MORNING = date(2026, 6, 8)
TO = "bo@kommune.example"
SENDER = "Medfrist på kommunen <medfrist@kommune.example>"
SITE = "https://med.kommune.example"

ICS = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Medfrist//DA\r\nMETHOD:PUBLISH\r\n"
    "BEGIN:VEVENT\r\nUID:a2@medfrist\r\nDTSTAMP:20260608T053000Z\r\n"
    "DTSTART;VALUE=DATE:20260611\r\nDTEND;VALUE=DATE:20260612\r\n"
    "SUMMARY:Frist: Dagsorden til ØSMED 18. juni sendes ud\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
)

DANISH = (
    Line(
        Group.ACT,
        Kind.OVERDUE,
        "Enhederne drøfter, om deres aftale om krænkende handlinger fortsat er dækkende",
        f"{SITE}/deadlines/a1",
        committee_title="afdelingsMED Økonomi & Stab",
        due_on=date(2026, 5, 28),
        sentence="3 uger før mødet torsdag den 18. juni 2026 er torsdag den 28. maj.",
        basis="Grundlag: lokal retningslinje i ØSMED (lokal praksis).",
        if_missed="Retningslinjen bliver ikke drøftet to gange i 2026.",
        others="de tre øvrige enheder",
    ),
    Line(
        Group.ACT,
        Kind.HEADS_UP,
        "Dagsordenen sendes ud",
        f"{SITE}/deadlines/a2",
        committee_title="afdelingsMED Økonomi & Stab",
        due_on=date(2026, 6, 11),
        meeting="Mødet er torsdag den 18. juni 2026 kl. 12.00–14.00 i mødelokale 823.",
        sentence="Fristen er 7 dage før mødet, altså torsdag den 11. juni.",
    ),
    Line(
        Group.ACT,
        Kind.UNDATED,
        "Skriftligt input er sendt til KommuneMEDs sekretær",
        f"{SITE}/deadlines/a3",
        sentence="Datoen for KommuneMEDs budgethøring 2027 mangler. "
        "Derfor kan fristen ikke beregnes endnu.",
    ),
    Line(
        Group.WAITING,
        Kind.DUE,
        "Referatet er klar",
        f"{SITE}/deadlines/b1",
        due_on=date(2026, 6, 8),
        nominal_on=date(2026, 6, 6),
        responsible="sekretæren for KommuneMED",
    ),
    Line(
        Group.FYI,
        Kind.HEADS_UP,
        "Opsigelse af medarbejder 2026-017",
        f"{SITE}/deadlines/c1",
        due_on=date(2026, 6, 9),
        masked=True,
        committee_title="HR",
        sentence="Hemmelig begrundelse.",
        basis="Hemmeligt grundlag.",
        if_missed="Hemmelig følge.",
        responsible="hemmelig",
    ),
)

ENGLISH = (
    Line(
        Group.ACT,
        Kind.ESCALATION,
        "Written input is sent to the secretary of KommuneMED",
        f"{SITE}/deadlines/e1",
        committee_title="afdelingsMED Økonomi & Stab",
        due_on=date(2026, 6, 7),
        basis="Basis: the timetable of the budget.",
        responsible="the secretary of afdelingsMED Økonomi & Stab",
    ),
    Line(
        Group.FYI,
        Kind.HEADS_UP,
        "The agenda is sent out",
        f"{SITE}/deadlines/e2",
        due_on=date(2027, 1, 7),
        sentence="7 days before the meeting on Thursday 14 January 2027 is Thursday 7 January.",
    ),
)

AWAY = (Link("Jeg er væk – vælg en afløser", f"{SITE}/mine"),)


def danish(message_id: str = "d1@medfrist") -> Letter:
    return digest(
        DANISH,
        MORNING,
        "da",
        message_id=message_id,
        list_id="medfrist.kommune.example",
        because="sekretær for afdelingsMED Økonomi & Stab",
        footer_links=AWAY,
    )


def english() -> Letter:
    return digest(
        ENGLISH,
        MORNING,
        "en",
        message_id="e1@medfrist",
        list_id="medfrist.kommune.example",
    )
