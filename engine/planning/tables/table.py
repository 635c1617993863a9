"""What every table has."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from engine.planning.fields import Entry, OneOrMore
from engine.planning.sources import Source


class Table(Entry):
    """What every table has: a title and where it is written."""

    title: str
    source: Annotated[tuple[Source, ...], OneOrMore] = Field(min_length=1)
