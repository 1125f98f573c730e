"""What the hub reads from the header extensions of a packet it receives: all of it in one walk (RFC 8285)."""

from __future__ import annotations

from typing import Final, NamedTuple

from hub.wire.rtp_extensions import (
    ONE_BYTE_PROFILE,
    TWO_BYTE_PROFILE,
    read_audio_level,
    read_text,
    read_transport_sequence,
)
from hub.wire.rtp_header import Buffer, RtpError, RtpHeader
from hub.wire.sdp_plan import ExtensionIds


class Received(NamedTuple):
    """The values of one packet; -1 or None where it has none.

    `transport_sequence` is the transport-wide number, `audio_level` −dBov (0 loudest, 127 silence), `mid`,
    `rid` and `repaired_rid` are SDES items (RFC 8852, RFC 9143).
    """

    transport_sequence: int = -1
    audio_level: int = -1
    mid: str | None = None
    rid: str | None = None
    repaired_rid: str | None = None


_NOTHING: Final = Received()
# The generated __new__ of a NamedTuple costs as much as the reading.
_new: Final = tuple.__new__
_TRANSPORT, _LEVEL, _MID, _RID, _REPAIRED = 1, 2, 3, 4, 5


class ReceivedReader:
    """Reads the extensions negotiated for one section."""

    def __init__(self, ids: ExtensionIds) -> None:
        wanted = (ids.transport_sequence, ids.audio_level, ids.mid, ids.rid, ids.repaired_rid)
        #: What an element with each id means, 0 for nothing that is read.
        meanings = bytearray(256)
        for meaning, number in enumerate(wanted, _TRANSPORT):
            if number is not None:
                meanings[number] = meaning
        self._meanings: Final = bytes(meanings)

    def read(self, data: Buffer, header: RtpHeader) -> Received:
        """The values in a packet with this header. Raises RtpError for an element that does not add up."""
        profile = header[7]
        at = header[8]
        end = at + header[9]
        one_byte = profile == ONE_BYTE_PROFILE
        if not one_byte and profile & 0xFFF0 != TWO_BYTE_PROFILE:
            return _NOTHING
        meanings = self._meanings
        number = level = -1
        mid = rid = repaired = None
        while at < end:
            first = data[at]
            at += 1
            if first == 0:  # padding between elements
                continue
            if one_byte:
                if first >= 0xF0:  # id 15: everything after it is to be ignored (§4.2)
                    break
                length = (first & 0x0F) + 1
                first >>= 4
            else:
                if at >= end:
                    raise RtpError("extension element without a length")
                length = data[at]
                at += 1
            if at + length > end:
                raise RtpError("extension element outside its section")
            meaning = meanings[first]
            if meaning == 0:
                pass
            elif meaning == _TRANSPORT:
                plain = length == 2  # as it nearly always is; the reader judges the rest
                number = (
                    data[at] << 8 | data[at + 1] if plain else read_transport_sequence(data, (at, length))
                )
            elif meaning == _LEVEL:
                level, _ = read_audio_level(data, (at, length))
            elif meaning == _MID:
                mid = read_text(data, (at, length))
            elif meaning == _RID:
                rid = read_text(data, (at, length))
            elif meaning == _REPAIRED:
                repaired = read_text(data, (at, length))
            at += length
        return _new(Received, (number, level, mid, rid, repaired))
