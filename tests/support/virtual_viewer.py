"""A viewer in virtual time that does what a browser does: asks, reports, holds pictures and sound back, and plays them.

What it saw and heard is counted as a browser's statistics count it (freezes as `totalFreezesDuration` does).
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass

from hub.media.ingest.feedback import ArrivalLog
from hub.wire import ntp, rtcp, rtp_extensions
from hub.wire.red import parse_red
from hub.wire.rtp_header import RtpHeader
from tests.support.media_light import RED, TRANSPORT_ID, LightPeer
from tests.support.media_world import World

#: A browser that waits for a packet asks again after this long (Chromium's default round trip), so often.
_ASK_AGAIN_S, _TRIES = 0.1, 10
#: Without a picture that can be shown for so long it asks for a key frame.
_STUCK_S = 0.5


@dataclass(slots=True)
class _Frame:
    """A picture in the making: its time stamp, numbers from first to last (-1: not known yet), and when whole."""

    timestamp: int
    first: int
    last: int
    key: bool
    picture: int


class PicturePlayer:
    """One video slot. `hold_s` is how long a picture is held back, as the page asks of browsers on a lossy line
    (`jitterBufferTarget`)."""

    def __init__(self, world: World, peer: LightPeer, ssrc: int, rtx_ssrc: int, hold_s: float) -> None:
        self.world = world
        self.peer = peer
        self.ssrc = ssrc
        self.rtx_ssrc = rtx_ssrc
        self.hold_s = hold_s
        self.counters: Counter[str] = Counter()
        #: When each picture was shown, and how wide it was where that is known.
        self.shown: list[float] = []
        self.widths: list[tuple[float, int]] = []
        self.packets: dict[int, tuple[int, bool, bytes]] = {}
        self.first = self.newest = -1
        self._next = -1
        self._asked: dict[int, tuple[float, int]] = {}
        self._base: float | None = None
        self._stuck_since = world.network.now
        self._stamp = 0
        self._extended = 0
        world.network.every(0.02, self._tend)

    def take(self, header: RtpHeader, payload: bytes) -> None:
        """A packet of the slot or of its RTX."""
        number = header.sequence
        if header.ssrc == self.rtx_ssrc:
            if len(payload) < 3:
                return
            number, payload = int.from_bytes(payload[:2], "big"), payload[2:]
            self.counters["repaired"] += 1
        if self.newest < 0:
            self.first = self.newest = self._next = number + 0x1_0000
        full = self.newest + ((number - self.newest + 0x8000) & 0xFFFF) - 0x8000
        if full in self.packets:
            self.counters["duplicate"] += 1
            return
        self.newest = max(self.newest, full)
        self.packets[full] = (header.timestamp, header.marker, payload)
        self._play()

    @property
    def missing(self) -> list[int]:
        """Numbers that never came, but for the last two seconds' worth."""
        return [n for n in range(self.first, self.newest - 400) if n not in self.packets]

    def frozen_s(self) -> float:
        """The time between pictures that a browser counts as frozen: three times the mean, or 150 ms more than it."""
        gaps = [after - before for before, after in itertools.pairwise(self.shown)]
        if not gaps:
            return 0.0
        mean = sum(gaps) / len(gaps)
        limit = max(3 * mean, mean + 0.15)
        return sum(gap for gap in gaps if gap > limit)

    def longest_gap_s(self, begin: float, end: float) -> float:
        """The longest time between two pictures shown in this stretch of time."""
        shown = [when for when in self.shown if begin <= when <= end]
        return max((after - before for before, after in itertools.pairwise(shown)), default=end - begin)

    # --- playing --------------------------------------------------------------------------------------

    def _play(self) -> None:
        while (frame := self._whole(self._next)) is not None:
            self._show(frame)
        if self._next <= self.newest:
            self._jump()

    def _whole(self, first: int) -> _Frame | None:
        """The picture that begins with this number, if all of it is there."""
        number = first
        while number in self.packets:
            timestamp, marker, _ = self.packets[number]
            if marker:
                payload = self.packets[first][2]
                key = bool(payload[0] & 0x10) and not payload[6] & 0x01
                return _Frame(timestamp, first, number, key, int.from_bytes(payload[2:4], "big") & 0x7FFF)
            number += 1
        return None

    def _show(self, frame: _Frame) -> None:
        now = self.world.network.now
        self._extended += ((frame.timestamp - self._stamp + 0x8000_0000) & 0xFFFF_FFFF) - 0x8000_0000
        self._stamp = frame.timestamp
        media = self._extended / 90_000
        base = now - media
        if self._base is None or base < self._base:
            self._base = base
        at = max(now, self._base + media + self.hold_s)
        if self.shown and at < self.shown[-1]:
            at = self.shown[-1]
        self.shown.append(at)
        self._stuck_since = now
        if frame.key:
            self.counters["key_frames"] += 1
            head = self.packets[frame.first][2][6:]
            if head[3:6] == b"\x9d\x01\x2a":
                self.widths.append((at, int.from_bytes(head[6:8], "little")))
        self._next = frame.last + 1

    def _jump(self) -> None:
        """Go on with a whole key frame after the hole, or ask for one."""
        for number in range(self._next + 1, self.newest + 1):
            packet = self.packets.get(number)
            if packet is not None and packet[2][0] & 0x10 and not packet[2][6] & 0x01:
                frame = self._whole(number)
                if frame is not None:
                    self.counters["jumped"] += 1
                    self._next = number
                    self._show(frame)
                    return
        if self.world.network.now - self._stuck_since < _STUCK_S:
            return
        self._stuck_since = self.world.network.now
        self.counters["pli"] += 1
        self.peer.send_rtcp(rtcp.Pli(1, self.ssrc))

    def _tend(self) -> None:
        now, ask = self.world.network.now, []
        for number in (
            range(max(self.first, self._next, self.newest - 400), self.newest) if self.newest > 0 else ()
        ):
            if number in self.packets:
                continue
            asked_at, tries = self._asked.get(number, (0.0, 0))
            if tries < _TRIES and now - asked_at >= _ASK_AGAIN_S:
                self._asked[number] = (now, tries + 1)
                ask.append(number & 0xFFFF)
        if ask:
            self.counters["nacks"] += len(ask)
            self.peer.send_rtcp(rtcp.Nack(1, self.ssrc, tuple(ask)))
        self._play()


class SoundPlayer:
    """One audio slot: a frame is heard if it, a copy of it in a later RED packet, or the frame after it (which carries
    it once more in few bits: Opus FEC, RFC 6716 §2.1.7) is there in time. With `asks` it is asked for again."""

    def __init__(
        self, world: World, peer: LightPeer, ssrc: int, hold_s: float, *, asks: bool = False
    ) -> None:
        self.world = world
        self.peer = peer
        self.ssrc = ssrc
        self.hold_s = hold_s
        self.counters: Counter[str] = Counter()
        self.arrived: dict[int, float] = {}
        self.first = -1
        self.newest = -1
        self._came: set[int] = set()
        self._newest_number = -1
        self._asked: dict[int, tuple[float, int]] = {}
        if asks:
            world.network.every(0.02, self._ask)

    def _ask(self) -> None:
        now, ask = self.world.network.now, []
        for number in range(max(0, self._newest_number - 25), self._newest_number):
            asked_at, tries = self._asked.get(number, (0.0, 0))
            if number not in self._came and tries < _TRIES and now - asked_at >= _ASK_AGAIN_S:
                self._asked[number] = now, tries + 1
                ask.append(number & 0xFFFF)
        if ask:
            self.counters["nacks"] += len(ask)
            self.peer.send_rtcp(rtcp.Nack(1, self.ssrc, tuple(ask)))

    def take(self, header: RtpHeader, payload: bytes) -> None:
        """A packet of the slot."""
        frames = [header.timestamp]
        self.counters["packets"] += 1
        if self._newest_number < 0:
            self._newest_number = header.sequence + 0x1_0000
        number = self._newest_number
        number += ((header.sequence - number + 0x8000) & 0xFFFF) - 0x8000
        self._newest_number = max(self._newest_number, number)
        self.counters["again"] += number in self._asked and number not in self._came
        self._came.add(number)
        if header.payload_type == RED:
            self.counters["red"] += 1
            frames += [header.timestamp - block.timestamp_offset for block in parse_red(payload)[:-1]]
        now = self.world.network.now
        for timestamp in frames:
            if self.newest < 0:
                self.first = self.newest = timestamp + (1 << 32)
            full = self.newest + ((timestamp - self.newest + (1 << 31)) & 0xFFFF_FFFF) - (1 << 31)
            self.newest = max(self.newest, full)
            self.arrived.setdefault(full, now)

    def residual(self, *, with_fec: bool = True) -> float:
        """The share of frames that were not there when they were to be heard."""
        base = min(when - frame / 48_000 for frame, when in self.arrived.items())
        due = range(self.first, self.newest - 48_000, 960)
        late = 0
        for frame in due:
            deadline = base + frame / 48_000 + self.hold_s
            serving = (frame, frame + 960) if with_fec else (frame,)
            late += all(self.arrived.get(one, deadline + 1) > deadline for one in serving)
        return late / len(due)


class VirtualViewer:
    """All slots of a watching peer (`video` pictures, then sounds), its feedback and its receiver reports."""

    def __init__(
        self,
        world: World,
        peer: LightPeer,
        *,
        video: int = 1,
        hold_s: float = 0.3,
        sound_hold_s: float = 0.2,
        sound_again: bool = False,
    ) -> None:
        slots = peer.slots
        self.world = world
        self.peer = peer
        self.pictures = [
            PicturePlayer(world, peer, slots[2 * index], slots[2 * index + 1], hold_s)
            for index in range(video)
        ]
        self.sounds = [
            SoundPlayer(world, peer, ssrc, sound_hold_s, asks=sound_again) for ssrc in slots[2 * video :]
        ]
        self._players: dict[int, PicturePlayer | SoundPlayer] = {}
        for picture in self.pictures:
            self._players[picture.ssrc] = self._players[picture.rtx_ssrc] = picture
        for sound in self.sounds:
            self._players[sound.ssrc] = sound
        self.bytes = 0
        self._arrivals = ArrivalLog()
        self._told: dict[int, tuple[int, int]] = {}
        self._heard: dict[int, tuple[int, float]] = {}
        peer.on_rtp = self._take
        peer.on_rtcp = self._hear
        world.network.every(0.05, self._feed_back)
        world.network.every(1.0, self._report)

    def _take(self, header: RtpHeader, packet: bytes) -> None:
        self.bytes += len(packet)
        place = rtp_extensions.find_extension(packet, header, TRANSPORT_ID)
        if place is not None:
            number = rtp_extensions.read_transport_sequence(packet, place)
            self._arrivals.arrive(number, self.world.network.now)
        player = self._players.get(header.ssrc)
        if player is not None:
            player.take(header, packet[header.payload_offset : header.payload_end])

    def _hear(self, packet: rtcp.RtcpPacket) -> None:
        if isinstance(packet, rtcp.SenderReport):
            self._heard[packet.ssrc] = (ntp.middle(packet.ntp), self.world.network.now)

    def _feed_back(self) -> None:
        for message in self._arrivals.messages(1, self.peer.slots[0]):
            self.peer.send_rtcp(message)

    def _report(self) -> None:
        """A receiver report: loss before repair since the last one."""
        blocks = []
        for picture in self.pictures:
            got = len(picture.packets) - picture.counters["repaired"]
            blocks.append(self._block(picture.ssrc, picture.newest - picture.first + 1, got, picture.newest))
        for sound in self.sounds:
            expected = (sound.newest - sound.first) // 960 + 1
            blocks.append(self._block(sound.ssrc, expected, sound.counters["packets"], sound.newest // 960))
        self.peer.send_rtcp(rtcp.ReceiverReport(1, tuple(blocks)))

    def _block(self, ssrc: int, expected: int, got: int, newest: int) -> rtcp.ReportBlock:
        before_expected, before_got = self._told.get(ssrc, (0, 0))
        self._told[ssrc] = (expected, got)
        new, lost = expected - before_expected, (expected - before_expected) - (got - before_got)
        fraction = min(255, max(0, lost) * 256 // new) if new > 0 else 0
        report, heard_at = self._heard.get(ssrc, (0, self.world.network.now))
        delay = int((self.world.network.now - heard_at) * 65_536)
        newest = max(0, newest) & 0xFFFF_FFFF
        return rtcp.ReportBlock(ssrc, fraction, max(0, expected - got), newest, 0, report, delay)
