"""A backup of a site in use, and what a restore does to its mails, its folder and its people."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import StoreError, Unknown
from engine.service import backups, outbox
from engine.service.applying import apply
from engine.service.current import current
from engine.service.erasing import erase, noted
from engine.service.keeping import next_moment
from engine.service.reminding import forecast, mail_folder, remind
from engine.service.site import Site
from engine.sink import letters

VIOLENCE = "workflows/retningslinjer/vold.yaml"


def reword(folder: Path, words: str) -> None:
    path = folder / VIOLENCE
    path.write_text(path.read_text("utf-8").replace("Retningslinjen drøftes", words), "utf-8")


def test_a_restore_holds_every_mail_until_somebody_releases_them(
    site: Site, at: Callable[[str], Site], tmp_path: Path
) -> None:
    file = tmp_path / "kopi.db"
    backups.backup(site, file)
    would = [mail.message_id for mail in forecast(site).mails]
    assert would

    restored = backups.restore(site, file, replace=True)
    held = remind(site)

    assert restored.edition == 1
    assert (held.mails, held.held, forecast(site).held) == ([], True, True)
    assert list(letters(mail_folder(site))) == []
    assert outbox.listed(site).waiting == 0
    # Nothing is gained by waking for what is held.
    assert next_moment(at("2026-11-26T08:10")).isoformat() == "2026-11-27T07:30:00+01:00"

    assert outbox.release(site).held_at == site.now
    assert outbox.release(site).held_at is None
    sent = remind(at("2026-11-26T08:05"))
    assert sorted(mail.message_id for mail in sent.mails) == sorted(would)
    assert {mail.outcome for mail in sent.mails} == {"sent"}
    assert [mail.state for mail in outbox.listed(site).mails] == ["sent"] * min(len(would), 50)


def test_a_folder_that_was_ahead_can_be_applied_again(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "kopi.db"
    backups.backup(site, file)
    reword(site.folder, "Vold drøftes")
    assert apply(site).edition == 2

    backups.restore(site, file, replace=True)

    assert current(site).number == 1
    assert apply(site).edition == 2


def test_whoever_was_forgotten_does_not_come_back(site: Site, tmp_path: Path) -> None:
    """Not with a backup, not with the files, and not when the database itself is lost."""
    file = tmp_path / "kopi.db"
    backups.backup(site, file)
    erase(site, "hny")
    assert noted(site) == {"hny": site.now}
    with site.store() as store, store.writing():
        from engine.store.copying import emptied

        with store.writing() as connection:
            emptied(connection)

    restored = backups.restore(site, file)

    assert restored.forgotten == ("hny",)
    assert (current(site).people["hny"].name, current(site).people["hny"].email) == ("", "")
    with pytest.raises(StoreError) as raised:
        apply(site)
    assert (raised.value.code, raised.value.params) == ("store.person-erased", {"people": "hny"})
    with pytest.raises(Unknown):
        erase(site, "findes-ikke")
    assert noted(site) == {"hny": site.now}


def test_a_list_of_the_forgotten_that_cannot_be_read_stops_the_restore(
    site: Site, tmp_path: Path
) -> None:
    file = tmp_path / "kopi.db"
    backups.backup(site, file)
    (site.var / "erasures.csv").write_text("person,erased_at\nhny,i går\n", "utf-8")
    with pytest.raises(StoreError) as raised:
        backups.restore(site, file, replace=True)
    assert raised.value.code == "service.erasures-unreadable"
    assert not remind(site).held


APPLYING = """
import sys
from pathlib import Path
from engine.errors import EngineError
from engine.service.applying import apply
from engine.service.clock import stopped_at
from engine.service.site import open_site

site = open_site(Path(sys.argv[1]), stopped_at("2026-11-26T09:00"))
print("ready", flush=True)
sys.stdin.readline()
try:
    print("edition", apply(site, by=sys.argv[2]).edition)
except EngineError as error:
    print(error.code, error.params["current"])
"""


def test_of_two_folders_that_are_applied_at_once_one_wins_and_the_other_is_told(
    site: Site, tmp_path: Path
) -> None:
    folders = [site.folder, tmp_path / "anden"]
    url = site.url
    shutil.copytree(site.folder, folders[1])
    config = folders[1] / "config.toml"
    config.write_text(
        "[database]\n" + f'url = "{url}"\n' + config.read_text("utf-8").split("[database]")[0],
        "utf-8",
    )
    for number, folder in enumerate(folders):
        reword(folder, f"Udgave {number} drøftes")
    both = [
        subprocess.Popen(
            [sys.executable, "-c", APPLYING, str(folder), by],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for folder, by in zip(folders, ("hny", "kbo"), strict=True)
    ]
    for one in both:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    said = [one.communicate("go\n", timeout=120)[0] for one in both]
    assert sorted(said) == ["edition 2\n", "service.left-behind 2\n"]
    winner = ("hny", "kbo")[said.index("edition 2\n")]
    with site.store() as store:
        assert [(each.number, each.by) for each in store.editions()] == [(2, winner), (1, "")]
