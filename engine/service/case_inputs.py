"""What a person tells of a case: read by type, and refused where it is about somebody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from engine.errors import EngineError, FactRejected
from engine.planning.inputs import has_cpr, inputs_of, plain, read_input
from engine.planning.mentions import names_person
from engine.planning.organisation import Person
from engine.planning.workflow import Workflow

Told = dict[str, str | int | bool | None]
MOST_WORDS = 200


def given(texts: Iterable[str]) -> dict[str, str]:
    """`name=value` for each input; a name is given once."""
    found: dict[str, str] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        name = name.strip()
        if not sign or not name:
            raise FactRejected("case.input-form", text=text)
        if name in found:
            raise FactRejected("case.input-twice", name=name)
        found[name] = value.strip()
    return found


def told(workflow: Workflow, texts: Mapping[str, str], people: Mapping[str, Person]) -> Told:
    """The inputs as they are stored; one without a value is nothing."""
    asked = inputs_of(workflow.start)
    read: Told = {}
    for name, text in texts.items():
        if name not in asked:
            raise _unknown(name, asked)
        if not text:
            read[name] = None
            continue
        try:
            value = read_input(asked[name], text)
        except EngineError as error:
            raise FactRejected(error.code, **{**error.params, "name": name}) from error
        if asked[name].type == "short text" and names_person(text, people.values()):
            raise FactRejected("case.name", name=name)
        read[name] = plain(value)
    return read


def refuse_lacking(workflow: Workflow, inputs: Mapping[str, object]) -> None:
    """Refuses a case without an input that must be given from the beginning."""
    for name, asked in inputs_of(workflow.start).items():
        if asked.required and inputs.get(name) is None:
            raise FactRejected("case.required", name=name, title=asked.title)


def refuse_personal(why: str, people: Mapping[str, Person]) -> None:
    """Refuses a remark that is too long or about somebody."""
    if len(why) > MOST_WORDS:
        raise FactRejected("service.too-long", length=len(why), most=MOST_WORDS)
    if has_cpr(why):
        raise FactRejected("case.why-cpr")
    if names_person(why, people.values()):
        raise FactRejected("case.why-name")


def _unknown(name: str, asked: Sequence[str] | Mapping[str, object]) -> FactRejected:
    if not asked:
        return FactRejected("case.no-inputs", name=name)
    near = get_close_matches(name, list(asked), n=1)
    return FactRejected(
        "case.unknown-input", name=name, known=list(asked), near=near[0] if near else ""
    )
