"""The edition that the site's folder was last in step with, remembered beside the files."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from engine.errors import StoreError
from engine.service.site import Site
from engine.store import Store

STEP_FILE = "edition.json"


def remembered(site: Site, store: Store) -> int | None:
    """The number of that edition; none where the folder was never in step with this store.

    Whoever was stopped between storing an edition and remembering it finds it by its hash. A
    folder ahead of its store is one whose store was restored: it is in step with what came back.
    """
    told = _told(site)
    if told.get("site") != _mark(store):
        return None
    current = store.current_edition()
    if current is not None and told.get("applying") == current.hash:
        return current.number
    known = int(told["edition"]) if "edition" in told else None
    if current is not None and known is not None and known > current.number:
        return current.number
    return known


def refuse_if_left_behind(site: Site, store: Store, number: int) -> None:
    """Files that grew out of an older edition must not silently undo a newer one."""
    known = remembered(site, store)
    if number and known is not None and known != number:
        raise StoreError("service.left-behind", remembered=known, current=number)


def remember(site: Site, store: Store, number: int) -> None:
    """The folder is in step with this edition from now on."""
    _write(site, {"edition": number, "site": _mark(store)})


def remember_intent(site: Site, store: Store, digest: str) -> None:
    """The folder's files are about to become the edition with this hash."""
    known = remembered(site, store)
    before = {"edition": known} if known is not None else {}
    _write(site, {**before, "site": _mark(store), "applying": digest})


def step_back(site: Site, number: int | None) -> None:
    """Tells a folder that was ahead of a restored store that it is in step with it now.

    Its files can then be applied again; a folder that was behind stays behind.
    """
    with site.store() as store:
        if number is not None and remembered(site, store) == number:
            remember(site, store, number)


def _write(site: Site, told: dict[str, Any]) -> None:
    path = _step_file(site)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(json.dumps(told) + "\n", encoding="utf-8")
    beside.replace(path)


def _step_file(site: Site) -> Path:
    return site.var / STEP_FILE


def _told(site: Site) -> dict[str, Any]:
    try:
        told = json.loads(_step_file(site).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _mark(store: Store) -> str:
    """Tells one store from another without giving its secret away."""
    return hashlib.sha256(store.site().secret.encode()).hexdigest()[:16]
