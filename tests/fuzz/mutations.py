"""Ways in which what people write goes wrong, letter by letter and line by line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hypothesis import strategies as st

from engine.errors import Finding
from engine.wording.catalogue import LANGUAGES
from engine.wording.faults import finding_json, finding_line

SIGNS: Sequence[bytes] = (
    *(bytes([code]) for code in b"\n\r\t :;,-#&*!|>'\"%@`{}[]()?=~\\0\x00\x07\x1b\x7f\x80\xe6\xff"),
    *("æ", "Å", "“", "”", "\u00a0", "\u2028", "\u200b", "\ufeff", "\u202e", "e\u0301"),
    *("- ", ": ", " #", "? ", "--- ", "...", "<<: ", "!!int ", "!!binary ", "&a ", "*a", "%YAML"),
    *("null", "true", "no", "1.000", "0x10", "9" * 30, ".inf", "2026-02-30", "0000-00-00"),
    *("7 days before meeting", "uge 53", "the later of", "notice by", "{x: 1}", "[x]", '""'),
    b"\xff\xfe",
    b"\xc3\xa6",
)  # type: ignore[assignment]
_AS_BYTES = [sign if isinstance(sign, bytes) else str(sign).encode() for sign in SIGNS]

_EDIT = st.tuples(
    st.sampled_from(["put", "drop", "swap", "again", "cut", "indent", "lose"]),
    st.floats(0, 1, exclude_max=True),
    st.sampled_from(_AS_BYTES),
    st.integers(1, 40),
)
EDITS = st.lists(_EDIT, min_size=1, max_size=6)
Edit = tuple[str, float, bytes, int]


def edited(content: bytes, edits: Sequence[Edit]) -> bytes:
    """The content after some slips of the hand."""
    for kind, place, sign, count in edits:
        at = int(place * len(content))
        if kind == "put":
            content = content[:at] + sign + content[at:]
        elif kind == "drop":
            content = content[:at] + content[at + count :]
        elif kind == "swap":
            content = content[:at] + sign + content[at + len(sign) :]
        elif kind == "cut":
            content = content[:at]
        else:
            content = _by_lines(kind, content, at, count)
    return content


def _by_lines(kind: str, content: bytes, at: int, count: int) -> bytes:
    lines = content.splitlines(keepends=True)
    number = content.count(b"\n", 0, at)
    if number >= len(lines):
        return content
    if kind == "again":
        lines.insert(number, lines[number])
    elif kind == "lose":
        del lines[number]
    else:
        lines[number] = b" " * (count % 9) + lines[number].lstrip()
    return b"".join(lines)


_PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
LONGEST_LINE = 2_000


def can_be_read(finding: Finding, typed: str = "") -> None:
    """A finding is one line in both languages, with nothing left to fill in."""
    assert finding.code != "value.refused"
    for language in LANGUAGES:
        line = finding_line(finding, language)
        assert line.startswith(finding.path)
        assert len(line) <= LONGEST_LINE, line
        assert line.isprintable(), ascii(line)
        assert set(_PLACEHOLDER.findall(line)) <= set(_PLACEHOLDER.findall(typed)), line
        told = finding_json(finding, language)
        assert all(told[name] for name in ("path", "code", "message")), told
