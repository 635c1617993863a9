"""All findings for people: alike ones are told once, with the places they hold for."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from engine.errors import Finding
from engine.wording.catalogue import Language, say
from engine.wording.faults import finding_line
from engine.wording.lengths import listing

# Fewer than so many are told one by one.
FEWEST = 4
_SOURCES = ("source-unchecked", "source-checked-long-ago")
_VACANT = ("plan.role-vacant", "plan.role-vacant-partly", "plan.role-vacant-untold")
_MEETINGS = (
    "plan.meetings-run-out",
    "plan.year-without-meetings",
    "plan.meetings-begin-late",
)


def report_lines(findings: Sequence[Finding], language: Language) -> Iterator[str]:
    """A line for each finding, then those that many share: what it is, and where."""
    groups: dict[Hashable, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(_alike(finding), []).append(finding)
    many = {alike: shared for alike, shared in groups.items() if alike and len(shared) >= FEWEST}
    for finding in findings:
        if _alike(finding) not in many:
            yield finding_line(finding, language)
    for shared in many.values():
        yield from _told(shared, language)


def _alike(finding: Finding) -> Hashable:
    """What findings have in common that are told as one; none where each is told by itself."""
    if finding.code in (*_SOURCES, *_VACANT):
        return finding.code
    if finding.code in _MEETINGS:
        same = {name: value for name, value in finding.params.items() if name != "committee"}
        return (finding.code, tuple(sorted(same.items())))
    return None


def _told(shared: Sequence[Finding], language: Language) -> Iterator[str]:
    first = shared[0]
    params = {**first.params, "number": len(shared)}
    if first.code not in _SOURCES:
        names = listing(dict.fromkeys(_name(each, language) for each in shared), language)
        yield say(f"report.{first.code}", language, **{**params, "names": names})
        return
    yield say(f"report.{first.code}", language, **params)
    places: dict[str, list[Finding]] = {}
    for finding in shared:
        places.setdefault(finding.path, []).append(finding)
    for path, here in places.items():
        lines = ", ".join(str(each.line) for each in here)
        documents = dict.fromkeys(str(each.params["document"]) for each in here)
        yield f"  {path}:{lines}: {listing(documents, language)}"


def _name(finding: Finding, language: Language) -> str:
    """What tells a finding from the others it is told with."""
    if finding.code in _VACANT:
        return say("report.role-of", language, **finding.params)
    return str(finding.params["committee"])
