"""Where a duty or a table is written, and how sure that is."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from engine.planning.fields import Day, Entry, Text


class Checked(Entry):
    """Who held a source against its text, and when."""

    by: str
    on: Day


class Source(Entry):
    """Where a duty is written."""

    document: str
    reference: Text = ""
    url: str | None = Field(None, pattern=r"^https://\S+$")
    confidence: Literal["certain", "likely", "local", "unverified"] = "certain"
    checked: Checked | None = None
