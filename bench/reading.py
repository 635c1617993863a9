"""Reading and checking 200 workflow files against PyYAML's C loader on the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice

import yaml

from bench.timing import Compared, compare
from engine.definitions import shipped_site, site_files
from engine.definitions.nodes import read_document

FILES = 200


def run() -> Iterator[Compared]:
    shipped = [
        (path, content)
        for path, content in site_files(shipped_site()).items()
        if path.startswith("workflows/")
    ]
    files = list(islice(cycle(shipped), FILES))
    yield compare(
        f"one of {FILES} workflow files to checked nodes, peer: the C loader",
        len(files),
        lambda: [read_document(content, path) for path, content in files],
        lambda: [yaml.load(content, yaml.CSafeLoader) for _, content in files],
    )
