"""Forgetting a person, and remembering beside the database who was forgotten.

A database that is lost is restored from a backup that is older than the last erasures; the file
in the site's folder still knows them.
"""

from __future__ import annotations

import csv
import os
from datetime import datetime

from engine.errors import StoreError, Unknown
from engine.service.site import Site

FILE = "erasures.csv"
HEAD = ("person", "erased_at")


def erase(site: Site, person: str) -> None:
    """Empty a person's row, end their subscriptions, and see that no restore undoes it.

    The file comes first: what it says and the database does not is done by the next restore.
    """
    site = site.once()
    with site.writing() as store:
        if person not in store.people():
            raise Unknown("service.unknown-person", name=person, near="")
        _note(site, person, site.now)
        store.whole(lambda: store.erase({person: site.now}))


def noted(site: Site) -> dict[str, datetime]:
    """Who was forgotten, as the file in the site's folder says it."""
    path = site.var / FILE
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return {
                row["person"]: datetime.fromisoformat(row["erased_at"])
                for row in csv.DictReader(file)
                if row["person"]
            }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError("service.erasures-unreadable", file=str(path)) from error


def _note(site: Site, person: str, at: datetime) -> None:
    path = site.var / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    number = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    with os.fdopen(number, "a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if file.tell() == 0:
            writer.writerow(HEAD)
        writer.writerow((person, at.isoformat()))
        file.flush()
        os.fsync(file.fileno())
