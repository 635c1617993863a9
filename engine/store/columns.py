"""Column types that mean the same on every database."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import JSON, DateTime, Dialect
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.types import TypeDecorator

from engine.errors import StoreError


class NaiveMomentError(StoreError, DontWrapMixin):
    """Raised for a moment without a time zone, which could mean any of several instants."""

    def __init__(self, moment: datetime) -> None:
        super().__init__("store.naive-moment", moment=moment.isoformat())


class Moment(TypeDecorator[datetime]):
    """An instant: aware when it goes in, UTC where it lies, aware when it comes out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turns a moment of any zone into UTC and refuses one of none."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise NaiveMomentError(value)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Gives the zone back where the database keeps none."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


NullableJson = JSON(none_as_null=True)
"""JSON where nothing is nothing: without a value the column is NULL, not the word `null`."""
