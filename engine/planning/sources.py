"""Where a duty or a table is written and how sure that is, and the site's list of such places."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from engine.planning.fields import Day, Entry, OneOrMore, Text

Confidence = Literal["certain", "likely", "local", "unverified"]


class Checked(Entry):
    """Who held a source against its text, and when."""

    by: str
    on: Day


class Source(Entry):
    """Where a duty is written."""

    document: str
    reference: Text = ""
    url: str | None = Field(None, pattern=r"^https://\S+$")
    confidence: Confidence = "certain"
    checked: Checked | None = None


class Clause(Entry):
    """A place in a document that gives a duty; `none` says why no workflow sees to it."""

    reference: Text = ""
    duty: str
    confidence: Confidence = "certain"
    none: str | None = None


class ListedDocument(Entry):
    """A law, an agreement, a guideline or minutes, by all its names, with its clauses."""

    title: str
    kind: Literal[
        "law",
        "order",
        "agreement",
        "local agreement",
        "guideline",
        "practice",
        "minutes",
        "ruling",
        "guidance",
    ]
    also: Annotated[tuple[str, ...], OneOrMore] = Field((), alias="also known as")
    url: str | None = Field(None, pattern=r"^https://\S+$")
    clauses: tuple[Clause, ...] = Field(min_length=1)

    @property
    def names(self) -> tuple[str, ...]:
        """What the document is called, its title first."""
        return (self.title, *self.also)


class SourceList(Entry):
    """The file `workflows/sources.yaml`: every document that gives duties."""

    documents: tuple[ListedDocument, ...] = Field(min_length=1)
