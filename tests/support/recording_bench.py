"""A recording in the test's own time: packets of clips go through a real publisher into real parts on a real disk."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from hub.clock import to_wire
from recordings.muxer import Track, container_for
from recordings.packets import parse_rtp
from recordings.part import Part
from recordings.part_record import PartRecord
from recordings.publisher import Publisher
from recordings.stream_info import StreamInfo
from recordings.writing import Writing
from tests.support.media_files import Clip
from tests.support.relay_sender import OutgoingStream

T0 = 1_800_000_000_000_000


class Bench:
    """A publisher whose time is the test's."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.now_us = T0
        self.parts: list[Part] = []
        self.opened: list[str] = []
        self.pool = ThreadPoolExecutor(1)
        self.writing = Writing(root, 0, lambda told: None)
        self.ended: list[asyncio.Task[None]] = []
        self.publisher = Publisher(self._new_part, lambda part: self.ended.append(part.end()))

    def open(self, clip: Clip) -> OutgoingStream:
        stream = OutgoingStream(clip)
        told = stream.told("relay", "r", "m", "s_1")
        self.publisher.open_stream(StreamInfo.from_event(told))
        return stream

    def close(self, stream: OutgoingStream) -> None:
        told = stream.told("relay", "r", "m", "s_1", state="closed")
        self.publisher.close_stream(StreamInfo.from_event(told), self.now_us)

    async def play(self, *streams: OutgoingStream, start_s: float = 0.0, seconds: float = 100.0) -> None:
        """Send that stretch of the clips, in the test's time; the clock stands at its end afterwards."""
        planned = sorted(
            ((at_s, index, packet) for index, stream in enumerate(streams) for at_s, packet in stream.rtp()),
            key=lambda each: each[:2],
        )
        began = self.now_us
        last_tick = 0
        for at_s, index, packet in planned:
            if start_s <= at_s < start_s + seconds:
                self.now_us = began + round((at_s - start_s) * 1_000_000)
                self.publisher.receive(streams[index].clip.kind, parse_rtp(packet), self.now_us)
                if self.now_us - last_tick > 25_000:
                    last_tick = self.now_us
                    self.publisher.tick(self.now_us)
                    await asyncio.sleep(0)

    def silence(self, us: int) -> None:
        self.now_us += us
        self.publisher.tick(self.now_us)

    async def finish(self) -> list[PartRecord]:
        """End everything; the records of all parts that hold something, in their order."""
        self.publisher.end(self.now_us)
        await asyncio.gather(*self.ended)
        return [part.record for part in self.parts if part.record.state == "closed"]

    def path(self, record: PartRecord) -> Path:
        return record.media_path(self.root)

    def _new_part(self, info: StreamInfo, tracks: list[Track], started_us: int, parameters: bytes) -> Part:
        name = f"p_{len(self.parts)}"
        record = PartRecord(
            part=name,
            recording="r",
            meeting="m",
            participant=info.participant,
            peer=info.peer,
            name=info.name,
            center=info.center,
            file=f"m/r/{name}{container_for(tracks)[1]}",
            tracks=[{"kind": track.kind, "codec": track.codec} for track in tracks],
            started_at=to_wire(datetime.fromtimestamp(started_us / 1_000_000, UTC)),
        )
        part = Part(record, self.root, self.pool, parameters, self._note, self._closed, self.writing)
        self.parts.append(part)
        return part

    def _note(self, record: PartRecord) -> None:
        self.opened.append(record.part)

    async def _closed(self, record: PartRecord) -> None:
        pass
