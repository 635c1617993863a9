"""Which clauses of a site's list have no workflow, as findings with their places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.definitions import SOURCES, Reading
from engine.definitions.likeness import nearest
from engine.errors import Finding, Severity
from engine.planning.clauses import plain
from engine.planning.coverage import Coverage, Covered, Standing, coverage
from engine.planning.edition import Edition
from engine.planning.sources import SourceList
from engine.service.checking import Checked
from engine.service.site import Site
from engine.wording.sources import place_cited


@dataclass(frozen=True, slots=True)
class Covering:
    """The coverage of sound files that have a list, and what is to be said of it."""

    edition: Edition | None
    coverage: Coverage | None
    faults: tuple[Finding, ...]
    """The errors that `check` found; with them in the way there may be no coverage."""
    remarks: tuple[Finding, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything to be said, by place."""
        every = (*self.faults, *self.remarks)
        return tuple(sorted(every, key=lambda finding: finding.order))


def covering(site: Site, checked: Checked) -> Covering:
    """Hold the workflows of the checked files against the files' list of sources."""
    faults = tuple(each for each in checked.findings if each.severity is Severity.ERROR)
    edition = checked.reading.edition
    if edition is None:
        return Covering(None, None, faults)
    if edition.sources is None:
        none = Finding("coverage.no-list", Severity.WARNING, SOURCES, 1, 1)
        return Covering(edition, None, faults, (none,))
    found = coverage(edition.sources, edition, site.today)
    remarks = (
        *_clauses(found, checked.reading),
        *_workflows(found, edition, edition.sources, checked.reading),
    )
    return Covering(edition, found, faults, remarks)


_CODES = {
    Standing.OPEN: ("coverage.open", Severity.WARNING),
    Standing.DISPUTED: ("coverage.disputed", Severity.WARNING),
    Standing.NONE: ("coverage.none", Severity.INFO),
}


def _clauses(found: Coverage, reading: Reading) -> Iterator[Finding]:
    for each in found.standing(*_CODES):
        code, severity = _CODES[each.standing]
        if each.standing is Standing.OPEN and each.wider:
            code = "coverage.open-wider"
        number, place = each.at
        at = reading.place(SOURCES, ("documents", number, "clauses", place, "reference"))
        yield Finding(code, severity, SOURCES, *at, params=_params(each))


def _params(each: Covered) -> dict[str, object]:
    return {
        "clause": place_cited(each.document.title, each.clause.reference),
        "duty": each.clause.duty,
        "reason": each.clause.none or "",
        "workflows": ", ".join(each.workflows or each.wider),
    }


def _workflows(
    found: Coverage, edition: Edition, listed: SourceList, reading: Reading
) -> Iterator[Finding]:
    names = [name for document in listed.documents for name in document.names]
    known = {plain(name) for name in names}
    for key in found.uncited:
        path = f"workflows/{key}.yaml"
        unknown = [
            source.document
            for source in edition.workflows[key].source
            if plain(source.document) not in known
        ]
        near = next(filter(None, (nearest(name, names) for name in unknown)), "")
        at = reading.place(path, ("source",))
        params = {"nearest": near, "workflow": key}
        yield Finding("coverage.uncited", Severity.WARNING, path, *at, "source", params=params)
