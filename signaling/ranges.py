"""HTTP byte ranges (RFC 9110 §14): one range of a file whose size is known now."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from signaling.errors import HeaderedRefusal

#: Numbers may be as long as they like (RFC 9110 §14.1.2): what is behind the end is the end. No header is longer than this.
_RANGE: Final = re.compile(r"bytes=([0-9]{0,999})-([0-9]{0,999})", re.ASCII)
#: A range unit: a token (RFC 9110 §5.6.2).
_UNIT: Final = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Bytes `first` up to and with `last`."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1

    def content_range(self, size: int) -> str:
        """The Content-Range header."""
        return f"bytes {self.first}-{self.last}/{size}"


def parse_range(header: str, size: int) -> ByteRange | None:
    """The bytes that a Range header asks of a file of `size` bytes; None for a unit other than bytes, which is ignored.

    Raises Refusal `range_not_satisfiable`, with the size in Content-Range, for a range outside the file, for more
    than one range and for anything that is none.
    """
    unit, equals, _ = header.strip().lower().partition("=")
    if equals and unit != "bytes" and _UNIT.fullmatch(unit) is not None:
        return None
    found = _RANGE.fullmatch(header.strip().lower())
    if found is not None:
        first_text, last_text = found.groups()
        if first_text:
            first, last = int(first_text), min(int(last_text), size - 1) if last_text else size - 1
            # A last before the first is malformed; a first behind the end is outside.
            if first <= last:
                return ByteRange(first, last)
        elif last_text and int(last_text) > 0 and size > 0:
            return ByteRange(max(0, size - int(last_text)), size - 1)
    raise HeaderedRefusal(
        "range_not_satisfiable",
        f"ask for one range of the {size} bytes there are",
        {"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"},
    )
