"""The calendars as files, rendered for nobody in particular."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.errors import EngineError
from engine.feed import EventCache, published
from engine.planning.diff import Announced
from engine.planning.plan import Plan
from engine.service.announcing import announce
from engine.service.current import Current, in_store
from engine.service.site import Site
from engine.store import Store

FOLDER = Path("calendars/published")
OURS = b"PRODID:-//Medfrist"


@dataclass(frozen=True, slots=True)
class Published:
    """One file, how many entries it has, and whether it was written."""

    path: str
    events: int
    changed: bool


def publish(site: Site, out: Path | None = None) -> list[Published]:
    """Write every committee's calendar; a file whose content is the same is left untouched."""
    site = site.once()
    with site.store() as store:
        now, plan = store.whole(lambda: _announced(site, store))
        files = rendered(site, now, plan, store.ledger())
    folder = out or site.folder / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        told = [_write(folder / name, content) for name, content in sorted(files.items())]
        _remove_others(folder, set(files))
    except OSError as error:
        raise EngineError("service.cannot-write", folder=str(folder)) from error
    return told


def _announced(site: Site, store: Store) -> tuple[Current, Plan]:
    with store.writing():
        now = in_store(store)
        if now is None:
            raise EngineError("service.no-edition")
        plan, _ = announce(store, now, site, reason="horizon")
    return now, plan


def rendered(
    site: Site, now: Current, plan: Plan, ledger: Mapping[str, Announced]
) -> dict[str, bytes]:
    """The published files' bytes by name."""
    settings = now.edition.organisation.settings
    return published(
        plan,
        ledger,
        site.today,
        language=settings.language,
        base_url=site.config.web.base_url,
        cache=EventCache(),
    )


def _write(path: Path, content: bytes) -> Published:
    same = path.exists() and path.read_bytes() == content
    if not same:
        beside = path.with_name(f".{path.name}.new")
        beside.write_bytes(content)
        beside.replace(path)
    return Published(path.name, content.count(b"BEGIN:VEVENT"), changed=not same)


def _remove_others(folder: Path, names: set[str]) -> None:
    """Calendars of committees that are no more; a file somebody else put there stays."""
    for path in folder.glob("*.ics"):
        if path.name not in names and OURS in path.read_bytes():
            path.unlink()
