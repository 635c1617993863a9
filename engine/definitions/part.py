"""One file that was read: its path, its text's places, and the checked model of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from engine.definitions.nodes import Document, Path, field_name
from engine.errors import Finding, Severity

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """A file of the site with the model made from it, or from what is sound of it."""

    path: str
    document: Document
    model: T
    whole: Document
    """The file as written, where `document` leaves out what the model refused."""

    def written(self, *path: str) -> bool:
        """Whether the file has the field, sound or not."""
        return self.whole.reach(path) == len(path)

    @property
    def stem(self) -> str:
        """The file's name without folder and ending."""
        return self.path.rsplit("/", 1)[-1].removesuffix(".yaml")

    def finding(
        self,
        at: Path,
        code: str,
        severity: Severity = Severity.ERROR,
        key: bool = False,
        **params: object,
    ) -> Finding:
        """A finding placed at a value, or at its key."""
        return placed(self.path, self.document, at, Finding(code, severity, params=params), key)


def placed(
    path: str, document: Document, at: Path, finding: Finding, key: bool = False, offset: int = 0
) -> Finding:
    """The finding with its place, its field as a person writes it, and what stands there."""
    written = at[: document.reach(at)]
    spot = document.key_spot(written) if key else document.spot(written)
    column = spot.column + (offset if spot.verbatim else 0)
    absent = len(at) == len(written) + 1 and isinstance(at[-1], str)
    return Finding(
        finding.code,
        finding.severity,
        path,
        spot.line,
        column,
        field_name(document.as_written(at if absent else written)),
        "" if key else " ".join(spot.text.split())[:80],
        finding.params,
    )
