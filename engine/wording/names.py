"""What a sentence calls committees, steps and milestones, so that no key is ever read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from engine.planning.organisation import Committee
from engine.planning.plan import Deadline, Plan
from engine.planning.rules import Name, NearMeeting
from engine.planning.starts import EachMeeting, EachMilestones
from engine.planning.workflow import Terms, Workflow, terms
from engine.wording.catalogue import Language, say
from engine.wording.lengths import quoted


@dataclass(frozen=True, slots=True)
class Names:
    """The names around one deadline; without a plan, names are what the person gave."""

    language: Language
    committees: Mapping[str, Committee] = field(default_factory=dict)
    own: str = ""
    workflow: Workflow | None = None
    step: str = ""
    met_on: date | None = None
    """The day of the meeting that the occurrence belongs to."""
    secret: frozenset[str] = frozenset()
    """Steps that fewer people may know of than may read the sentence."""

    @classmethod
    def around(cls, deadline: Deadline, plan: Plan, language: Language) -> Names:
        """The names that may stand in a sentence about the deadline."""
        edition = plan.register.edition
        workflow = edition.workflows.get(deadline.workflow)
        return cls(
            language,
            edition.organisation.committees,
            deadline.committee,
            workflow,
            deadline.step,
            _met_on(workflow, deadline),
            _secret(workflow, deadline) if workflow else frozenset(),
        )

    def held_in(self, meeting: str, body: str | None) -> str:
        """`mødet i KommuneMED`; no body is named where none is known or it goes without saying."""
        committee = self.committees.get(body or self.own)
        if committee is None:
            named = quoted(body, self.language) if body else ""
            return self._of(meeting, named) if named else meeting
        if committee.kind != "staff_meeting":
            return self._of(meeting, committee.title)
        if not body or body == self.own:
            return meeting
        return say("explain.meeting-as", self.language, meeting=meeting, committee=committee.title)

    def _of(self, meeting: str, committee: str) -> str:
        return say("explain.meeting-of", self.language, meeting=meeting, committee=committee)

    def titled(self, step: str, title: str) -> str:
        """A step by its title, unless it is secret."""
        if step in self.secret:
            return say("explain.another-deadline", self.language)
        return quoted(title, self.language)

    def milestone(self, name: str) -> str:
        """A milestone by the title it is given, the step that it dates, or else its own name."""
        start = self.workflow.start if self.workflow else None
        if isinstance(start, EachMilestones) and name in start.titles:
            return quoted(start.titles[name], self.language)
        step = self.dated_by(name)
        if step is None or self.workflow is None:
            return say("explain.milestone", self.language, name=quoted(name, self.language))
        return self.titled(step, self.workflow.steps[step].title)

    def dated_by(self, name: str) -> str | None:
        """The step that stands on a milestone, or else one at the meeting nearest to it."""
        if self.workflow is None:
            return None
        near: str | None = None
        for key, step in self.workflow.steps.items():
            if step.rule == Name(name):
                return key
            is_near = isinstance(step.rule, NearMeeting) and step.rule.of == Name(name)
            if is_near and not step.committees and key != self.step:
                near = near or key
        return near

    def stands_near(self, name: str) -> bool:
        """Whether the sentence is about the very step that stands at a meeting near a milestone."""
        if self.workflow is None or self.dated_by(name) is not None:
            return False
        rule = self.workflow.steps[self.step].rule
        return isinstance(rule, NearMeeting) and rule.of == Name(name)


def _met_on(workflow: Workflow | None, deadline: Deadline) -> date | None:
    is_own = workflow is not None and isinstance(workflow.start, EachMeeting)
    return deadline.about_on if is_own else None


def _secret(workflow: Workflow, deadline: Deadline) -> frozenset[str]:
    return frozenset(
        name
        for name, step in workflow.steps.items()
        if _narrower(terms(workflow, step), deadline.terms)
    )


def _narrower(other: Terms, own: Terms) -> bool:
    """Whether fewer may know of the other step; nobody but its holders knows of a closed one."""
    if other.confidential:
        return not own.confidential or _told(other) != _told(own)
    return other.visible is not None and other.visible is not own.visible


def _told(own: Terms) -> frozenset[str]:
    return frozenset(str(holder) for holder in (*own.responsible, *own.inform))
