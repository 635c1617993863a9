"""What is one side's own held against the offices that it names: only its own are told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic_core import PydanticCustomError

from engine.definitions.names import Names
from engine.definitions.nodes import Path
from engine.definitions.part import Part
from engine.errors import Finding, Severity
from engine.planning.organisation import Organisation, Side
from engine.planning.roster import Roster
from engine.planning.workflow import Holder, Step, Workflow, parse_holder


@dataclass(frozen=True, slots=True)
class Belonging:
    """That a step is one side's own, by itself or because a body is; and whether always."""

    side: Side
    body: str = ""
    always: bool = True


class Sides:
    """The sides of a site's bodies and offices, to find offices that would never be told."""

    def __init__(self, names: Names, roster: Roster) -> None:
        self._names = names
        self._roster = roster

    def findings(self, part: Part[Workflow]) -> Iterator[Finding]:
        """Offices that a file names in what is only for a side they are not on; each place once."""
        found: dict[Path, Finding] = {}
        for key, step in part.model.steps.items():
            for belonging in self._belongings(part.model, step):
                for at, finding in self._named(part, key, step, belonging):
                    known = found.setdefault(at, finding)
                    if known.severity is Severity.WARNING:
                        found[at] = finding if finding.severity is Severity.ERROR else known
        yield from found.values()

    def default_findings(
        self, part: Part[Organisation], workflows: Iterable[Part[Workflow]]
    ) -> Iterator[Finding]:
        """Offices told at last where a workflow says nothing, of a step that is another side's."""
        escalate = part.model.settings.reminders.escalate
        asked = [
            (each.path, key, belonging)
            for each in workflows
            for key, step in each.model.steps.items()
            if _tells_at_last(each.model, step) and not (step.escalate or each.model.escalate)
            for belonging in self._belongings(each.model, step)
        ]
        for index, holder in enumerate(_holders(escalate.to if escalate else ())):
            for path, key, belonging in asked:
                if self._is_off(holder, belonging.side):
                    at: Path = ("settings", "reminders", "escalate", "to", index)
                    yield part.finding(
                        at,
                        "office-off-side-default",
                        Severity.WARNING,
                        step=key,
                        file=path,
                        side=belonging.side,
                        word=belonging.side.value,
                    )
                    break

    def _named(
        self, part: Part[Workflow], key: str, step: Step, belonging: Belonging
    ) -> Iterator[tuple[Path, Finding]]:
        for at, holders in _places(part.model, key, step):
            off = [self._is_off(holder, belonging.side) for holder in holders]
            alone = at[-1] == "responsible" and all(off)
            code = "office-off-side" + ("-in" if belonging.body else "") + ("-alone" * alone)
            severity = Severity.ERROR if alone and belonging.always else Severity.WARNING
            for index in (index for index, is_off in enumerate(off) if is_off):
                here: Path = (*at, index)
                yield (
                    here,
                    part.finding(
                        here,
                        code,
                        severity,
                        step=key,
                        body=belonging.body,
                        side=belonging.side,
                        word=belonging.side.value,
                    ),
                )

    def _belongings(self, workflow: Workflow, step: Step) -> list[Belonging]:
        """The sides that a step is for only: its own word, the workflow's, or else its bodies'."""
        if said := step.visible or workflow.visible:
            return [Belonging(said)]
        chosen = self._roster.chosen(workflow.committees)
        if step.committees:
            targets = (self._roster.chosen(step.committees, own) for own in chosen or ("",))
            chosen = tuple(dict.fromkeys(body for bodies in targets for body in bodies))
        sides = {body: self._roster.committees[body].visible for body in chosen}
        is_one = len(set(sides.values())) == 1
        return [Belonging(side, body, is_one) for body, side in sides.items() if side is not None]

    def _is_off(self, holder: Holder, side: Side) -> bool:
        """Whether a holder is an office that is known and not on the side."""
        return self._names.sides.get(holder.office, side) is not side


def _places(workflow: Workflow, key: str, step: Step) -> Iterator[tuple[Path, tuple[Holder, ...]]]:
    """Where it stands who does a step and who is told, by the step itself or for all of them."""
    at: Path = ("steps", key)
    own, shared = step, workflow
    if step.kind != "on":
        here = own.responsible is not None
        yield (*(at if here else ()), "responsible"), own.responsible or shared.responsible or ()
    here = own.inform is not None
    yield (*(at if here else ()), "inform"), (own.inform if here else shared.inform) or ()
    escalate = own.escalate or shared.escalate
    if escalate is not None and _tells_at_last(workflow, step):
        place: Path = (*(at if own.escalate else ()), "escalate", "to")
        yield place, tuple(_holders(escalate.to))


def _tells_at_last(workflow: Workflow, step: Step) -> bool:
    """Whether somebody else is told when it is late; of what is confidential nobody new is."""
    confidential = workflow.confidential if step.confidential is None else step.confidential
    return step.kind != "on" and not confidential


def _holders(texts: Iterable[str]) -> Iterator[Holder]:
    """What can be read of who is told at last; what cannot be is told of by itself."""
    for text in texts:
        try:
            yield parse_holder(text)
        except PydanticCustomError:
            yield Holder()
