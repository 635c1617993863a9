from __future__ import annotations

from pathlib import Path

import pytest

from engine.store.mounts import network_share

MOUNTS = r"""
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
31 22 0:40 / /srv/faelles rw,relatime shared:2 - cifs //filserver/faelles rw
32 31 8:2 / /srv/faelles/lokal rw,relatime - xfs /dev/sdb1 rw
33 22 0:41 / /home/bruger rw master:3 - nfs4 filserver:/home rw
34 22 0:42 / /mnt/med\040mellemrum rw - fuse.sshfs bruger@vaert: rw
35 33 0:43 / /home/bruger rw - tmpfs tmpfs rw
broken line
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/medfrist/medfrist.db", None),
        ("/srv/faelles/medfrist/var/medfrist.db", "cifs"),
        ("/srv/faelles-andet/medfrist.db", None),
        ("/srv/faelles/lokal/medfrist.db", None),
        ("/home/bruger/medfrist.db", None),  # the tmpfs hides the share below it
        ("/mnt/med mellemrum/medfrist.db", "fuse.sshfs"),
    ],
)
def test_which_paths_lie_on_a_share(tmp_path: Path, path: str, kind: str | None) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS, encoding="utf-8")
    assert network_share(Path(path), mounts) == kind


def test_where_mounts_cannot_be_seen_nothing_is_refused(tmp_path: Path) -> None:
    assert network_share(Path("/srv/faelles/medfrist.db"), tmp_path / "none") is None
