"""Whose duty a workflow is: committees that exist, and somebody who must act in each."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from engine.definitions.likeness import nearest
from engine.definitions.names import Names
from engine.definitions.nodes import Path
from engine.definitions.part import Part
from engine.errors import Finding, Severity
from engine.planning.edition import Edition
from engine.planning.organisation import Organisation
from engine.planning.roster import Roster
from engine.planning.rules import mentions
from engine.planning.workflow import Defaults, Selector, Step, Workflow, parse_holder


class Whose:
    """The committees that a site has, to find duties that would be nobody's."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._complete = names.bodies is not None and len(names.bodies) == len(names.committees)
        organisation = Organisation.model_construct(name="", committees=dict(names.committees))
        self.roster = Roster(Edition(organisation))

    def findings(self, part: Part[Workflow]) -> Iterator[Finding]:
        """Duties of no committee, steps that nobody is asked to do, roles that are in no body."""
        workflow = part.model
        yield from _own_at_the_top(part, ("committees",), workflow.committees)
        if self._complete:
            yield from self._nowhere(part)
        for key, step in workflow.steps.items():
            yield from _nobody(part, key, step)
        if not part.written("committees"):
            yield from _roles_in_no_body(part, (), workflow)
            for key, step in workflow.steps.items():
                if not part.written("steps", key, "committees"):
                    yield from _roles_in_no_body(part, ("steps", key), step)
                    yield from _meetings_of_no_body(part, key, step)

    def _nowhere(self, part: Part[Workflow]) -> Iterator[Finding]:
        """Selectors that choose nobody, so that what they choose for never comes."""
        workflow = part.model
        chosen = self.roster.chosen(workflow.committees)
        if workflow.committees and not chosen and self._known(workflow.committees):
            yield part.finding(("committees",), "committees-none", Severity.WARNING)
            return
        for key, step in workflow.steps.items():
            at: Path = ("steps", key, "committees")
            if not step.committees or not self._known(step.committees):
                continue
            if not any(self.roster.chosen(step.committees, own) for own in chosen or ("",)):
                yield part.finding(at, "committees-none", Severity.WARNING)

    def _known(self, selectors: tuple[Selector, ...]) -> bool:
        """Whether every level and committee that selectors name exists; else that is told of."""
        levels, bodies = self._names.levels or (), self._names.bodies or ()
        return all(
            (one.level is None or one.level in levels)
            and (one.committee is None or one.committee in bodies)
            for one in selectors
        )


def _own_at_the_top(
    part: Part[Workflow], at: Path, selectors: tuple[Selector, ...]
) -> Iterator[Finding]:
    """`below: own` means something in a step only: above it there is nobody's own yet."""
    for index, selector in enumerate(selectors):
        here: Path = (*at, index) if part.document.reach((*at, index)) > len(at) else at
        if selector.below is not None:
            yield part.finding((*here, "below"), "below-own-at-the-top")
        yield from _own_at_the_top(part, (*here, "except"), selector.excluded)


def _nobody(part: Part[Workflow], key: str, step: Step) -> Iterator[Finding]:
    """Somebody must be asked to do what does not come by itself."""
    if not step.automatic and not _says_who(part) and not _says_who(part, "steps", key):
        yield part.finding(("steps", key), "responsible-missing", key=True)


def _says_who(part: Part[Workflow], *at: str) -> bool:
    """Whether a field says who does it, perhaps misspelt, which is then told of by itself."""
    return any(map(_is_responsible, part.whole.names(*at)))


@lru_cache(maxsize=1_024)
def _is_responsible(field: str) -> bool:
    return nearest(field, ("responsible",)) != ""


def _roles_in_no_body(part: Part[Workflow], at: Path, duty: Defaults) -> Iterator[Finding]:
    """A role alone means the committee's own; without a committee nobody has it."""
    for field, holders in (("responsible", duty.responsible), ("inform", duty.inform)):
        for index, holder in enumerate(holders or ()):
            if holder.role and not holder.body:
                place = (*at, field, index)
                yield part.finding(place, "role-in-no-body", name=holder.role)
    for index, text in enumerate(duty.escalate.to if duty.escalate else ()):
        if len(text.split()) == 1 and parse_holder(text).role:
            place = (*at, "escalate", "to", index)
            yield part.finding(place, "role-in-no-body", name=text)


def _meetings_of_no_body(part: Part[Workflow], key: str, step: Step) -> Iterator[Finding]:
    """`first meeting …` means the committee's own; without a committee there are none."""
    rules = {
        "due": step.due,
        "at": step.at,
        "on": step.on,
        "not before": step.not_before,
        "limit": step.limit,
    }
    for field, rule in rules.items():
        if rule is not None and mentions(rule).own_meetings:
            yield part.finding(("steps", key, field), "meeting-of-no-body")
