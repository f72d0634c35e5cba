"""PDF files: no earlier version, no metadata beyond title, author and language, nothing active.

A file that is encrypted, or that hides its structure in a way that is not known here, is a
finding: what cannot be read cannot be proved.
"""

from __future__ import annotations

import re
import zlib

_STREAM = re.compile(rb"<<(?P<head>(?:[^<>]|<[^<]|>[^>]|<<(?:[^<>]|<[^<]|>[^>])*>>)*)>>\s*"
                     rb"stream\r?\n(?P<body>.*?)endstream", re.S)  # fmt: skip
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_NAMES: dict[str, tuple[bytes, ...]] = {
    "a script or an action": (b"JavaScript", b"JS", b"OpenAction", b"AA", b"Launch", b"SubmitForm",
                              b"ImportData", b"GoToR", b"GoToE"),
    "another file inside it": (b"EmbeddedFile", b"EmbeddedFiles", b"Filespec", b"RichMedia"),
    "a form": (b"AcroForm", b"XFA"),
    "layers that can be hidden": (b"OCProperties", b"OCG"),
    "what a program keeps for itself": (b"PieceInfo", b"Perms", b"LastModified"),
    "comments": (b"Text", b"Popup", b"FreeText", b"Highlight", b"StrikeOut", b"Redact", b"Stamp",
                 b"Ink", b"FileAttachment"),
    "encryption": (b"Encrypt",),
}  # fmt: skip
_SUBTYPES = frozenset(_NAMES["comments"])
_INFO = frozenset({b"Title", b"Author", b"Creator"})
_KEY = re.compile(rb"/([A-Za-z]+)\s*(?:\(|<|\d|\[)")
_TOOL = re.compile(rb"Typst [\d.]+")
_XMP = frozenset({
    "dc:title", "dc:creator", "dc:language", "dc:format", "xmp:CreatorTool", "pdfuaid:part",
    "xmpTPg:NPages", "xmpMM:InstanceID", "xmpMM:DocumentID", "xmpMM:RenditionClass",
    "pdf:PDFVersion", "x:xmpmeta", "rdf:RDF", "rdf:Description", "rdf:Alt", "rdf:Bag", "rdf:Seq",
    "rdf:li",
})  # fmt: skip
_TAG = re.compile(r"<([A-Za-z][\w]*:[\w]+)")


def in_paper(content: bytes) -> tuple[str, ...]:
    """Findings in a PDF file."""
    if not content.startswith(b"%PDF-"):
        return ("it is no PDF",)
    found: dict[str, None] = {}
    if content.count(b"%%EOF") != 1 or content.count(b"startxref") != 1:
        found["an earlier version"] = None
    if content[content.rfind(b"%%EOF") + 5 :].strip():
        found["bytes after its end"] = None
    structure, metadata, problem = _apart(content)
    if problem:
        found[problem] = None
    for words, names in _NAMES.items():
        if any(_has(structure, name) for name in names):
            found[words] = None
    for words in (*_of_old_metadata(structure), *_of_xmp(metadata)):
        found[words] = None
    return tuple(found)


def _apart(content: bytes) -> tuple[bytes, list[bytes], str]:
    """(structure without streams but with what object streams hold, metadata streams, problem)."""
    held: list[bytes] = []
    metadata: list[bytes] = []
    problem = ""
    for stream in _STREAM.finditer(content):
        head, body = stream["head"], stream["body"]
        if re.search(rb"/Type\s*/(ObjStm|Metadata)\b", head):
            if b"/Filter" in head:
                try:
                    body = zlib.decompressobj().decompress(body)
                except zlib.error:
                    problem = "a part that cannot be read"
            (metadata if b"/Metadata" in head else held).append(body)
        held.append(head)
    outside = _STREAM.sub(b"", content)
    whole = b"\n".join([outside, *held])
    return _ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), whole), metadata, problem


def _has(structure: bytes, name: bytes) -> bool:
    if name in _SUBTYPES:
        return bool(re.search(rb"/Subtype\s*/" + name + rb"\b", structure))
    return bool(re.search(rb"/" + name + rb"(?![A-Za-z0-9])", structure))


def _of_old_metadata(structure: bytes) -> list[str]:
    """What the old kind of metadata holds beyond title, author and the tool."""
    place = re.search(rb"/Info\s+(\d+)\s+(\d+)\s+R", structure)
    if place is None:
        return []
    body = re.search(rb"(?<!\d)" + place[1] + rb"\s+" + place[2] + rb"\s+obj(.*?)endobj", structure,
                     re.S)  # fmt: skip
    if body is None:
        return ["metadata that cannot be read"]
    text = re.sub(rb"\((?:\\.|[^\\()])*\)", b"()", body[1])
    extra = sorted(set(_KEY.findall(text)) - _INFO)
    found = [f"the metadata {key.decode('latin-1')}" for key in extra]
    creator = re.search(rb"/Creator\s*\(([^)]*)\)", body[1])
    if b"/Creator" in body[1] and not (creator and _TOOL.fullmatch(creator[1])):
        found.append("the program that made it")
    return found


def _of_xmp(streams: list[bytes]) -> list[str]:
    found = []
    for stream in streams:
        text = stream.decode("utf-8", errors="replace")
        found += [f"the metadata {tag}" for tag in sorted(set(_TAG.findall(text)) - _XMP)]
        found += ["a comment in the metadata"] if "<!--" in text else []
    return found
