"""A report: a document for people, and its rows for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from engine.documents import Document, render
from engine.errors import Unknown

# Reports may hold names: nobody but the owner and the group reads them.
_MODE = 0o640


@dataclass(frozen=True, slots=True)
class Report:
    """A document, and what it holds as data."""

    document: Document
    rows: tuple[Mapping[str, object], ...]


def write_report(report: Report, path: Path) -> None:
    """The report as a file of the kind its name ends as; an older one is replaced whole."""
    if not path.parent.is_dir():
        raise Unknown("report.no-folder", folder=path.parent)
    content = render(report.document, path.name)
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as file:
        written = Path(file.name)
        try:
            file.write(content)
            file.flush()
            written.chmod(_MODE)
            written.replace(path)
        except OSError:
            written.unlink()
            raise
