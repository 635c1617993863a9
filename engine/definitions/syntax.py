"""The C loader's complaints, told apart by what a writer of the file most likely did."""

from __future__ import annotations

import re
from typing import NamedTuple

from yaml.error import MarkedYAMLError

from engine.errors import Finding

_NEWLINE = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
_QUOTED_THEN_TEXT = re.compile(r"""["'}\]]\s*[^\s#]""")
_TEXT_WITH_COLON = re.compile(r"(?:\A|[\s\-{\[,])[^\s:#][^:#]*:\s.*:(?:\s|\Z)")

_PLAIN: tuple[tuple[str, str], ...] = (
    ("tab character", "yaml-tab"),
    ("unexpected end of stream", "yaml-unclosed-quote"),
    ("unexpected document indicator", "yaml-unclosed-quote"),
    ("escape character", "yaml-escape"),
    ("hexdecimal number", "yaml-escape"),
    ("escape code", "yaml-escape"),
    ("could not find expected ':'", "yaml-no-colon"),
    ("comment or line break", "yaml-sign"),
    ("block sequence entries", "yaml-dash"),
    ("alphabetic or numeric character", "yaml-sign"),
    ("tag", "yaml-sign"),
    ("directive", "yaml-percent"),
    ("incompatible YAML document", "yaml-percent"),
    ("node content", "yaml-braces"),
)
_WHERE_BEGUN = frozenset({"yaml-unclosed-quote", "yaml-no-colon", "yaml-sign"})


class _Place(NamedTuple):
    line: int
    column: int


class _Complaint(NamedTuple):
    problem: str
    began: _Place | None
    at: _Place
    text: str

    @property
    def before(self) -> str:
        return self.text[: self.at.column]


def syntax_fault(error: MarkedYAMLError, text: str, path: str) -> Finding:
    """The finding for a text that follows no form at all."""
    complaint = _complaint(error, text)
    code, at = _told_apart(complaint)
    line = _lines(text)[at.line] if at.line < len(_lines(text)) else ""
    params = {"sign": line[at.column : at.column + 1]}
    value = " ".join(line.split())[:60]
    return Finding(
        code, path=path, line=at.line + 1, column=at.column + 1, value=value, params=params
    )


def _complaint(error: MarkedYAMLError, text: str) -> _Complaint:
    mark, context = error.problem_mark, error.context_mark
    at = _Place(mark.line, mark.column) if mark else _Place(0, 0)
    began = _Place(context.line, context.column) if context else None
    lines = _lines(text)
    line = lines[at.line] if at.line < len(lines) else ""
    return _Complaint(str(error.problem or ""), began, at, line)


def _lines(text: str) -> list[str]:
    return _NEWLINE.split(text)


def _told_apart(complaint: _Complaint) -> tuple[str, _Place]:
    problem, began, at, text = complaint
    if text[at.column : at.column + 1] == ":" and not complaint.before.strip():
        return "key-not-text", at
    if problem.startswith("mapping values"):
        colon = _TEXT_WITH_COLON.search(text[: at.column + 2])
        return ("yaml-colon" if colon else "yaml-indentation"), at
    if problem.startswith("did not find expected ','"):
        unclosed = began is not None and began.line != at.line
        return ("yaml-unclosed-brace", began or at) if unclosed else ("yaml-braces", at)
    if problem in {"did not find expected key", "did not find expected '-' indicator"}:
        quoted = _QUOTED_THEN_TEXT.search(text[: at.column + 1])
        return ("yaml-after-quote" if quoted else "yaml-indentation"), at
    if problem.startswith("found character that cannot start"):
        tab = not complaint.before.strip() and text[at.column : at.column + 1] == "\t"
        return ("yaml-tab" if tab else "yaml-sign"), at
    code = next((code for part, code in _PLAIN if part in problem), "yaml-syntax")
    return code, began if code in _WHERE_BEGUN and began else at
