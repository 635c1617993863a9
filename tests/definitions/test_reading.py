from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definitions import find_site, read_site, schema, shipped_site, site_files
from engine.definitions.reading import FINDINGS_A_FILE
from engine.errors import Finding, Severity, Unknown
from engine.wording.catalogue import LANGUAGES, catalogue, say
from engine.wording.faults import finding_json, finding_line

ROOT = Path(__file__).parents[2]
SITES = ROOT / "tests" / "sites"
BASE = site_files(SITES / "base")
FULL = {**BASE, **site_files(SITES / "every-field")}
TODAY = date(2026, 11, 21)


def test_the_shipped_site_has_no_errors() -> None:
    reading = read_site(site_files(shipped_site()), TODAY)
    assert [one for one in reading.findings if one.severity is Severity.ERROR] == []
    assert reading.edition is not None


def test_an_edition_of_the_base_site() -> None:
    reading = read_site(BASE, TODAY)
    assert reading.findings == ()
    edition = reading.edition
    assert edition is not None
    held = [(meeting.id, meeting.on, meeting.place) for meeting in edition.meetings["oes-med"]]
    assert held == [
        ("2026-01-27", date(2026, 1, 27), "Mødelokale 823"),
        ("2026-03-26", date(2026, 3, 26), "Mødelokale 823"),
        ("2026-06-18", date(2026, 6, 18), ""),
    ]
    assert [seat.id for seat in edition.seats] == [
        "asp-kommune-med-forperson-2025",
        "bjl-kommune-med-sekretaer-2025",
        "ckv-oes-med-forperson-2025",
        "dmo-oes-med-naestforperson-2025",
    ]
    assert {key: workflow.key for key, workflow in edition.workflows.items()} == {
        "moeder": "moeder"
    }
    assert edition.working("kommune").name_of(date(2026, 12, 24)) == "juleaften"


def test_a_moved_meeting_keeps_its_first_day_as_its_name() -> None:
    path = "calendars/meetings/oes-med-2026.yaml"
    plan = b"committee: oes-med\nmeetings:\n  - {date: 2026-03-31, moved from: 2026-03-26}\n"
    edition = read_site({**BASE, path: plan}).edition
    assert edition is not None
    [meeting] = edition.meetings["oes-med"]
    assert (meeting.id, meeting.on) == ("2026-03-26", date(2026, 3, 31))


@pytest.mark.parametrize(
    "path",
    [
        "organisation/organisation.yaml",
        "organisation/members.csv",
        "calendars/working-days/kommune.yaml",
    ],
)
def test_what_a_site_cannot_do_without(path: str) -> None:
    reading = read_site({other: content for other, content in BASE.items() if other != path})
    missing = Finding("file-missing", path=path, line=1, column=1)
    assert (missing in reading.findings, reading.edition) == (True, None)


def test_many_faults_of_one_file_are_cut_off() -> None:
    keys = "".join(f"felt{number}: x\n" for number in range(FINDINGS_A_FILE + 50)).encode()
    path = "calendars/milestones/valg.yaml"
    findings = read_site({**BASE, path: keys}).findings
    # Four fields are missing beside the 250 that are unknown.
    assert (len(findings), findings[-1].code) == (FINDINGS_A_FILE + 1, "more-faults")
    assert findings[-1].params == {"count": 54}


def test_files_that_editors_leave_behind_are_not_read(tmp_path: Path) -> None:
    for name in ("a.yaml", ".a.yaml.swp", "a.yaml~", "a.yaml.bak", "#a.yaml#", "LÆS.md", ".git/x"):
        path = tmp_path / "workflows" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"title: A\n")
    published = tmp_path / "calendars" / "published" / "x.ics"
    published.parent.mkdir(parents=True)
    published.write_bytes(b"")
    assert site_files(tmp_path) == {"workflows/a.yaml": b"title: A\n"}


def test_a_site_is_a_folder_with_a_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unknown) as no_config:
        find_site(tmp_path)
    with pytest.raises(Unknown) as no_folder:
        find_site(tmp_path / "x")
    (tmp_path / "config.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    assert (find_site(tmp_path), find_site().resolve()) == (tmp_path, tmp_path.resolve())
    assert (no_config.value.code, no_folder.value.code) == ("site.no-config", "site.no-folder")
    for language in LANGUAGES:
        for error in (no_config.value, no_folder.value):
            assert str(tmp_path) in say(error.code, language, **error.params)


def test_a_finding_as_a_line_and_as_data() -> None:
    finding = Finding(
        "unknown-role",
        path="workflows/a.yaml",
        line=5,
        column=14,
        field="responsible",
        value="forpersonn",
        params={"name": "forpersonn", "nearest": "forperson", "known": "forperson"},
    )
    assert finding_line(finding, "en") == (
        "workflows/a.yaml:5:14: responsible: “forpersonn” — "
        "There is no role called “forpersonn”. Did you mean “forperson”?"
    )
    assert finding_json(finding, "da") == {
        "path": "workflows/a.yaml",
        "line": 5,
        "column": 14,
        "severity": "error",
        "code": "unknown-role",
        "message": "responsible: »forpersonn« — Der er ikke nogen rolle, der hedder »forpersonn«.",
        "hint": "Mente du »forperson«?",
    }


def _codes() -> Iterator[str]:
    """Every code that a finding of the reader or of the models is made with."""
    for path in (ROOT / "engine" / "definitions").glob("*.py"):
        for code in re.findall(r'"([a-z]+(?:[.-][a-z]+)+)"', path.read_text("utf-8")):
            if f"finding.{code}" in catalogue("en") or code in catalogue("en"):
                yield code
    for name in ("fields", "workflow", "spans", "organisation", "edition"):
        tree = ast.parse((ROOT / "engine" / "planning" / f"{name}.py").read_text("utf-8"))
        for node in ast.walk(tree):
            made = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if made and node.func.id in {"fault", "RuleError"}:
                code = node.args[0]
                if isinstance(code, ast.Constant):
                    yield str(code.value)


@pytest.mark.parametrize("code", sorted(set(_codes())))
def test_every_code_can_be_said(code: str) -> None:
    for language in LANGUAGES:
        known = catalogue(language)
        assert {f"finding.{code}", f"hint.{code}"} <= known.keys() or code in known


def test_both_languages_say_the_same_things() -> None:
    holders = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")
    said = [
        {
            code: sorted(set(holders.findall(" ".join(text) if isinstance(text, tuple) else text)))
            for code, text in catalogue(language).items()
            if code.startswith(("finding.", "hint.", "field.", "site.", "definitions."))
        }
        for language in LANGUAGES
    ]
    assert said[0] == said[1]


def test_the_schema_describes_every_field() -> None:
    whole = schema()
    undescribed = [
        f"{name}.{key}"
        for name, part in whole["$defs"].items()
        for key, value in part.get("properties", {}).items()
        if "description" not in value
    ]
    assert undescribed == []
    referred = set(re.findall(r'"#/\$defs/(\w+)"', str(whole).replace("'", '"')))
    assert referred == whole["$defs"].keys()
    step = whole["$defs"]["Step"]
    assert (step["required"], "not before" in step["properties"]) == (["title"], True)
    assert whole["$defs"]["Milestones"]["properties"]["period"]["type"] == ["string", "integer"]


VALUES = st.sampled_from(
    [
        None,
        True,
        7,
        1.5,
        "",
        "x",
        "2026-03-26",
        "9 days",
        [],
        ["x"],
        {},
        {"x": 1},
        "{limit}",
        "æ # {",
    ]
)


def _places(value: object, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if at:
        yield at
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _places(inner, (*at, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _places(inner, (*at, index))


def _changed(value: object, at: tuple[str | int, ...], new: object) -> object:
    if not at:
        return new
    if isinstance(value, dict):
        return {**value, at[0]: _changed(value[at[0]], at[1:], new)}
    assert isinstance(value, list) and isinstance(at[0], int)
    return [*value[: at[0]], _changed(value[at[0]], at[1:], new), *value[at[0] + 1 :]]


CHANGES = [
    (path, place)
    for path, content in FULL.items()
    if path.endswith(".yaml")
    for place in _places(yaml.load(content, Loader=yaml.CBaseLoader))
]


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(CHANGES), VALUES, st.booleans())
def test_any_change_gives_an_edition_or_errors_that_can_be_read(
    change: tuple[str, tuple[str | int, ...]], new: object, added: bool
) -> None:
    path, place = change
    content = yaml.load(FULL[path], Loader=yaml.CBaseLoader)
    at = (*place[:-1], "nyt felt") if added and isinstance(place[-1], str) else place
    parent = _changed(content, place, new) if at == place else _with(content, at, new)
    text = yaml.safe_dump(parent, allow_unicode=True).encode()
    reading = read_site({**FULL, path: text}, TODAY)
    faulty = any(finding.severity is Severity.ERROR for finding in reading.findings)
    assert (reading.edition is None) == faulty
    for finding in reading.findings:
        assert finding.code != "value.refused"
        for language in LANGUAGES:
            assert finding_line(finding, language).startswith(finding.path)
            assert len(finding_line(finding, language)) < 900


def _with(value: object, at: tuple[str | int, ...], new: object) -> object:
    if len(at) == 1:
        assert isinstance(value, dict)
        return {**value, at[0]: new}
    if isinstance(value, dict):
        return {**value, at[0]: _with(value[at[0]], at[1:], new)}
    assert isinstance(value, list) and isinstance(at[0], int)
    return [*value[: at[0]], _with(value[at[0]], at[1:], new), *value[at[0] + 1 :]]
