"""Sound in a file is laid end to end: browsers play it by samples, and what comes behind a hole would come too early.

Where nothing came (a muted microphone, lost packets, the pauses of DTX, RFC 7587 §3.1.3) silence is put in. Where more came
than there is room for, a frame is left out: a sender's clock that is a little fast does not push sound away from picture.
"""

from __future__ import annotations

from typing import Final

#: One frame of 20 ms in which the encoder had nothing to say (RFC 6716 §3.1: configuration 31, one frame, mono).
SILENT_FRAME: Final = b"\xf8\xff\xfe"
SILENT_SAMPLES: Final = 960
#: Samples in a millisecond: Opus counts at 48 kHz whatever it carries (RFC 7587 §4.1).
MS: Final = 48
#: A hole this much short of a silent frame is filled, an overlap this much short of a frame makes it be left out.
SLACK_SAMPLES: Final = 120
#: Samples of one frame by the four steps of a configuration: SILK, then hybrid, then CELT (RFC 6716 §3.1, table 2).
_SILK: Final = (480, 960, 1920, 2880)
_HYBRID: Final = (480, 960)
_CELT: Final = (120, 240, 480, 960)
#: No packet is longer than 120 ms (RFC 6716 §3.2.5, R5).
_LONGEST: Final = 5760


def opus_samples(packet: bytes) -> int:
    """How long an Opus packet sounds, in samples at 48 kHz (RFC 6716 §3.1, §3.2). One that cannot be counts as 20 ms."""
    if not packet:
        return SILENT_SAMPLES
    configuration, code = packet[0] >> 3, packet[0] & 3
    if configuration < 12:
        each = _SILK[configuration & 3]
    elif configuration < 16:
        each = _HYBRID[configuration & 1]
    else:
        each = _CELT[configuration & 3]
    frames = (1, 2, 2, packet[1] & 0x3F if len(packet) > 1 else 0)[code]
    samples = each * frames
    return samples if 0 < samples <= _LONGEST else SILENT_SAMPLES


class SoundLine:
    """Where the sound of one file goes. Moments are in ms from its start."""

    def __init__(self) -> None:
        self.filled = 0
        self.left_out = 0
        self._end = 0  # samples so far

    @property
    def end_ms(self) -> int:
        """Where the sound ends that was given so far."""
        return self._end // MS

    def place(self, packet: bytes, at_ms: int) -> list[tuple[int, bytes]]:
        """(moment, packet) of what is to be written for a packet that belongs at `at_ms`: silence before it, and itself."""
        written = self.fill(at_ms)
        samples = opus_samples(packet)
        if self._end - at_ms * MS >= max(samples, SILENT_SAMPLES) - SLACK_SAMPLES:
            self.left_out += 1
            return written
        written.append((self._end // MS, packet))
        self._end += samples
        return written

    def fill(self, until_ms: int) -> list[tuple[int, bytes]]:
        """Silence up to this moment, as far as whole frames go."""
        count = max(0, (until_ms * MS - self._end + SLACK_SAMPLES) // SILENT_SAMPLES)
        written = [((self._end + n * SILENT_SAMPLES) // MS, SILENT_FRAME) for n in range(count)]
        self._end += count * SILENT_SAMPLES
        self.filled += count
        return written
