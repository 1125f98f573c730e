"""A stream that no browser shows, made into one that does by a child process of low priority (recordings.camera_transcode).

A child that hangs, dies or falls behind costs its own camera alone: it is killed and begun anew with growing pauses. Nothing
that cameras send is decoded here.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import struct
import sys
from collections.abc import Callable, Sequence
from typing import Final

from hub.gateway.pictures import CODECS, MOST_BYTES, Picture, Pictures
from hub.wire.h264_fit import annex_b
from hub.wire.rtp import read_header
from hub.wire.rtp_header import RtpError
from hub.wire.serial import diff32

#: Time stamp and length before each picture, both ways (recordings.camera_transcode.HEAD).
_HEAD: Final = struct.Struct(">qI")
_CHILD: Final = ("nice", "-n", "15", sys.executable, "-m", "recordings.camera_transcode")
#: What a child has not read yet; beyond it pictures are left out up to the next key picture.
_MOST_WAITING: Final = 4 << 20
#: What is kept since the last key picture for the child that is begun next.
_MOST_KEPT: Final = 4 << 20
#: A child that is fed and gives nothing for so long hangs; its first picture may take longer, since it has to be loaded.
HANGS_S: Final = 3.0
BEGINS_S: Final = 10.0
#: Pauses before one that ended is begun anew, and how long one has to work before they begin small again.
FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 30.0
_SETTLED_S: Final = 20.0

log = logging.getLogger(__name__)


class Raw:
    """The pictures of a stream as the camera sends them, since the last key picture: what a transcoder begins with."""

    def __init__(self, codec: str, described: Sequence[bytes]) -> None:
        """Raises ValueError for a codec whose pictures are not put together here."""
        self.codec = codec
        self.kept: list[Picture] = []
        self._pictures = Pictures(codec, described)
        self._bytes = 0
        self._stamp: int | None = None
        self._unwrapped = 0

    def take(self, packet: memoryview) -> list[Picture]:
        """The pictures that are whole with this RTP packet, their time stamps unwrapped."""
        try:
            head = read_header(packet)
        except RtpError:
            return []
        payload = packet[head.payload_offset : head.payload_end]
        if not payload:
            return []
        made = [self._counted(each) for each in self._pictures.take(payload, head.timestamp, head.marker)]
        for picture in made:
            if picture.key:
                self.kept, self._bytes = [], 0
            elif not self.kept:
                continue  # nobody can begin with what follows no key picture
            self._bytes += len(picture.data)
            if self._bytes > _MOST_KEPT:
                self.kept, self._bytes = [], 0
                continue
            self.kept.append(picture)
        return made

    def _counted(self, picture: Picture) -> Picture:
        if self._stamp is not None:
            self._unwrapped += diff32(picture.timestamp, self._stamp)
        self._stamp = picture.timestamp
        return picture._replace(timestamp=self._unwrapped)


class Transcoder:
    """One child at a time, from the first picture until `close()`.

    `on_picture` is given the NAL units of each picture that comes out, with its time stamp (90 kHz, unwrapped); `on_trouble` is
    told when a child has ended before its time.
    """

    def __init__(
        self,
        raw: Raw,
        clock: Callable[[], float],
        on_picture: Callable[[list[bytes], int, float], None],
        on_trouble: Callable[[], None],
    ) -> None:
        self.works = False
        self.deaths = 0
        self.left_out = 0
        self._raw = raw
        self._clock = clock
        self._on_picture = on_picture
        self._on_trouble = on_trouble
        self._process: asyncio.subprocess.Process | None = None
        self._waits_for_key = False
        self._fed_at: float | None = None
        self.task = asyncio.create_task(self._run(), name="transcoder")

    @property
    def pid(self) -> int | None:
        """The child's, while there is one."""
        return self._process.pid if self._process is not None else None

    def take(self, pictures: Sequence[Picture]) -> None:
        """The stream goes on."""
        process = self._process
        if process is None or process.stdin is None or process.stdin.is_closing():
            return  # what is kept is given to the next child
        for picture in pictures:
            if self._waits_for_key and not picture.key:
                self.left_out += 1
                continue
            if process.stdin.transport.get_write_buffer_size() > _MOST_WAITING:
                self._waits_for_key = True
                self.left_out += 1
                continue
            self._waits_for_key = False
            process.stdin.write(_HEAD.pack(picture.timestamp, len(picture.data)) + picture.data)
            if self._fed_at is None:
                self._fed_at = self._clock()

    def look(self, now: float) -> None:
        """Every 100 ms: a child that is fed and gives nothing is killed."""
        patience = HANGS_S if self.works else BEGINS_S
        if self._process is not None and self._fed_at is not None and now - self._fed_at > patience:
            log.warning("a transcoder hangs; it is begun anew")
            self._kill()

    def close(self) -> None:
        """End it at once."""
        self.task.cancel()
        self._kill()

    def _kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    async def _run(self) -> None:
        pause = FIRST_PAUSE_S
        while True:
            begun = self._clock()
            try:
                await self._once()
            except (OSError, ValueError) as problem:
                log.warning("a transcoder failed: %s", problem)
            self.deaths += 1
            self.works = False
            self._on_trouble()
            pause = FIRST_PAUSE_S if self._clock() - begun > _SETTLED_S else pause
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    async def _once(self) -> None:
        """One child, to its end."""
        process = await asyncio.create_subprocess_exec(
            *_CHILD,
            self._raw.codec,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=MOST_BYTES,
        )
        self._process, self._fed_at, self._waits_for_key = process, None, True
        try:
            self.take(self._raw.kept)
            assert process.stdout is not None
            while True:
                stamp, length = _HEAD.unpack(await process.stdout.readexactly(_HEAD.size))
                if length > MOST_BYTES:
                    raise ValueError("longer than a picture is")
                data = await process.stdout.readexactly(length)
                self.works, self._fed_at = True, None
                self._on_picture(annex_b(data) or [], stamp, self._clock())
        except asyncio.IncompleteReadError:
            pass
        finally:
            self._process = None
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
            if process.stdin is not None:
                process.stdin.close()
            await process.wait()

    def dump(self) -> dict[str, object]:
        """For people."""
        return {"works": self.works, "deaths": self.deaths, "left_out": self.left_out, "pid": self.pid}


class Children:
    """The transcoders of one gateway, so that none is left behind."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(
        self,
        raw: Raw,
        on_picture: Callable[[list[bytes], int, float], None],
        on_trouble: Callable[[], None],
    ) -> Transcoder:
        """One more."""
        made = Transcoder(raw, self._clock, on_picture, on_trouble)
        self._tasks.add(made.task)
        made.task.add_done_callback(self._tasks.discard)
        return made

    async def gone(self) -> None:
        """Wait for those that were closed."""
        await asyncio.gather(*self._tasks, return_exceptions=True)


def transcodes(codec: str) -> bool:
    """Whether a stream of this codec can be transcoded."""
    return codec in CODECS
