"""Whatever a spreadsheet saves, the members are read, or a finding says which row cannot be."""

from __future__ import annotations

import tracemalloc
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutations import EDITS, SIGNS, Edit, can_be_read, edited

from engine.definitions.members import read_members
from engine.definitions.sheet import SIZE_LIMIT
from engine.definitions.withheld import without_people

ROOT = Path(__file__).parents[2]
PATH = "organisation/members.csv"
FILES = [
    (ROOT / PATH).read_bytes(),
    (ROOT / "tests/sites/base" / PATH).read_bytes(),
    (ROOT / "tests/sites/windows-csv" / PATH).read_bytes(),
    (ROOT / "tests/sites/members-rows" / PATH).read_bytes(),
]
ENCODINGS = ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "latin-1", "cp850"]
UNSEEN = {"Cc", "Cf", "Zl", "Zp"}
ROOM_A_BYTE = 80
ROOM = 2 * 1024 * 1024


def read_or_told(content: bytes) -> None:
    members = read_members(content, PATH)
    for finding in members.findings[:300]:
        can_be_read(finding, content.decode("utf-8", "replace") + content.decode("latin-1"))
    assert read_members(content, PATH).findings == members.findings
    assert set(members.rows) == {seat.id for seat in members.seats}
    for seat in members.seats:
        assert members.finding(seat, "role", "unknown-role").line == members.rows[seat.id].line
    for person in members.people.values():
        written = f"{person.id}{person.name}{person.email}"
        assert not UNSEEN & {unicodedata.category(sign) for sign in written}
    # What is stored of the file reads as the same seats.
    stored = without_people({PATH: content})[PATH]
    assert read_members(stored.encode(), PATH).seats == members.seats


@given(st.sampled_from(FILES), EDITS)
def test_a_file_with_slips(content: bytes, edits: list[Edit]) -> None:
    read_or_told(edited(content, edits))


@given(
    st.sampled_from(FILES[1:2] + FILES[3:]),
    st.sampled_from([b";", b",", b"\t", b"|", b";;", b"; "]),
    st.sampled_from([b"\n", b"\r\n", b"\r", b"\n\n", b"\n\r"]),
    st.sampled_from(ENCODINGS),
    EDITS,
)
def test_a_file_as_another_program_saves_it(
    content: bytes, separator: bytes, newline: bytes, encoding: str, edits: list[Edit]
) -> None:
    saved = content.replace(b";", separator).replace(b"\n", newline)
    text = edited(saved, edits).decode("utf-8", "replace")
    read_or_told(text.encode(encoding, "replace"))


@given(st.binary(max_size=300))
def test_any_bytes(content: bytes) -> None:
    read_or_told(content)


@given(st.lists(st.sampled_from(SIGNS), max_size=6), st.integers(1, 2_000))
def test_the_same_signs_again_and_again(signs: list[bytes | str], count: int) -> None:
    soup = b"".join(one if isinstance(one, bytes) else one.encode() for one in signs)
    read_or_told(FILES[1] + soup * count)


ROW = b"p%d;oes-med;medlem;Person %d;p%d@kommune.example;2025-06-01;;\n"
HEAD = b"person;committee;role;name;email;from;until;side\n"
LARGE: dict[str, Callable[[int], bytes]] = {
    "rows": lambda size: HEAD + b"".join(ROW % (n, n, n) for n in range(size // 60)),
    "one person": lambda size: HEAD + (ROW % (1, 1, 1)) * (size // 60),
    "separators": lambda size: HEAD + b";" * size,
    "heads": lambda size: b"person;" * (size // 7),
    "quotes": lambda size: HEAD + b'"' * size,
    "an open quote": lambda size: HEAD + b'"' + b"a\n" * (size // 2),
    "empty lines": lambda size: HEAD + b"\n" * size,
    "one word": lambda size: HEAD + b"m" * size,
    "faulty rows": lambda size: HEAD + b"?;x;y;z;w;i dag;i morgen;v\n" * (size // 28),
    "returns": lambda size: b"\r" * size,
}


@pytest.mark.parametrize("kind", sorted(LARGE))
def test_a_large_file_takes_bounded_room(kind: str) -> None:
    content = LARGE[kind](SIZE_LIMIT // 64)
    tracemalloc.start()
    try:
        members = read_members(content, PATH)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < ROOM + ROOM_A_BYTE * len(content)
    for finding in members.findings[:50]:
        can_be_read(finding)
