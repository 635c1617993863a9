"""What was told by mistake: undone by another fact, never taken away."""

from __future__ import annotations

from engine.errors import FactRejected, Unknown
from engine.service.agenda import GroupKey, group_key
from engine.service.deciding import Decided, Ground, Word, decide, record
from engine.service.site import Site
from engine.store import Fact, FactRow, Store

_DECISIONS = ("done", "postponed", "waived", "follow-up", "taken-over", "not-ours")


def undo(site: Site, key: str, by: str = "", why: str = "", number: int | None = None) -> Decided:
    """Undo what was told last of a deadline and still holds, or the fact with a number.

    Items that were postponed together come back together, unless a fact is named.
    """
    site = site.once()
    word = Word(by, why)

    def told(store: Store, ground: Ground) -> Decided:
        row = _undone(store, ground, key, number)
        undone = [row] if number is not None else [row, *_told_with(store, ground, row)]
        facts = [
            Fact(
                key=each.key,
                kind="undone",
                on=site.today,
                by=word.by,
                how=word.how,
                why=word.why,
                undoes=each.id,
                recorded_at=site.now,
            )
            for each in undone
        ]
        return record(store, site, ground, facts)

    return decide(site, word, told)


def _told_with(store: Store, ground: Ground, row: FactRow) -> list[FactRow]:
    """The postponements of the same group that were told in one with this one, and still hold."""
    if row.kind != "postponed" or not row.from_meeting:
        return []
    group = _group(ground, row)
    return [
        each
        for each in store.standing_facts()
        if each.id != row.id
        and (each.kind, each.recorded_at) == (row.kind, row.recorded_at)
        and (each.from_meeting, each.to_meeting) == (row.from_meeting, row.to_meeting)
        and _group(ground, each) == group
    ]


def _group(ground: Ground, row: FactRow) -> GroupKey:
    """The group of what a fact is about; what is gone by now stands alone."""
    key, plan = ground.plan.register.names.present(row.key), ground.plan
    found = plan.by_key.get(key) or plan.beyond.get(key)
    return group_key(found) if found else (key,)


def _undone(store: Store, ground: Ground, key: str, number: int | None) -> FactRow:
    names = ground.plan.register.names
    told = [row for row in store.fact_rows() if names.present(row.key) == names.present(key)]
    if not told:
        deadline = ground.deadline(key)
        raise FactRejected("fact.nothing-told", title=ground.called(deadline))
    standing = {row.id: row for row in store.standing_facts() if row.kind in _DECISIONS}
    if number is None:
        held = [row for row in told if row.id in standing]
        if not held:
            raise FactRejected("fact.undone-all", key=key)
        return held[-1]
    found = {row.id: row for row in told}.get(number)
    if found is None:
        raise Unknown("fact.unknown", number=number, key=key)
    if found.kind == "undone":
        raise FactRejected("fact.undo-of-undo", number=number)
    if number not in standing:
        raise FactRejected("fact.undone-already", number=number)
    return found
