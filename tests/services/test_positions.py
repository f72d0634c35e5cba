"""Every key of a TOML file is found on its line, however it is written."""

import json
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.services.positions import key_at, lines_of

ZOO = '''\
# a comment with = and [brackets]
plain = 1
dotted.inner.leaf = 2  # [x]
"quoted \\"key\\" \\u00e6" = 3
'literal "key"' = 4
text = "a \\" ] } # = b"
long = """
[not a table]
not = "a key"
ends with a quote""""
raw = \'\'\'
it = 'isn''t'
\'\'\'
single = 'C:\\path'
list = [1, [2,
    3], "]", # ]
    { deep = true, other.leaf = [
        5 ] },
]
empty = []
inline = { a = 1, b.c = "}" }
none = { }

[table]
key = 1979-05-27 07:32:00
[implied.below]
key = 1.5
[[blocks]]
id = "one"
[[blocks.rooms]]
id = "r1"
[[blocks.rooms]]
id = "r2"
[blocks.size]
least = 1
[[blocks]]
id = "two"
[[blocks.rooms]]
id = "r3"
[ "spaced out" . 'again' ]
last = true
'''

WHERE = [
    (("plain",), 2),
    (("dotted",), 3),
    (("dotted", "inner", "leaf"), 3),
    (('quoted "key" æ',), 4),
    (('literal "key"',), 5),
    (("text",), 6),
    (("long",), 7),
    (("raw",), 11),
    (("single",), 14),
    (("list",), 15),
    (("list", 0), 15),
    (("list", 1), 15),
    (("list", 1, 0), 15),
    (("list", 1, 1), 16),
    (("list", 2), 16),
    (("list", 3), 17),
    (("list", 3, "deep"), 17),
    (("list", 3, "other", "leaf"), 17),
    (("list", 3, "other", "leaf", 0), 18),
    (("empty",), 20),
    (("inline", "b", "c"), 21),
    (("none",), 22),
    (("table",), 24),
    (("table", "key"), 25),
    (("implied",), 26),
    (("implied", "below", "key"), 27),
    (("blocks",), 28),
    (("blocks", 0), 28),
    (("blocks", 0, "id"), 29),
    (("blocks", 0, "rooms", 0, "id"), 31),
    (("blocks", 0, "rooms", 1), 32),
    (("blocks", 0, "rooms", 1, "id"), 33),
    (("blocks", 0, "size", "least"), 35),
    (("blocks", 1), 36),
    (("blocks", 1, "id"), 37),
    (("blocks", 1, "rooms", 0, "id"), 39),
    (("spaced out", "again", "last"), 41),
]


@pytest.mark.parametrize(("path", "line"), WHERE, ids=lambda value: str(value))
def test_a_key_is_found_on_its_line(path, line: int) -> None:
    assert lines_of(ZOO)[path] == line


def paths_of(value: object, path: tuple = ()) -> set[tuple]:
    """Every path in what Python's own reader makes of a text."""
    inside = {path} if path else set()
    if isinstance(value, dict):
        return inside.union(*(paths_of(item, (*path, key)) for key, item in value.items()))
    if isinstance(value, list):
        return inside.union(*(paths_of(item, (*path, at)) for at, item in enumerate(value)))
    return inside


def test_every_path_that_pythons_reader_sees_has_a_line_and_no_other() -> None:
    assert set(lines_of(ZOO)) == paths_of(tomllib.loads(ZOO))


def test_windows_line_ends_count_once() -> None:
    assert lines_of(ZOO.replace("\n", "\r\n")) == lines_of(ZOO)


@pytest.mark.parametrize(
    ("text", "reached"),
    [
        ("a = 1\nb 2\nc = 3", {("a",): 1, ("b",): 2}),
        ("a = 1\n= 2", {("a",): 1}),
        ("a = [1 2]", {("a",): 1, ("a", 0): 1}),
        ("a = [1", {("a",): 1, ("a", 0): 1}),
        ("a = { b = 1 c = 2 }", {("a",): 1, ("a", "b"): 1}),
        ('a = "open\nb = 2', {("a",): 1}),
        ("a = \nb = 2", {("a",): 1}),
        ("[a\nb = 1", {}),
        ("a = " + "[" * 100_000, None),
    ],
    ids=range(9),
)
def test_a_broken_file_keeps_the_lines_before_the_break(text: str, reached) -> None:
    lines = lines_of(text)
    assert lines == reached if reached is not None else lines[("a",)] == 1


def test_the_key_of_a_line_is_the_last_that_begins_at_or_before_it() -> None:
    lines = {("a",): 2, ("b",): 4}
    assert [key_at(lines, line) for line in (1, 2, 3, 4, 9)] == [(), ("a",), ("a",), ("b",), ("b",)]


KEYS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=8)
VALUES = st.recursive(
    st.integers(-9, 9) | st.booleans() | st.text(st.sampled_from("ab\"'\\[]{}#=,\n"), max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
MARK = "\N{PUSHPIN}"


def written(value: object) -> str:
    """A value as TOML, with a line end after every list item."""
    if isinstance(value, dict):
        pairs = (
            f"{json.dumps(key, ensure_ascii=False)} = {written(item)}"
            for key, item in value.items()
        )
        return "{ " + ", ".join(pairs) + " }"
    if isinstance(value, list):
        return "[\n" + "".join(f"{written(item)}, # ,]\n" for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


@given(st.dictionaries(KEYS, VALUES, max_size=4), st.lists(VALUES, max_size=3))
def test_any_nesting_has_the_paths_that_pythons_reader_sees(pairs, blocks) -> None:
    lines = [
        f"{json.dumps(key, ensure_ascii=False)} = {written(value)}" for key, value in pairs.items()
    ]
    lines += [f'[["{MARK} list"]]\nitem = {written(value)}' for value in blocks]
    text = "\n".join(lines)
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError:  # a few characters that TOML wants escaped
        return
    found = lines_of(text)
    assert set(found) == paths_of(tables)
    for at in range(len(blocks)):
        line = found[(f"{MARK} list", at)]
        assert text.splitlines()[line - 1].startswith("[[")
