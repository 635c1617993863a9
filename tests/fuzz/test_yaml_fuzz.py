"""Whatever bytes a YAML file holds, reading ends in a document or in findings, in little room."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutations import EDITS, SIGNS, Edit, can_be_read, edited

from engine.definitions import site_files
from engine.definitions.nodes import SIZE_LIMIT, read_document

ROOT = Path(__file__).parents[2]
FILES = {
    path: content
    for path, content in {**site_files(ROOT), **site_files(ROOT / "tests/sites/base")}.items()
    if path.endswith(".yaml")
}
# What a value of the file may take up in memory: places, marks and the value itself.
ROOM_A_BYTE = 160
ROOM = 2 * 1024 * 1024


def read_or_told(content: bytes) -> None:
    document = read_document(content, "workflows/a.yaml")
    typed = content.decode("utf-8", "replace")
    for finding in document.findings:
        can_be_read(finding, typed)
        assert finding.path == "workflows/a.yaml"
        # YAML's own ends of a line.
        ends = sum(typed.count(sign) for sign in "\n\r\x85\u2028\u2029")
        assert 1 <= finding.line <= ends + 3
    if document.content is None:
        assert document.findings
    again = read_document(content, "workflows/a.yaml")
    assert (repr(again.content), again.findings) == (repr(document.content), document.findings)


@given(st.sampled_from(sorted(FILES)), EDITS)
def test_a_file_of_the_site_with_slips(path: str, edits: list[Edit]) -> None:
    read_or_told(edited(FILES[path], edits))


@given(st.binary(max_size=200))
def test_any_bytes(content: bytes) -> None:
    read_or_told(content)


@given(st.lists(st.sampled_from(SIGNS), max_size=40))
def test_a_soup_of_signs(signs: list[bytes | str]) -> None:
    read_or_told(b"".join(one if isinstance(one, bytes) else one.encode() for one in signs))


@given(st.lists(st.sampled_from(SIGNS), max_size=6), st.integers(1, 3_000))
def test_the_same_signs_again_and_again(signs: list[bytes | str], count: int) -> None:
    soup = b"".join(one if isinstance(one, bytes) else one.encode() for one in signs)
    read_or_told((soup * count)[: SIZE_LIMIT + 1])


LARGE: dict[str, Callable[[int], bytes]] = {
    "one word": lambda size: b"a: " + b"m" * size,
    "many words": lambda size: b"a: " + b"m " * (size // 2),
    "a list": lambda size: b"a: [" + b"m," * (size // 2),
    "a closed list": lambda size: b"a: [" + b"m," * (size // 2) + b"]",
    "lines": lambda size: b"".join(b"k%d: v\n" % number for number in range(size // 10)),
    "empty lines": lambda size: b"a: b\n" + b"\n" * size,
    "comments": lambda size: b"a: b\n" + b"# m\n" * (size // 4),
    "cut by comments": lambda size: b"".join(b"k%d: a #b\n" % n for n in range(size // 14)),
    "repeated keys": lambda size: b"a: b\n" * (size // 5),
    "brackets": lambda size: b"[" * size,
    "braces": lambda size: b"{" * size,
    "dashes": lambda size: b"- " * (size // 2),
    "questions": lambda size: b"? " * (size // 2),
    "anchors": lambda size: b"".join(b"k%d: &a%d v\n" % (n, n) for n in range(size // 16)),
    "a long key": lambda size: b"k" * size + b": v",
    "a folded text": lambda size: b"a: >\n" + b"  m\n" * (size // 4),
    "a quoted text": lambda size: b'a: "' + b"\\n" * (size // 2) + b'"',
    "escapes": lambda size: b'a: "' + b"\\u0041" * (size // 6) + b'"',
    "a number": lambda size: b"a: " + b"9" * size,
    "exponents": lambda size: b"a: [" + b"1e999," * (size // 6) + b"]",
    "tags": lambda size: b"a: [" + b"!!int x," * (size // 8) + b"]",
    "directives": lambda size: b"%A\n" * (size // 3) + b"--- a",
    "documents": lambda size: b"---\na\n" * (size // 6),
    "references": lambda size: b"a: &a [1]\nb: [" + b"*a," * (size // 3) + b"]",
}


@pytest.mark.parametrize("kind", sorted(LARGE))
def test_a_file_as_large_as_allowed_takes_bounded_room(kind: str) -> None:
    content = LARGE[kind](SIZE_LIMIT - 64)[:SIZE_LIMIT]
    tracemalloc.start()
    try:
        document = read_document(content, "workflows/a.yaml")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < ROOM + ROOM_A_BYTE * len(content)
    for finding in document.findings[:50]:
        can_be_read(finding)
