"""Reads the files of a site: every fault with its place, and an edition where there is none."""

from engine.definitions.edits import Edit, edits
from engine.definitions.reading import SOURCES, Reading, read_site, read_stored
from engine.definitions.schema import schema
from engine.definitions.site import find_site, shipped_site, site_files
from engine.definitions.withheld import without_people

__all__ = [
    "SOURCES",
    "Edit",
    "Reading",
    "edits",
    "find_site",
    "read_site",
    "read_stored",
    "schema",
    "shipped_site",
    "site_files",
    "without_people",
]
