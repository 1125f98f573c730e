"""Transport-wide feedback that is plain, and a line that has heard its first message."""

from __future__ import annotations

import struct
from typing import Final

from hub.media import native
from hub.media.estimate import line as hub_line
from hub.media.estimate.bandwidth import Estimator
from hub.wire.rtcp import ReceiverReport, ReportBlock
from hub.wire.rtcp_build import serialise
from tests.support.summed_line import NOT_PLAIN, Summing

START: Final = 65_530
REFERENCE: Final = (1 << 24) - 1
#: A receiver report by itself.
REPORT: Final = serialise([ReceiverReport(1, (ReportBlock(2, 0, 0, 1, 0, 0, 0),))])


def message(
    base: int, reference: int, deltas: bytes, chunks: tuple[int, ...] | None = None, *, padded: bool = False
) -> bytes:
    """Feedback about `deltas`, all small; by a run if no chunks are given."""
    count = len(deltas)
    body = b"".join(chunk.to_bytes(2, "big") for chunk in (chunks or (0x2000 | count,))) + deltas
    rest = -len(body) % 4
    if rest:
        body += bytes(rest - 1) + bytes([rest if padded else 0])
    head = 0xAF if padded and rest else 0x8F
    reference = (reference & 0xFF_FFFF) << 8
    fixed = (head, 205, 4 + len(body) // 4, 1, 2, base & 0xFFFF, count, reference)
    return struct.pack(">BBHIIHHI", *fixed) + body


class Told(Summing):
    """One that has heard its first message, so that plain ones are summed up. 40 packets were sent, one each 20 ms, and
    arrive 50 ms later (in ticks: 80 apart)."""

    def __init__(self) -> None:
        super().__init__(Estimator(0.0), START)
        for number in range(40):
            self.sent(START + number, (1000 + number,), 1.0 + 0.02 * number)
        assert self.hear(message(START, REFERENCE, bytes([200, 80])), 1.1) == NOT_PLAIN
        assert self.estimator.messages == 1

    def digest(self) -> bytes:
        """All that is in the digest."""
        return bytes(native.ffi.buffer(self.line.native))[: hub_line._DIGEST.size]


def next_one(count: int = 3) -> bytes:
    """The message after the first."""
    return message(START + 2, REFERENCE + 1, bytes([104, *[80] * (count - 1)]))
