"""Reading and checking the shipped site's YAML against PyYAML's C loader on the same bytes."""

from __future__ import annotations

import yaml

from bench.timing import Compared, compare
from engine.definitions import shipped_site, site_files
from engine.definitions.nodes import read_document


def run() -> Compared:
    files = {
        path: content
        for path, content in site_files(shipped_site()).items()
        if path.endswith(".yaml")
    }
    return compare(
        "a file to checked nodes, peer: the C loader alone",
        len(files),
        lambda: [read_document(content, path) for path, content in files.items()],
        lambda: [yaml.load(content, yaml.CSafeLoader) for content in files.values()],
    )
