"""The shipped site as planning reads it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from engine.definitions import read_site, site_files
from engine.planning.edition import Edition

ROOT = Path(__file__).parents[2]


@cache
def shipped() -> Edition:
    edition = read_site(site_files(ROOT), None).edition
    assert edition is not None
    return edition
