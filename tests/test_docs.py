from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from engine.cli.app import commands
from engine.config import known_names
from engine.definitions import read_site, site_files
from engine.definitions.members import COLUMNS
from engine.definitions.remarks import NO_EFFECT_YET
from engine.definitions.schema import FILES
from engine.errors import Severity
from engine.planning.edition import Edition
from engine.planning.meetings import MeetingPlanOf
from engine.planning.rules import Anchor, Meetings, Name, evaluate, parse
from engine.planning.rules.vocabulary import VOCABULARIES, Vocabulary
from engine.service.calculating import GivenDays
from engine.service.checking import check
from engine.service.clock import stopped_at
from engine.service.site import open_site
from engine.wording.catalogue import LANGUAGES, catalogue

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
HANDBOOK = DOCS / "haandbog"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
NAMES = [path.relative_to(ROOT).as_posix() for path in PAGES]
SITE = ("organisation", "calendars/meetings", "calendars/milestones", "calendars/working-days")

FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")


def prose(path: Path) -> str:
    return FENCE.sub("", path.read_text(encoding="utf-8"))


def handbook() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(HANDBOOK.glob("*.md")))


def cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().strip("|").split("|")]


def tables(text: str, head: list[str]) -> Iterator[list[list[str]]]:
    rows: list[list[str]] | None = None
    for line in text.splitlines():
        if not line.startswith("|"):
            if rows is not None:
                yield rows[1:]
            rows = None
        elif rows is not None:
            rows.append(cells(line))
        elif cells(line) == head:
            rows = []
    if rows is not None:
        yield rows[1:]


# The shipped site, without what a run may have left in the checkout.


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs") / "site"
    for place in (*SITE, "workflows"):
        shutil.copytree(ROOT / place, folder / place)
    shutil.copyfile(ROOT / "config.toml", folder / "config.toml")
    return folder


@pytest.fixture(scope="session")
def edition(site: Path) -> Edition:
    reading = read_site(site_files(site), None)
    assert reading.edition is not None
    return reading.edition


# Every rule of the handbook gives the date that stands beside it, in both languages.


@dataclass(frozen=True)
class RuleDesk(GivenDays):
    own: Meetings | None = None

    def meetings(self, body: str | None) -> Meetings:
        if body is None and self.own is not None:
            return self.own
        return super().meetings(body)


@dataclass(frozen=True)
class RuleRow:
    danish: str
    english: str
    given: Mapping[str, str] = field(default_factory=dict)
    answer: str = ""


def rule_rows() -> list[RuleRow]:
    text = (HANDBOOK / "datoregler.md").read_text(encoding="utf-8")
    rows = [row for rows in tables(text, ["Dansk", "Engelsk", "Givet", "Dato"]) for row in rows]
    return [
        RuleRow(
            danish.strip("`"),
            english.strip("`"),
            dict(pair.split("=") for pair in given.split(", ") if pair),
            answer,
        )
        for danish, english, given, answer in rows
    ]


def anchor_or_name(text: str) -> str:
    rule = parse(text)
    assert isinstance(rule, Anchor | Name)
    return rule.name


def desk_of(row: RuleRow, edition: Edition) -> RuleDesk:
    given = dict(row.given)
    year, period = given.pop("år", None), given.pop("perioden", None)
    own = given.pop("møderne", None)
    plans = {body: MeetingPlanOf(held).known for body, held in edition.meetings.items()}
    from_on, _, until_on = (period or "").partition("..")
    return RuleDesk(
        edition.working("kommune"),
        {anchor_or_name(name): date.fromisoformat(on) for name, on in given.items()},
        int(year) if year else None,
        plans,
        (date.fromisoformat(from_on), date.fromisoformat(until_on)) if period else None,
        "their meeting" if "deres møde" in given else "meeting",
        plans[own] if own else None,
        tables=edition.tables,
    )


@pytest.mark.parametrize("row", rule_rows(), ids=lambda row: row.danish)
def test_a_rule_of_the_handbook_gives_its_date(row: RuleRow, edition: Edition) -> None:
    rule = parse(row.danish)
    assert rule == parse(row.english)
    value = evaluate(rule, desk_of(row, edition))
    earliest = f", tidligst {value.at_earliest_on}" if value.at_earliest_on else ""
    told = f"{value.on}" if value.on else f"ingen dato{earliest}"
    assert told + (", foreløbig" if value.provisional else "") == row.answer


def phrases(words: Vocabulary) -> list[str]:
    kept = [words.anchors, words.units, words.months, words.weekdays, words.kinds, words.ordinals]
    said = [words.directions, words.sides, words.which, words.relations]
    return [phrase for table in (*kept, *said) for phrase in table] + [
        words.month_end,
        *words.structure,
    ]


@pytest.mark.parametrize("language", ["da", "en"])
def test_every_phrase_of_a_rule_stands_in_the_handbook(language: Any) -> None:
    spans = "\n".join(CODE.findall((HANDBOOK / "datoregler.md").read_text(encoding="utf-8")))
    lacking = [
        phrase
        for phrase in phrases(VOCABULARIES[language])
        if not re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", spans)
    ]
    assert lacking == []


# Every field of every file stands in the handbook, and no field that there is not.

AS_WRITTEN = {("Workflow", "key"): None, ("Given", "meetings_of"): "meetings of …"}


def parts_of(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from parts_of(argument)


def declared(model: type[BaseModel]) -> set[str]:
    """The fields that a part of a file adds to what it is based on, as a person writes them."""
    names = [name for name in model.__annotations__ if name in model.model_fields]
    spelled = (
        AS_WRITTEN.get((model.__name__, name), model.model_fields[name].alias or name)
        for name in names
    )
    return {name for name in spelled if name}


def fields() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    waiting: list[type[BaseModel]] = list(FILES.values())
    while waiting:
        model = waiting.pop()
        if model.__name__ not in found:
            found[model.__name__] = declared(model)
            waiting += [base for base in model.__bases__ if issubclass(base, BaseModel)]
            waiting += [
                part for one in model.model_fields.values() for part in parts_of(one.annotation)
            ]
    return {name: names for name, names in found.items() if names}


def documented(mark: str, head: list[str]) -> dict[str, set[str]]:
    sections = re.split(rf"<!-- {mark}: (.+) -->", prose(HANDBOOK / "felter.md"))
    return {
        name: {row[0].strip("`") for row in next(tables(text, head))}
        for name, text in zip(sections[1::2], sections[2::2], strict=True)
    }


def test_every_field_stands_in_the_handbook() -> None:
    head = ["Felt", "Betydning", "Kan være", "Eksempel"]
    assert documented("felter", head) == fields()


def test_every_column_of_the_members_stands_in_the_handbook() -> None:
    head = ["Kolonne", "Betydning", "Kan være", "Eksempel"]
    assert documented("kolonner", head) == {"members.csv": set(COLUMNS)}


def test_the_handbook_says_what_has_no_effect_yet() -> None:
    section = prose(HANDBOOK / "felter.md").split("## Det, der ikke virker endnu")[1]
    listed = re.findall(r"^- `([^`]+)`", section.split("\n## ")[0], re.MULTILINE)
    assert listed == list(NO_EFFECT_YET)


# A file that stands whole in the handbook is one that works.


def whole_files() -> dict[str, str]:
    blocks = [
        block
        for path in sorted(HANDBOOK.glob("*.md"))
        for block in FENCE.finditer(path.read_text(encoding="utf-8"))
    ]
    named = [(block["info"].partition(" "), block["body"]) for block in blocks]
    return {path: body for (kind, _, path), body in named if kind == "yaml" and path}


def test_the_files_of_the_handbook_work_in_the_shipped_site(site: Path, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    shutil.copytree(site, folder)
    for path, text in whole_files().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    checked = check(open_site(folder, stopped_at("2026-11-23T08:00")))
    assert [each for each in checked.findings if each.severity is Severity.ERROR] == []
    assert checked.reading.edition is not None
    shown = {f"workflows/{key}.yaml" for key in checked.reading.edition.workflows}
    tables = {path for path in whole_files() if path.startswith("workflows/tables/")}
    workflows = {path for path in whole_files() if path.startswith("workflows/")} - tables
    assert (workflows <= shown, len(workflows)) == (True, 6)


@pytest.mark.parametrize("path", sorted(set(whole_files()) & set(site_files(ROOT))))
def test_a_shipped_file_stands_in_the_handbook_as_it_is(path: str) -> None:
    assert whole_files()[path] == (ROOT / path).read_text(encoding="utf-8")


# What a page shows of a command is what the command prints.

SHOWN = re.compile(r"^\$ (?P<command>.+)\n(?P<output>(?:(?!\$ ).*\n)*)", re.MULTILINE)


def transcripts() -> list[tuple[str, str, str]]:
    return [
        (path.name, shown["command"], shown["output"])
        for path in PAGES
        for block in FENCE.finditer(path.read_text(encoding="utf-8"))
        if block["info"] == "console"
        for shown in SHOWN.finditer(block["body"])
    ]


@pytest.mark.parametrize(
    ("command", "output"),
    [(command, output) for _, command, output in transcripts() if output.strip()],
    ids=[f"{page}: {command}" for page, command, output in transcripts() if output.strip()],
)
def test_a_command_prints_what_the_page_shows(command: str, output: str, site: Path) -> None:
    search = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    around = {name: text for name, text in os.environ.items() if not name.startswith("MEDFRIST_")}
    ran = subprocess.run(
        ["bash", "-c", command],
        cwd=site,
        env={**around, "PATH": search},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )
    assert ran.stdout == output


# Every command and option is told of, and none that there is not.


def all_commands(command: Any, path: str = "med") -> Iterator[tuple[str, Any]]:
    below = getattr(command, "commands", {})
    if not below:
        yield path, command
    for name, one in below.items():
        yield from all_commands(one, f"{path} {name}")


MED: Any = commands("da")
COMMANDS = dict(all_commands(MED))


def options() -> set[str]:
    return {
        name
        for command in (*COMMANDS.values(), *MED.commands.values())
        for parameter in command.params
        for name in (*parameter.opts, *parameter.secondary_opts)
        if name.startswith("--")
    }


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_is_told_of(command: str) -> None:
    texts = "\n".join(path.read_text(encoding="utf-8") for path in PAGES)
    assert re.search(rf"{command}(?![\w-])", texts)


@pytest.mark.parametrize("option", sorted(options()))
def test_every_option_is_told_of(option: str) -> None:
    texts = "\n".join(path.read_text(encoding="utf-8") for path in PAGES)
    assert re.search(rf"{option}(?![\w-])", texts)


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_no_command_or_option_is_told_of_that_there_is_not(path: Path) -> None:
    blocks = FENCE.finditer(path.read_text(encoding="utf-8"))
    shown = [block["body"] for block in blocks if not block["info"].startswith("yaml")]
    told = [*CODE.findall(prose(path)), *shown]
    named = [match for text in told for match in re.findall(r"(?<![\w.-])med( [a-z].*)", text)]
    known = {command.removeprefix("med") for command in COMMANDS} | {" feed", " outbox"}
    strange = [text for text in named if not any(text.startswith(name) for name in known)]
    used = {option for text in named for option in re.findall(r"(?<!\w)--[a-z][a-z-]*", text)}
    assert (strange, used - options() - {"--help"}) == ([], set())


def test_every_setting_is_told_of() -> None:
    told = "\n".join(path.read_text(encoding="utf-8") for path in (DOCS / "drift").glob("*.md"))
    assert set(re.findall(r"MEDFRIST_[A-Z]+__[A-Z_]+", told)) == set(known_names())


def test_the_rooms_of_the_house_are_those_of_the_import_contracts() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    layers = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    text = (DOCS / "development" / "architecture.md").read_text(encoding="utf-8")
    told = [" → ".join(f"`{layer}`" for layer in order) for order in layers]
    assert [chain in text for chain in told] == [True, True]


# The pages hang together, and carry nothing of the machine they were written on.

LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")


def anchors(path: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", prose(path), re.MULTILINE)
    kept = (re.sub(r"[^\w\- ]", "", head.lower()) for head in heads)
    return {head.strip().replace(" ", "-") for head in kept}


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    broken = []
    for link in LINK.findall(prose(path)):
        target, _, anchor = link.partition("#")
        if "://" in target:
            continue
        page = (path.parent / target).resolve() if target else path
        if not page.exists() or (anchor and anchor not in anchors(page)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_a_page_names_no_machine(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    own = [name for name in (str(ROOT), str(Path.home()), "/tmp/") if len(name) > 1]
    hosts = ("pypi.org", "pythonhosted", "registry.", "npmjs", "index-url", "artifactory")
    assert [word for word in (*own, *hosts) if word in text] == []


def test_every_page_is_reached_from_the_first() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        links = (link.partition("#")[0] for link in LINK.findall(prose(page)))
        waiting += [(page.parent / link).resolve() for link in links if link and "://" not in link]
    assert reached == set(PAGES)


# That both languages have the same messages and placeholders is told in tests/wording.


def test_a_message_counts_in_both_languages_or_in_neither() -> None:
    danish, english = (
        {code: isinstance(message, tuple) for code, message in catalogue(language).items()}
        for language in LANGUAGES
    )
    assert danish == english
