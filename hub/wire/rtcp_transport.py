"""Transport-wide congestion feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1)."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

#: A delta is a multiple of 250 µs, the reference time one of 64 ms (256 deltas).
TICK_US: Final = 250
REFERENCE_TICKS: Final = 256
#: More packets than this in one message come from nobody: 8,192 packets are 5 s at 15 Mbit/s.
MAX_PACKETS: Final = 8192
#: What we put into one message at most, so that it fits a datagram with room for other reports.
_BUILD_RECEIVED: Final = 400
_BUILD_SPAN: Final = 2000
_FIXED: Final = struct.Struct(">HHI")


class RtcpError(ValueError):
    """The bytes are no RTCP packet, or a value does not fit into one."""


@dataclass(frozen=True, slots=True)
class TransportFeedback:
    """When packets arrived, by transport-wide sequence number.

    `base_sequence` (16 bits) is that of the first entry of `deltas`; each delta is the time since the
    packet received before it (the first: since the reference time) in ticks of 250 µs, None for a packet
    not received. `reference_time` is in 64 ms, 24 bits, signed; `count` numbers the messages modulo 256.
    """

    sender_ssrc: int
    media_ssrc: int
    base_sequence: int
    reference_time: int
    count: int
    deltas: tuple[int | None, ...]

    def arrivals(self) -> Iterator[tuple[int, int | None]]:
        """(16-bit sequence number, arrival in µs on the receiver's clock or None) for each packet."""
        ticks = self.reference_time * REFERENCE_TICKS
        for index, delta in enumerate(self.deltas):
            sequence = (self.base_sequence + index) & 0xFFFF
            if delta is None:
                yield sequence, None
            else:
                ticks += delta
                yield sequence, ticks * TICK_US


def parse_feedback(sender_ssrc: int, media_ssrc: int, body: bytes) -> TransportFeedback:
    """The message whose part after both SSRCs is `body`. Raises RtcpError where it does not add up."""
    if len(body) < 10:
        raise RtcpError("transport feedback cut short")
    base, status_count, rest = _FIXED.unpack_from(body)
    if not 0 < status_count <= MAX_PACKETS:
        raise RtcpError("transport feedback for no packets or too many")
    statuses, at = _statuses(body, status_count)
    deltas: list[int | None] = []
    for status in statuses:
        if status == 0:
            deltas.append(None)
            continue
        if status == 3 or at + status > len(body):
            raise RtcpError("reserved packet status, or deltas cut short")
        if status == 1:
            deltas.append(body[at])
        else:
            deltas.append(int.from_bytes(body[at : at + 2], "big", signed=True))
        at += status  # status 1 is a delta of one byte, 2 of two
    if len(body) - at > 3:
        raise RtcpError("bytes after the deltas")
    reference = rest >> 8
    if reference >= 1 << 23:
        reference -= 1 << 24
    return TransportFeedback(sender_ssrc, media_ssrc, base, reference, rest & 0xFF, tuple(deltas))


def _statuses(body: bytes, count: int) -> tuple[list[int], int]:
    """The `count` packet statuses from the chunks (§3.1.2 to §3.1.4), and where the chunks end."""
    statuses: list[int] = []
    at = 8
    while len(statuses) < count:
        if at + 2 > len(body):
            raise RtcpError("transport feedback chunks cut short")
        chunk = body[at] << 8 | body[at + 1]
        at += 2
        left = count - len(statuses)
        if chunk < 0x8000:
            run = chunk & 0x1FFF
            if run == 0:
                raise RtcpError("an empty run")
            statuses += [chunk >> 13] * min(run, left)
        elif chunk < 0xC000:
            statuses += [chunk >> shift & 1 for shift in range(13, -1, -1)][:left]
        else:
            statuses += [chunk >> shift & 3 for shift in range(12, -1, -2)][:left]
    return statuses, at


def feedback_body(feedback: TransportFeedback) -> bytes:
    """The part after both SSRCs, padded to 32 bits. Raises RtcpError if a value is out of range."""
    deltas = feedback.deltas
    if not 0 < len(deltas) <= MAX_PACKETS:
        raise RtcpError("transport feedback for no packets or too many")
    statuses = [0 if delta is None else 1 if 0 <= delta <= 255 else 2 for delta in deltas]
    rest = (feedback.reference_time & 0xFF_FFFF) << 8 | feedback.count & 0xFF
    parts = [_FIXED.pack(feedback.base_sequence & 0xFFFF, len(deltas), rest), _chunks(statuses)]
    try:
        for delta in deltas:
            if delta is not None:
                parts.append(struct.pack(">B" if 0 <= delta <= 255 else ">h", delta))
    except struct.error as error:
        raise RtcpError("a delta over 8 seconds") from error
    body = b"".join(parts)
    return body + bytes(-len(body) % 4)


def _chunks(statuses: Sequence[int]) -> bytes:
    """Runs where they are longer than a vector could hold, else vectors of 14 one-bit or 7 two-bit statuses."""
    chunks = []
    at, end = 0, len(statuses)
    while at < end:
        status = statuses[at]
        run = 1
        while at + run < end and run < 0x1FFF and statuses[at + run] == status:
            run += 1
        if run >= 14 or (run >= 7 and status == 2) or at + run == end:
            chunk, taken = status << 13 | run, run
        elif all(one < 2 for one in statuses[at : at + 14]):
            chunk, taken = 0x8000, min(14, end - at)
            for index in range(taken):
                chunk |= statuses[at + index] << (13 - index)
        else:
            chunk, taken = 0xC000, min(7, end - at)
            for index in range(taken):
                chunk |= statuses[at + index] << (12 - 2 * index)
        chunks.append(chunk)
        at += taken
    return struct.pack(f">{len(chunks)}H", *chunks)


def feedback_from_arrivals(
    sender_ssrc: int, media_ssrc: int, count: int, arrivals: Sequence[tuple[int, int]]
) -> list[TransportFeedback]:
    """Messages that report `arrivals`: (unwrapped transport-wide sequence number, arrival in µs), by number.

    `count` is that of the first message; each further one counts on. A new message begins where one grows
    full or a delta would not fit. Numbers must rise; what lies between two of one message counts as lost.
    """
    messages: list[TransportFeedback] = []
    deltas: list[int | None] = []
    base = previous = reference = ticks = received = 0

    def finish() -> None:
        if deltas:
            number = (count + len(messages)) & 0xFF
            one = TransportFeedback(sender_ssrc, media_ssrc, base & 0xFFFF, reference, number, tuple(deltas))
            messages.append(one)

    for sequence, arrival_us in arrivals:
        now = arrival_us // TICK_US
        missing = sequence - previous - 1
        if deltas and missing < 0:
            raise RtcpError("arrivals are not in order of their numbers")
        full = received >= _BUILD_RECEIVED or len(deltas) + missing >= _BUILD_SPAN
        if not deltas or full or not -0x8000 <= now - ticks < 0x8000:
            finish()
            deltas, base, received, missing = [], sequence, 0, 0
            # The time wraps after 12 days; what counts are differences.
            reference = (now // REFERENCE_TICKS + (1 << 23)) % (1 << 24) - (1 << 23)
            ticks = now // REFERENCE_TICKS * REFERENCE_TICKS
        deltas += [None] * missing
        deltas.append(now - ticks)
        ticks, previous = now, sequence
        received += 1
    finish()
    return messages
