"""What kinds of files are taken, how their bytes must begin, and which of them a browser may show by itself.

Nothing that could run as a page (HTML, SVG, XML, scripts) is on the list. What is declared must be what the bytes say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hub.errors import Refusal

#: So many bytes of the beginning are looked at.
HEAD_BYTES: Final = 512


@dataclass(frozen=True, slots=True)
class Kind:
    """One content type that is taken."""

    begins: Callable[[bytes], bool]
    """Whether a file of this type can begin so."""
    suffixes: tuple[str, ...]
    """Endings of its name, the usual one first."""
    inline: bool
    """Whether a browser may show it; everything else is saved."""


def _with(*beginnings: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(beginnings)


def _riff(form: bytes) -> Callable[[bytes], bool]:
    return lambda head: head[:4] == b"RIFF" and head[8:12] == form


def _iso(*brands: bytes) -> Callable[[bytes], bool]:
    """ISO base media (ISO/IEC 14496-12): `ftyp` with one of these major brands; any with none."""
    return lambda head: head[4:8] == b"ftyp" and (not brands or head[8:12] in brands)


def _mpeg_audio(head: bytes) -> bool:
    # An ID3 tag, or a frame: eleven bits of ones, then a layer that is none of the reserved (ISO/IEC 11172-3 §2.4.2.3).
    framed = len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 0x06 != 0
    return head.startswith(b"ID3") or framed


def _text(head: bytes) -> bool:
    # UTF-8, GB18030 and the like have no NUL; UTF-16 does and says so.
    return b"\x00" not in head or head.startswith((b"\xff\xfe", b"\xfe\xff"))


_ZIP: Final = _with(b"PK\x03\x04", b"PK\x05\x06")
_OLE: Final = _with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_EBML: Final = _with(b"\x1a\x45\xdf\xa3")
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"

KINDS: Final[dict[str, Kind]] = {
    "image/jpeg": Kind(_with(b"\xff\xd8\xff"), (".jpg", ".jpeg"), True),
    "image/png": Kind(_with(b"\x89PNG\r\n\x1a\n"), (".png",), True),
    "image/gif": Kind(_with(b"GIF87a", b"GIF89a"), (".gif",), True),
    "image/webp": Kind(_riff(b"WEBP"), (".webp",), True),
    "image/avif": Kind(_iso(b"avif", b"avis", b"mif1"), (".avif",), True),
    "image/heic": Kind(_iso(b"heic", b"heix", b"mif1", b"heim", b"heis"), (".heic", ".heif"), False),
    "application/pdf": Kind(_with(b"%PDF-"), (".pdf",), True),
    "audio/mpeg": Kind(_mpeg_audio, (".mp3",), True),
    "audio/wav": Kind(_riff(b"WAVE"), (".wav",), True),
    "audio/ogg": Kind(_with(b"OggS"), (".ogg", ".oga", ".opus"), True),
    "audio/webm": Kind(_EBML, (".webm", ".weba"), True),
    "audio/mp4": Kind(_iso(), (".m4a",), True),
    "video/webm": Kind(_EBML, (".webm",), True),
    "video/mp4": Kind(_iso(), (".mp4", ".m4v"), True),
    "video/quicktime": Kind(_iso(), (".mov",), True),
    "video/x-matroska": Kind(_EBML, (".mkv",), False),
    "text/plain": Kind(_text, (".txt", ".log", ".md"), False),
    "text/csv": Kind(_text, (".csv",), False),
    # the texts of minutes; shown by our pages alone, for a browser it is a file to be saved
    "application/json": Kind(_with(b"{"), (".json",), False),
    "application/zip": Kind(_ZIP, (".zip",), False),
    f"{_OFFICE}.wordprocessingml.document": Kind(_ZIP, (".docx",), False),
    f"{_OFFICE}.spreadsheetml.sheet": Kind(_ZIP, (".xlsx",), False),
    f"{_OFFICE}.presentationml.presentation": Kind(_ZIP, (".pptx",), False),
    "application/msword": Kind(_OLE, (".doc",), False),
    "application/vnd.ms-excel": Kind(_OLE, (".xls",), False),
    "application/vnd.ms-powerpoint": Kind(_OLE, (".ppt",), False),
}


def require_kind(declared: str) -> None:
    """Raises Refusal("unsupported_media") for a content type that is not taken."""
    if declared not in KINDS:
        raise Refusal("unsupported_media", "files of this type are not taken", "type")


def require_beginning(declared: str, head: bytes) -> None:
    """Raises Refusal("unsupported_media") where a file does not begin as its type does."""
    require_kind(declared)
    if not KINDS[declared].begins(head[:HEAD_BYTES]):
        raise Refusal("unsupported_media", f"this is not {declared}: it begins otherwise", "type")


def shown_inline(type_: str) -> bool:
    """Whether a browser may show files of this type by itself."""
    kind = KINDS.get(type_)
    return kind is not None and kind.inline


def saved_as(name: str, type_: str) -> str:
    """The name under which a file of this type may be saved: it never ends as one of another type does."""
    kind = KINDS.get(type_)
    suffixes = kind.suffixes if kind is not None else (".bin",)
    plain = "".join("_" if char in '/\\:*?"<>|' or ord(char) < 32 else char for char in name).strip(". ")
    plain = plain[:150] or "file"
    return plain if plain.lower().endswith(suffixes) else plain + suffixes[0]
