"""The coverage report as lines: what nothing sees to first, each part by document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from engine.planning.coverage import Coverage, Covered, Standing
from engine.planning.edition import Edition
from engine.planning.sources import Clause, ListedDocument
from engine.wording.catalogue import Language, say
from engine.wording.sources import sources_words


def coverage_lines(coverage: Coverage, edition: Edition, language: Language) -> Iterator[str]:
    """The whole report.

    First the clauses without a workflow, then those deliberately so, then those seen to, then the
    workflows that cite none of them, and last the counts.
    """
    wanting = coverage.standing(Standing.OPEN, Standing.DISPUTED)
    none = coverage.standing(Standing.NONE)
    covered = coverage.standing(Standing.COVERED)
    yield from _part("open", wanting, _lacking, edition, language)
    yield from _part("none", none, _reason, edition, language)
    yield from _part("covered", covered, _seen_to, edition, language)
    yield from _uncited(coverage, edition, language)
    yield say(
        "coverage.counted",
        language,
        clauses=len(coverage.clauses),
        count=len({each.at[0] for each in coverage.clauses}),
        covered=len(covered),
        none=len(none),
        open=len(wanting),
        uncited=len(coverage.uncited),
    )


def _part(
    name: str,
    clauses: Iterable[Covered],
    note: Callable[[Covered, Edition, Language], str],
    edition: Edition,
    language: Language,
) -> Iterator[str]:
    """One part of the report; nothing where no clause stands so."""
    listed = list(clauses)
    if not listed:
        return
    yield say(f"coverage.part.{name}", language, count=len(listed))
    yield ""
    for _, same in groupby(listed, key=lambda each: each.at[0]):
        group = list(same)
        # Whoever writes a workflow for a clause looks the document up.
        yield f"  {_document(group[0].document, language, linked=name == 'open')}"
        for each in group:
            yield f"    {_clause(each.clause, language)}"
            told = note(each, edition, language)
            if told:
                yield f"      {told}"
        yield ""


def _document(document: ListedDocument, language: Language, linked: bool) -> str:
    kind = say(f"coverage.kind.{document.kind}", language)
    code = "coverage.document-at" if linked and document.url else "coverage.document"
    return say(code, language, title=document.title, kind=kind, url=document.url)


def _clause(clause: Clause, language: Language) -> str:
    text = f"{clause.reference}: {clause.duty}" if clause.reference else clause.duty
    if clause.confidence in ("likely", "unverified"):
        return say("explain.to-be-confirmed", language, source=text)
    return text


def _lacking(each: Covered, edition: Edition, language: Language) -> str:
    if each.standing is Standing.DISPUTED:
        workflows = _names(each.workflows, edition, language)
        return say("coverage.disputed", language, workflows=workflows, reason=each.clause.none)
    if each.wider:
        return say("coverage.wider", language, workflows=_names(each.wider, edition, language))
    return ""


def _reason(each: Covered, edition: Edition, language: Language) -> str:
    return say("coverage.reason", language, reason=each.clause.none)


def _seen_to(each: Covered, edition: Edition, language: Language) -> str:
    return _names(each.workflows, edition, language)


def _names(keys: Iterable[str], edition: Edition, language: Language) -> str:
    """Workflows by name; one that is switched off gives no deadlines, so it says so."""
    return ", ".join(
        key if edition.workflows[key].in_use else say("coverage.off", language, name=key)
        for key in keys
    )


def _uncited(coverage: Coverage, edition: Edition, language: Language) -> Iterator[str]:
    if not coverage.uncited:
        return
    yield say("coverage.part.uncited", language, count=len(coverage.uncited))
    yield ""
    for key in coverage.uncited:
        workflow = edition.workflows[key]
        yield f"  {key}: {workflow.title}"
        cited = sources_words(workflow.source, language)
        yield f"    {say('coverage.cites', language, sources=cited)}"
    yield ""
