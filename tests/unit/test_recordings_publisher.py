"""Where parts begin and end: real parts on a real disk, time and packets played by the test."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from recordings.part_record import PartRecord
from recordings.publisher import IDLE_US
from recordings.stream_info import StreamInfo
from tests.support.media_files import (
    Clip,
    beeps_by_samples,
    encode_pictures,
    flash_and_beep,
    labelled_picture,
    left_out,
    read_contents,
    with_dtx,
)
from tests.support.recording_bench import Bench
from tests.support.relay_sender import OutgoingStream


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    await bench.finish()
    bench.pool.shutdown()


def _kinds(record: PartRecord) -> list[str]:
    return [track["kind"] for track in record.tracks]


async def test_picture_and_sound_go_into_one_part(bench: Bench) -> None:
    clips = flash_and_beep("vp8", 3)
    await bench.play(*[bench.open(clip) for clip in clips])
    (record,) = await bench.finish()
    assert _kinds(record) == ["video", "audio"]
    assert record.sha256 == hashlib.sha256(bench.path(record).read_bytes()).hexdigest()
    assert bench.opened == ["p_0"]
    contents = read_contents(bench.path(record))
    assert contents.pictures == 60


async def test_a_picture_that_comes_later_begins_a_new_part_with_both(bench: Bench) -> None:
    clips = flash_and_beep("vp8", 6)
    sound = bench.open(clips[1])
    await bench.play(sound, seconds=2)
    picture = bench.open(clips[0])
    sound = OutgoingStream(clips[1], sound.ssrc, sound.sequence, sound.timestamp)
    await bench.play(picture, sound, start_s=2)
    records = await bench.finish()
    assert [_kinds(record) for record in records] == [["audio"], ["video", "audio"]]
    assert records[0].duration_ms == pytest.approx(2000, abs=100)
    assert read_contents(bench.path(records[1])).pictures >= 75


async def test_an_announced_picture_that_never_comes_does_not_keep_the_sound_waiting(bench: Bench) -> None:
    clips = flash_and_beep("vp8", 4)
    bench.open(clips[0])
    await bench.play(bench.open(clips[1]))
    (record,) = await bench.finish()
    assert _kinds(record) == ["audio"]
    assert record.duration_ms == pytest.approx(4000, abs=100)


async def test_a_picture_that_ends_leaves_a_part_of_sound(bench: Bench) -> None:
    clips = flash_and_beep("vp8", 4)
    picture, sound = (bench.open(clip) for clip in clips)
    first = OutgoingStream(sound.clip, sound.ssrc, sound.sequence, sound.timestamp)
    await bench.play(picture, first, seconds=2)
    bench.close(picture)
    await bench.play(sound, start_s=2)
    records = await bench.finish()
    assert [_kinds(record) for record in records] == [["video", "audio"], ["audio"]]


async def test_silence_ends_a_part_and_a_return_begins_another(bench: Bench) -> None:
    clips = flash_and_beep("vp8", 4)
    picture, sound = (bench.open(clip) for clip in clips)
    copies = [
        OutgoingStream(each.clip, each.ssrc, each.sequence, each.timestamp) for each in (picture, sound)
    ]
    await bench.play(*copies, seconds=2)
    bench.silence(IDLE_US + 100_000)
    assert bench.publisher.part is None
    await bench.play(picture, sound, start_s=2)
    records = await bench.finish()
    assert [record.duration_ms for record in records] == [
        pytest.approx(2000, abs=100),
        pytest.approx(2000, abs=100),
    ]


@pytest.mark.parametrize(("codec", "parts"), [("vp8", 1), ("h264", 2)])
async def test_another_size_of_picture_goes_on_where_the_codec_allows_it(
    bench: Bench, codec: str, parts: int
) -> None:
    import numpy as np

    def pictures(size: tuple[int, int]) -> Clip:
        frames = [np.asarray(labelled_picture("green", "x", n / 10, size)) for n in range(30)]
        return encode_pictures(codec, frames, fps=10, key_every=10)

    small, large = pictures((320, 180)), pictures((640, 360))
    stream = bench.open(small)
    await bench.play(stream)
    stream.clip = large
    stream.timestamp += 3 * 90_000
    bench.now_us += 100_000
    await bench.play(stream)
    records = await bench.finish()
    assert len(records) == parts
    assert sum(read_contents(bench.path(record)).pictures for record in records) == 60


async def test_another_codec_begins_another_part(bench: Bench) -> None:
    await bench.play(bench.open(flash_and_beep("vp8", 2)[0]))
    bench.now_us += 50_000
    await bench.play(bench.open(flash_and_beep("h264", 2)[0]))
    records = await bench.finish()
    assert [Path(record.file).suffix for record in records] == [".webm", ".mkv"]
    assert [read_contents(bench.path(record)).pictures for record in records] == [40, 40]


async def test_a_stream_that_goes_on_under_another_ssrc_stays_in_its_part(bench: Bench) -> None:
    clips = flash_and_beep("vp8", 4)
    picture = bench.open(clips[0])
    copy = OutgoingStream(picture.clip, picture.ssrc, picture.sequence, picture.timestamp)
    await bench.play(copy, seconds=2)
    picture.ssrc += 1
    bench.publisher.open_stream(StreamInfo.from_event(picture.told("relay", "r", "m", "s_1")))
    await bench.play(picture, start_s=2)
    (record,) = await bench.finish()
    assert read_contents(bench.path(record)).pictures == 80


async def test_a_disk_that_refuses_costs_the_part_and_it_is_tried_again_later(bench: Bench) -> None:
    clips = flash_and_beep("vp8", 8)
    (bench.root / "m").write_text("a file where a folder ought to be")
    picture, sound = (bench.open(clip) for clip in clips)
    copies = [
        OutgoingStream(each.clip, each.ssrc, each.sequence, each.timestamp) for each in (picture, sound)
    ]
    await bench.play(*copies, seconds=1)
    await asyncio.gather(bench.parts[0].end(), return_exceptions=True)
    assert bench.parts[0].failed
    (bench.root / "m").unlink()
    await bench.play(picture, sound, start_s=1)
    records = await bench.finish()
    assert len(records) == 1
    assert records[0].duration_ms > 1500


async def test_a_publisher_that_never_sends_leaves_nothing_behind(bench: Bench) -> None:
    bench.open(flash_and_beep("vp8", 2)[0])
    bench.silence(IDLE_US * 2)
    assert await bench.finish() == []
    assert list(bench.root.iterdir()) == []


@pytest.mark.parametrize("how", ["muted", "muted at first", "muted to the end", "dtx", "lossy"])
async def test_sound_stands_where_it_was_made_for_a_player_that_counts_samples(
    bench: Bench, how: str
) -> None:
    picture, sound = flash_and_beep("vp8", 20)
    holes = {"muted": (2.5, 17.5), "muted at first": (0.2, 9.5), "muted to the end": (4.5, 20)}
    if how in holes:
        sound = left_out(sound, holes[how])
    elif how == "dtx":
        sound = with_dtx(sound)
    else:
        sound = left_out(sound, *[(n / 10 + 0.24, n / 10 + 0.27) for n in range(0, 200, 10)])
    spoken = {round(frame.at_s) for frame in sound.frames if frame.at_s % 1 < 0.01}
    await bench.play(bench.open(picture), bench.open(sound))
    (record,) = await bench.finish()
    contents = read_contents(bench.path(record))
    assert contents.sound_end_s == pytest.approx(contents.picture_end_s, abs=0.1)
    heard = beeps_by_samples(bench.path(record))
    seen = [flash for flash in contents.flashes_s if round(flash) in spoken]
    assert len(heard) == len(seen) > 3
    assert heard == [pytest.approx(flash, abs=0.08) for flash in seen]


async def test_silence_is_written_while_a_hole_is_open(bench: Bench) -> None:
    picture, sound = flash_and_beep("vp8", 9)
    await bench.play(bench.open(picture), bench.open(left_out(sound, (2.5, 9))))
    assert bench.publisher.part is not None
    before = bench.publisher.part.sound_ms
    assert before > 6_000, "a recorder that is killed now leaves sound up to here"
    (record,) = await bench.finish()
    assert read_contents(bench.path(record)).sound_end_s == pytest.approx(9, abs=0.1)


@pytest.mark.parametrize("which", ["video", "audio"])
@pytest.mark.parametrize("step_s", [-3.0, -0.5, 0.5, 3.0])
async def test_stamps_that_step_leave_sound_and_picture_in_step(
    bench: Bench, which: str, step_s: float
) -> None:
    streams = [bench.open(clip) for clip in flash_and_beep("vp8", 16)]
    for start_s, seconds in ((0, 6.5), (6.5, 100)):
        again = [OutgoingStream(each.clip, each.ssrc, each.sequence, each.timestamp) for each in streams]
        await bench.play(*again, start_s=start_s, seconds=seconds)
        for stream in streams:
            if stream.clip.kind == which:
                stream.timestamp += round(step_s * stream.clip.clock_rate)
    (record,) = await bench.finish()
    contents = read_contents(bench.path(record))
    assert contents.pictures == 320
    assert len(contents.flashes_s) == 16
    assert beeps_by_samples(bench.path(record)) == [
        pytest.approx(each, abs=0.1) for each in contents.flashes_s
    ]
