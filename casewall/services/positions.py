"""On which line of a TOML file each key stands.

Python's own TOML reader keeps no positions. ``lines_of`` walks the text once and notes the line
of every table, key and list item. It trusts the reader to judge whether the file is valid: at
the first thing that it does not understand it stops and returns what it has, so that the error
of a broken file can still name the last key before it.
"""

import re

KeyPath = tuple[str | int, ...]
"""Keys and list positions (from 0) that lead from the top of a file to one value."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_LINE_END = re.compile(r"[ \t]*(?:#[^\n]*)?(?:\n|\Z)")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN_VALUE = re.compile(r"[^,\]}#\n]+")
_STRINGS = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}',
        r"'''(?:[^']|'(?!''))*'{3,5}",
        r'"(?:[^"\\\n]|\\.)*"',
        r"'[^'\n]*'",
    )
)
_ESCAPE = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([btnfr"\\]))')
_ESCAPED = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}


class _NotTomlError(Exception):
    """The walk has come to something that is not TOML."""


def lines_of(text: str) -> dict[KeyPath, int]:
    """The line, from 1, of every key and list item of a TOML text, in the order of the file.

    A key that several lines build up (a table opened twice by dotted keys) has its first line.
    """
    walk = _Walk(text.replace("\r\n", "\n"))
    try:
        walk.file()
    except (_NotTomlError, RecursionError):
        pass  # the TOML reader has the better sentence for it
    return walk.lines


def key_at(lines: dict[KeyPath, int], line: int) -> KeyPath:
    """The key that a line belongs to: the last one that begins on it or before it."""
    found: KeyPath = ()
    for path, begins in lines.items():
        if begins <= line:
            found = path
    return found


class _Walk:
    """One pass over the text; ``at`` is the place reached."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[KeyPath, int] = {}
        self.tables_in: dict[KeyPath, int] = {}  # [[list]] -> how many tables it has so far
        self.line_at = (0, 1)

    def file(self) -> None:
        table: KeyPath = ()
        self.skip(_BLANK)
        while self.at < len(self.text):
            if self.text.startswith("[", self.at):
                table = self.header()
            else:
                self.pair(table)
            self.expect(_LINE_END)
            self.skip(_BLANK)

    def header(self) -> KeyPath:
        listed = self.text.startswith("[[", self.at)
        bracket = "]]" if listed else "]"
        begins = self.at
        self.at += len(bracket)
        keys = self.keys()
        self.expect(bracket)
        path: KeyPath = ()
        for key in keys[:-1]:
            path = self.newest((*path, key))
            self.note(path, begins)
        path = (*path, keys[-1])
        if listed:
            self.note(path, begins)
            count = self.tables_in.get(path, 0)
            self.tables_in[path] = count + 1
            path = (*path, count)
        self.note(path, begins)
        return path

    def newest(self, path: KeyPath) -> KeyPath:
        """The table that a header means by ``path``: of a list, its latest one."""
        return (*path, self.tables_in[path] - 1) if path in self.tables_in else path

    def pair(self, table: KeyPath) -> None:
        begins = self.at
        path = table
        for key in self.keys():
            path = (*path, key)
            self.note(path, begins)
        self.expect("=")
        self.skip(_SPACE)
        self.value(path)

    def keys(self) -> list[str]:
        found = [self.key()]
        self.skip(_SPACE)
        while self.text.startswith(".", self.at):
            self.at += 1
            found.append(self.key())
            self.skip(_SPACE)
        return found

    def key(self) -> str:
        self.skip(_SPACE)
        match = _BARE_KEY.match(self.text, self.at)
        if match:
            self.at = match.end()
            return match.group()
        written = self.string()
        if written.startswith("'"):
            return written[1:-1]
        return _ESCAPE.sub(_unescaped, written[1:-1])

    def string(self) -> str:
        for pattern in _STRINGS:
            match = pattern.match(self.text, self.at)
            if match:
                self.at = match.end()
                return match.group()
        raise _NotTomlError

    def value(self, path: KeyPath) -> None:
        opening = self.text[self.at : self.at + 1]
        if opening == "[":
            self.items(path)
        elif opening == "{":
            self.inline_table(path)
        elif opening in {'"', "'"}:
            self.string()
        else:
            self.expect(_PLAIN_VALUE)

    def items(self, path: KeyPath) -> None:
        self.at += 1
        self.skip(_BLANK)
        position = 0
        while not self.text.startswith("]", self.at):
            self.note((*path, position), self.at)
            self.value((*path, position))
            self.skip(_BLANK)
            position += 1
            if not self.text.startswith("]", self.at):
                self.expect(",")
                self.skip(_BLANK)
        self.at += 1

    def inline_table(self, path: KeyPath) -> None:
        self.at += 1
        self.skip(_BLANK)
        while not self.text.startswith("}", self.at):
            self.pair(path)
            self.skip(_BLANK)
            if not self.text.startswith("}", self.at):
                self.expect(",")
                self.skip(_BLANK)
        self.at += 1

    def note(self, path: KeyPath, begins: int) -> None:
        # Counting line ends from the last noted place keeps the whole walk linear.
        place, line = self.line_at
        line += self.text.count("\n", place, begins)
        self.line_at = (begins, line)
        self.lines.setdefault(path, line)

    def skip(self, pattern: re.Pattern[str]) -> None:
        self.at = pattern.match(self.text, self.at).end()  # type: ignore[union-attr]

    def expect(self, wanted: str | re.Pattern[str]) -> None:
        if isinstance(wanted, re.Pattern):
            match = wanted.match(self.text, self.at)
            if match is None:
                raise _NotTomlError
            self.at = match.end()
        elif self.text.startswith(wanted, self.at):
            self.at += len(wanted)
        else:
            raise _NotTomlError


def _unescaped(match: re.Match[str]) -> str:
    short, long, letter = match.groups()
    return _ESCAPED[letter] if letter else chr(int(short or long, 16))
