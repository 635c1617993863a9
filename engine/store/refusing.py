"""What a driver says, as an error that a reader can act on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError

from engine.errors import StoreError, Undone

WAIT_SECONDS = 30
"""How long one writer waits for another before the database is called locked."""

LOCKED = "55P03"
FULL = "53100"
COLLIDED = frozenset(["40001", "40P01"])
"""PostgreSQL's serialization failure and deadlock: of two, it gave one up whole."""

GONE = frozenset(["57P01", "57P02", "57P03"])
"""PostgreSQL stops, has crashed, or is starting."""


@contextmanager
def refusals(shown: str, *, committing: bool = False) -> Iterator[None]:
    """Turns what the driver says into what a reader can act on; a broken constraint stays.

    A connection that is lost while `committing` leaves open whether the transaction was kept.
    """
    try:
        yield
    except IntegrityError:
        raise
    except DBAPIError as error:
        raise _worded(error, shown, committing) from error


def gone(error: DBAPIError) -> bool:
    """Whether the server went away, was never there, or is not up yet."""
    state = _state(error)
    if state is None:
        return error.connection_invalidated or type(error.orig).__module__.startswith("psycopg")
    return state in GONE or state.startswith("08")


def _worded(error: DBAPIError, shown: str, committing: bool) -> StoreError:
    said, state = str(error.orig), _state(error)
    if state == LOCKED or (state is None and "locked" in said):
        return StoreError("store.locked", place=shown, reason=said, seconds=WAIT_SECONDS)
    if state == FULL or (state is None and "is full" in said):
        return StoreError("store.full", place=shown, reason=said)
    if state in COLLIDED:
        return Undone("store.collided", place=shown)
    if error.connection_invalidated or state in GONE:
        if committing:
            return StoreError("store.outcome-unknown", place=shown)
        return Undone("store.connection-lost", place=shown)
    first = said.strip().partition("\n")[0]
    return StoreError("store.unusable", place=shown, reason=first)


def _state(error: DBAPIError) -> str | None:
    state = getattr(error.orig, "sqlstate", None)
    return state if isinstance(state, str) else None
