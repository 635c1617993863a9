"""Which file system a path lies on; SQLite's write-ahead log needs a local one."""

from __future__ import annotations

from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")

NETWORK_SYSTEMS = frozenset(
    ["afs", "beegfs", "ceph", "cifs", "davfs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4"]
    + ["smb2", "smb3", "smbfs"]
    + [f"fuse.{kind}" for kind in ("davfs", "glusterfs", "rclone", "s3fs", "sshfs")]
)


def network_share(path: Path, mounts: Path = MOUNTS) -> str | None:
    r"""The kind of network share a path lies on; none where it is local or cannot be seen.

    A Windows path that begins with `\\server\share` is one by its name.
    """
    if path.drive.startswith("\\\\"):
        return "UNC"
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    kind = _system_of(path.absolute().resolve(), lines)
    return kind if kind in NETWORK_SYSTEMS else None


def _system_of(path: Path, lines: list[str]) -> str:
    deepest, kind = -1, ""
    for line in lines:
        before, _, after = line.partition(" - ")
        fields = before.split()
        if len(fields) < 5 or not after:
            continue
        point = Path(_unescaped(fields[4]))
        # Of two mounts on one point the later hides the earlier.
        if path.is_relative_to(point) and len(point.parts) >= deepest:
            deepest, kind = len(point.parts), after.split()[0]
    return kind


def _unescaped(text: str) -> str:
    for code, plain in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(code, plain)
    return text
