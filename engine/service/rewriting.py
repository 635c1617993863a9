"""Changing a site's files: read as they would be, written all or none, and read again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from engine.definitions import Reading, read_site
from engine.errors import DefinitionError, EngineError, Finding, Severity, StoreError
from engine.planning.diff import Verb, counted
from engine.planning.edition import Edition
from engine.planning.organisation import Person
from engine.service.changes import preview
from engine.service.placing import files_of, put
from engine.service.site import Site
from engine.wording.catalogue import Language

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of one file that go, and those that come; `line` is where, counted from 1."""

    path: str
    line: int
    removed: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rewriting:
    """Files as they stand and as they are to be, what that reads as, and what it changes."""

    before: Files
    after: Files
    reading: Reading
    findings: tuple[Finding, ...] = ()
    """Warnings that were not there before."""
    effect: Mapping[Verb, int] | None = None
    """What applying the files would change in all; None before the first edition."""

    @property
    def paths(self) -> tuple[str, ...]:
        """The files that would be written."""
        return tuple(
            path for path in sorted(self.after) if self.after[path] != self.before.get(path)
        )

    def lines(self) -> Iterator[Lines]:
        """The difference, file by file."""
        for path in self.paths:
            old, new = _lines(self.before.get(path, b"")), _lines(self.after[path])
            for code, at, end, first, last in SequenceMatcher(
                None, old, new, autojunk=False
            ).get_opcodes():
                if code != "equal":
                    yield Lines(path, at + 1, tuple(old[at:end]), tuple(new[first:last]))


def _lines(content: bytes) -> list[str]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    return text.splitlines()


@dataclass(frozen=True, slots=True)
class Standing:
    """A site's files as they stand, without errors, and what they read as."""

    files: Files
    edition: Edition
    people: Mapping[str, Person]
    findings: tuple[Finding, ...]

    @property
    def language(self) -> Language:
        """The language of the site."""
        return self.edition.organisation.settings.language


def standing(site: Site) -> Standing:
    """The files to edit; with errors in them nobody could say what an edit changes."""
    files = files_of(site)
    reading = read_site(files, site.today)
    if reading.edition is None:
        raise DefinitionError(reading.findings)
    return Standing(files, reading.edition, reading.people, reading.findings)


def rewriting(site: Site, stands: Standing, changed: Files) -> Rewriting:
    """What the changed files would read as; refused if that has errors."""
    after = {**stands.files, **changed}
    reading = read_site(after, site.today)
    if reading.edition is None:
        raise DefinitionError(reading.findings)
    known = {_told(finding) for finding in stands.findings}
    warnings = tuple(
        finding
        for finding in reading.findings
        if finding.severity is Severity.WARNING and _told(finding) not in known
    )
    return Rewriting(stands.files, after, reading, warnings, _effect(site, after))


def _told(finding: Finding) -> tuple[str, str, str, str, str]:
    """What a finding says, wherever the line has moved to."""
    place = {"first", "file"}
    params = {name: value for name, value in finding.params.items() if name not in place}
    return (finding.code, finding.path, finding.value, finding.severity, repr(params))


def _effect(site: Site, after: Files) -> Mapping[Verb, int] | None:
    if not site.has_store:
        return None
    with site.store() as store:
        if store.current_number() is None:
            return None
    # What comes because time passes would come without the edit.
    caused = (each.change for each in preview(site, after) if each.reason.kind != "month")
    changes = counted(caused, 0)
    return {verb: changes[verb.value] for verb in Verb}


def write(site: Site, made: Rewriting) -> None:
    """Write the files, all or none; one that somebody changed meanwhile stops it."""
    if site.pretended:
        # A pretended moment may leave traces in a demo only.
        if not site.has_store:
            raise StoreError("service.pretended-moment")
        with site.writing():
            pass
    now = files_of(site)
    for path in made.paths:
        if now.get(path) != made.before.get(path):
            raise EngineError("editing.changed-meanwhile", path=path)
    before = {path: made.before.get(path) for path in made.paths}
    after = {path: made.after[path] for path in made.paths}
    put(site, before, after)
    try:
        stands = files_of(site)
        if any(stands.get(path) != after[path] for path in after):
            raise EngineError("editing.not-written")
        reading = read_site(stands, site.today)
        if not reading.sound:
            raise DefinitionError(reading.findings)
    except (OSError, EngineError):
        put(site, after, before)
        raise
