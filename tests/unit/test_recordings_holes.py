"""A part tells its holes: where a track shows or says nothing, and whether nothing came, it was lost, or the disk was slow."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from recordings.disk_pace import SLOW_S, DiskPace
from recordings.holes import MOST, Hole, HoleFinder, HoleNotes
from recordings.muxer import Sample
from recordings.packets import RtpPacket
from recordings.part import close_record
from tests.support.media_files import flash_and_beep, left_out
from tests.support.recording_bench import Bench


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    await bench.finish()
    bench.pool.shutdown()


def told(holes: list[dict[str, Any]]) -> list[tuple[str, float, float, str]]:
    """(kind, from, to, why), in whole seconds."""
    return [(h["kind"], round(h["from_ms"] / 1000), round(h["to_ms"] / 1000), h["why"]) for h in holes]


async def test_a_muted_microphone_and_a_camera_that_was_off_are_holes_in_which_nothing_came(
    bench: Bench,
) -> None:
    picture, sound = flash_and_beep("vp8", 16)
    streams = bench.open(left_out(picture, (8, 12))), bench.open(left_out(sound, (3, 6), (14, 15)))
    await bench.play(*streams)
    (record,) = await bench.finish()
    assert told(record.holes) == [("audio", 3, 6, "nothing"), ("video", 8, 12, "nothing")]
    assert record.closed()["holes"] == record.holes


async def test_a_track_that_ends_before_its_part_leaves_a_hole(bench: Bench) -> None:
    picture, sound = flash_and_beep("vp8", 9)
    await bench.play(bench.open(picture), bench.open(left_out(sound, (4, 9))))
    (record,) = await bench.finish()
    assert told(record.holes) == [("audio", 4, 9, "nothing")]


async def test_pictures_that_came_in_part_were_lost(bench: Bench) -> None:
    picture, sound = flash_and_beep("vp8", 12, key_every=100)
    streams = [bench.open(picture), bench.open(sound)]
    track = bench.publisher.tracks["video"]
    whole, count = track.receive, 0

    def with_loss(packet: RtpPacket, now_us: int) -> Any:
        # From the third second on every other packet is lost, until a key frame five seconds later.
        nonlocal count
        count += 1
        return [] if 60 <= count < 200 and count % 2 else whole(packet, now_us)

    track.receive = with_loss  # type: ignore[method-assign]
    await bench.play(*streams)
    (record,) = await bench.finish()
    assert {hole["why"] for hole in record.holes} == {"lost"}
    assert {hole["kind"] for hole in record.holes} == {"video"}


async def test_what_a_slow_disk_cost_is_told_as_that(bench: Bench) -> None:
    picture, sound = flash_and_beep("vp8", 12)
    streams = [bench.open(picture), bench.open(sound)]
    pace = bench.writing.pace
    await bench.play(*streams, seconds=4)
    pace.hold(1 << 30)  # what other parts have waiting
    again = [type(each)(each.clip, each.ssrc, each.sequence, each.timestamp) for each in streams]
    await bench.play(*again, start_s=4, seconds=4)
    assert bench.parts[0].left_out > 100
    pace.release(1 << 30)
    again = [type(each)(each.clip, each.ssrc, each.sequence, each.timestamp) for each in streams]
    await bench.play(*again, start_s=8)
    (record,) = await bench.finish()
    assert {(kind, why) for kind, _, _, why in told(record.holes)} == {("audio", "disk"), ("video", "disk")}
    assert pace.waiting_bytes == 0


async def test_the_holes_of_a_killed_recorders_part_are_found_in_its_file(bench: Bench) -> None:
    picture, sound = flash_and_beep("vp8", 9)
    await bench.play(bench.open(picture), bench.open(left_out(sound, (3, 7))))
    (record,) = await bench.finish()
    record.state, record.holes = "writing", []
    close_record(record, bench.root)
    assert told(record.holes) == [("audio", 3, 7, "nothing")]


def test_a_part_tells_its_longest_holes() -> None:
    finder, at = HoleFinder(["video"]), 0
    for number in range(MOST + 50):
        at += 2000 + number
        finder.packet("video", at, at)
    found = finder.found(at)
    assert len(found) == MOST
    assert min(hole.to_ms - hole.from_ms for hole in found) == 2050
    assert [hole.from_ms for hole in found] == sorted(hole.from_ms for hole in found)


def test_why_goes_by_the_note_that_has_most_of_the_hole() -> None:
    finder = HoleFinder(["video", "audio"])
    finder.packet("video", 10_000, 10_000)
    finder.packet("audio", 10_000, 10_020)
    notes = HoleNotes()
    notes.goes_on("video", 2500, 2400)
    notes.goes_on("video", 10_000, 900)
    assert [hole.why for hole in notes.noted] == ["nothing", "lost"]
    assert finder.found(10_020, notes.noted) == [
        Hole("audio", 0, 10_000, "nothing"),
        Hole("video", 0, 10_000, "lost"),
    ]


def test_a_write_that_takes_too_long_is_slow_until_it_has_ended() -> None:
    now = 100.0
    pace = DiskPace(clock=lambda: now)
    pace.began("r_1", "p_1")
    now += SLOW_S - 0.1
    assert not pace.is_slow("r_1")
    now += 0.2
    assert pace.is_slow("r_1")
    assert not pace.is_slow("r_2")
    pace.ended("p_1")
    assert not pace.is_slow("r_1")


async def test_all_parts_together_hold_no_more_than_they_may(bench: Bench) -> None:
    bench.writing.pace = DiskPace(most_bytes=3000)
    await bench.play(*[bench.open(clip) for clip in flash_and_beep("vp8", 2)])
    part = bench.publisher.part
    assert part is not None
    for number in range(100):
        part.add(Sample("video", bytes(1000), 2000 + number, True))
    assert bench.writing.pace.waiting_bytes < 3000 + 20_000
    await asyncio.sleep(0)
