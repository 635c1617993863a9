"""Cases: opened, listed, filled in and closed; what that changes is announced with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from engine.errors import FactRejected, Unknown
from engine.feed import horizon
from engine.planning.conditions import decider, refusal
from engine.planning.facts import Case
from engine.planning.inputs import EMPLOYEES, typed
from engine.planning.plan import Plan
from engine.planning.roster import Roster
from engine.planning.starts import EachCase
from engine.planning.workflow import Workflow
from engine.service.announcing import announce
from engine.service.case_inputs import Told, given, refuse_lacking, refuse_personal, told
from engine.service.current import Current, in_store
from engine.service.planning import Listed, row_of
from engine.service.site import Site
from engine.store import Fact, Store


@dataclass(frozen=True, slots=True)
class Shown:
    """A case with its deadlines, and the ids under which they have been announced."""

    case: Case
    found: Listed
    uids: Mapping[str, str]

    @property
    def workflow(self) -> Workflow | None:
        """What the case is a run of, while the edition has it."""
        return self.found.now.edition.workflows.get(self.case.workflow)

    @property
    def confidential(self) -> bool:
        """Whether the case is known by its number only."""
        return self.workflow is None or bool(self.workflow.confidential)


def open_case(
    site: Site,
    workflow: str,
    committee: str = "",
    inputs: Iterable[str] = (),
    by: str = "",
    why: str = "",
) -> Shown:
    """Open a case about a committee under the year's next number."""
    site = site.once()
    said = list(inputs)

    def opened(store: Store, now: Current) -> Shown:
        asked = _openable(site, now, workflow, committee)
        read = told(asked, given(said), now.people)
        refuse_lacking(asked, read)
        known = {name: value for name, value in read.items() if value is not None}
        _refuse_by_table(now, asked, committee, known)
        fact = _fact(site, f"{workflow}/{committee}", by, why, dict(known))
        number = store.open_case(fact, site.today.year).case_number or ""
        return _announced(store, site, number)

    return _decide(site, by, why, opened)


def set_case(site: Site, number: str, inputs: Iterable[str], by: str = "", why: str = "") -> Shown:
    """Fill in or correct inputs of an open case; one without a value is deleted."""
    site = site.once()
    said = list(inputs)

    def filled(store: Store, now: Current) -> Shown:
        case = _standing(_cases(now, site), number)
        asked = now.edition.workflows.get(case.workflow)
        if asked is None or not isinstance(asked.start, EachCase):
            raise FactRejected("case.gone", number=number, name=case.workflow)
        read = told(asked, given(said), now.people)
        if not read:
            raise FactRejected("case.nothing-set")
        known = {
            name: value for name, value in {**case.inputs, **read}.items() if value is not None
        }
        refuse_lacking(asked, known)
        _refuse_by_table(now, asked, case.committee, known)
        _tell(store, site, case, "case-set", by, why, read)
        return _announced(store, site, number)

    return _decide(site, by, why, filled)


def close_case(site: Site, number: str, by: str = "", why: str = "") -> Shown:
    """Close a case: what is not done is no longer asked for."""
    site = site.once()

    def closed(store: Store, now: Current) -> Shown:
        case = _standing(_cases(now, site), number)
        _tell(store, site, case, "case-closed", by, why, None)
        return _announced(store, site, number)

    return _decide(site, by, why, closed)


def list_cases(
    site: Site, workflow: str = "", committee: str = "", closed_too: bool = False
) -> list[Shown]:
    """The open cases, or all of them, by number."""
    with site.store() as store, store.reading():
        now = _current(store)
        _refuse_unknown(now, workflow, committee)
        plan = now.plan(horizon(site.today, now.in_force_on))
        return [
            _shown(store, site, now, plan, case)
            for case in sorted(plan.register.all_cases, key=lambda case: _order(case.number))
            if workflow in ("", case.workflow)
            and committee in ("", case.committee)
            and (closed_too or case.closed_on is None)
        ]


def show_case(site: Site, number: str) -> Shown:
    """One case, open or closed."""
    with site.store() as store, store.reading():
        now = _current(store)
        plan = now.plan(horizon(site.today, now.in_force_on))
        return _shown(store, site, now, plan, _named(plan.register.all_cases, number))


def _decide(site: Site, by: str, why: str, work: Callable[[Store, Current], Shown]) -> Shown:
    """Does `work` in one transaction with what holds, once the teller is known.

    Where the database gave the transaction up whole, it is done again.
    """

    def once() -> Shown:
        with store.writing():
            now = _current(store)
            if by and by not in now.people:
                raise _unknown("service.unknown-person", by, now.people)
            refuse_personal(why, now.people)
            return work(store, now)

    with site.writing() as store:
        return store.whole(once)


def _current(store: Store) -> Current:
    now = in_store(store)
    if now is None:
        raise FactRejected("service.no-edition")
    return now


def _openable(site: Site, now: Current, key: str, committee: str) -> Workflow:
    """The workflow a case may be opened of today, about that committee."""
    workflows = now.edition.workflows
    cases = [name for name, each in workflows.items() if isinstance(each.start, EachCase)]
    if key not in workflows:
        raise _unknown("service.unknown-workflow", key, cases)
    if key not in cases:
        known = sorted(name for name in cases if workflows[name].in_use)
        code = "case.not-a-case" if known else "case.none-to-open"
        raise FactRejected(code, name=key, known=known)
    workflow, today = workflows[key], site.today
    if not workflow.in_use:
        raise FactRejected("case.not-in-use", name=key)
    valid = workflow.valid
    if (valid.from_on and today < valid.from_on) or (valid.until_on and today > valid.until_on):
        raise FactRejected("case.not-valid", name=key)
    chosen = Roster(now.edition).chosen(workflow.committees)
    if committee not in chosen:
        code = "case.committee" if committee else "case.committee-missing"
        raise FactRejected(code, name=committee, known=list(chosen))
    return workflow


def _refuse_by_table(
    now: Current, workflow: Workflow, committee: str, inputs: Mapping[str, str | int | bool]
) -> None:
    known = typed(workflow.start, inputs)
    body = now.edition.organisation.committees.get(committee)
    if body is not None and body.employees is not None:
        known[EMPLOYEES] = body.employees
    reason = refusal(workflow, known, decider(now.edition))
    if reason:
        raise FactRejected("case.refused", reason=reason.removesuffix("."))


def _cases(now: Current, site: Site) -> Iterable[Case]:
    return now.plan(horizon(site.today, now.in_force_on)).register.all_cases


def _named(cases: Iterable[Case], number: str) -> Case:
    known = {case.number: case for case in cases}
    if number not in known:
        raise Unknown("case.unknown", number=number)
    return known[number]


def _standing(cases: Iterable[Case], number: str) -> Case:
    case = _named(cases, number)
    if case.closed_on is not None:
        raise FactRejected("case.closed", number=number, closed_on=case.closed_on)
    return case


def _fact(site: Site, key: str, by: str, why: str, inputs: Told | None) -> Fact:
    return Fact(
        key=key,
        kind="case-opened",
        on=site.today,
        by=by,
        how="command",
        why=why,
        inputs=inputs,
        recorded_at=site.now,
    )


def _tell(
    store: Store, site: Site, case: Case, kind: str, by: str, why: str, inputs: Told | None
) -> None:
    told_of = {"kind": kind, "case_number": case.number}
    store.add_fact(_fact(site, case.key, by, why, inputs).model_copy(update=told_of))


def _announced(store: Store, site: Site, number: str) -> Shown:
    """What the case has become, announced."""
    after = _current(store)
    plan, _ = announce(store, after, site, reason=f"case {number}")
    return _shown(store, site, after, plan, _named(plan.register.all_cases, number))


def _shown(store: Store, site: Site, now: Current, plan: Plan, case: Case) -> Shown:
    known = {**plan.beyond, **plan.by_key}.values()
    own = [
        each for each in known if (each.workflow, each.occurrence) == (case.workflow, case.number)
    ]
    rows = tuple(
        row_of(each, plan, now.people, site.today)
        for each in sorted(own, key=lambda each: each.order)
    )
    uids = {key: told_of.uid for key, told_of in store.ledger().items()}
    return Shown(case, Listed(now, plan, rows), uids)


def _refuse_unknown(now: Current, workflow: str, committee: str) -> None:
    bodies = now.edition.organisation.committees
    if workflow and workflow not in now.edition.workflows:
        raise _unknown("service.unknown-workflow", workflow, now.edition.workflows)
    if committee and committee not in bodies:
        raise _unknown("service.unknown-committee", committee, bodies)


def _unknown(code: str, name: str, known: Iterable[str]) -> Unknown:
    near = get_close_matches(name, sorted(known), n=1)
    return Unknown(code, name=name, near=near[0] if near else "")


def _order(number: str) -> tuple[int, int]:
    year, _, count = number.partition("-")
    return int(year), int(count)
