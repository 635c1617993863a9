"""The text of one YAML file as plain values, each with its place in the file.

The C loader's events are read as they pass, so depth, size and repeated keys are refused before
anything is built from them. Scalars follow the YAML 1.2 core schema: `no`, `22:00` and
`2026-01-27` are texts. Keys are always texts, as written.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple, NoReturn

from yaml import CSafeLoader, YAMLError
from yaml.error import MarkedYAMLError
from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from engine.definitions.scalars import core_value
from engine.definitions.syntax import syntax_fault
from engine.errors import Finding, Severity

SIZE_LIMIT = 256 * 1024
DEPTH_LIMIT = 50
NODE_LIMIT = 50_000

Path = tuple[str | int, ...]

_CONTROL = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NEWLINE = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
_COMMENT = re.compile(r"(?<=\S) #")
_CURLY = frozenset("“”„‟‘’‚")
_CORE = "tag:yaml.org,2002:"
_FITS: Mapping[str, tuple[type, ...]] = {
    "null": (type(None),),
    "bool": (bool,),
    "int": (int,),
    "float": (int, float),
}


class Spot(NamedTuple):
    """Where something stands, counted from 1, and its text as written."""

    line: int
    column: int
    text: str = ""
    verbatim: bool = False
    """Whether `text` stands letter by letter on that line, beginning at that column."""


@dataclass(frozen=True, slots=True)
class Document:
    """One file's plain content, the places in it, and what was found while reading."""

    content: object
    findings: tuple[Finding, ...]
    marks: Mapping[int, Mapping[str, tuple[Event, Event]] | list[Event]]
    root: Event | None
    source: str
    places: Mapping[int, list[int]] = field(default_factory=dict)
    """Where the values of a list that some are left out of stand in the file."""

    def spot(self, path: Path) -> Spot:
        """Where the value at a path stands, or its nearest surroundings that are written."""
        return self._spot(self._walk(path)[-1][1])

    def key_spot(self, path: Path) -> Spot:
        """Where the key of a path stands, or the value where there is no such key."""
        return self._spot(self._walk(path)[-1][0])

    def reach(self, path: Path) -> int:
        """How many steps of a path are written in the file."""
        return len(self._walk(path)) - 1

    def without(self, left_out: Collection[Path]) -> Document:
        """The document without what stands at some paths; everything else keeps its place."""
        marks: dict[int, Mapping[str, tuple[Event, Event]] | list[Event]] = {}
        written: dict[int, list[int]] = {}

        def copied(value: object, at: Path) -> object:
            entries = self.marks.get(id(value))
            if isinstance(value, dict) and isinstance(entries, Mapping):
                kept = [key for key in value if (*at, key) not in left_out]
                group = {key: copied(value[key], (*at, key)) for key in kept}
                marks[id(group)] = {key: entries[key] for key in kept if key in entries}
                return group
            if isinstance(value, list) and isinstance(entries, list):
                places = [place for place in range(len(value)) if (*at, place) not in left_out]
                row = [copied(value[place], (*at, place)) for place in places]
                marks[id(row)] = [entries[place] for place in places]
                before = self.places.get(id(value), range(len(value)))
                written[id(row)] = [before[place] for place in places]
                return row
            return value

        return replace(self, content=copied(self.content, ()), marks=marks, places=written)

    def as_written(self, path: Path) -> Path:
        """A path as it leads in the whole file, where places count what was left out too."""
        here, found = self.content, list[str | int]()
        for step in path:
            places = self.places.get(id(here))
            if isinstance(here, list) and places is not None and _within(step, here):
                found.append(places[int(step)])
                here = here[int(step)]
            else:
                found.append(step)
                here = here.get(step) if isinstance(here, dict) else None
        return tuple(found)

    def names(self, *path: str) -> tuple[str, ...]:
        """The keys of the group at a path, as written; none where there is no group."""
        here = self.content
        for step in path:
            here = here.get(step) if isinstance(here, dict) else None
        return tuple(here) if isinstance(here, dict) else ()

    def _walk(self, path: Path) -> list[tuple[Event | None, Event | None]]:
        found: list[tuple[Event | None, Event | None]] = [(self.root, self.root)]
        here = self.content
        for step in path:
            entries = self.marks.get(id(here))
            if isinstance(here, dict) and isinstance(entries, Mapping) and step in entries:
                found.append(entries[str(step)])
                here = here[step]
            elif isinstance(here, list) and isinstance(entries, list) and _within(step, here):
                found.append((entries[int(step)], entries[int(step)]))
                here = here[int(step)]
            else:
                break
        return found

    def _spot(self, event: Event | None) -> Spot:
        if event is None:
            return Spot(1, 1)
        line, column, index = _begins(event)
        if not isinstance(event, ScalarEvent):
            return Spot(line, column)
        quote = event.style in {'"', "'"}
        text = str(event.value)
        return Spot(line, column + quote, text, self.source.startswith(text, index + quote))


def _begins(event: Event) -> tuple[int, int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1, mark.index) if mark else (1, 1, 0)


def _ends(event: Event) -> int:
    return event.end_mark.index if event.end_mark else 0


def _within(step: str | int, values: list[object]) -> bool:
    return isinstance(step, int) and 0 <= step < len(values)


def read_document(content: bytes, path: str) -> Document:
    """Reads one file; what is wrong with it is in the findings, and then `content` is None."""
    text, fault = _decode(content, path)
    if fault is not None:
        return Document(None, (fault,), {}, None, "")
    reader = _Reader(text, path)
    try:
        value = reader.document()
    except _RefusedError as refused:
        reader.findings.append(refused.finding)
    except MarkedYAMLError as error:
        reader.findings.append(syntax_fault(error, text, path))
    except YAMLError:
        reader.findings.append(Finding("yaml-syntax", path=path, line=1, column=1))
    else:
        return Document(value, tuple(reader.findings), reader.marks, reader.root, text)
    return Document(None, tuple(reader.findings), {}, None, text)


def _decode(content: bytes, path: str) -> tuple[str, Finding | None]:
    if len(content) > SIZE_LIMIT:
        found = Finding("file-too-large", path=path, line=1, column=1)
        size = -(-len(content) // 1024)
        return "", replace(found, params={"size": size, "limit": SIZE_LIMIT // 1024})
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "", Finding("utf16-file", path=path, line=1, column=1)
    if b"\0" in content:
        return "", Finding("binary-file", path=path, line=1, column=1)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig", "replace")
        line, column = _position(before, len(before))
        found = Finding("not-utf8", path=path, line=line, column=column)
        return "", replace(
            found, params={"byte": f"{content[error.start]:02X}", "offset": error.start + 1}
        )
    if control := _CONTROL.search(text):
        line, column = _position(text, control.start())
        found = Finding("control-character", path=path, line=line, column=column)
        return "", replace(found, params={"character": f"U+{ord(control[0]):04X}"})
    return text, None


def _position(text: str, index: int) -> tuple[int, int]:
    breaks = list(_NEWLINE.finditer(text, 0, index))
    return len(breaks) + 1, index - (breaks[-1].end() if breaks else 0) + 1


def field_name(path: Path) -> str:
    """A path as a person would say it; places in a list count from 1.

    >>> field_name(("steps", "droeftelse", "source", 0, "url"))
    'steps.droeftelse.source[1].url'
    """
    name = ""
    for step in path:
        name += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if name else step
    return name


class _RefusedError(Exception):
    """Ends the reading of a file that cannot be read any further."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


class _Reader:
    """Builds plain values from the parser's events, counting as they pass."""

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.findings: list[Finding] = []
        self.marks: dict[int, Mapping[str, tuple[Event, Event]] | list[Event]] = {}
        self.root: Event | None = None
        # There is an event until the stream ends, and none is asked for after that.
        self._next: Callable[[], Event] = CSafeLoader(text).get_event  # type: ignore[assignment]
        self._count = 0
        self._anchors: dict[str, tuple[object, int, int]] = {}
        self._deepest = 0
        self._cuts = frozenset(found.start() for found in _COMMENT.finditer(text))
        # Containers are told apart by id, so all of them are kept alive.
        self._kept: list[object] = []

    def document(self) -> object:
        """The one document of the stream."""
        self._next()
        if isinstance(self._next(), StreamEndEvent):
            raise _RefusedError(Finding("empty-file", path=self.path, line=1, column=1))
        self.root = self._next()
        value = self._node(self.root, (), 1)
        self._next()
        again = self._next()
        if isinstance(again, DocumentStartEvent):
            self._refuse("several-documents", again)
        if value is None:
            raise _RefusedError(Finding("empty-file", path=self.path, line=1, column=1))
        return value

    def _node(self, event: Event, path: Path, depth: int) -> object:
        self._count += 1
        if self._count > NODE_LIMIT:
            self._refuse("too-many-values", event, limit=NODE_LIMIT)
        if isinstance(event, ScalarEvent):
            value = self._scalar(event, path)
            if event.anchor:
                self._anchors[event.anchor] = (value, 1, 0)
            return value
        if isinstance(event, AliasEvent):
            return self._alias(event, depth)
        assert isinstance(event, CollectionStartEvent)
        if depth > DEPTH_LIMIT:
            self._refuse("too-deep", event, limit=DEPTH_LIMIT)
        return self._collection(event, path, depth)

    def _collection(self, event: CollectionStartEvent, path: Path, depth: int) -> object:
        before, outside, self._deepest = self._count, self._deepest, depth
        if event.anchor:
            self._anchors.pop(event.anchor, None)
        kind = "map" if isinstance(event, MappingStartEvent) else "seq"
        if event.tag not in {None, "!", _CORE + kind}:
            self._refuse("tag-refused", event, tag=event.tag)
        if kind == "map":
            value: object = self._mapping(event, path, depth)
        else:
            value = self._sequence(path, depth)
        if event.anchor:
            size, height = self._count - before + 1, self._deepest - depth + 1
            self._anchors[event.anchor] = (value, size, height)
        self._deepest = max(self._deepest, outside)
        return value

    def _sequence(self, path: Path, depth: int) -> list[object]:
        values: list[object] = []
        marks: list[Event] = []
        while not isinstance(event := self._next(), SequenceEndEvent):
            values.append(self._node(event, (*path, len(values)), depth + 1))
            marks.append(event)
        self._keep(values, marks)
        return values

    def _mapping(self, opening: CollectionStartEvent, path: Path, depth: int) -> dict[str, object]:
        values: dict[str, object] = {}
        marks: dict[str, tuple[Event, Event]] = {}
        while not isinstance(event := self._next(), MappingEndEvent):
            if not isinstance(event, ScalarEvent) or not event.value:
                self._refuse("key-not-text", event, path)
            key = str(event.value)
            self._count += 1
            written = self._next()
            value = self._node(written, (*path, key), depth + 1)
            if opening.flow_style and _empty(written):
                self._found("split-by-comma", event, (*path, key), key)
            elif key in values:
                first = _begins(marks[key][0])[0]
                self._found("repeated-key", event, (*path, key), key, first=first)
            else:
                if value is None or (isinstance(value, str) and not value.strip()):
                    self._found("field-empty", event, (*path, key), "")
                values[key], marks[key] = value, (event, written)
        self._keep(values, marks)
        return values

    def _keep(self, values: object, marks: dict[str, tuple[Event, Event]] | list[Event]) -> None:
        self._kept.append(values)
        self.marks[id(values)] = marks

    def _alias(self, event: NodeEvent, depth: int) -> object:
        name = event.anchor or ""
        if name not in self._anchors:
            self._refuse("unknown-alias", event, name=name)
        value, size, height = self._anchors[name]
        self._deepest = max(self._deepest, depth + height - 1)
        if self._deepest > DEPTH_LIMIT:
            self._refuse("too-deep", event, limit=DEPTH_LIMIT)
        self._count += size
        if self._count > NODE_LIMIT:
            self._refuse("too-many-values", event, limit=NODE_LIMIT)
        return value

    def _scalar(self, event: ScalarEvent, path: Path) -> object:
        text = str(event.value)
        if event.tag is not None:
            return self._tagged(event, text)
        if event.style:
            return text
        if self._cuts and _ends(event) in self._cuts:
            self._cut(event, path)
        if text[:1] in _CURLY and text[-1] in _CURLY:
            self._found("curly-quotes", event, path, text, Severity.WARNING)
        return core_value(text)

    def _cut(self, event: ScalarEvent, path: Path) -> None:
        """Warns where one blank before `#` may have been meant as text, not as a comment."""
        text = str(event.value)
        after = _ends(event) + len(" #")
        if " " in text or self.text[after : after + 1].strip():
            self._found("cut-by-comment", event, path, text, Severity.WARNING)

    def _tagged(self, event: ScalarEvent, text: str) -> object:
        if event.tag in {"!", _CORE + "str"}:
            return text
        value = core_value(text)
        if type(value) not in _FITS.get(str(event.tag).removeprefix(_CORE), ()):
            self._refuse("tag-refused", event, tag=event.tag)
        return value

    def _found(
        self,
        code: str,
        event: Event,
        path: Path,
        value: str,
        severity: Severity = Severity.ERROR,
        **params: object,
    ) -> None:
        place = (self.path, *_begins(event)[:2])
        self.findings.append(Finding(code, severity, *place, field_name(path), value, params))

    def _refuse(self, code: str, event: Event, path: Path = (), **params: object) -> NoReturn:
        place = (self.path, *_begins(event)[:2])
        found = Finding(code, Severity.ERROR, *place, field_name(path), "", params)
        raise _RefusedError(found)


def _empty(event: Event) -> bool:
    return isinstance(event, ScalarEvent) and not event.value and not event.style
