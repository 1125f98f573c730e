"""What one node tells another of its streams on a relay, beside the media: RTCP APP packets (RFC 3550 §6.7).

Name `LIAN`; subtype 1 says how loud the microphones are that are heard, subtype 2 what the layers of pictures are
like, so that the other node can choose among them before it has asked for any.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from hub.wire.rtcp import Unknown
from hub.wire.rtcp_transport import RtcpError

APP: Final = 204
NAME: Final = b"LIAN"
LEVELS: Final = 1
LAYERS: Final = 2
#: Layers told in one datagram; a description has 44 bytes at most.
LAYERS_A_DATAGRAM: Final = 24
_HEAD: Final = struct.Struct(">I4s")
_LEVEL: Final = struct.Struct(">IBxxx")
_LAYER: Final = struct.Struct(">IHHBBxx")
_RATE: Final = struct.Struct(">I")
_MOST_RATES: Final = 8


@dataclass(frozen=True, slots=True)
class LayerNote:
    """A layer as its origin knows it: the size of its picture in pixels (0: not known yet), whether it comes or would
    come if it were asked for, and the bit rate of temporal layers 0 to t together (empty: not measured)."""

    ssrc: int
    width: int
    height: int
    available: bool
    rates_bps: tuple[int, ...]


def levels_packet(sender_ssrc: int, levels: Mapping[int, int]) -> Unknown:
    """`levels`: −dBov (0 to 127) by SSRC on the relay."""
    body = b"".join(_LEVEL.pack(ssrc, min(max(level, 0), 127)) for ssrc, level in levels.items())
    return Unknown(APP, LEVELS, _HEAD.pack(sender_ssrc, NAME) + body)


def layers_packet(sender_ssrc: int, notes: Iterable[LayerNote]) -> Unknown:
    """At most LAYERS_A_DATAGRAM of them."""
    body = b""
    for note in notes:
        rates = note.rates_bps[:_MOST_RATES]
        size = (min(note.width, 0xFFFF), min(note.height, 0xFFFF))
        body += _LAYER.pack(note.ssrc, *size, note.available, len(rates))
        body += b"".join(_RATE.pack(min(rate, 0xFFFF_FFFF)) for rate in rates)
    return Unknown(APP, LAYERS, _HEAD.pack(sender_ssrc, NAME) + body)


def read_levels(packet: Unknown) -> dict[int, int] | None:
    """What `levels_packet` wrote; None for another kind of packet. Raises RtcpError if it is cut short."""
    body = _body(packet, LEVELS)
    if body is None:
        return None
    if len(body) % _LEVEL.size:
        raise RtcpError("levels cut short")
    return dict(_LEVEL.iter_unpack(body))


def read_layers(packet: Unknown) -> list[LayerNote] | None:
    """What `layers_packet` wrote; None for another kind of packet. Raises RtcpError if it is cut short."""
    body = _body(packet, LAYERS)
    if body is None:
        return None
    notes, at = [], 0
    try:
        while at < len(body):
            ssrc, width, height, available, count = _LAYER.unpack_from(body, at)
            at += _LAYER.size
            if count > _MOST_RATES:
                raise RtcpError("a layer with more rates than there are temporal layers")
            rates = struct.unpack_from(f">{count}I", body, at)
            at += 4 * count
            notes.append(LayerNote(ssrc, width, height, bool(available), rates))
    except struct.error as error:
        raise RtcpError("layers cut short") from error
    return notes


def _body(packet: Unknown, subtype: int) -> bytes | None:
    if packet.packet_type != APP or packet.count != subtype or packet.body[4:8] != NAME:
        return None
    return packet.body[_HEAD.size :]
