"""What a PDF says to whoever reads by ear, and what would stop them: PDF/UA-1 (ISO 14289-1).

The failure conditions are those of the Matterhorn Protocol that a machine can find and that
documents made of text, lists, tables and figures can have; their numbers stand beside them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject

_INSIDE: dict[str, tuple[str, ...]] = {
    "/Table": ("/TR", "/THead", "/TBody", "/TFoot", "/Caption"),
    "/THead": ("/TR",),
    "/TBody": ("/TR",),
    "/TFoot": ("/TR",),
    "/TR": ("/TH", "/TD"),
    "/L": ("/LI", "/L", "/Caption"),
    "/LI": ("/Lbl", "/LBody"),
}
"""What may stand right below a tag (09-004, 09-005)."""
_KNOWN = {
    *("/Document", "/Part", "/Sect", "/Div", "/P", "/H1", "/H2", "/H3", "/H4", "/H5", "/H6"),
    *("/L", "/LI", "/Lbl", "/LBody", "/Table", "/THead", "/TBody", "/TFoot", "/TR", "/TH", "/TD"),
    *("/Figure", "/Caption", "/Span", "/Link", "/Note", "/Reference", "/Formula", "/Code"),
    *("/BlockQuote", "/TOC", "/TOCI", "/NonStruct", "/Strong", "/Em", "/Title"),
}
_TEXT = (b"Tj", b"TJ", b"'", b'"')
_DRAWS = (*_TEXT, b"f", b"f*", b"F", b"B", b"B*", b"b", b"b*", b"S", b"s", b"Do", b"sh", b"EI")
_BF = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.S)
_HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])")


class Heard:
    """A PDF as it is read by ear."""

    def __init__(self, content: bytes):
        self.reader = PdfReader(io.BytesIO(content))
        self.root: Any = self.reader.trailer["/Root"]
        self.faults: list[str] = []
        self.marked: dict[tuple[int, int], str] = {}
        for number, page in enumerate(self.reader.pages):
            self._page(number, page)
        self.read: list[tuple[str, str]] = []
        """Each tag that holds text and its text, in the order of reading."""
        self.tags: list[tuple[str, DictionaryObject]] = []
        tree = self.root.get("/StructTreeRoot")
        if tree is None:
            self.faults.append("01-005 no tags")
        else:
            self._below(tree.get_object(), "", None)

    def text(self) -> str:
        """All that is read aloud, in the order of reading, without spaces."""
        return bare("".join(text for _, text in self.read))

    # --- the pages -------------------------------------------------------------------------------

    def _page(self, number: int, page: Any) -> None:
        fonts = page.get("/Resources", DictionaryObject()).get("/Font", DictionaryObject())
        letters = {name: self._font(fonts[name].get_object()) for name in fonts.get_object()}
        if page.get("/Annots") and page.get("/Tabs") != "/S":
            self.faults.append("28-008 the order of links on a page is not that of its tags")
        stack: list[tuple[str, Any]] = []
        face: dict[bytes, str] = {}
        for operands, operator in ContentStream(page.get_contents(), self.reader).operations:
            if operator == b"BDC":
                stack.append((operands[0], operands[1]))
            elif operator == b"BMC":
                stack.append((operands[0], None))
            elif operator == b"EMC":
                stack.pop()
            elif operator == b"Tf":
                face = letters.get(operands[0], {})
            elif operator in _DRAWS:
                self._drawn(number, stack, operator, operands, face)
        if stack:
            self.faults.append("01-002 a mark that is not ended")

    def _drawn(self, number: int, stack: list[Any], operator: bytes, operands: Any,
               face: dict[bytes, str]) -> None:
        own = next((found["/MCID"] for _, found in reversed(stack)
                    if isinstance(found, dict) and "/MCID" in found), None)
        artifact = any(name == "/Artifact" for name, _ in stack)
        if own is None and not artifact:
            self.faults.append(f"01-003 page {number + 1}: drawn and neither tagged nor decoration")
        if own is not None and artifact:
            self.faults.append(f"01-004 page {number + 1}: tagged inside decoration")
        if own is not None and not artifact:
            said = _said(operands, face) if operator in _TEXT else ""
            self.marked[number, own] = self.marked.get((number, own), "") + said

    def _font(self, font: Any) -> dict[bytes, str]:
        faces = [one.get_object() for one in font.get("/DescendantFonts", [font])]
        for face in faces:
            held = face.get("/FontDescriptor")
            if held is None or not {"/FontFile", "/FontFile2", "/FontFile3"} & set(
                held.get_object()
            ):
                self.faults.append(f"31-009 the font {font.get('/BaseFont')} is not embedded")
        if "/ToUnicode" not in font:
            self.faults.append(f"31-027 the letters of {font.get('/BaseFont')} have no meaning")
            return {}
        return dict(_letters(font["/ToUnicode"].get_object().get_data()))

    # --- the tree --------------------------------------------------------------------------------

    def _below(self, node: Any, parent: str, page: int | None) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, ArrayObject):
            for one in node:
                self._below(one, parent, page)
        elif isinstance(node, int):
            self._piece(parent, page, int(node))
        elif isinstance(node, DictionaryObject):
            if node.get("/Type") == "/MCR":
                self._piece(parent, self._number(node, page), int(node["/MCID"]))
            elif node.get("/Type") != "/OBJR":
                self._tag(node, parent, page)

    def _tag(self, node: DictionaryObject, parent: str, page: int | None) -> None:
        kind = str(node.get("/S", ""))
        if kind:
            self.tags.append((kind, node))
            if kind not in _KNOWN and kind not in self._mapped():
                self.faults.append(f"02-001 {kind} is no tag of the standard and stands for none")
            if parent in _INSIDE and kind not in _INSIDE[parent]:
                self.faults.append(f"09-004 {kind} right below {parent}")
        if "/K" in node:
            self._below(node["/K"], kind or parent, self._number(node, page))

    def _mapped(self) -> Any:
        return self.root["/StructTreeRoot"].get_object().get("/RoleMap", {})

    def _number(self, node: DictionaryObject, page: int | None) -> int | None:
        return self.reader.get_page_number(node["/Pg"].get_object()) if "/Pg" in node else page

    def _piece(self, tag: str, page: int | None, mark: int) -> None:
        if page is None or (page, mark) not in self.marked:
            return  # a mark may hold nothing
        self.read.append((tag, self.marked.pop((page, mark))))


def faults_in(heard: Heard) -> list[str]:
    """What stops whoever reads by ear; empty where nothing does."""
    found = [*heard.faults]
    found += [f"01-006 page {page + 1}: {text[:30]!r} stands in no tag"
              for (page, _), text in heard.marked.items()]
    return list(dict.fromkeys([*found, *_of_document(heard), *_of_tags(heard.tags)]))


def _of_document(heard: Heard) -> Iterator[str]:
    root = heard.root
    marks = root.get("/MarkInfo", {})
    if marks.get("/Marked") != True or marks.get("/Suspects", False) != False:  # noqa: E712
        yield "01-007 not marked as tagged"
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", str(root.get("/Lang", ""))):
        yield "11-006 no language"
    if root.get("/ViewerPreferences", {}).get("/DisplayDocTitle") != True:  # noqa: E712
        yield "07-001 the window shows the name of the file and not the title"
    told = root["/Metadata"].get_object().get_data() if "/Metadata" in root else b""
    if b"<pdfuaid:part>1</pdfuaid:part>" not in told:
        yield "06-002 does not say that it is PDF/UA-1"
    title = re.search(rb"<dc:title>.*?<rdf:li[^>]*>(.*?)</rdf:li>", told, re.S)
    if not title or not title[1].strip():
        yield "06-004 no title"
    if heard.reader.is_encrypted:
        yield "26-001 locked"
    if "/AcroForm" in root and "/XFA" in root["/AcroForm"]:
        yield "25-001 a form of another format"


def _of_tags(tags: list[tuple[str, DictionaryObject]]) -> Iterator[str]:
    last = 0
    for kind, node in tags:
        if kind in ("/Figure", "/Formula") and not str(node.get("/Alt", "")).strip():
            yield f"13-004 a {kind[1:].lower()} without words"
        if kind == "/Table" and "/TH" not in set(_kinds(node)):
            yield "15-003 a table without a head"
        if kind == "/TH" and "/Scope" not in "".join(map(str, _attributes(node))):
            yield "15-003 a head that does not say of what"
        if re.fullmatch(r"/H[1-6]", kind):
            level = int(kind[2])
            if level > last + 1:
                yield f"14-003 a heading of level {level} after one of level {last}"
            last = level


def _attributes(node: DictionaryObject) -> list[Any]:
    held = node.get("/A", [])
    held = held.get_object() if hasattr(held, "get_object") else held
    return list(held) if isinstance(held, ArrayObject) else [held]


def _kinds(node: Any) -> Iterator[str]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, ArrayObject):
        for one in node:
            yield from _kinds(one)
    elif isinstance(node, DictionaryObject):
        yield str(node.get("/S", ""))
        if "/K" in node:
            yield from _kinds(node["/K"])


def _letters(cmap: bytes) -> Iterator[tuple[bytes, str]]:
    for kind, body in _BF.findall(cmap):
        codes = [bytes.fromhex(one[0].decode()) for one in _HEX.findall(body) if not any(one[1:])]
        step = 2 if kind == b"bfchar" else 3
        for at in range(0, len(codes) - step + 1, step):
            if kind == b"bfchar":
                yield codes[at], codes[at + 1].decode("utf-16-be")
            else:
                first, final = (int.from_bytes(one, "big") for one in codes[at:at + 2])
                begins = int.from_bytes(codes[at + 2], "big")
                for code in range(first, final + 1):
                    meant = (begins + code - first).to_bytes(len(codes[at + 2]), "big")
                    yield code.to_bytes(len(codes[at]), "big"), meant.decode("utf-16-be")


def _said(operands: Any, face: dict[bytes, str]) -> str:
    found = ""
    for one in operands[0] if isinstance(operands[0], ArrayObject) else operands:
        raw = getattr(one, "original_bytes", None)
        if raw is not None:
            found += "".join(face.get(raw[at:at + 2], "") for at in range(0, len(raw), 2))
    return found


def bare(text: str) -> str:
    """A text without its spaces and its soft hyphens."""
    return re.sub(r"[\s\u00ad]+", "", text)
