"""The places where the station reaches into aiortc 1.16 and aioice 0.13, and why. A contract test watches each.

aiortc's sender passes encoded packets through, but then leaves out the audio level (RFC 6464), by which the hub finds
who speaks, and cannot answer a request for a key frame. Both are put right by two methods of the sender's instance.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

import aioice.ice
from aiortc import RTCPeerConnection, RTCRtpSender
from aiortc.rtcrtpsender import RTCEncodedFrame

from clients.station.player import Unit

#: Most bytes of one RTP payload, as aiortc's own.
_PAYLOAD_BYTES: Final = 1300


def vp8_payloads(frame: bytes, picture_id: int) -> list[bytes]:
    """A VP8 picture as RTP payloads, each with a descriptor that carries a 15-bit picture id (RFC 7741 section 4.2)."""
    extension = bytes((0x80, 0x80 | (picture_id >> 8) & 0x7F, picture_id & 0xFF))
    size = _PAYLOAD_BYTES - 1 - len(extension)
    return [
        bytes((0x80 | (0x10 if start == 0 else 0),)) + extension + frame[start : start + size]
        for start in range(0, len(frame), size)
    ]


def pass_through(
    sender: RTCRtpSender, next_unit: Callable[[], Awaitable[Unit]], ask_key: Callable[[], None]
) -> None:
    """Let the sender take encoded units from `next_unit`, and tell `ask_key` when a PLI or FIR comes."""
    picture_id = 0

    async def next_encoded_frame(codec: Any) -> RTCEncodedFrame:
        nonlocal picture_id
        unit = await next_unit()
        timestamp = unit.timestamp & 0xFFFFFFFF
        if codec.name != "VP8":
            return RTCEncodedFrame([unit.data], timestamp, unit.level)  # type: ignore[arg-type]
        picture_id = (picture_id + 1) & 0x7FFF
        return RTCEncodedFrame(vp8_payloads(unit.data, picture_id), timestamp, None)  # type: ignore[arg-type]

    sender._next_encoded_frame = next_encoded_frame  # type: ignore[method-assign]
    sender._send_keyframe = ask_key  # type: ignore[method-assign]


def goes_by_relay(connection: RTCPeerConnection) -> bool | None:
    """Whether a connection goes over a relay, by the candidate that ICE has nominated; None before it has."""
    for sender in connection.getSenders():
        for pair in sender.transport.transport._connection._nominated.values():
            return bool(pair.local_candidate.type == "relay")
    return None


_host_addresses = aioice.ice.get_host_addresses


def _host_addresses_or_loopback(use_ipv4: bool, use_ipv6: bool) -> list[str]:
    return list(_host_addresses(use_ipv4=use_ipv4, use_ipv6=use_ipv6)) or ["127.0.0.1"]


def allow_loopback() -> None:
    """On a machine without any network, offer the loopback address: aioice leaves it out and then finds none."""
    aioice.ice.get_host_addresses = _host_addresses_or_loopback


def local_candidate_type(connection: RTCPeerConnection) -> str:
    """`host`, `srflx` or `relay`: of the pair by which packets go; `host` where aioice does not say."""
    for sender in connection.getSenders():
        ice = getattr(getattr(sender.transport, "transport", None), "_connection", None)
        for pair in (getattr(ice, "_nominated", None) or {}).values():
            return str(pair.local_candidate.type)
    return "host"
