"""The form of a held meeting: written to be filled in by hand, and read with every fault placed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.definitions.likeness import nearest
from engine.definitions.nodes import Document, Path, read_document
from engine.definitions.part import placed
from engine.errors import DefinitionError, Finding, Severity
from engine.planning.facts import NEXT
from engine.service.closing import Held, Item, Outcome, Verdict
from engine.service.followups import Wanted
from engine.wording.catalogue import LANGUAGES, Language, catalogue, say
from engine.wording.dates import long_day

_KEYS = "form.key."
_OUTCOMES = "form.outcome."


def written(held: Held, file: str, language: Language) -> str:
    """The form with every item that nothing is decided of, and how it is filled in."""
    ground, meeting = held.ground, held.meeting
    body = ground.now.edition.organisation.committees[held.committee]
    day = long_day(meeting.on, language)
    head = say("form.head", language, committee=body.title, day=day)
    command = f"med meeting close {held.committee} {meeting.id} --file {file}"
    how = say("form.how", language, command=command).split("\n")
    lines = ["# " + head, "#", *(f"# {line}".rstrip() for line in how), ""]
    lines += [f"{_key('committee', language)}: {held.committee}"]
    lines += [f"{_key('meeting', language)}: {meeting.id}", "", f"{_key('items', language)}:"]
    for item in held.items:
        lines += ["", *_item_lines(item, language)]
    if not held.open_items:
        lines[-1:] = [f"{_key('items', language)}: []"] if not held.items else [lines[-1]]
    if held.closed:
        lines += ["", "# " + say("form.closed", language, count=held.closed)]
    return "\n".join(lines) + "\n"


def _item_lines(item: Item, language: Language) -> list[str]:
    deadline = item.deadline
    title = " · ".join(part for part in (deadline.title, deadline.workflow_title) if part)
    if item.is_settled:
        return ["  # " + say("form.settled", language, title=title)]
    keys = {name: _key(name, language) for name in ("key", "outcome", "item", "to", "why")}
    fields = [f"    {keys[name]}:" for name in ("outcome", "item", "to", "why")]
    return [f"  # {title}", f"  - {keys['key']}: {deadline.key}", *fields]


def _key(name: str, language: Language) -> str:
    return say(f"{_KEYS}{name}", language)


def read(content: bytes, path: str, committee: str, meeting: str) -> list[Verdict]:
    """The verdicts of a form for that meeting; raises every fault of it at once."""
    document = read_document(content, path)
    form = _Form(path, document)
    form.findings += [
        found
        for found in document.findings
        if found.code != "field-empty" and found.severity is Severity.ERROR
    ]
    verdicts = list(form.verdicts(committee, meeting)) if not form.findings else []
    if form.findings:
        raise DefinitionError(form.findings)
    return verdicts


def when(text: str) -> tuple[str, str]:
    """A day or a meeting: `2026-05-01`, `næste møde`, `mødet 2026-06-18`."""
    for language in LANGUAGES:
        if text.casefold() == say("form.next-meeting", language).casefold():
            return "", NEXT
        word = say("form.the-meeting", language)
        if text.casefold().startswith(f"{word} "):
            return "", text[len(word) :].strip()
    return text, ""


def _words(prefix: str) -> dict[str, str]:
    """What a writer may write, in either language, and what it means."""
    return {
        str(text).casefold(): code.removeprefix(prefix)
        for language in LANGUAGES
        for code, text in catalogue(language).items()
        if code.startswith(prefix)
    }


@dataclass
class _Form:
    """A form as it is read; faults gather on the way."""

    path: str
    document: Document
    findings: list[Finding] = field(default_factory=list)

    def verdicts(self, committee: str, meeting: str) -> Iterator[Verdict]:
        """What is said of each item."""
        top = self._fields((), self.document.content, ("committee", "meeting", "items"))
        for name, wanted in (("committee", committee), ("meeting", meeting)):
            said = self._text(top.get(name))
            if said != wanted:
                self._found(top.get(name, ()), f"closing.other-{name}", said=said, wanted=wanted)
        items = top.get("items")
        rows = self._value(items) if items else None
        if not isinstance(rows, list):
            self._found(items or (), "closing.no-items")
            return
        for index, row in enumerate(rows):
            at = (*(items or ()), index)
            verdict = self._verdict(at, row)
            if verdict is not None:
                yield verdict

    def _verdict(self, at: Path, row: object) -> Verdict | None:
        names = ("key", "outcome", "item", "to", "why", "anyway", "follow_ups")
        fields = self._fields(at, row, names)
        key = self._text(fields.get("key"))
        if not key:
            self._found(at, "closing.no-key")
            return None
        outcome = self._outcome(fields.get("outcome"), at)
        if outcome is None:
            return None
        follow_ups, places = self._follow_ups(fields.get("follow_ups"))
        own = {"minutes_item": "item", "to": "to", "why": "why", "outcome": "outcome", "key": "key"}
        places |= {name: self._place(fields.get(said, at)) for name, said in own.items()}
        return Verdict(
            key,
            outcome,
            when(self._text(fields.get("to")))[1] or self._text(fields.get("to")),
            self._text(fields.get("item")),
            self._text(fields.get("why")),
            self._yes(fields.get("anyway")),
            follow_ups,
            {**places, "file": self._place(())},
        )

    def _outcome(self, at: Path | None, row: Path) -> Outcome | None:
        text = self._text(at)
        known = _words(_OUTCOMES)
        found = known.get(text.casefold())
        if found is None:
            code = "closing.not-an-outcome" if text else "closing.no-outcome"
            self._found(at or row, code, text=text)
            return None
        return Outcome(found)

    def _follow_ups(self, at: Path | None) -> tuple[tuple[Wanted, ...], dict[str, Finding]]:
        rows = self._value(at) if at else None
        if rows is None or at is None:
            return (), {}
        found: list[Wanted] = []
        places: dict[str, Finding] = {}
        listed = rows if isinstance(rows, list) else [rows]
        for index, row in enumerate(listed):
            here = (*at, index) if isinstance(rows, list) else at
            fields = self._fields(here, row, ("what", "who", "when"))
            due, meeting = when(self._text(fields.get("when")))
            what, who = self._text(fields.get("what")), self._text(fields.get("who"))
            places[f"follow_up.{len(found)}"] = self._place(here)
            found.append(Wanted(what, who, due, meeting))
        return tuple(found), places

    def _yes(self, at: Path | None) -> bool:
        text = self._text(at).casefold()
        if text in ("", "nej", "no", "false"):
            return False
        if text not in ("ja", "yes", "true"):
            self._found(at or (), "closing.not-yes-or-no", text=text)
        return True

    def _fields(self, at: Path, value: object, names: tuple[str, ...]) -> Mapping[str, Path]:
        """The fields of a group by what they mean; a strange one is a fault."""
        if not isinstance(value, dict):
            self._found(at, "closing.not-a-group")
            return {}
        known = {text: name for text, name in _words(_KEYS).items() if name in names}
        found: dict[str, Path] = {}
        for written_as in value:
            name = known.get(str(written_as).casefold())
            if name is None:
                near = nearest(str(written_as), known)
                code = "closing.like-field" if near else "closing.unknown-field"
                self._found((*at, written_as), code, name=written_as, near=near)
            else:
                found[name] = (*at, written_as)
        return found

    def _value(self, at: Path) -> object:
        here = self.document.content
        for step in at:
            here = here[step]  # type: ignore[index]
        return here

    def _text(self, at: Path | None) -> str:
        """A value as it is written: `5.10` is an item's number and no amount."""
        if not at or self._value(at) is None:
            return ""
        value = self._value(at)
        if isinstance(value, dict | list):
            self._found(at, "closing.not-a-text")
            return ""
        return " ".join(self.document.spot(at).text.split())

    def _place(self, at: Path) -> Finding:
        return placed(self.path, self.document, at, Finding(""))

    def _found(self, at: Path, code: str, **params: object) -> None:
        self.findings.append(placed(self.path, self.document, at, Finding(code, params=params)))
