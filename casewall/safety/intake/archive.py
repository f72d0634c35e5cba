"""Is this zip a plain .xlsx workbook? Decided from its list of parts, before a part is opened.

A workbook is refused here when unpacking it could fill the memory, when it could make a reader
fetch or run something, or when it is another kind of file. zipfile never unpacks more of a part
than the list states, so the list is enough.
"""

import re
import zipfile
from typing import IO
from xml.parsers import expat

from .table import Unreadable

__all__ = ["inspect"]

MAX_PARTS = 500
MAX_UNPACKED = 400_000_000  # bytes; 100,000 rows of 35 cells take some 140 million
MAX_STRINGS = 100_000_000  # the shared strings are held in memory
MAX_OTHER_PART = 4_000_000  # styles, theme, relations: read whole
MAX_RATIO = 100  # unpacked to packed; spreadsheets reach 20
_RATIO_FROM = 1_000_000  # small parts may repeat themselves as they like
_PROLOGUE = 65_536  # bytes before the first element

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_STRINGS = re.compile(r"xl/sharedStrings\.xml", re.IGNORECASE)
# Parts that a spreadsheet program writes beside the cells, none of which is read.
_HARMLESS = re.compile(
    r"xl/(printerSettings/[^/]+\.bin|media/[^/]+\.(png|jpe?g|gif|emf|wmf)|drawings/[^/]+\.vml)"
    r"|docProps/[^/]+\.(jpe?g|png|emf|wmf)",
    re.IGNORECASE,
)
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"\xd0\xcf\x11\xe0")

_KINDS_REFUSED = (
    (r"(^|.*/)vbaProject\.bin|xl/macrosheets/.*", "holds macros; save it as .xlsx without macros"),
    (r"xl/externalLinks/.*", "takes values from other files; paste the values and save it again"),
    (
        r"xl/(connections\.xml|queryTables/.*|webextensions/.*|model/.*)",
        "is connected to a source outside it; paste the values and save it again",
    ),
    (
        r"xl/(embeddings|activeX|ctrlProps)/.*",
        "holds embedded objects; copy the rows to a plain sheet and save that",
    ),
    (r"xl/workbook\.bin", "is a binary workbook (.xlsb); save it as .xlsx or .csv"),
    (r"EncryptedPackage|EncryptionInfo", "is locked with a password; save it without one"),
)


def inspect(archive: zipfile.ZipFile, name: str) -> None:
    """Raise `Unreadable` unless `archive` is a plain workbook that is safe to read."""
    parts = archive.infolist()
    names = [part.filename for part in parts]
    _check_kind(archive, names, name)
    _check_size(parts, name)
    for part in parts:
        _check_part(archive, part, name)


def _check_kind(archive: zipfile.ZipFile, names: list[str], name: str) -> None:
    if len(names) > MAX_PARTS:
        raise Unreadable(
            f"{name} is an archive of {len(names):,} parts, not a workbook; it was not opened."
        )
    for pattern, sentence in _KINDS_REFUSED:
        if any(re.fullmatch(pattern, part, re.IGNORECASE) for part in names):
            raise Unreadable(f"{name} {sentence}.")
    if "content.xml" in names and "mimetype" in names:
        raise Unreadable(f"{name} is an OpenDocument file; save it as .xlsx or .csv.")
    if "[Content_Types].xml" not in names or not any(_SHEET.fullmatch(part) for part in names):
        raise Unreadable(
            f"{name} is a zip archive but not an .xlsx workbook; "
            "send the spreadsheet itself, as .xlsx or .csv."
        )
    if len(set(names)) < len(names):
        raise Unreadable(f"{name} holds two parts of one name; save it again as .xlsx.")


def _check_size(parts: list[zipfile.ZipInfo], name: str) -> None:
    bomb = "it was not opened. If it is a real file, save it as .csv"
    total = sum(part.file_size for part in parts)
    if total > MAX_UNPACKED:
        raise Unreadable(f"{name} would unpack to {total // 1_000_000:,} MB; {bomb}.")
    for part in parts:
        limit = MAX_OTHER_PART
        if _SHEET.fullmatch(part.filename):
            limit = MAX_UNPACKED
        elif _STRINGS.fullmatch(part.filename):
            limit = MAX_STRINGS
        elif _HARMLESS.fullmatch(part.filename):
            continue  # never unpacked
        if part.file_size > limit:
            size = part.file_size // 1_000_000
            raise Unreadable(f"{name} has a part ({part.filename}) of {size:,} MB; {bomb}.")
        dense = part.file_size > MAX_RATIO * max(part.compress_size, 1)
        if dense and part.file_size > _RATIO_FROM:
            raise Unreadable(
                f"{name} has a part ({part.filename}) that unpacks to more than {MAX_RATIO} times "
                f"its size; {bomb}."
            )


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    if part.flag_bits & 0x1:
        raise Unreadable(f"{name} is locked with a password; save it without one.")
    spelled = part.filename
    if spelled.startswith(("/", "\\")) or ".." in spelled.replace("\\", "/").split("/"):
        raise Unreadable(f"{name} holds a part that points outside the file; it was not opened.")
    if part.is_dir():
        return
    if not spelled.lower().endswith((".xml", ".rels")):
        with archive.open(part) as stream:
            nested = stream.read(4).startswith(_ARCHIVES)
        if nested or not _HARMLESS.fullmatch(spelled):
            raise Unreadable(
                f"{name} holds {spelled!r}, which a plain workbook does not; "
                "copy the rows to a new sheet and save that as .xlsx."
            )
        return
    with archive.open(part) as stream:
        _check_prologue(stream, name, spelled)
    if spelled.lower().endswith(".rels") or spelled == "[Content_Types].xml":
        _check_links(archive.read(part), name)


class _Declared(Exception):
    pass


class _Begun(Exception):
    pass


def _check_prologue(stream: IO[bytes], name: str, part: str) -> None:
    """Refuse a document type: only there can entities be declared (billion laughs, file reads)."""
    parser = expat.ParserCreate()

    def declared(*_: object) -> None:
        raise _Declared

    def begun(*_: object) -> None:
        raise _Begun

    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler = begun
    try:
        for _ in range(_PROLOGUE // 4096):
            parser.Parse(stream.read(4096))
    except _Begun:
        return
    except _Declared:
        raise Unreadable(
            f"{name} declares XML entities in {part}, which no spreadsheet does; it was not opened."
        ) from None
    except expat.ExpatError as wrong:
        raise Unreadable(f"{name} is damaged: {part} is not XML. Save it again.") from wrong
    raise Unreadable(f"{name} is damaged: {part} does not begin as XML. Save it again.")


def _check_links(xml: bytes, name: str) -> None:
    """Refuse macros by content type, and relations that lead outside (hyperlinks are text)."""
    parser = expat.ParserCreate()

    def element(tag: str, attributes: dict[str, str]) -> None:
        if "macroenabled" in attributes.get("ContentType", "").lower():
            raise Unreadable(f"{name} is a file with macros; save it as .xlsx without macros.")
        outside = attributes.get("TargetMode", "").lower() == "external"
        if outside and not attributes.get("Type", "").endswith("/hyperlink"):
            raise Unreadable(
                f"{name} points to something outside it; paste the values into a new sheet "
                "and save that."
            )

    parser.StartElementHandler = element
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as wrong:
        raise Unreadable(f"{name} is damaged: its list of parts is not XML. Save it again.") from (
            wrong
        )
