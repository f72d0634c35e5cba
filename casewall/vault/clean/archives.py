"""Word files and workbooks: only the parts that are shown, and nothing about who, where and when.

Both are archives of XML. A part that is not on the list of what is needed is a finding, so that
what nobody thought of is found too.
"""

from __future__ import annotations

import io
import re
import zipfile

from casewall.vault.clean.formulas import is_formula
from casewall.vault.clean.pictures import cleaned_jpeg, cleaned_png, in_jpeg, in_png

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time that every part of an archive carries: none."""

_RELATIONS = r"(?:.+/)?_rels/[^/]*\.rels"
_WORD_PARTS = re.compile(
    r"\[Content_Types\]\.xml|docProps/core\.xml|" + _RELATIONS + r"|word/(?:document|styles|"
    r"stylesWithEffects|settings|webSettings|fontTable|numbering|footnotes|endnotes|header\d*|"
    r"footer\d*|theme/theme\d*)\.xml|word/media/[^/]+\.(?:png|jpe?g)"
)
_BOOK_PARTS = re.compile(
    r"\[Content_Types\]\.xml|docProps/(?:core|app)\.xml|" + _RELATIONS + r"|xl/(?:workbook|styles|"
    r"sharedStrings|theme/theme\d*|worksheets/sheet\d+)\.xml"
)
_CORE_ALLOWED = {"title": None, "creator": None, "created": None, "modified": None,
                 "language": None, "revision": "1"}  # fmt: skip
"""What the metadata of a file may say: the title, the agency, the day of writing, the language."""
_CORE_VALUE = re.compile(r"<(?:\w+:)?(\w+)(?:\s[^>]*)?>([^<]+)</")
_CORE_ELEMENT = re.compile(r"<(?:\w+:)?(\w+)(?:\s[^>]*)?>([^<]*)</(?:\w+:)?\1>")
_OWN_IDS = re.compile(
    rb"\s\w+:(?:rsid\w*|paraId|textId|durableId)=\"[^\"]*\""
    rb"|<(\w+):rsids>.*?</\1:rsids>|<\w+:rsid(?:Root)?\s[^>]*/>"
    rb"|<\w+:docId\s[^>]*/>|<\w+:attachedTemplate\s[^>]*/>",
    re.S,
)
_TRACKED = re.compile(
    rb"<\w+:(?:ins|del|moveFrom|moveTo|rPrChange|pPrChange|sectPrChange|tblPrChange|trPrChange"
    rb"|tcPrChange|numberingChange|cellIns|cellDel|trackRevisions)[\s/>]"
)
_HIDDEN = re.compile(rb"<\w+:(?:vanish|specVanish|webHidden)\s*/>")
_REMARKS = re.compile(rb"<\w+:(?:commentRangeStart|commentReference)[\s/>]")
_CELL_TEXT = re.compile(rb"<t(?:\s[^>]*)?>([^<]*)</t>")


def _read(content: bytes) -> dict[str, tuple[zipfile.ZipInfo, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {one.filename: (one, archive.read(one)) for one in archive.infolist()}
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as problem:
        raise ValueError("it cannot be unpacked") from problem


def _in_archive(parts: dict[str, tuple[zipfile.ZipInfo, bytes]], allowed: re.Pattern[str]
                ) -> list[str]:  # fmt: skip
    """Findings that every such archive shares: parts, times, metadata, links to the outside."""
    found = [f"the part {name}" for name in parts if not allowed.fullmatch(name)]
    if any(entry.date_time != EPOCH or entry.comment or entry.extra for entry, _ in parts.values()):
        found.append("the time or the machine of writing")
    core = parts.get("docProps/core.xml", (None, b""))[1].decode("utf-8", "replace")
    for key, value in _CORE_VALUE.findall(core):
        if key not in _CORE_ALLOWED or _CORE_ALLOWED[key] not in (None, value):
            found.append(f"the metadata {key}")
    for name, (_, body) in parts.items():
        if name.endswith((".jpg", ".jpeg")):
            found += [f"{one} in the picture {name}" for one in in_jpeg(body)]
        elif name.endswith(".png"):
            found += [f"{one} in the picture {name}" for one in in_png(body)]
        elif b"<!--" in body:
            found.append(f"a comment in {name}")
    return found


def in_word(content: bytes) -> tuple[str, ...]:
    """Findings in a Word file."""
    try:
        parts = _read(content)
    except ValueError as problem:
        return (str(problem),)
    if "word/document.xml" not in parts:
        return ("it is no Word file",)
    found = _in_archive(parts, _WORD_PARTS)
    whole = b"\n".join(body for name, (_, body) in parts.items() if name.endswith(".xml"))
    if _TRACKED.search(whole):
        found.append("tracked changes")
    if _REMARKS.search(whole):
        found.append("comments")
    texts = b"\n".join(
        parts[name][1]
        for name in parts
        if re.fullmatch(r"word/(document|header\d*|footer\d*|footnotes)\.xml", name)
    )
    if _HIDDEN.search(texts):
        found.append("hidden text")
    if _OWN_IDS.search(whole):
        found.append("marks of who edited which part")
    if _to_outside(parts):
        found.append("something fetched from elsewhere")
    return tuple(dict.fromkeys(found))


def _to_outside(parts: dict[str, tuple[zipfile.ZipInfo, bytes]]) -> bool:
    relations = b"".join(body for name, (_, body) in parts.items() if name.endswith(".rels"))
    outside = re.findall(rb"<Relationship\s[^>]*TargetMode=\"External\"[^>]*>", relations)
    return any(b'/hyperlink"' not in one for one in outside)


def cleaned_word(content: bytes) -> bytes:
    """The Word file with the parts that are shown, without marks of who edited what and when.

    Raises `ValueError` for a file that cannot be unpacked.
    """
    parts = {name: body for name, (_, body) in _read(content).items()}
    gone = [name for name in parts if not _WORD_PARTS.fullmatch(name)]
    # A numbered-style list of the same styles that only an old Word reads; and large.
    gone += [name for name in parts if name == "word/stylesWithEffects.xml"]
    for name in gone:
        del parts[name]
    for name, body in parts.items():
        if name.endswith(".rels"):
            parts[name] = _without_relations(name, body, parts)
        elif name == "[Content_Types].xml":
            parts[name] = _without_types(body, gone)
        elif name == "docProps/core.xml":
            parts[name] = _CORE_ELEMENT.sub(_kept_of_core, body.decode()).encode()
        elif name.endswith(".xml"):
            parts[name] = re.sub(rb"<!--.*?-->", b"", _OWN_IDS.sub(b"", body), flags=re.S)
        elif name.endswith((".jpg", ".jpeg")):
            parts[name] = cleaned_jpeg(body)
        elif name.endswith(".png"):
            parts[name] = cleaned_png(body)
    return archived({
        name: body for name, body in parts.items()
        if not (name.endswith(".rels") and b"<Relationship " not in body)
    })  # fmt: skip


def _kept_of_core(found: re.Match[str]) -> str:
    """An element of the metadata, where it may stay."""
    key, value = found[1], found[2]
    return found[0] if key in _CORE_ALLOWED and _CORE_ALLOWED[key] in (None, value) else ""


def archived(parts: dict[str, bytes]) -> bytes:
    """An archive of these parts that says nothing about when and where it was written."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, body in parts.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, body)
    return held.getvalue()


def _without_relations(name: str, body: bytes, parts: dict[str, bytes]) -> bytes:
    """The relations to parts that are there, and the links that a reader may follow."""
    folder = name.partition("_rels/")[0]

    def keep(found: re.Match[bytes]) -> bytes:
        one = found[0]
        if b'TargetMode="External"' in one:
            return one if b'/hyperlink"' in one else b""
        target = re.search(rb'Target="([^"]*)"', one)
        path = target[1].decode() if target else ""
        whole = path[1:] if path.startswith("/") else _joined(folder, path)
        return one if whole in parts else b""

    return re.sub(rb"<Relationship\s[^>]*?/>", keep, body)


def _joined(folder: str, path: str) -> str:
    steps = folder.strip("/").split("/") if folder.strip("/") else []
    for step in path.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step != ".":
            steps.append(step)
    return "/".join(steps)


def _without_types(body: bytes, gone: list[str]) -> bytes:
    names = {f"/{name}".encode() for name in gone}

    def keep(found: re.Match[bytes]) -> bytes:
        part = re.search(rb'PartName="([^"]*)"', found[0])
        return b"" if part and part[1] in names else found[0]

    return re.sub(rb"<Override\s[^>]*?/>", keep, body)


def in_workbook(content: bytes) -> tuple[str, ...]:
    """Findings in a workbook: hidden sheets, rows and columns, formulas, comments, metadata."""
    try:
        parts = _read(content)
    except ValueError as problem:
        return (str(problem),)
    if "xl/workbook.xml" not in parts:
        return ("it is no workbook",)
    found = _in_archive(parts, _BOOK_PARTS)
    book = parts["xl/workbook.xml"][1]
    if re.search(rb"<sheet\s[^>]*state=\"(?!visible)", book):
        found.append("a hidden sheet")
    if re.search(rb"<definedName\s[^>]*hidden=\"(1|true)", book):
        found.append("a hidden name")
    sheets = [body for name, (_, body) in parts.items() if "worksheets/sheet" in name]
    for body in sheets:
        if re.search(rb"<(?:col|row)\s[^>]*hidden=\"(?:1|true)\"", body):
            found.append("hidden rows or columns")
        if re.search(rb"<f[\s>]", body):
            found.append("a formula")
    strings = parts.get("xl/sharedStrings.xml", (None, b""))[1]
    cells = [one for body in (strings, *sheets) for one in _CELL_TEXT.findall(body)]
    if any(is_formula(one.decode("utf-8", "replace")) for one in cells):
        found.append("a text that begins like a formula")
    if _to_outside(parts):
        found.append("something fetched from elsewhere")
    return tuple(dict.fromkeys(found))
