"""The recorder process: control's calls come in over the link, packets over the relay port, parts go to the disk."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hub.clock import from_wire, to_wire
from hub.errors import Refusal
from hub.ids import new_id
from hub.link import LinkDialer
from recordings.archive import FOLDER_MODE, UnsafePath, close_to_others, inside
from recordings.feeding import Feeding
from recordings.hub_time import HubTime
from recordings.muxer import Track, container_for
from recordings.part import Part, close_record
from recordings.part_record import PartRecord, load_records
from recordings.recording import Recording
from recordings.relay_port import RelayPort
from recordings.reporter import Reporter
from recordings.stream_info import StreamInfo
from recordings.writing import Writing

#: How often time is let pass for jitter buffers and key-frame requests.
TICK_S: Final = 0.025
#: Threads that write and force files, and those that finish them: a long one keeps no other from being written.
WRITER_THREADS: Final = 4
FINISHER_THREADS: Final = 2
#: How often it is looked whether recordings are fed, and whether the machine's clock was set.
LOOK_S: Final = 1.0
#: How long ``recording.close`` waits for control to take the reports; they are told later otherwise.
TELL_S: Final = 10.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RecorderConfig:
    """Settings of one recorder.

    `relay_host` are the addresses (or names) that nodes are told to send to, `relay_port` is 0 for any free one;
    `orphan_timeout_s` is how long the recorder works on without control before it ends its parts and stops. With less than
    `reserve_bytes` free in the folder's file system nothing more is written.
    """

    recorder_id: str
    link_url: str
    link_key: str
    recordings_dir: Path
    relay_host: Sequence[str] = ("127.0.0.1", "::1")
    relay_port: int = 0
    orphan_timeout_s: float = 3600.0
    reserve_bytes: int = 256 * 1024 * 1024


async def run_recorder(config: RecorderConfig) -> None:
    """Record what control says until SIGTERM, SIGINT, cancellation or `orphan_timeout_s` without control; then end all parts.

    Raises OSError when the folder or the port cannot be used.
    """
    config.recordings_dir.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
    closing = asyncio.create_task(_close_to_others(config.recordings_dir))
    # The port's thread must not wait the default 5 ms for a writer to let it go on: its buffer would run over.
    sys.setswitchinterval(0.0005)
    recorder = Recorder(config)
    await recorder.find_left_over()
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    tasks = [asyncio.create_task(work) for work in recorder.work(stop)]
    try:
        stopped = asyncio.create_task(stop.wait())
        done, _ = await asyncio.wait([stopped, *tasks], return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        for task in done:
            task.result()  # none of them ends by itself but by a fault, which is raised here
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
        await recorder.end()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(closing, return_exceptions=True)
        recorder.close()


async def _close_to_others(root: Path) -> None:
    """What an earlier version, or a copy put back, has left open to others; beside the work, an archive is large."""
    if opened := await asyncio.to_thread(close_to_others, root):
        log.info("%d recorded files and folders were open to others; they are no more", opened)


class Recorder:
    """The recordings of this process, and what control may ask of them. Made in a running loop."""

    def __init__(self, config: RecorderConfig) -> None:
        self._config = config
        self._root = config.recordings_dir
        self._time = HubTime()
        self._now_us = self._time.now_us
        self._recordings: dict[str, Recording] = {}
        self._pool = ThreadPoolExecutor(WRITER_THREADS, thread_name_prefix="parts")
        self._finishers = ThreadPoolExecutor(FINISHER_THREADS, thread_name_prefix="finished")
        self._port = RelayPort(config.relay_host, config.relay_port, self._now_us)
        self._left_over: list[PartRecord] = []
        self._recovering: set[str] = set()
        self._writing = Writing(self._root, config.reserve_bytes, lambda data: self._tell("writing", data))
        self._feeding = Feeding(self._tell)
        self._dialer = LinkDialer(
            config.link_url,
            config.link_key,
            self._hello,
            {"recording.open": self._open, "recording.close": self._close, "dump": self._dump},
            {"stream": self._stream, "time": self._hub_time},
        )
        self._reporter = Reporter(self._root, lambda: self._dialer.link)

    def work(self, stop: asyncio.Event) -> list[Any]:
        """The coroutines that make it run. None of them returns."""
        return [
            self._dialer.run(),
            self._reporter.run(),
            self._writing.run(),
            self._tick(),
            self._watch_control(stop),
            self._watch(),
            self._recover(),
        ]

    async def end(self) -> None:
        """End all recordings, and tell control if it is there."""
        recordings = list(self._recordings.values())
        self._recordings.clear()
        await asyncio.gather(*(recording.close() for recording in recordings))
        if self._dialer.link is not None:
            await asyncio.gather(*(self._reporter.told(each.recording, 2.0) for each in recordings))

    def close(self) -> None:
        """Give the port and the threads back."""
        self._port.close()
        self._pool.shutdown()
        self._finishers.shutdown()

    def _hello(self) -> dict[str, Any]:
        self._reporter.control_is_back()
        for each in self._recordings.values():
            each.await_streams()
        return {
            "kind": "recorder",
            "id": self._config.recorder_id,
            "pid": os.getpid(),
            "recordings": [
                {
                    "recording": each.recording,
                    "meeting": each.meeting,
                    "reason": self._writing.reason(each.recording),
                }
                for each in self._recordings.values()
            ],
            "unreported": self._reporter.unreported(),
        }

    async def _open(self, args: dict[str, Any]) -> dict[str, Any]:
        try:
            name, meeting, folder = (str(args[key]) for key in ("recording", "meeting", "folder"))
            inside(self._root, folder)
        except (KeyError, UnsafePath) as trouble:
            raise Refusal("invalid", f"a recording cannot be opened with this: {trouble}") from None
        recording = self._recordings.get(name)
        if recording is None:
            recording = Recording(name, meeting, folder, self._port, self._new_part, self._now_us)
            self._recordings[name] = recording
            self._writing.began(name)
            log.info("recording %s of meeting %s is open", name, meeting)
        keys = recording.relay_keys(str(args.get("relay") or ""))
        return {
            "host": self._port.hosts[0],
            "hosts": self._port.hosts,
            "port": self._port.port,
            "send_key": keys.send_key.hex(),
            "receive_key": keys.receive_key.hex(),
        }

    async def _close(self, args: dict[str, Any]) -> dict[str, Any]:
        name = str(args.get("recording"))
        recording = self._recordings.pop(name, None)
        if recording is not None:
            self._writing.ended(name)
            await recording.close()
            log.info("recording %s is closed", name)
        await self._reporter.told(name, TELL_S)
        return {}

    async def _dump(self, _: dict[str, Any]) -> dict[str, Any]:
        return {
            "relay_port": self._port.dump(),
            "recordings": [recording.dump() for recording in self._recordings.values()],
            "unreported": len(self._reporter.unreported()),
            "recovering": sorted(self._recovering),
            "waiting_bytes": self._writing.pace.waiting_bytes,
        }

    def _stream(self, data: dict[str, Any]) -> None:
        try:
            info = StreamInfo.from_event(data)
        except ValueError as trouble:
            log.warning("a stream is not recorded: %s", trouble)
            return
        recording = self._recordings.get(info.recording)
        if recording is None:
            log.info("a stream of recording %s, which does not run here", info.recording)
            return
        recording.stream(info)

    def _hub_time(self, data: dict[str, Any]) -> None:
        try:
            stepped = self._time.told(from_wire(str(data["at"])))
        except (KeyError, ValueError) as trouble:
            log.warning("what time it is was not understood: %s", trouble)
            return
        if stepped:
            self._cut()

    def _cut(self) -> None:
        for recording in self._recordings.values():
            recording.cut()

    def _tell(self, event: str, data: dict[str, Any]) -> None:
        if self._dialer.link is not None:
            self._dialer.link.tell(event, data)

    def _new_part(
        self, recording: Recording, info: StreamInfo, tracks: list[Track], started_us: int, parameters: bytes
    ) -> Part:
        started = self._time.moment(started_us)
        part = new_id("p", self._time.moment(self._now_us()))
        record = PartRecord(
            part=part,
            recording=recording.recording,
            meeting=recording.meeting,
            participant=info.participant,
            peer=info.peer,
            name=info.name,
            center=info.center,
            file=f"{recording.folder}/{part}{container_for(tracks)[1]}",
            tracks=[{"kind": track.kind, "codec": track.codec} for track in tracks],
            started_at=to_wire(started),
            source=info.source,
        )
        return Part(
            record,
            self._root,
            self._pool,
            parameters,
            self._reporter.note,
            self._part_closed,
            self._writing,
            self._finishers,
        )

    async def _part_closed(self, record: PartRecord) -> None:
        if record.trouble and (record.opened_told or record.state == "closed"):
            told = {"recording": record.recording, "part": record.part, "message": record.trouble}
            self._tell("trouble", told)
        if record.state == "closed":
            self._reporter.note(record)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            for recording in list(self._recordings.values()):
                recording.tick()

    async def _watch_control(self, stop: asyncio.Event) -> None:
        last_seen = time.monotonic()
        while True:
            if self._dialer.link is not None:
                last_seen = time.monotonic()
            elif time.monotonic() - last_seen > self._config.orphan_timeout_s:
                log.error("control has been away for %g s: the recorder stops", self._config.orphan_timeout_s)
                stop.set()
            await asyncio.sleep(min(1.0, self._config.orphan_timeout_s / 4))

    async def _watch(self) -> None:
        link = None
        while True:
            if self._dialer.link is not link:
                link = self._dialer.link
                self._feeding.tell_again()
            if self._time.look(link is not None):
                self._cut()
            self._feeding.look({name: each.is_fed for name, each in self._recordings.items()})
            await asyncio.sleep(LOOK_S)

    async def find_left_over(self) -> None:
        """Look for what a killed recorder left. Before anything is recorded, so that nothing of today is among it."""
        self._left_over = await asyncio.to_thread(lambda: list(load_records(self._root)))

    def _close_left_over(self, record: PartRecord) -> None:
        close_record(record, self._root, reserve_bytes=self._config.reserve_bytes)

    async def _recover(self) -> None:
        """Finish what was left, and tell what had not been told; the recordings of today do not wait for it."""
        loop = asyncio.get_running_loop()
        left_over, self._left_over = self._left_over, []
        for record in left_over:
            if record.closed_told:
                continue
            if record.state == "writing":
                self._recovering.add(record.part)
                await loop.run_in_executor(self._finishers, self._close_left_over, record)
                self._recovering.discard(record.part)
                log.info("part %s of a killed recorder: %d ms saved", record.part, record.duration_ms)
            if record.state == "closed":
                self._reporter.note(record)
        await asyncio.Event().wait()
