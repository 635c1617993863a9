"""What was told by mistake: undone by another fact, never taken away."""

from __future__ import annotations

from engine.errors import FactRejected, Unknown
from engine.service.deciding import Decided, Ground, Word, decide, record
from engine.service.site import Site
from engine.store import Fact, FactRow, Store

_DECISIONS = ("done", "postponed", "waived", "follow-up", "taken-over", "not-ours")


def undo(site: Site, key: str, by: str = "", why: str = "", number: int | None = None) -> Decided:
    """Undo what was told last of a deadline and still holds, or the fact with a number."""
    site = site.once()
    word = Word(by, why)

    def told(store: Store, ground: Ground) -> Decided:
        row = _undone(store, ground, key, number)
        fact = Fact(
            key=row.key,
            kind="undone",
            on=site.today,
            by=word.by,
            how=word.how,
            why=word.why,
            undoes=row.id,
            recorded_at=site.now,
        )
        return record(store, site, ground, [fact])

    return decide(site, word, told)


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
