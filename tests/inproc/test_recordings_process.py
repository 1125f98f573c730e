"""The real recorder process between a control and a node that are played by the test."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import random
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.clock import to_wire
from tests.support.fake_control import LINK_KEY, FakeControl
from tests.support.media_files import Contents, beeps_by_samples, flash_and_beep, left_out, read_contents
from tests.support.relay_sender import OutgoingStream, RelaySender
from tests.support.stalled_disk import StalledDisk
from tests.support.waiting import eventually

MEETING = "m_01m82v7m00dg4wd225"
RECORDING = "r_01m82v7m00dg4wd226"
_PROGRAM = """
import asyncio, logging, pathlib, sys
from recordings.process import RecorderConfig, run_recorder
logging.basicConfig(level=logging.INFO, stream=sys.stderr)
asyncio.run(run_recorder(RecorderConfig("recorder", sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]))))
"""


@dataclass
class Stand:
    """A control, a recordings folder, and the recorder processes started on them."""

    control: FakeControl
    root: Path
    processes: list[asyncio.subprocess.Process]

    async def start_recorder(self, **environment: str) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", _PROGRAM, self.control.url, LINK_KEY, str(self.root)),
            env={**os.environ, **environment},
        )
        self.processes.append(process)
        await self.control.recorder(len(self.processes))
        return process

    async def tell(self, stream: OutgoingStream, peer: str = "s_1", **more: Any) -> None:
        """Tell of a stream, and return when the recorder has heard it."""
        assert self.control.link is not None
        self.control.link.tell("stream", stream.told("relay", RECORDING, MEETING, peer, **more))
        await self.control.link.call("dump", {})

    async def close_recording(self) -> None:
        assert self.control.link is not None
        await self.control.link.call("recording.close", {"recording": RECORDING}, timeout_s=30)

    def contents(self, opened: dict[str, Any]) -> Contents:
        return read_contents(self.root / opened["file"])


@pytest.fixture
async def stand(tmp_path: Path) -> AsyncIterator[Stand]:
    control = FakeControl()
    await control.start()
    stand = Stand(control, tmp_path / "recordings", [])
    try:
        yield stand
    finally:
        for process in stand.processes:
            if process.returncode is None:
                process.kill()
            await process.wait()
        await control.stop()


def _check_offsets(contents: Contents, least: int) -> None:
    """Each flash has its beep within 100 ms."""
    pairs = [
        (flash, min(contents.beeps_s, key=lambda beep: abs(beep - flash))) for flash in contents.flashes_s
    ]
    assert len(pairs) >= least, contents
    for flash, beep in pairs:
        assert abs(flash - beep) < 0.1, contents


@pytest.mark.parametrize("codec", ["vp8", "vp9", "h264", "av1"])
async def test_picture_and_sound_are_recorded_in_step_and_hashed(stand: Stand, codec: str) -> None:
    await stand.start_recorder()
    sender = RelaySender(await stand.control.open_recording(RECORDING, MEETING))
    picture, sound = (OutgoingStream(clip) for clip in flash_and_beep(codec, 4))
    await stand.tell(picture)
    await stand.tell(sound)
    began = await sender.play(picture, sound)
    await stand.close_recording()
    sender.close()

    opened, closed = stand.control.opened[0], stand.control.closed[0]
    assert len(stand.control.opened) == len(stand.control.closed) == 1
    assert opened["part"] == closed["part"]
    assert opened["tracks"] == [{"kind": "video", "codec": codec}, {"kind": "audio", "codec": "opus"}]
    assert (opened["center"], opened["name"]) == ("430682115210", "坦渡村")
    assert opened["file"].startswith(f"{MEETING}/{RECORDING}/p_")
    assert abs(datetime.fromisoformat(opened["started_at"]).timestamp() - began) < 0.5
    file = stand.root / opened["file"]
    assert closed["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert closed["bytes"] == file.stat().st_size
    assert abs(closed["duration_ms"] - 4000) < 500
    contents = stand.contents(opened)
    assert contents.pictures >= 60
    assert abs(contents.sound_end_s - 4) < 0.5
    _check_offsets(contents, 3)


async def test_packets_that_come_before_their_stream_is_told_are_not_lost(stand: Stand) -> None:
    await stand.start_recorder()
    sender = RelaySender(await stand.control.open_recording(RECORDING, MEETING))
    picture, sound = (OutgoingStream(clip) for clip in flash_and_beep("vp8", 3, key_every=100))
    playing = asyncio.create_task(sender.play(picture, sound))
    await eventually(lambda: picture.packets > 2, 5, "nothing was sent")
    await stand.tell(picture)
    await stand.tell(sound)
    await playing
    await stand.close_recording()
    sender.close()
    assert stand.contents(stand.control.opened[0]).pictures == 60


async def test_lost_and_reordered_packets_are_asked_for_and_put_in_place(stand: Stand) -> None:
    await stand.start_recorder()
    sender = RelaySender(await stand.control.open_recording(RECORDING, MEETING))
    luck = random.Random(7)
    sender.loses = lambda packet: luck.random() < 0.1
    sender.reorders = luck
    picture, sound = (OutgoingStream(clip) for clip in flash_and_beep("vp8", 4))
    await stand.tell(picture)
    await stand.tell(sound)
    await sender.play(picture, sound)
    await asyncio.sleep(0.2)  # the last packets may still be asked for
    await stand.close_recording()
    sender.close()

    assert sender.lost > 10
    assert sender.nacked >= sender.lost - 3
    contents = stand.contents(stand.control.opened[0])
    assert contents.pictures >= 70
    _check_offsets(contents, 3)


async def test_a_lost_picture_makes_the_recorder_ask_for_a_key_frame(stand: Stand) -> None:
    await stand.start_recorder()
    sender = RelaySender(await stand.control.open_recording(RECORDING, MEETING), answers_nacks=False)
    picture, sound = (OutgoingStream(clip) for clip in flash_and_beep("vp8", 4, key_every=40))
    first = picture.sequence
    sender.loses = lambda packet: (
        packet[8:12] == picture.ssrc.to_bytes(4, "big")
        and int.from_bytes(packet[2:4], "big") == (first + 25) & 0xFFFF
    )
    await stand.tell(picture)
    await stand.tell(sound)
    await sender.play(picture, sound)
    await stand.close_recording()
    sender.close()

    assert sender.lost == 1
    assert sender.key_frame_requests >= 1
    contents = stand.contents(stand.control.opened[0])
    assert 55 <= contents.pictures < 80
    assert abs(contents.sound_end_s - 4) < 0.5
    _check_offsets(contents, 1)


async def test_sender_reports_bring_late_pictures_in_step_with_sound(stand: Stand) -> None:
    """The picture comes 250 ms later than the sound, and the sender's clock is an hour wrong."""
    await stand.start_recorder()
    sender = RelaySender(await stand.control.open_recording(RECORDING, MEETING))
    picture, sound = (OutgoingStream(clip, sender_clock_s=3600) for clip in flash_and_beep("vp8", 5))
    picture.late_s = 0.25
    await stand.tell(picture)
    await stand.tell(sound)
    await sender.play(picture, sound)
    await stand.close_recording()
    sender.close()

    contents = stand.contents(stand.control.opened[0])
    late = [flash for flash in contents.flashes_s if flash > 1.5]
    assert late
    for flash in late:
        assert min(abs(flash - beep) for beep in contents.beeps_s) < 0.1, contents


async def test_a_killed_recorder_loses_two_seconds_at_most_and_a_new_part_begins(stand: Stand) -> None:
    killed = await stand.start_recorder()
    sender = RelaySender(await stand.control.open_recording(RECORDING, MEETING))
    picture, sound = (OutgoingStream(clip) for clip in flash_and_beep("vp8", 8))
    await stand.tell(picture)
    await stand.tell(sound)
    playing = asyncio.create_task(sender.play(picture, sound))
    await eventually(lambda: len(stand.control.opened) == 1, 5, "no part was opened")
    first = stand.control.opened[0]
    loop = asyncio.get_running_loop()
    began = loop.time()
    await eventually(lambda: loop.time() - began > 3.5, 5)
    killed.kill()
    await killed.wait()
    at_kill = datetime.now().astimezone()
    # Before anything mends it, the file opens and is nearly whole.
    before = stand.contents(first)
    recorded_s = (at_kill - datetime.fromisoformat(first["started_at"])).total_seconds()
    assert before.picture_end_s > recorded_s - 2
    assert before.sound_end_s > recorded_s - 2
    sender.close()
    await asyncio.gather(playing, return_exceptions=True)

    await stand.start_recorder()
    again = RelaySender(await stand.control.open_recording(RECORDING, MEETING))
    picture, sound = (OutgoingStream(clip) for clip in flash_and_beep("vp8", 4))
    await stand.tell(picture)
    await stand.tell(sound)
    playing = asyncio.create_task(again.play(picture, sound))
    await eventually(lambda: len(stand.control.opened) == 2, 5, "no new part within 5 s")
    await eventually(lambda: len(stand.control.closed) == 1, 5, "the killed part is not reported")
    await playing
    await stand.close_recording()
    again.close()

    closed = {each["part"]: each for each in stand.control.closed}
    assert len(closed) == 2
    file = stand.root / first["file"]
    assert closed[first["part"]]["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert closed[first["part"]]["duration_ms"] > (recorded_s - 2) * 1000
    assert stand.contents(first).pictures == before.pictures
    _check_offsets(stand.contents(stand.control.opened[1]), 3)


async def test_a_recorder_killed_while_a_microphone_is_muted_leaves_silence_and_what_came_before(
    stand: Stand,
) -> None:
    killed = await stand.start_recorder()
    sender = RelaySender(await stand.control.open_recording(RECORDING, MEETING))
    picture, sound = flash_and_beep("vp8", 8)
    streams = [OutgoingStream(picture), OutgoingStream(left_out(sound, (1.5, 8)))]
    for stream in streams:
        await stand.tell(stream)
    playing = asyncio.create_task(sender.play(*streams))
    await eventually(lambda: len(stand.control.opened) == 1, 5, "no part was opened")
    opened = stand.control.opened[0]
    file, grown = stand.root / opened["file"], asyncio.get_running_loop().time() + 5
    await eventually(lambda: asyncio.get_running_loop().time() > grown and file.stat().st_size > 0, 12)
    killed.kill()
    await killed.wait()
    sender.close()
    await asyncio.gather(playing, return_exceptions=True)
    contents = stand.contents(opened)
    assert contents.picture_end_s > 4
    assert contents.sound_end_s > contents.picture_end_s - 3.5
    assert contents.sound_end_s > 1.7, "the hole is not filled"
    assert beeps_by_samples(file) == [pytest.approx(at, abs=0.1) for at in (0, 1)]


async def test_recording_goes_on_without_control_and_is_reported_when_it_is_back(stand: Stand) -> None:
    process = await stand.start_recorder()
    sender = RelaySender(await stand.control.open_recording(RECORDING, MEETING))
    picture, sound = (OutgoingStream(clip) for clip in flash_and_beep("vp8", 3))
    await stand.tell(picture)
    await stand.tell(sound)
    playing = asyncio.create_task(sender.play(picture, sound))
    await eventually(lambda: len(stand.control.opened) == 1, 5, "no part was opened")
    await stand.control.stop()
    await playing
    sender.close()
    await stand.control.start()
    await stand.control.recorder(2)
    assert stand.control.hellos[-1]["recordings"] == [
        {"recording": RECORDING, "meeting": MEETING, "reason": None}
    ]
    stand.control.takes = False
    await stand.close_recording()
    assert stand.control.closed == []
    process.send_signal(signal.SIGTERM)
    await asyncio.wait_for(process.wait(), 10)
    stand.control.takes = True
    stand.control.link = None
    await stand.start_recorder()
    await eventually(lambda: len(stand.control.closed) == 1, 10, "the part was never reported")
    record = json.loads((stand.root / stand.control.opened[0]["file"]).with_suffix(".json").read_text())
    assert record["state"] == "closed"
    assert abs(stand.control.closed[0]["duration_ms"] - 3000) < 500


async def test_a_stream_that_closes_ends_its_part_and_others_go_on(stand: Stand) -> None:
    await stand.start_recorder()
    sender = RelaySender(await stand.control.open_recording(RECORDING, MEETING))
    streams = [OutgoingStream(clip) for clip in flash_and_beep("vp8", 2)]
    others = [OutgoingStream(clip) for clip in flash_and_beep("vp8", 4)]
    for stream in streams:
        await stand.tell(stream, "s_1")
    for stream in others:
        await stand.tell(stream, "s_2", source="screen" if stream.clip.kind == "video" else "system")
    playing = asyncio.create_task(sender.play(*others))
    await sender.play(*streams)
    for stream in streams:
        await stand.tell(stream, "s_1", state="closed")
    await eventually(
        lambda: len(stand.control.closed) == 1, 5, "the part of the closed streams is not closed"
    )
    await playing
    await stand.close_recording()
    sender.close()
    assert len(stand.control.opened) == 2
    assert sorted(each["source"] for each in stand.control.opened) == ["camera", "screen"]
    durations = sorted(each["duration_ms"] for each in stand.control.closed)
    assert abs(durations[0] - 2000) < 500
    assert abs(durations[1] - 4000) < 500


async def test_hostile_datagrams_at_the_relay_port_are_counted_and_do_nothing(stand: Stand) -> None:
    await stand.start_recorder()
    sender = RelaySender(await stand.control.open_recording(RECORDING, MEETING))
    picture, sound = (OutgoingStream(clip) for clip in flash_and_beep("vp8", 3))
    await stand.tell(picture)
    await stand.tell(sound)
    playing = asyncio.create_task(sender.play(picture, sound))
    luck = random.Random(3)
    for length in [*range(65), 1501] * 20:
        sender.send_raw(
            bytes([luck.choice((0x80, 0x90, 0xB0, 0, 22))]) * bool(length) + luck.randbytes(length)
        )
        sender.send_raw(
            b"\x80\x60" + luck.randbytes(6) + picture.ssrc.to_bytes(4, "big") + luck.randbytes(length)
        )
        if length % 8 == 0:
            await asyncio.sleep(0.002)
    await playing
    assert stand.control.link is not None
    counters = (await stand.control.link.call("dump", {}))["relay_port"]["counters"]
    await stand.close_recording()
    sender.close()
    assert counters["unknown_ssrc"] > 100
    assert counters["not_opened"] > 100
    assert counters.get("faults", 0) == 0
    assert stand.contents(stand.control.opened[0]).pictures >= 55


async def test_control_is_told_of_a_recording_that_is_not_fed_and_when_it_is_again(stand: Stand) -> None:
    await stand.start_recorder()
    sender = RelaySender(await stand.control.open_recording(RECORDING, MEETING))
    picture, sound = (OutgoingStream(clip) for clip in flash_and_beep("vp8", 4))
    await stand.tell(picture)
    await stand.tell(sound)
    await eventually(lambda: bool(stand.control.fed), 8, "control was not told")
    assert stand.control.fed == [{"recording": RECORDING, "fed": False, "reason": "not_fed"}]
    # A control that is linked anew is told again.
    await stand.control.stop()
    await stand.control.start()
    await stand.control.recorder(2)
    await eventually(lambda: len(stand.control.fed) == 2, 5, "the next control was not told")
    assert stand.control.fed[0] == stand.control.fed[1]
    playing = asyncio.create_task(sender.play(picture, sound))
    await eventually(lambda: len(stand.control.fed) == 3, 5, "control was not told that packets come")
    assert stand.control.fed[2] == {"recording": RECORDING, "fed": True, "reason": None}
    await playing
    await stand.close_recording()
    sender.close()


async def test_when_the_hubs_time_is_set_the_next_part_begins_at_it_and_nothing_is_lost(stand: Stand) -> None:
    await stand.start_recorder()
    assert stand.control.link is not None
    now = datetime.now().astimezone()
    stand.control.link.tell("time", {"at": to_wire(now)})
    sender = RelaySender(await stand.control.open_recording(RECORDING, MEETING))
    picture, sound = (OutgoingStream(clip) for clip in flash_and_beep("vp8", 8))
    await stand.tell(picture)
    await stand.tell(sound)
    playing = asyncio.create_task(sender.play(picture, sound))
    await eventually(lambda: len(stand.control.opened) == 1, 5, "no part was opened")
    now = datetime.now().astimezone() + timedelta(hours=3)
    stand.control.link.tell("time", {"at": to_wire(now)})
    await eventually(lambda: len(stand.control.opened) == 2, 8, "no part by the hub's time")
    await playing
    await stand.close_recording()
    sender.close()
    first, second = stand.control.opened
    later = datetime.fromisoformat(second["started_at"]) - datetime.fromisoformat(first["started_at"])
    assert 3 * 3600 < later.total_seconds() < 3 * 3600 + 8
    assert sum(stand.contents(each).pictures for each in stand.control.opened) >= 155


async def test_a_disk_that_hangs_for_five_seconds_is_told_and_costs_nothing(
    stand: Stand, tmp_path: Path
) -> None:
    disk = StalledDisk(stand.root, tmp_path)
    await stand.start_recorder(**disk.environment)
    sender = RelaySender(await stand.control.open_recording(RECORDING, MEETING))
    picture, sound = (OutgoingStream(clip) for clip in flash_and_beep("vp8", 7))
    await stand.tell(picture)
    await stand.tell(sound)
    playing = asyncio.create_task(sender.play(picture, sound))
    await eventually(lambda: len(stand.control.opened) == 1, 5, "no part was opened")
    assert stand.control.link is not None
    disk.stall()
    loop = asyncio.get_running_loop()
    stalled_at, slowest = loop.time(), 0.0
    told_after: float | None = None
    while loop.time() - stalled_at < 5:
        # It answers all the time: packets are taken as ever.
        asked = loop.time()
        told = await stand.control.link.call("dump", {})
        slowest = max(slowest, loop.time() - asked)
        if told_after is None and stand.control.writing:
            told_after = loop.time() - stalled_at
        await asyncio.sleep(0.05)
    assert told["waiting_bytes"] > 0
    disk.let_go()
    assert slowest < 1, "the recorder stood still"
    assert told_after is not None
    assert stand.control.writing[0] == {"recording": RECORDING, "writing": False, "reason": "disk_slow"}
    await eventually(lambda: len(stand.control.writing) == 2, 5, "it is not told that the disk is well again")
    assert stand.control.writing[1] == {"recording": RECORDING, "writing": True, "reason": None}
    await playing
    await stand.close_recording()
    sender.close()
    assert len(stand.control.opened) == 1, "what waited was not written"
    contents = stand.contents(stand.control.opened[0])
    assert contents.pictures == 140
    assert stand.control.closed[0]["holes"] == []
    _check_offsets(contents, 6)
