"""What goes wrong around the outbox, each for real: one function a row of the table of faults."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from fault_site import edited
from faulty_relay import Script
from scripted_relay import DROP, KEEP, SILENCE, authority, has_openssl
from trial import Switch, Trial

from engine.errors import StoreError
from engine.service.doing import done
from engine.service.reminding import remind
from engine.service.undoing import undo
from engine.service.waiving import waive

Row = Callable[[Trial], None]
ROWS: dict[str, Row] = {}

AGENDA = "moeder/oes-med/2026-03-26/dagsorden"
PAPERS = "bidrag/oes-med/2026-03-26/bilag"
SPEECH = "bidrag/oes-med/2026-03-26/tale"
MEMBERS, MEETINGS = "organisation/members.csv", "calendars/meetings/oes-med-2026.yaml"
HANDED_OVER = (
    ("ehl;oes-med;sekretaer;Eva Holt;ehl@", "hmo;oes-med;sekretaer;Hanne Mo;hmo@"),
    ("management;ehl", "management;hmo"),
)
LEFT = (
    "frk@kommune.example;2025-06-01;;",
    "frk@kommune.example;2025-06-01;2026-03-05;",
)


def row(code: str) -> Callable[[Row], Row]:
    def named(given: Row) -> Row:
        ROWS[code] = given
        return given

    return named


def fails_first(
    script: Script | None = None, until: str = "2026-03-05T07:32", **how: object
) -> Row:
    """A relay that fails on the first attempts and is sound afterwards."""

    def happens(trial: Trial) -> None:
        with trial.served(script, **how):
            trial.live("2026-03-05T07:32")
        sound(trial)

    return happens


def sound(trial: Trial, until: str = "2026-03-06T08:00") -> None:
    """Everything works, for as long as it takes."""
    with trial.served():
        trial.live(until)


@row("alt i orden")
def _sound(trial: Trial) -> None:
    sound(trial)


@row("afviser forbindelsen")
def _refuses_connections(trial: Trial) -> None:
    trial.live("2026-03-05T11:00")
    sound(trial)


@row("greylisting")
def _greylists(trial: Trial) -> None:
    with trial.served(greylisting=True):
        trial.live("2026-03-06T08:00")


for _code, _script in {
    "4xx ved hilsen": {"connect": "421 4.3.2 busy"},
    "5xx ved hilsen": {"connect": "554 5.7.1 no"},
    "4xx ved EHLO": {"ehlo": "451 4.3.0 later", "helo": "451 4.3.0 later"},
    "5xx ved EHLO": {"ehlo": "550 5.7.1 no", "helo": "550 5.7.1 no"},
    "4xx ved MAIL": {"mail": "451 4.3.0 later"},
    "5xx ved MAIL": {"mail": "550 5.7.1 sender unknown"},
    "4xx ved RCPT": {"rcpt": "450 4.2.0 later"},
    "5xx ved RCPT om afsenderen": {"rcpt": "550 5.1.8 sender's domain unknown"},
    "5xx ved RCPT": {"rcpt": "550 5.1.1 unknown"},
    "4xx ved DATA": {"data": "451 4.3.0 later"},
    "5xx ved DATA": {"data": "554 5.7.1 no"},
    "4xx efter punktummet": {"content": "452 4.3.1 full"},
    "5xx efter punktummet": {"content": "554 5.6.0 not liked"},
    "taber forbindelsen ved MAIL": {"mail": DROP},
    "taber forbindelsen ved DATA": {"data": DROP},
    "taber forbindelsen efter punktummet, mailen tabt": {"content": DROP},
    "taber forbindelsen efter punktummet, mailen modtaget": {"content": KEEP + DROP},
    "svarer for sent ved hilsen": {"connect": SILENCE},
    "svarer for sent ved RCPT": {"rcpt": SILENCE},
    "svarer for sent efter punktummet, mailen tabt": {"content": SILENCE},
    "svarer for sent efter punktummet, mailen modtaget": {"content": KEEP + SILENCE},
    "svarer noget ukendt efter punktummet": {"content": KEEP + "what"},
}.items():
    ROWS[_code] = fails_first(_script)  # type: ignore[arg-type]

ROWS["taber forbindelsen midt i indholdet"] = fails_first(halfway=True)
ROWS["svarer langsomt, én byte ad gangen"] = fails_first(pause=0.001)
ROWS["svarer for langsomt, én byte ad gangen"] = fails_first(
    {"connect": "220 " + 30 * "x"}, pause=0.05
)


@row("én modtager afvist for altid")
def _one_refused(trial: Trial) -> None:
    with trial.served(refusing={"ehl@kommune.example": "550 5.1.1 unknown"}):
        trial.live("2026-03-17T12:00")


@row("forkert adgangskode")
def _wrong_password(trial: Trial) -> None:
    trial.set_password("medfrist", "forkert")
    offered = {"ehlo": "250-relay\n250 AUTH PLAIN"}
    with trial.served({**offered, "auth": "535 5.7.8 no"}):
        trial.live("2026-03-05T11:00")
    with trial.served({**offered}):
        trial.live("2026-03-06T08:00")


@row("væk i tre dage")
def _away_for_days(trial: Trial) -> None:
    sound(trial)
    trial.live("2026-03-17T10:00")
    done(trial.site, PAPERS, by="frk")
    trial.live("2026-03-18T20:00")
    sound(trial, "2026-03-19T16:00")


@row("væk længere end der prøves")
def _away_for_too_long(trial: Trial) -> None:
    trial.mail |= {"give_up_after_hours": 48.0}
    trial.live("2026-03-10T12:00")
    sound(trial, "2026-03-10T16:00")


@row("afsenderen er afvist, længere end der prøves")
def _sender_refused_for_too_long(trial: Trial) -> None:
    trial.mail |= {"give_up_after_hours": 48.0}
    with trial.served({"mail": "553 5.7.1 not yours"}):
        trial.live("2026-03-10T12:00")
        reasons = {row.outcome for row in trial.rows().values() if row.kind == "digest"}
    assert reasons == {"mail.sender-refused"}
    sound(trial, "2026-03-10T16:00")


@row("maskinen sover i ti dage")
def _asleep(trial: Trial) -> None:
    trial.live("2026-03-05T08:00")
    trial.at("2026-03-15T08:10")
    sound(trial, "2026-03-16T16:00")


@row("maskinen sover, før noget forfalder")
def _asleep_before(trial: Trial) -> None:
    trial.at("2026-03-16T08:10")
    sound(trial, "2026-03-16T16:00")


@row("uret stilles en time tilbage")
def _hour_back(trial: Trial) -> None:
    with trial.served(greylisting=True):
        trial.run()
        trial.at("2026-03-05T06:30")
        trial.live("2026-03-05T12:00")
    sound(trial)


@row("uret stilles en dag tilbage")
def _day_back(trial: Trial) -> None:
    trial.at("2026-03-05T08:00")
    with trial.served(greylisting=True):
        trial.run()
        trial.at("2026-03-04T08:00")
        trial.live("2026-03-04T16:00")
    sound(trial)


@row("uret stilles en dag frem og tilbage")
def _day_forward(trial: Trial) -> None:
    trial.at("2026-03-06T08:00")
    with trial.served(greylisting=True):
        trial.run()
        trial.at("2026-03-05T08:00")
        trial.live("2026-03-05T16:00")
    sound(trial, "2026-03-06T12:00")


@row("forårets skift til sommertid")
def _spring(trial: Trial) -> None:
    trial.at("2026-03-27T15:00")
    trial.live("2026-03-30T06:00")
    sound(trial, "2026-03-30T16:00")


@row("efterårets skift til vintertid")
def _autumn(trial: Trial) -> None:
    for key in (AGENDA, PAPERS, SPEECH, "bidrag/oes-med/2026-03-26/tal"):
        done(trial.site, key, by="asp")
    trial.at("2026-10-22T16:00")
    trial.live("2026-10-26T06:00")
    sound(trial, "2026-10-26T16:00")


@row("en modtager er trådt ud, mens mailen venter")
def _leaves(trial: Trial) -> None:
    trial.live("2026-03-05T08:00")
    edited(trial.folder, MEMBERS, LEFT)
    trial.apply()
    trial.live("2026-03-06T07:00")
    sound(trial)


@row("en rolle går videre samme dag, mens mailen venter")
def _hands_over(trial: Trial) -> None:
    trial.live("2026-03-05T08:00")
    edited(trial.folder, MEMBERS, *HANDED_OVER)
    trial.apply()
    sound(trial)


@row("en rolle går videre dagen efter, mens mailen venter")
def _hands_over_later(trial: Trial) -> None:
    trial.live("2026-03-06T07:00")
    edited(trial.folder, MEMBERS, *HANDED_OVER)
    trial.apply()
    sound(trial, "2026-03-06T16:00")


@row("en rolle går videre, mens ingen ved, om mailen kom frem")
def _hands_over_unsure(trial: Trial) -> None:
    with trial.served({"content": DROP}):
        trial.live("2026-03-05T07:32")
    edited(trial.folder, MEMBERS, *HANDED_OVER)
    trial.apply()
    sound(trial)


@row("fristen flyttes samme dag, mens mailen venter")
def _moves(trial: Trial) -> None:
    trial.live("2026-03-05T08:00")
    edited(trial.folder, MEETINGS, ("date: 2026-03-26", "date: 2026-03-24, moved from: 2026-03-26"))
    trial.apply()
    sound(trial)


@row("fristen flyttes dagen efter, mens mailen venter")
def _moves_later(trial: Trial) -> None:
    trial.live("2026-03-06T08:00")
    edited(trial.folder, MEETINGS, ("date: 2026-03-26", "date: 2026-03-24, moved from: 2026-03-26"))
    trial.apply()
    sound(trial, "2026-03-09T12:00")


@row("fristen flyttes væk, mens mailen venter")
def _moves_away(trial: Trial) -> None:
    trial.live("2026-03-05T08:00")
    edited(trial.folder, MEETINGS, ("date: 2026-03-26", "date: 2026-04-30, moved from: 2026-03-26"))
    trial.apply()
    sound(trial)


@row("opgaven er gjort samme dag, mens mailen venter")
def _done(trial: Trial) -> None:
    trial.live("2026-03-05T08:00")
    done(trial.site, AGENDA, by="ehl")
    sound(trial)


@row("opgaven er gjort dagen efter, mens mailen venter")
def _done_later(trial: Trial) -> None:
    trial.live("2026-03-06T08:00")
    done(trial.site, AGENDA, by="ehl")
    sound(trial, "2026-03-06T16:00")


@row("opgaven er gjort og fortrudt, mens mailen venter")
def _done_and_undone(trial: Trial) -> None:
    trial.live("2026-03-06T08:00")
    done(trial.site, AGENDA, by="ehl")
    trial.live("2026-03-06T10:00")
    undo(trial.site, AGENDA)
    sound(trial, "2026-03-09T12:00")


@row("opgaven er frafaldet, mens mailen venter")
def _waived(trial: Trial) -> None:
    trial.live("2026-03-05T08:00")
    waive(trial.site, PAPERS, by="ckv", why="Alle har dem allerede")
    sound(trial)


@row("mødet er taget ud, mens mailen venter")
def _retired(trial: Trial) -> None:
    trial.live("2026-03-05T08:00")
    line = '  - {date: 2026-03-26, time: "12:00-14:00"}\n'
    edited(trial.folder, MEETINGS, (line, ""))
    trial.apply()
    sound(trial)


@row("kørslen varer til efter lukketid")
def _past_closing(trial: Trial) -> None:
    trial.at("2026-03-05T16:50")

    def meanwhile(_: int) -> None:
        trial.now += timedelta(minutes=4)

    trial.mail["timeout_seconds"] = 20.0
    with trial.served(meanwhile=meanwhile):
        trial.live("2026-03-06T08:00")


@row("kørslen varer længere end ét krav, og to kører")
def _two_workers(trial: Trial) -> None:
    _second_worker(trial, first=6, then=1)


@row("én mail varer længere end sit krav, og to kører")
def _two_workers_one_mail(trial: Trial) -> None:
    _second_worker(trial, first=6, then=6)


def _second_worker(trial: Trial, first: int, then: int) -> None:
    """While the second mail is handed over another worker begins; each takes some minutes."""

    def meanwhile(count: int) -> None:
        trial.now += timedelta(minutes=first if count <= 2 else then)
        if count == 2:
            trial.run()

    trial.mail["timeout_seconds"] = 20.0
    with trial.served(meanwhile=meanwhile):
        trial.live("2026-03-06T08:00")


@row("rollen går videre, mens en lang kørsel er i gang")
def _hands_over_meanwhile(trial: Trial) -> None:
    def meanwhile(count: int) -> None:
        trial.now += timedelta(minutes=2)
        if count == 2:
            edited(trial.folder, MEMBERS, *HANDED_OVER)
            trial.apply()

    trial.mail["timeout_seconds"] = 20.0
    with trial.served(meanwhile=meanwhile):
        trial.live("2026-03-06T08:00")


def switched(trial: Trial) -> Switch:
    assert trial.database is not None
    return trial.database


@row("databasen er væk et øjeblik, mens en mail afleveres")
def _database_away(trial: Trial) -> None:
    def meanwhile(count: int) -> None:
        trial.now += timedelta(seconds=30)
        if count == 2:
            switched(trial).stop()

    trial.mail["timeout_seconds"] = 20.0
    trial.look()
    with trial.served(meanwhile=meanwhile), pytest.raises(StoreError):
        remind(trial.site)
    with pytest.raises(StoreError):
        remind(trial.site)
    switched(trial).start()
    sound(trial)


@row("databasen er væk, når en kørsel begynder")
def _database_away_before(trial: Trial) -> None:
    switched(trial).stop()
    with trial.served(), pytest.raises(StoreError):
        remind(trial.site)
    switched(trial).start()
    sound(trial)


@row("mailserverens certifikat er ikke kendt")
def _unknown_certificate(trial: Trial) -> None:
    if not has_openssl():
        pytest.skip("openssl is missing: install it (Debian: apt install openssl)")
    trial.mail |= {"security": "starttls", "timeout_seconds": 20.0}
    known = authority(trial.folder.parent)
    with trial.served({"ehlo": "250-relay\n250 STARTTLS"}, tls=known.server):
        trial.live("2026-03-05T07:32")
        assert trial.taken_in == []
        trial.mail["ca_file"] = known.ca_file
        trial.live("2026-03-06T08:00")


@row("én af to opgaver er gjort, mens ingen ved, om mailen kom frem")
def _half_done_unsure(trial: Trial) -> None:
    with trial.served({"content": KEEP + DROP}):
        trial.live("2026-03-05T07:32")
    done(trial.site, SPEECH, by="ckv")
    sound(trial)
