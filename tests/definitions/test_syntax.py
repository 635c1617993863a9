from __future__ import annotations

import pytest

from engine.definitions.nodes import read_document

MISTAKES = [
    ("title: Møde: dagsorden", "yaml-colon", 1, 12),
    ("- title: Møde: dagsorden", "yaml-colon", 1, 14),
    ("{title: Møde: dagsorden}", "yaml-braces", 1, 13),
    ("title: ]", "yaml-braces", 1, 8),
    ("title: A\n  due: B", "yaml-indentation", 2, 6),
    ("steps:\n  a: 1\n b: 2", "yaml-indentation", 3, 2),
    ("- a\nb: 1", "yaml-indentation", 2, 1),
    ("title: [a, b\ndue: 1", "yaml-unclosed-brace", 1, 8),
    ("title: {a: b # c}\n", "yaml-unclosed-brace", 1, 8),
    ('title: "A', "yaml-unclosed-quote", 1, 8),
    ("title: 'A\n---\n", "yaml-unclosed-quote", 1, 8),
    ('title: "A" B', "yaml-after-quote", 1, 12),
    ("title: 'det's'", "yaml-after-quote", 1, 13),
    ("title: {a: b} c", "yaml-after-quote", 1, 15),
    ("title: A\n\tdue: B", "yaml-tab", 2, 1),
    ("title:\n\t- A", "yaml-tab", 2, 1),
    ("title: > 25", "yaml-sign", 1, 8),
    ("title: {a: > 25}", "yaml-sign", 1, 12),
    ("title: % af", "yaml-sign", 1, 8),
    ("title: @navn", "yaml-sign", 1, 8),
    ("title: *vigtigt*", "yaml-sign", 1, 8),
    ("title: !x!y z", "yaml-sign", 1, 8),
    ('title: "C:\\qx"', "yaml-escape", 1, 11),
    ("title: A\ndue\nat: B", "yaml-no-colon", 2, 1),
    ("title: - A", "yaml-dash", 1, 8),
    ("%FOO\n---\na: b", "yaml-percent", 1, 5),
    ("title: A\n...\nB", "yaml-syntax", 3, 1),
    (": A", "key-not-text", 1, 1),
]


@pytest.mark.parametrize(("text", "code", "line", "column"), MISTAKES)
def test_mistakes_are_told_apart(text: str, code: str, line: int, column: int) -> None:
    document = read_document(text.encode(), "a.yaml")
    told = [(finding.code, finding.line, finding.column) for finding in document.findings]
    assert (document.content, told) == (None, [(code, line, column)])
