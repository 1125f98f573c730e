"""RTSP 1.0 on the wire (RFC 2326): requests out, answers and interleaved packets in, as cameras really send them.

Cameras break the letter of the RFC in small ways; whatever is clear all the same is read (bare line feeds, folded or broken
header lines, stray bytes between packets). What is not, or is larger than any camera needs, is one RtspError.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from hub.wire.rtp_header import Buffer

#: Largest head of a message, largest body, and most header lines; descriptions of cameras have 300 to 2,000 bytes.
MAX_HEAD_BYTES: Final = 16_384
MAX_BODY_BYTES: Final = 65_536
MAX_HEADERS: Final = 64
#: Bytes that are passed over in a row where neither a packet nor a message begins.
MAX_STRAY_BYTES: Final = 65_536
#: What a reader takes at once: the longest packet (§10.12 has 16 bits for its length) twice, so that one always fits.
BUFFER_BYTES: Final = 1 << 17

_DOLLAR: Final = 0x24
_METHODS: Final = tuple(
    word.encode()
    for word in (
        *("OPTIONS", "DESCRIBE", "SETUP", "PLAY", "PAUSE", "RECORD", "TEARDOWN"),
        *("ANNOUNCE", "REDIRECT", "GET_PARAMETER", "SET_PARAMETER"),
    )
)
_BEGINNINGS: Final = (b"RTSP/", *_METHODS)
_LONGEST_BEGINNING: Final = max(map(len, _BEGINNINGS))


class RtspError(ValueError):
    """The bytes are no RTSP, or more of it than a camera has to say."""


class Interleaved(NamedTuple):
    """A packet inside the connection (§10.12). `data` is valid until the reader is given room for more bytes."""

    channel: int
    data: memoryview


class Headers(tuple[tuple[str, str], ...]):
    """Header lines in their order; names are compared without case."""

    __slots__ = ()

    def get(self, name: str, default: str = "") -> str:
        """The first value of this name."""
        lowered = name.lower()
        return next((value for key, value in self if key.lower() == lowered), default)

    def all(self, name: str) -> list[str]:
        """Every value of this name."""
        lowered = name.lower()
        return [value for key, value in self if key.lower() == lowered]


class Response(NamedTuple):
    """An answer. `cseq` is None where the camera left it out or garbled it."""

    status: int
    reason: str
    headers: Headers
    body: bytes

    @property
    def cseq(self) -> int | None:
        return _number(self.headers.get("CSeq"))


class Request(NamedTuple):
    """What the far side asks: REDIRECT, ANNOUNCE, a keep-alive of its own."""

    method: str
    url: str
    headers: Headers
    body: bytes

    @property
    def cseq(self) -> int | None:
        return _number(self.headers.get("CSeq"))


Message = Interleaved | Response | Request


def build_request(method: str, url: str, headers: Sequence[tuple[str, str]], body: bytes = b"") -> bytes:
    """One request (§6). Raises RtspError if a line break or a character outside Latin-1 would get into it."""
    return _build(f"{method} {url} RTSP/1.0", headers, body)


def build_response(status: int, reason: str, headers: Sequence[tuple[str, str]], body: bytes = b"") -> bytes:
    """One answer (§7). Raises RtspError as `build_request`."""
    return _build(f"RTSP/1.0 {status} {reason}", headers, body)


def build_interleaved(channel: int, packet: Buffer) -> bytes:
    """A packet inside the connection (§10.12). Raises RtspError if it is longer than 65,535 bytes."""
    if not (0 <= channel <= 255 and len(packet) <= 0xFFFF):
        raise RtspError("channel or length out of range")
    return b"".join((bytes((_DOLLAR, channel)), len(packet).to_bytes(2, "big"), packet))


def _build(first: str, headers: Sequence[tuple[str, str]], body: bytes) -> bytes:
    lines = [first, *(f"{name}: {value}" for name, value in headers)]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    if any("\r" in line or "\n" in line or "\0" in line for line in lines):
        raise RtspError("a line break inside a header")
    try:
        return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8") + body
    except UnicodeEncodeError as error:
        raise RtspError("a character that cannot be written") from error


class Reader:
    """Bytes of one connection in, messages out.

    To be used without copies: receive into `room()`, tell how much came with `came()`, walk through `messages()`. `stray`
    counts bytes that were passed over.
    """

    def __init__(self) -> None:
        self.stray = 0
        self._buffer = bytearray(BUFFER_BYTES)
        self._view = memoryview(self._buffer)
        self._at = 0
        self._end = 0
        self._stray_now = 0

    def room(self) -> memoryview:
        """Where the next bytes go; packets given before are no longer valid. Never empty."""
        at, end = self._at, self._end
        if at:
            left = end - at
            if left == 0 or end > BUFFER_BYTES // 2:
                self._buffer[:left] = self._buffer[at:end]
                self._at, self._end = 0, left
        return self._view[self._end :]

    def came(self, count: int) -> None:
        """So many bytes were written into the room."""
        self._end += count

    def feed(self, data: Buffer) -> list[Message]:
        """The same for bytes that are there already; packets are copied. Raises RtspError."""
        found: list[Message] = []
        rest = memoryview(data)
        while rest:
            room = self.room()
            count = min(len(room), len(rest))
            room[:count] = rest[:count]
            self.came(count)
            rest = rest[count:]
            for message in self.messages():
                if isinstance(message, Interleaved):
                    message = Interleaved(message.channel, memoryview(bytes(message.data)))
                found.append(message)
        return found

    def messages(self) -> Iterator[Message]:
        """What is complete. Raises RtspError."""
        buffer, view = self._buffer, self._view
        while (have := self._end - self._at) > 0:
            at = self._at
            if buffer[at] == _DOLLAR:
                if have < 4:
                    return
                length = 4 + (buffer[at + 2] << 8 | buffer[at + 3])
                if have < length:
                    return
                self._at = at + length
                self._stray_now = 0
                yield Interleaved(buffer[at + 1], view[at + 4 : at + length])
                continue
            message = self._text()
            if message is not None:
                yield message
            elif self._at == at:
                return

    def _text(self) -> Response | Request | None:
        """The message that begins here; None, and nothing moved, while it is not complete."""
        buffer, at, end = self._buffer, self._at, self._end
        head = bytes(buffer[at : min(end, at + _LONGEST_BEGINNING)])
        if not any(head.startswith(word) or word.startswith(head) for word in _BEGINNINGS):
            self._pass_over()
            return None
        limit = min(end, at + MAX_HEAD_BYTES)
        stop, skip = _end_of_head(buffer, at, limit)
        if stop < 0:
            if end - at >= MAX_HEAD_BYTES:
                raise RtspError("a head without an end")
            return None
        lines = _unfolded(bytes(buffer[at:stop]).decode("utf-8", "replace"))
        headers = _headers(lines[1:])
        length = _body_length(headers)
        body_at = stop + skip
        if end - body_at < length:
            return None
        body = bytes(buffer[body_at : body_at + length])
        message = _message(lines[0], headers, body)
        self._at = body_at + length
        self._stray_now = 0
        return message

    def _pass_over(self) -> None:
        """Bytes that begin nothing: on to the next that may. Empty lines between messages are usual (§4.2)."""
        buffer, at, end = self._buffer, self._at, self._end
        following = at
        while following < end and buffer[following] in b"\r\n":
            following += 1
        if following == at:
            # What may begin anew after noise is a packet, or an answer.
            places = [place for mark in b"$R" if (place := buffer.find(mark, at + 1, end)) >= 0]
            following = min(places, default=end)
            self.stray += following - at
        self._stray_now += following - at
        if self._stray_now > MAX_STRAY_BYTES:
            raise RtspError("neither packets nor messages")
        self._at = following


def _end_of_head(buffer: bytearray, at: int, limit: int) -> tuple[int, int]:
    """Where the empty line begins, and its length; (-1, 0) if there is none."""
    best, length = -1, 0
    for mark in (b"\r\n\r\n", b"\n\n", b"\n\r\n"):
        place = buffer.find(mark, at, limit)
        if place >= 0 and (best < 0 or place < best):
            best, length = place, len(mark)
    return best, length


def _unfolded(text: str) -> list[str]:
    """Lines, with those that begin with white space joined to the one before (RFC 2326 §4.2)."""
    lines: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if lines and line[:1] in (" ", "\t"):
            lines[-1] += " " + line.strip()
        else:
            lines.append(line)
    return lines


def _headers(lines: list[str]) -> Headers:
    """What has a colon; the rest is passed over."""
    if len(lines) > MAX_HEADERS:
        raise RtspError("too many header lines")
    pairs = (line.partition(":") for line in lines if ":" in line)
    return Headers((name.strip(), value.strip()) for name, _, value in pairs)


def _body_length(headers: Headers) -> int:
    text = headers.get("Content-Length")
    if not text:
        return 0
    length = _number(text)
    if length is None or length > MAX_BODY_BYTES:
        raise RtspError("a body of impossible length")
    return length


def _message(first: str, headers: Headers, body: bytes) -> Response | Request:
    words = first.split(None, 2)
    if words and words[0].startswith("RTSP/"):
        status = _number(words[1]) if len(words) > 1 else None
        if status is None or not 100 <= status <= 999:
            raise RtspError("an answer without a status")
        return Response(status, words[2].strip() if len(words) > 2 else "", headers, body)
    if len(words) < 2:
        raise RtspError("a request without a target")
    return Request(words[0], words[1], headers, body)


def _number(text: str) -> int | None:
    """A whole number in ASCII digits, else None."""
    stripped = text.strip()
    return int(stripped) if stripped.isascii() and stripped.isdigit() and len(stripped) <= 10 else None
