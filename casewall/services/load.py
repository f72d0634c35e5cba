"""Read a service definition, and say what is wrong with it in words and with its line.

``check`` answers with findings for an administrator; ``load`` with a service, or not at all;
``shipped`` with the definitions that come with Casewall.
"""

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from casewall.services.kinds import Table
from casewall.services.positions import KeyPath, key_at, lines_of
from casewall.services.remarks import Remark
from casewall.services.rules import contradictions, doubts
from casewall.services.schema import Service

SHIPPED = Path(__file__).parent / "definitions"
"""The folder of the definitions that come with Casewall."""

LARGEST = 1_000_000
"""Bytes; a definition is some tens of thousands, so anything longer is another kind of file."""

Level = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to look at in a definition.

    ``line`` counts from 1; 0 where no file could be read. ``key`` is empty where no key is
    meant; positions in it count from 1, so ``agencies[2].side`` is in the second block
    ``[[agencies]]``. An error keeps the definition from being used, a warning does not.
    """

    line: int
    key: str
    level: Level
    sentence: str

    def __str__(self) -> str:
        place = [f"line {self.line}"] if self.line else []
        place += [self.key] if self.key else []
        return ": ".join([self.level, *([", ".join(place)] if place else []), self.sentence])


class DefinitionError(ValueError):
    """A definition that cannot be used; ``findings`` says why, warnings included."""

    def __init__(self, path: Path, findings: list[Finding]) -> None:
        self.path = path
        self.findings = findings
        super().__init__("\n".join([f"{path} cannot be used:", *map(str, findings)]))


def load(path: str | Path) -> Service:
    """The service that a file describes. Raises :class:`DefinitionError` on any error."""
    service, findings = _examine(Path(path))
    if service is None:
        raise DefinitionError(Path(path), findings)
    return service


def check(path: str | Path) -> list[Finding]:
    """Everything to say about a definition, by line; empty if there is nothing."""
    return _examine(Path(path))[1]


def shipped() -> dict[str, Service]:
    """The definitions that come with Casewall, by id."""
    return {service.id: service for service in _shipped()}


@cache
def zone_of(service: str) -> ZoneInfo | None:
    """The time zone of a shipped service; None for a code without a definition."""
    known = shipped().get(service)
    return ZoneInfo(known.time_zone) if known else None


@cache
def _shipped() -> tuple[Service, ...]:
    return tuple(load(path) for path in sorted(SHIPPED.glob("*.toml")))


def _examine(path: Path) -> tuple[Service | None, list[Finding]]:
    """The service, or ``None`` if there is an error, and all findings by line."""
    text = _text_of(path)
    if isinstance(text, Finding):
        return None, [text]
    lines = lines_of(text)
    try:
        tables = tomllib.loads(text, parse_float=_exact)
    except (ValueError, RecursionError) as failure:
        return None, [_syntax_finding(failure, text, lines)]
    try:
        service = Service.model_validate(tables)
    except ValidationError as failure:
        return None, sorted(_schema_findings(failure.errors(include_url=False), lines))
    wrong = _found("error", contradictions(service), lines)
    findings = sorted([*wrong, *_found("warning", doubts(service), lines)])
    return None if wrong else service, findings


def _exact(number: str) -> Decimal:
    """A number as it was written: a cost of 0.1 must stay 0.1."""
    try:
        return Decimal(number)
    except InvalidOperation:  # an exponent beyond all bounds
        return Decimal("NaN")


def _text_of(path: Path) -> str | Finding:
    try:
        content = path.read_bytes()
    except OSError as failure:
        reason = failure.strerror or str(failure)
        return Finding(0, "", "error", f"{path} cannot be read: {reason}")
    if len(content) > LARGEST:
        return Finding(
            0, "", "error", f"{path} has {len(content):,} bytes: too long for a definition"
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        before = content[: failure.start]
        line = before.count(b"\n") + 1
        key = key_at(lines_of(before.decode("utf-8-sig")), line)
        return Finding(
            line,
            _shown(key),
            "error",
            "a character here is not UTF-8: save the file again with the encoding UTF-8",
        )


# --- where -------------------------------------------------------------------------------


def _shown(path: KeyPath) -> str:
    """A key path as the administrator reads it: ``components[2].minimum_dose.hours``."""
    shown = ""
    for step in path:
        if isinstance(step, int):
            shown += f"[{step + 1}]"
        else:
            plain = re.fullmatch(r"[A-Za-z0-9_-]+", step)
            shown += ("." if shown else "") + (step if plain else f'"{step}"')
    return shown


def _line(path: KeyPath, lines: dict[KeyPath, int]) -> int:
    """The line of a key; of the table around it where the key itself is not in the file."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _found(level: Level, remarks: Iterable[Remark], lines: dict[KeyPath, int]) -> list[Finding]:
    return [
        Finding(_line(remark.path, lines), _shown(remark.path), level, remark.sentence)
        for remark in remarks
    ]


# --- not TOML ----------------------------------------------------------------------------

_SYNTAX = (
    ("Cannot overwrite a value", "the key already has a value: remove one of the two"),
    ("Duplicate inline table key", "a key is written twice between { and }: remove one of them"),
    ("Cannot declare", "the table is written twice: remove one, or write [[…]] for a list"),
    ("Cannot mutate", "the key adds to a list or table that is already closed"),
    ("Expected '='", "a key must be followed by = and a value"),
    ("Invalid value", "the value is not understood: put a text in quotation marks"),
    ("Invalid date", "there is no such date; write year-month-day, such as 2013-01-31"),
    ("Illegal character '\\n'", "the text has no closing quotation mark on this line"),
    ("Illegal character", "a character here cannot be seen: remove it"),
    ("Unterminated string", "the text has no closing quotation mark"),
    ("Unescaped '\\'", "in a text, write a backslash twice: \\\\"),
    ("Unclosed array", "the list is not closed: a ] or a comma between two items is missing"),
    ("Unclosed inline table", "the table is not closed: a } or a comma is missing"),
    ("Expected newline", "only one key stands on a line: something follows the value"),
    ("at the end of a table", "the name of a table must be closed by ]"),
    ("at the end of an array", "the name of a list of tables must be closed by ]]"),
    ("Invalid initial character", "a key begins with a letter, a digit or a quotation mark"),
    ("Invalid statement", "this line is neither a key with = nor a table in [ ]"),
    ("integer string conversion", "the number has too many digits"),
)


_ABOUT_TABLES = ("Cannot", "at the end of a table", "at the end of an array")


def _syntax_finding(failure: Exception, text: str, lines: dict[KeyPath, int]) -> Finding:
    """What Python's TOML reader found, with the key around it and in our words."""
    if isinstance(failure, RecursionError):
        return Finding(1, "", "error", "lists or tables stand in each other too deeply")
    message = str(failure)
    place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
    # Without a line something is still open at the end: it belongs to the last key.
    line = int(place[1]) if place and place[1] else 0
    if place is None:
        # A number beyond Python's limit of digits comes without a place: look for the digits.
        digits = re.search(r"[\d_]{4301}", text)
        line = text.count("\n", 0, digits.start()) + 1 if digits else 1
    key = key_at(lines, line or text.count("\n") + 1)
    shown = _shown(key)
    if line and any(fragment in message for fragment in _ABOUT_TABLES):
        # A broken table has no position yet: take its name from its line.
        header = re.match(r"\s*\[\[?\s*([^\]]+)", text.split("\n")[line - 1])
        shown = header[1].strip() if header else shown
    own = (sentence for fragment, sentence in _SYNTAX if fragment in message)
    plain = message[: place.start()] if place else message
    sentence = next(own, f"the file is not valid TOML: {plain}")
    return Finding(line or lines.get(key, 1), shown, "error", sentence)


# --- not a service definition ------------------------------------------------------------

_KINDS = {
    "string_type": "must be a text in quotation marks",
    "int_type": "must be a whole number without quotation marks",
    "bool_type": "must be true or false without quotation marks",
    "date_type": "must be a date such as 2013-01-31, without quotation marks",
    "is_instance_of": "must be a number without quotation marks",
    "finite_number": "must be a number that can be written out",
    "dict_type": "must be a table: write [{key}] on a line of its own",
    "model_type": "must be a table: write [{key}] on a line of its own",
    "too_short": "must not be empty",
    "greater_than_equal": "must be {ge} or more",
    "greater_than": "must be more than {gt}",
    "less_than_equal": "must be {le} or less",
}


def _schema_findings(errors: list[ErrorDetails], lines: dict[KeyPath, int]) -> Iterator[Finding]:
    """One finding for each schema error; a misspelt key is not also reported as missing."""
    meant = {
        (*error["loc"][:-1], near)
        for error in errors
        if error["type"] == "extra_forbidden" and (near := _near_key(error["loc"]))
    }
    for error in errors:
        if error["type"] == "missing" and error["loc"] in meant:
            continue
        path = error["loc"]
        yield Finding(_line(path, lines), _shown(path), "error", _schema_sentence(error))


def _schema_sentence(error: ErrorDetails) -> str:
    path, kind, given = error["loc"], error["type"], error["input"]
    match kind:
        case "missing":
            return "the key is missing"
        case "extra_forbidden":
            return _unknown_key(path)
        case "literal_error":
            return _not_in_list(given, get_args(_kind_at(path)))
        case "value_error":
            return str(error["ctx"]["error"])
        case "tuple_type":
            item = _kind_at((*path, 0))
            if isinstance(item, type) and issubclass(item, Table):
                return f"must be a list of tables: write [[{_plain(path)}]] before each"
            return f"must be a list in square brackets, such as [{_example(given)}]"
    sentence = _KINDS.get(kind, "{message}")
    return sentence.format(key=_plain(path), message=error["msg"], **error.get("ctx", {}))


def _plain(path: KeyPath) -> str:
    """The path as it stands between [ and ] in the file: without positions."""
    return ".".join(step for step in path if isinstance(step, str))


def _example(given: object) -> str:
    return f'"{given}"' if isinstance(given, str) else "…"


def _not_in_list(given: object, allowed: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(str(given), allowed, 1)
    hint = f"did you mean “{near[0]}”? The choice is" if near else "choose one of"
    return f"“{str(given)[:60]}” is not possible; {hint} {', '.join(allowed)}"


def _near_key(path: KeyPath) -> str | None:
    if path[-1] in Service.model_fields:
        return None  # not misspelt but misplaced
    near = difflib.get_close_matches(str(path[-1]), _keys_at(path[:-1]), 1)
    return near[0] if near else None


def _unknown_key(path: KeyPath) -> str:
    near = _near_key(path)
    if near is not None:
        return f"the key is not known here; did you mean “{near}”?"
    if path[-1] in Service.model_fields:
        return (
            f"the key belongs to the whole service, not to {_shown(path[:-1])}: move it to the "
            "top of the file, before the first table"
        )
    return f"the key is not known here; the keys are {', '.join(_keys_at(path[:-1]))}"


def _keys_at(path: KeyPath) -> list[str]:
    """The keys that the schema knows in the table at ``path``."""
    return list(_kind_at(path).model_fields)


def _kind_at(path: KeyPath) -> Any:
    """The type that the schema expects at ``path``."""
    kind: Any = Service
    for step in path:
        if isinstance(kind, type) and issubclass(kind, Table):
            kind = kind.model_fields[str(step)].annotation
        else:  # a list: every item is of its first argument
            kind = get_args(kind)[0]
        kind = _bare(kind)
    return kind


def _bare(kind: Any) -> Any:
    """A type without its checks and without ``None``."""
    while get_origin(kind) in {Annotated, Union, UnionType}:
        kind = get_args(kind)[0]
    return kind
