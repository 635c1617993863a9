"""The commands as programs and people use them: output, JSON, exit, and errors in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.cli.app import run
from engine.service.starting import init

NOW = "2026-11-26T08:00"
AGENDA = "moeder/afdelings-med/oes-med/2027-03-18/dagsorden"


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if "applied" in request.fixturenames:
        found: Path = request.getfixturevalue("applied_site")
        return found
    init(tmp_path / "site")
    return tmp_path / "site"


@pytest.fixture
def applied(applied_site: Path) -> Path:
    return applied_site


@pytest.fixture
def med(folder: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def call(*arguments: str) -> tuple[int, str, str]:
        outcome = run([*arguments, "--site", str(folder)], "da")
        told = capsys.readouterr()
        return outcome, told.out, told.err

    return call


Med = Callable[..., tuple[int, str, str]]


def data_of(told: tuple[int, str, str]) -> Any:
    assert told[0] == 0, told[2]
    return json.loads(told[1])


FIELDS = [
    "key",
    "workflow",
    "committee",
    "occurrence",
    "step",
    "title",
    "kind",
    "nominal_on",
    "not_before_on",
    "due_on",
    "limit_on",
    "state",
    "postponed",
    "missing",
    "responsible",
    "informed",
    "confidential",
    "source",
    "derivation",
    "answered",
]


def test_plan_from_the_files_says_so_and_gives_the_agenda_of_march(med: Med) -> None:
    told = med(
        "plan", "--committee", "oes-med", "--from", "2026-01-01", "--until", "2026-12-31", "--json"
    )
    rows = {row["key"]: row for row in data_of(told)}
    agenda = rows["moeder/afdelings-med/oes-med/2026-03-26/dagsorden"]

    assert "Der er ingen udgave i brug endnu." in told[2]
    assert list(agenda) == FIELDS
    assert (agenda["nominal_on"], agenda["due_on"]) == ("2026-03-19", "2026-03-19")
    assert agenda["responsible"] == ["hny@kommune.example"]
    assert agenda["source"][0]["document"] == "Lokal praksis i afdelingsMED"
    assert [link["kind"] for link in agenda["derivation"]] == ["anchor", "count"]
    assert rows["retningslinjer/vold/oes-med/2026-1/droeftelse"]["due_on"] == "2026-03-26"
    assert {row["committee"] for row in rows.values()} == {"oes-med"}
    order = [(row["due_on"], row["key"]) for row in rows.values()]
    assert order == sorted(order)


def test_plan_of_an_edition_is_silent_on_the_other_stream(applied: Path, med: Med) -> None:
    outcome, out, err = med("plan", "--now", NOW)
    assert (outcome, err) == (0, "")
    assert out.splitlines()[1].strip().count("/") == 4


def test_check_of_the_shipped_site_is_fine_and_strict_asks_about_warnings(med: Med) -> None:
    assert med("check", "--now", NOW)[0] == 0
    findings = data_of(med("check", "--json", "--now", NOW))
    assert {finding["severity"] for finding in findings} <= {"warning", "info"}
    assert [list(finding) for finding in findings[:1]] == [
        ["path", "line", "column", "severity", "code", "message", "hint"]
    ]
    assert med("check", "--strict", "--now", NOW)[0] == 1


def test_a_wrong_example_is_an_error_with_its_place(folder: Path, med: Med) -> None:
    path = folder / "workflows/retningslinjer/vold.yaml"
    text = path.read_text("utf-8")
    assert "2026-1/enheder: 2026-03-05" in text
    path.write_text(
        text.replace("2026-1/enheder: 2026-03-05", "2026-1/enheder: 2026-03-06", 1), "utf-8"
    )
    line = next(
        n for n, row in enumerate(path.read_text("utf-8").splitlines(), 1) if "2026-03-06" in row
    )

    outcome, out, _ = med("check", "--now", NOW)

    assert outcome == 1
    told = next(row for row in out.splitlines() if "2026-1/enheder" in row)
    assert told.startswith(f"workflows/retningslinjer/vold.yaml:{line}:")
    assert "Eksemplet venter" in told and "6. marts 2026" in told and "5. marts 2026" in told


def test_explain_is_one_sentence_with_the_clause(applied: Path, med: Med) -> None:
    outcome, out, _ = med(
        "explain", "moeder/afdelings-med/oes-med/2026-03-26/dagsorden", "--now", NOW
    )
    assert outcome == 0
    assert out.startswith(
        "Dagsordenen sendes ud: Fristen er 7 dage før mødet torsdag den 26. marts 2026, "
        "altså torsdag den 19. marts. Grundlag: Lokal praksis i afdelingsMED"
    )
    told = data_of(
        med("explain", "moeder/afdelings-med/oes-med/2026-03-26/dagsorden", "--json", "--now", NOW)
    )
    assert list(told) == [
        "key",
        "nominal_on",
        "due_on",
        "sentence_da",
        "sentence_en",
        "derivation",
        "source",
        "told",
    ]


@pytest.mark.parametrize(
    ("rule", "given"),
    [
        ("7 days before x", "x=2026-05-21"),
        ("7 dage før x", "x=2026-05-21"),
        ("7 dage før mødet", "mødet=2026-05-21"),
        ("7 days before meeting", "meeting=2026-05-21"),
    ],
)
def test_date_a_week_before_21_may_2026_is_ascension_day(med: Med, rule: str, given: str) -> None:
    told = data_of(med("date", rule, "--given", given, "--if-closed", "before", "--json"))
    assert (told["nominal_on"], told["due_on"]) == ("2026-05-14", "2026-05-13")
    assert told["sentence_da"].endswith(
        "torsdag den 21. maj 2026 er torsdag den 14. maj, som er Kristi himmelfartsdag. "
        "Derfor er fristen onsdag den 13. maj 2026."
    )


def test_date_stays_unless_asked_to_move_and_answers_backwards(med: Med) -> None:
    told = data_of(med("date", "7 days before x", "--given", "x=2026-05-21", "--json"))
    assert (told["nominal_on"], told["due_on"]) == ("2026-05-14", "2026-05-14")
    back = data_of(
        med(
            "date", "3 months after sent to the end of the month", "--until", "2026-05-31", "--json"
        )
    )
    assert (back["nominal_on"], back["due_on"]) == ("2026-02-28", "2026-02-28")


def test_the_last_day_to_give_notice_is_told_in_a_full_sentence(med: Med) -> None:
    rule = "varsel efter funktionaerloven fra ansat givet opsagt"
    told = data_of(
        med("date", rule, "--given", "ansat=2025-06-01", "--until", "2025-11-30", "--json")
    )
    assert told == {
        "nominal_on": "2025-10-31",
        "due_on": "2025-10-31",
        "sentence_da": "Opsigelsen skal gives senest fredag den 31. oktober 2025, for at den "
        "sidste dag i ansættelsen kan være senest søndag den 30. november 2025. Ansættelsen "
        "begyndte søndag den 1. juni 2025, og opsigelsen er givet fredag den 31. oktober. "
        "Varslet er 1 måned til udgangen af en måned, for så slutter ansættelsen inden for en "
        "anciennitet på 6 måneder, som nås søndag den 30. november. Den sidste dag i ansættelsen "
        "er søndag den 30. november. Varslet står i Funktionærloven § 2, stk. 2, 3 og 7.",
        "sentence_en": "Notice must be given by Friday 31 October 2025 for the last day of the "
        "employment to be Sunday 30 November 2025 at the latest. The employment began on Sunday "
        "1 June 2025, and notice is given on Friday 31 October. The notice is 1 month to the end "
        "of a month, because the employment then ends within a seniority of 6 months, which is "
        "reached on Sunday 30 November. The last day of the employment is Sunday 30 November. "
        "The notice is laid down in Funktionærloven § 2, stk. 2, 3 og 7.",
    }


def test_a_rule_that_never_gives_a_later_date_has_no_last_day(med: Med) -> None:
    assert med("date", "den tidligste af x og 2026-05-01", "--until", "2026-06-01") == (
        2,
        "",
        "Der er ingen sidste dag for x: Uanset hvor sent den ligger, giver reglen en dato senest "
        "1. juni 2026.\n",
    )


def test_the_calculator_names_every_closed_day_it_passes(med: Med) -> None:
    _, told, _ = med("date", "7 dage efter x", "--given", "x=2026-03-30", "--if-closed", "before")
    assert told.endswith(
        "7 dage efter x mandag den 30. marts 2026 er mandag den 6. april, som er 2. påskedag. "
        "Skærtorsdag, langfredag og påskedag er heller ikke arbejdsdage. "
        "Derfor er fristen onsdag den 1. april 2026.\n"
    )


def test_apply_tells_edition_hash_and_changes(folder: Path, med: Med) -> None:
    told = data_of(med("apply", "--json", "--note", "Første"))
    assert told["edition"] == 1
    assert len(told["hash"]) == 64
    assert list(told["changes"]) == [
        "new",
        "moved",
        "reassigned",
        "reworded",
        "retired",
        "unchanged",
    ]
    assert told["changes"]["new"] > 500


def test_plan_diff_names_verb_file_and_people(applied: Path, med: Med) -> None:
    path = applied / "workflows/moeder/afdelings-med.yaml"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace("due: 7 days before meeting", "due: 8 days before meeting").split("examples:")[
            0
        ],
        "utf-8",
    )

    changes = {row["key"]: row for row in data_of(med("plan", "--diff", "--json", "--now", NOW))}

    told = changes[
        next(key for key in changes if key.startswith("moeder/afdelings-med/oes-med/2027"))
    ]
    assert list(told) == ["verb", "key", "before", "after", "reason", "told"]
    assert told["verb"] == "moved"
    assert told["reason"].startswith("workflows/moeder/afdelings-med.yaml, linje 24: »steps.")
    assert told["told"] == ["hny@kommune.example"]
    assert {key.split("/")[0] for key in changes} == {"moeder"}


def test_done_is_a_fact_once(applied: Path, med: Med) -> None:
    key = "moeder/afdelings-med/oes-med/2026-11-19/referat"
    told = data_of(
        med(
            "done",
            key,
            "--by",
            "hny",
            "--on",
            "2026-11-25",
            "--evidence",
            "sagen",
            "--json",
            "--now",
            NOW,
        )
    )
    assert told == {
        "fact": 1,
        "key": key,
        "kind": "done",
        "on": "2026-11-25",
        "by": "hny",
        "why": "",
        "evidence": "sagen",
        "unit": "",
        "meeting": "",
        "item": "",
        "changes": [],
    }
    rows = data_of(
        med("plan", "--from", "2026-11-20", "--committee", "oes-med", "--json", "--now", NOW)
    )
    assert next(row["state"] for row in rows if row["key"] == key) == "done"

    assert med("done", key, "--now", NOW) == (
        2,
        "",
        "Referatet er klar — er allerede meldt udført.\n",
    )


def test_remind_and_publish_tell_what_they_did(applied: Path, med: Med) -> None:
    would = data_of(med("remind", "--dry-run", "--json", "--now", NOW))
    sent = data_of(med("remind", "--json", "--now", NOW))
    assert sent == would != []
    assert list(sent[0]) == ["message_id", "to", "subject", "keys", "kind"]
    assert data_of(med("remind", "--json", "--now", NOW)) == []

    files = data_of(med("publish", "--json", "--now", NOW))
    assert [list(each) for each in files[:1]] == [["path", "events", "changed"]]
    assert {each["changed"] for each in files} == {True}


def test_feeds_are_made_listed_and_revoked(applied: Path, med: Med) -> None:
    made = data_of(med("feed", "create", "--person", "hny", "--json", "--now", NOW))
    assert made["scope"] == "person:hny"
    assert made["url"].startswith("http://127.0.0.1:8000/feeds/") and made["url"].endswith(".ics")
    token = made["url"].rpartition("/")[2]

    listed = med("feed", "list", "--json")
    assert json.loads(listed[1]) == [{"feed": 1, "scope": "person:hny", "fetched_on": None}]
    assert token not in listed[1]
    assert data_of(med("feed", "revoke", "1", "--json", "--now", NOW)) == {
        "feed": 1,
        "scope": "person:hny",
    }
    assert data_of(med("feed", "list", "--json")) == []


def test_schema_names_every_kind_of_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema"], "da") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["plan", "--commitee", "x"],
            "Valget --commitee findes ikke. Mente du --committee? Se »med plan --help«.\n",
        ),
        (
            ["plan", "--committee", "oesmed"],
            "oesmed — er ikke et udvalg i organisation/organisation.yaml. Mente du oes-med?\n",
        ),
        (
            ["plan", "--from", "2026-13-01"],
            "2026-13-01 — er ikke en dato. Skriv den som 2026-03-26.\n",
        ),
        (
            ["plan", "--from", "2026-03-01", "--until", "2026-02-01"],
            "--until: 1. februar 2026 — ligger før 1. marts 2026. Byt om på dem.\n",
        ),
        (["explain", "nej"], "nej — findes ikke i planen. Kør »med plan« for at se nøglerne.\n"),
        (
            ["date", "7 days before x"],
            "Reglen nævner x, som mangler en dato. Giv den med --given navn=2026-05-21.\n",
        ),
        (
            ["date", "7 days before x", "--given", "x"],
            "--given: x — mangler et lighedstegn. Skriv for eksempel --given mødet=2026-05-21.\n",
        ),
        (
            ["date", "7 days before x", "--given", "x=2026-05-21", "--days", "skole"],
            "--days: skole — er ikke et sæt arbejdsdage. Vælg frist, kommune, lov.\n",
        ),
        (
            ["date", "7 days before x", "--given", "x=2026-05-21", "--if-closed", "op"],
            "--if-closed: op — kendes ikke. Skriv before, after eller stay.\n",
        ),
        (["done", "nej"], "Der er ingen udgave i brug endnu. Kør »med apply« først.\n"),
        (["remind"], "Der er ingen udgave i brug endnu. Kør »med apply« først.\n"),
        (["publish"], "Der er ingen udgave i brug endnu. Kør »med apply« først.\n"),
        (
            ["plan", "--now", "i går"],
            "--now: i går — er ikke et tidspunkt. Skriv det som 2026-03-12T07:30.\n",
        ),
        (
            ["apply", "--now", NOW],
            "--now kan kun bruges til at skrive i en demo. "
            "Udelad --now, eller prøv det i »med demo«.\n",
        ),
    ],
)
def test_wrong_use_is_told_in_danish_with_the_next_step(
    med: Med, arguments: list[str], said: str
) -> None:
    outcome, _, err = med(*arguments)
    assert (
        outcome,
        err.removeprefix(
            "Der er ingen udgave i brug endnu. Fristerne er regnet ud fra filerne, som de ligger.\n"
        ),
    ) == (2, said)


def test_apply_of_a_faulty_site_lists_the_faults_and_exits_1(folder: Path, med: Med) -> None:
    path = folder / "workflows/moeder/kommune-med.yaml"
    path.write_text(
        path.read_text("utf-8").replace("responsible: sekretaer", "responsible: sekretær"), "utf-8"
    )
    outcome, out, err = med("apply")
    assert (outcome, out) == (1, "")
    assert err.startswith("workflows/moeder/kommune-med.yaml:")
    assert "intet er ændret" in err.splitlines()[-1]


def test_init_refuses_a_folder_in_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "nyt"
    assert run(["init", str(place)], "da") == 0
    assert sorted(entry.name for entry in place.iterdir()) == [
        ".gitignore",
        "calendars",
        "config.toml",
        "organisation",
        "workflows",
    ]
    capsys.readouterr()
    assert run(["init", str(place)], "da") == 2
    assert capsys.readouterr().err == (
        f"{place} — har allerede config.toml. Vælg en tom mappe; intet er ændret.\n"
    )


def test_a_fault_of_ours_is_kept_in_a_file_and_never_shown(
    folder: Path, med: Med, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("hemmeligt")

    monkeypatch.setattr("engine.cli.reading.listed", broken)
    outcome, out, err = med("plan")
    assert (outcome, out) == (2, "")
    assert "hemmeligt" not in err and "Traceback" not in err
    kept = Path(err.split("gemt en teknisk beskrivelse i ")[1].split(". Send")[0])
    assert "ZeroDivisionError" in kept.read_text("utf-8")
    kept.unlink()


@pytest.mark.parametrize(
    ("now", "first"),
    [
        ("2026-11-26T08:00", None),
        ("2026-11-26T21:00", "torsdag den 26. november 2026 kl. 7.30"),
        ("2026-11-29T12:00", "fredag den 27. november 2026 kl. 7.30"),
    ],
)
def test_a_demo_shows_its_mails_at_any_hour(
    tmp_path: Path, med: Med, now: str, first: str | None
) -> None:
    code, told, _ = med("demo", "--now", now)
    assert code == 0
    said = f"Lige nu går der ingen mails. Demoen sender dem derfor, som om det var {first}."
    assert (said in told.splitlines()) is (first is not None)
    subjects = [line for line in told.splitlines() if "@kommune.example: " in line]
    assert len(subjects) > 40
    assert f"{len(subjects)} mails er sendt." in told.splitlines()


def test_the_help_of_commands_is_never_cut_off(capsys: pytest.CaptureFixture[str]) -> None:
    for group in ([], ["outbox"], ["meetings"], ["members"], ["person"], ["report"]):
        assert run([*group, "--help"], "da") == 0
        told = capsys.readouterr().out
        assert "..." not in told
        assert len(told.splitlines()) > 5
        assert [line for line in told.splitlines() if len(line) > 80] == []
