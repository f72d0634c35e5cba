"""Pictures: what is not needed to draw them is taken out, the place of a photograph first."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_DRAWS = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"pHYs", b"sBIT",
     b"bKGD"}
)  # fmt: skip
_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_JPEG_DRAWS = frozenset({0xC4, 0xDB, 0xDD, 0xEE, *(n for n in range(0xC0, 0xD0) if n != 0xC8)})
"""Markers of a JPEG that are needed to draw it: tables, frames, and Adobe's kind of colours."""
_NAMED = {0xE0: "JFIF", 0xE1: "EXIF or XMP", 0xE2: "a colour profile", 0xED: "IPTC",
          0xFE: "a comment"}  # fmt: skip


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not content.startswith(_PNG):
        raise ValueError("it is no PNG")
    at = len(_PNG)
    while at < len(content):
        if at + 12 > len(content):
            raise ValueError("bytes after the picture")
        size = struct.unpack(">I", content[at : at + 4])[0]
        kind, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + size]
        if len(body) != size:
            raise ValueError("a part that is cut off")
        yield kind, body
        at += 12 + size
        if kind == b"IEND":
            break
    if at != len(content):
        yield b"", content[at:]


def in_png(content: bytes) -> tuple[str, ...]:
    """Findings in a PNG: chunks that draw nothing, and bytes after its end."""
    try:
        kinds = [kind for kind, _ in _chunks(content)]
    except ValueError as problem:
        return (str(problem),)
    found = dict.fromkeys(
        "bytes after the picture" if not kind else f"the chunk {kind.decode('latin-1')}"
        for kind in kinds
        if kind not in _PNG_DRAWS
    )
    return tuple(found) + (() if b"IEND" in kinds else ("no end of the picture",))


def cleaned_png(content: bytes) -> bytes:
    """The PNG with the chunks that draw it. Raises `ValueError` for one that cannot be read."""
    kept = [
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in _chunks(content)
        if kind in _PNG_DRAWS
    ]
    return _PNG + b"".join(kept)


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """(marker, bytes with the marker) of a JPEG; a scan with its coded lines is one piece, and
    what stands after the end is marker 0."""
    if content[:2] != b"\xff\xd8":
        raise ValueError("it is no JPEG")
    yield _START, content[:2]
    at = 2
    while at < len(content):
        while content[at : at + 2] == b"\xff\xff":
            at += 1
        if content[at : at + 1] != b"\xff" or at + 1 >= len(content):
            raise ValueError("bytes between the parts of the picture")
        marker = content[at + 1]
        if marker == _END:
            yield marker, content[at : at + 2]
            if content[at + 2 :]:
                yield 0, content[at + 2 :]
            return
        if at + 4 > len(content):
            raise ValueError("a part that is cut off")
        size = struct.unpack(">H", content[at + 2 : at + 4])[0]
        end = at + 2 + size
        if marker == _SCAN:
            end = _after_scan(content, end)
        if size < 2 or end > len(content):
            raise ValueError("a part that is cut off")
        yield marker, content[at:end]
        at = end
    raise ValueError("no end of the picture")


def _after_scan(content: bytes, at: int) -> int:
    """Where the coded lines of a scan end: at the next marker that is no restart."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            return len(content) + 1
        if content[at + 1] == 0 or 0xD0 <= content[at + 1] <= 0xD7:
            at += 2
        else:
            return at


def _draws(marker: int, body: bytes) -> bool:
    plain = marker == 0xE0 and body[4:9] == b"JFIF\0" and len(body) == 18
    return plain or marker in _JPEG_DRAWS or marker in (_START, _END, _SCAN)


def in_jpeg(content: bytes) -> tuple[str, ...]:
    """Findings in a JPEG: EXIF, XMP, IPTC, comments, thumbnails, bytes after its end."""
    try:
        extra = [marker for marker, body in _segments(content) if not _draws(marker, body)]
    except ValueError as problem:
        return (str(problem),)
    return tuple(dict.fromkeys(
        "bytes after the picture" if not marker else _NAMED.get(marker, f"a part {marker:02X}")
        for marker in extra
    ))  # fmt: skip


def cleaned_jpeg(content: bytes) -> bytes:
    """The JPEG with the parts that draw it. Raises `ValueError` for one that cannot be read."""
    return b"".join(body for marker, body in _segments(content) if _draws(marker, body))
