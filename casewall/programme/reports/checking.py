"""Whether a Word file that somebody uploads may be a template: what it is, and what it asks for.

A template comes from outside, so it is read as hostile: its size unpacked is bounded before it
is unpacked, nothing in it may reach out of itself or run, and the only tags that it may hold are
fields of the allow-list, loops over its lists and conditions on them. Each refusal says what and
where.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError  # types; defusedxml reads

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from casewall.programme.reports.rules import FIELD_WORDS, LISTS, parts_of
from casewall.wall.decide import Refused

LARGEST = 2_000_000
"""Bytes of an uploaded file."""
LARGEST_UNPACKED = 12_000_000
LARGEST_PART = 2_000_000
MOST_PARTS = 300
MOST_TAGS = 400

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TEXT_PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml$")

_REFUSED_PARTS: tuple[tuple[str, str], ...] = (
    ("vbaproject", "The file holds macros. Save it as a Word document without macros (.docx)."),
    ("vbadata", "The file holds macros. Save it as a Word document without macros (.docx)."),
    ("/activex/", "The file holds an active control. Take it out and save it again."),
    ("/embeddings/", "The file holds another file inside it. Take it out and save it again."),
    ("/afchunk", "The file holds another file inside it. Take it out and save it again."),
    (
        "word/comments",
        "The file holds comments, which would go out with every document. Delete "
        "them and save it again.",
    ),
)
_REFUSED_ELEMENTS: dict[str, str] = {
    "ins": "tracked changes: accept or reject them first",
    "del": "tracked changes: accept or reject them first",
    "moveFrom": "tracked changes: accept or reject them first",
    "moveTo": "tracked changes: accept or reject them first",
    "vanish": "hidden text: show it or delete it",
    "txbxContent": "a text box: write its text on the page itself",
    "altChunk": "another file: take it out",
    "object": "an object of another program: take it out",
    "control": "an active control: take it out",
}
_REFUSED_CODES = re.compile(
    r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|LINK|IMPORT|DATABASE|"
    r"MACROBUTTON|EMBED|ASK|FILLIN)\b",
    re.IGNORECASE,
)

_TAG = re.compile(r"{{.*?}}|{%.*?%}|{#.*?#}", re.DOTALL)
_LEFT_OVER = re.compile(r"{{|}}|{%|%}|{#|#}")
_OUTPUT = re.compile(r"{{\s*([A-Za-z_]\w*)(?:\.([A-Za-z_]\w*))?\s*}}")
_FOR = re.compile(r"{%(?:p|tr)?\s+for\s+([A-Za-z_]\w*)\s+in\s+([A-Za-z_]\w*)\s*%}")
_IF = re.compile(r"{%(?:p|tr)?\s+if\s+(?:not\s+)?([A-Za-z_]\w*)(?:\.([A-Za-z_]\w*))?\s*%}")
_END = re.compile(r"{%(?:p|tr)?\s+(else|endif|endfor)\s*%}")


class NotATemplate(Refused):
    """A file that cannot be a template, with a sentence that says why and where."""


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag of a template and where it stands."""

    text: str
    place: str


def check_template(content: bytes) -> list[Tag]:
    """The tags of a file that may be a template. Raises `NotATemplate` for any other."""
    parts = _unpacked(content)
    tags: list[Tag] = []
    for name, blob in parts.items():
        if name.endswith((".xml", ".rels")) or name == "[Content_Types].xml":
            root = _parsed(name, blob)
            if name.endswith(".rels"):
                _check_relations(root)
            elif _TEXT_PARTS.match(name):
                _check_elements(name, root)
                tags += _tags_of(name, root)
                _check_elsewhere(name, root)
    if len(tags) > MOST_TAGS:
        raise NotATemplate(f"The file holds {len(tags)} fields; {MOST_TAGS} are the most.")
    _check_tags(tags)
    return tags


def _unpacked(content: bytes) -> dict[str, bytes]:
    """The parts of the file, after its size has been looked at."""
    if len(content) > LARGEST:
        raise NotATemplate(
            f"The file has {len(content):,} bytes; {LARGEST:,} are the most. Smaller pictures help."
        )
    if not content.startswith(b"PK\x03\x04"):
        raise NotATemplate(
            "This is not a Word document (.docx). In Word, choose “Save as” and “Word document”."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_entries(entries)
            parts = {entry.filename: archive.read(entry) for entry in entries if not entry.is_dir()}
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OSError) as problem:
        raise NotATemplate("The file is damaged and cannot be read.") from problem
    types = parts.get("[Content_Types].xml", b"")
    if "word/document.xml" not in parts or _MAIN.encode() not in types:
        raise NotATemplate("This is not a Word document (.docx) without macros: save it as one.")
    return parts


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_PARTS or len({entry.filename for entry in entries}) < len(entries):
        raise NotATemplate("The file is made of too many parts, or of the same part twice.")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise NotATemplate("The file is locked with a password. Save it without one.")
    if sum(entry.file_size for entry in entries) > LARGEST_UNPACKED or any(
        entry.file_size > LARGEST_PART
        for entry in entries
        if entry.filename.endswith((".xml", ".rels"))
    ):
        raise NotATemplate("The file is much larger unpacked than a letter can be.")
    for entry in entries:
        for mark, sentence in _REFUSED_PARTS:
            if mark in f"/{entry.filename.lower()}":
                raise NotATemplate(sentence)


def _parsed(name: str, blob: bytes) -> Element:
    try:
        return fromstring(blob, forbid_dtd=True)
    except (DefusedXmlException, ParseError, ValueError, LookupError) as problem:
        raise NotATemplate(f"The part “{name}” of the file cannot be read.") from problem


def _check_relations(root: Element) -> None:
    for relation in root:
        kind = relation.get("Type", "").rpartition("/")[2]
        if relation.get("TargetMode") == "External" and not (
            kind == "hyperlink"
            and relation.get("Target", "")
            .lower()
            .startswith(("https://", "http://", "mailto:", "tel:"))
        ):
            raise NotATemplate(
                "The file points to something outside itself (a linked picture or "
                "an attached template). Put it into the file, or take it out."
            )


def _check_elements(name: str, root: Element) -> None:
    for element in root.iter():
        tag = element.tag.rpartition("}")[2]
        if tag in _REFUSED_ELEMENTS and element.tag == _W + tag:
            raise NotATemplate(f"In {_part_words(name)} there is {_REFUSED_ELEMENTS[tag]}.")
        code = element.text or "" if tag == "instrText" else element.get(f"{_W}instr", "")
        if _REFUSED_CODES.search(code):
            raise NotATemplate(
                f"In {_part_words(name)} there is the field code “{code.strip()}”, "
                "which fetches something or runs. Take it out."
            )


def _check_elsewhere(name: str, root: Element) -> None:
    """Tags belong into text: elsewhere the worker who edits the template would not see them."""
    for element in root.iter():
        text = "" if element.tag == f"{_W}t" else element.text or ""
        for value in (*element.attrib.values(), text, element.tail or ""):
            if _LEFT_OVER.search(value):
                raise NotATemplate(
                    f"In {_part_words(name)} there is a field in a place that is "
                    f"no text: “{value[:60]}”. Write it in the text."
                )


def _part_words(name: str) -> str:
    part = name.rpartition("/")[2].removesuffix(".xml").rstrip("0123456789")
    return {
        "document": "the text",
        "header": "the header",
        "footer": "the footer",
        "footnotes": "the footnotes",
    }[part]


def _tags_of(name: str, root: Element) -> Iterator[Tag]:
    """Tags paragraph by paragraph: a tag that begins in one and ends in another is refused."""
    for number, paragraph in enumerate(root.iter(f"{_W}p"), start=1):
        text = "".join(one.text or "" for one in paragraph.iter(f"{_W}t"))
        place = f"{_part_words(name)}, paragraph {number}"
        yield from (Tag(tag, place) for tag in _found(text, place))


def _found(text: str, place: str) -> list[str]:
    tags = _TAG.findall(text)
    if _LEFT_OVER.search(_TAG.sub("", text)):
        raise NotATemplate(
            f"In {place} a field is begun and not ended, or the other way round: “{text[:80]}”."
        )
    return tags


def _check_tags(tags: list[Tag]) -> None:
    """Every tag is a known field, a loop over a known list, or a condition; all are closed."""
    opened: list[tuple[str, str, str, str]] = []  # which tag, its row's name, its list, its place
    last_part = ""
    for tag in tags:
        part = tag.place.partition(",")[0]
        if part != last_part:
            _check_closed(opened)
            last_part = part
        if found := _OUTPUT.fullmatch(tag.text):
            _check_name(found[1], found[2], opened, tag, is_shown=True)
        elif found := _FOR.fullmatch(tag.text):
            _check_loop(found[1], found[2], opened, tag)
            opened.append(("for", found[1], found[2], tag.place))
        elif found := _IF.fullmatch(tag.text):
            _check_name(found[1], found[2], opened, tag, is_shown=False)
            opened.append(("if", "", "", tag.place))
        elif found := _END.fullmatch(tag.text):
            _close(found[1], opened, tag)
        else:
            raise NotATemplate(
                f"In {tag.place} there is “{tag.text[:80]}”. A template may hold fields such as "
                "{{ client_name }}, and “for” and “if” as the list of fields shows them."
            )
    _check_closed(opened)


def _check_loop(row: str, name: str, opened: list[tuple[str, str, str, str]], tag: Tag) -> None:
    if name not in LISTS:
        raise NotATemplate(
            f"In {tag.place} a loop goes over “{name}”, which is no list. Lists "
            f"are: {', '.join(LISTS)}."
        )
    if row in FIELD_WORDS:
        raise NotATemplate(
            f"In {tag.place} the rows of a loop are called “{row}”, which is a "
            "field. Call them “row”."
        )
    if any(one[0] == "for" for one in opened):
        raise NotATemplate(f"In {tag.place} a loop begins inside another one.")


def _check_name(
    name: str,
    part: str | None,
    opened: list[tuple[str, str, str, str]],
    tag: Tag,
    *,
    is_shown: bool,
) -> None:
    rows = {row: of for which, row, of, _ in opened if which == "for"}
    if part is not None:
        if name in rows and part in parts_of(rows[name]):
            return
        if name in rows:
            known = ", ".join(sorted(parts_of(rows[name])))
            raise NotATemplate(
                f"In {tag.place} there is “{tag.text}”; a row of “{rows[name]}” holds: {known}."
            )
    elif name in FIELD_WORDS and not (is_shown and name in LISTS):
        return
    elif name in LISTS:
        raise NotATemplate(
            f"In {tag.place} there is “{tag.text}”, which is a list: write it with “for”."
        )
    raise NotATemplate(
        f"In {tag.place} there is the field “{tag.text}”. A document may not hold "
        "it, or there is no field of that name."
    )


def _close(word: str, opened: list[tuple[str, str, str, str]], tag: Tag) -> None:
    wanted = "for" if word == "endfor" else "if"
    if not opened or opened[-1][0] != wanted:
        raise NotATemplate(
            f"In {tag.place} there is “{tag.text}”, but no “{wanted}” is open there."
        )
    if word != "else":
        opened.pop()


def _check_closed(opened: list[tuple[str, str, str, str]]) -> None:
    if opened:
        which, _, _, place = opened[-1]
        raise NotATemplate(f"The “{which}” in {place} is never ended.")
