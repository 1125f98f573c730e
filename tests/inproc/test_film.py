"""A film out of recorded files: what flashes and beeps in them does so in the film at its moment; taken up after a kill."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from hub.clock import to_wire
from hub.config import Config, load
from hub.directory.accounts import SYSTEM_ACCOUNT
from hub.film import making
from hub.film.making import make_film
from hub.jobs.child import WorkDied, run_child
from hub.jobs.work import Order, Told, WorkFailed
from recordings.film import pictures
from recordings.muxer import PartFile, Sample, Track
from tests.support.journal import HubWriter, command, running_writer
from tests.support.media_files import Clip, flash_and_beep, left_out, read_contents
from tests.support.rules import CITY, VILLAGE, account

CHAIR, STATION = account("leader", CITY), account("station", VILLAGE)
BEGUN = datetime(2026, 11, 23, 8, tzinfo=UTC)
SECONDS = 8


class Hub:
    """A journal whose clock is set by hand, and a recordings folder."""

    def __init__(self, folder: Path, writer: HubWriter, moment: list[datetime]) -> None:
        self.settings: Config = load({"HUB_DATA_DIR": str(folder)})
        self.settings.recordings_dir.mkdir(parents=True, exist_ok=True)
        self.writer = writer
        self.moment = moment
        self.meeting = ""
        self.recording = ""

    async def at(self, second: float, who: Any, what: str, /, **data: Any) -> Any:
        self.moment[0] = BEGUN + timedelta(seconds=second)
        answer = await self.writer.submit(command(what, self.meeting or None, **data), who)
        return answer.entries

    async def part(self, who: Any, number: int, second: float, *clips: Clip) -> None:
        name = f"part{number}.webm"
        tracks = [{"kind": clip.kind, "codec": clip.codec} for clip in clips]
        file = PartFile(
            self.settings.recordings_dir / name,
            [Track(each["kind"], each["codec"]) for each in tracks],
            (320, 180),
        )
        samples = [
            Sample(clip.kind, frame.data, round(frame.at_s * 1000), frame.key)
            for clip in clips
            for frame in clip.frames
        ]
        file.write(sorted(samples, key=lambda each: (each.at_ms, each.kind != "video")))
        file.close()
        ids = {"recording": self.recording, "part": f"p_{number:018d}"}
        await self.at(
            second,
            SYSTEM_ACCOUNT,
            "recording.part_open",
            **ids,
            participant=who.id,
            center=who.center,
            name="某地",
            file=name,
            tracks=tracks,
            started_at=to_wire(BEGUN + timedelta(seconds=second)),
        )
        closed = {"duration_ms": SECONDS * 1000, "bytes": 9, "sha256": "a" * 64}
        await self.at(second, SYSTEM_ACCOUNT, "recording.part_close", **ids, **closed)

    def order(self, name: str = "job") -> Order:
        folder = self.settings.made_dir / "work" / name
        folder.mkdir(parents=True, exist_ok=True)
        order = Order(name, "film", self.meeting, name, {}, folder, 4 << 30)
        order.out.mkdir(exist_ok=True)
        return order


@asynccontextmanager
async def recorded(folder: Path) -> AsyncIterator[Hub]:
    """Eight seconds: the village is on the stage, and muted from 3.5 s of the film on; from 5.5 to 6.5 s the meeting rests."""
    moment = [BEGUN]
    async with running_writer(f"sqlite:///{folder}/hub.db", clock=lambda: moment[0]) as (writer, _):
        hub = Hub(folder, writer, moment)
        entries = await hub.at(0, CHAIR, "meeting.open", title="防汛", kind="dispatch", centers=[VILLAGE])
        hub.meeting = str(entries[0].meeting)
        hub.recording = next(e.data["recording"] for e in entries if e.kind == "recording.started")
        for who in (CHAIR, STATION):
            await hub.at(0.5, who, "meeting.join")
        await hub.at(0.6, CHAIR, "stage.broadcast", participant=STATION.id)
        picture, sound = flash_and_beep("vp8", SECONDS)
        await hub.part(STATION, 1, 1.0, picture, sound)
        await hub.part(CHAIR, 2, 1.0, picture)
        await hub.at(4.5, CHAIR, "participant.mute", participant=STATION.id)
        await hub.at(6.5, CHAIR, "meeting.pause")
        await hub.at(7.5, CHAIR, "meeting.resume")
        await hub.at(9.5, CHAIR, "meeting.end")
        yield hub


def nothing(*_: Any) -> None:
    """Hears of progress and says nothing."""


def near(found: tuple[float, ...], expected: list[float]) -> bool:
    return len(found) == len(expected) and all(
        abs(one - other) < 0.15 for one, other in zip(found, expected, strict=True)
    )


async def test_what_flashes_and_beeps_does_so_in_the_film_at_its_moment_and_who_was_muted_is_not_heard(
    tmp_path: Path,
) -> None:
    async with recorded(tmp_path) as hub:
        order = hub.order()
        told = make_film(hub.settings, order, Told(nothing))
        assert told == {
            "began_at": to_wire(BEGUN + timedelta(seconds=1)),
            "duration_ms": SECONDS * 1000,
            "missing": 0,
        }
        film = order.out / "film.mp4"
        contents = read_contents(film)
        # the sixth flash is behind the card of the pause
        assert near(contents.flashes_s, [0, 1, 2, 3, 4, 5, 7]), contents
        assert near(contents.beeps_s, [0, 1, 2, 3]), contents
        assert abs(contents.picture_end_s - SECONDS) < 0.5
        assert abs(contents.sound_end_s - SECONDS) < 0.1
        data = film.read_bytes()
        assert data.find(b"moov") < data.find(b"mdat"), "a player finds the index first"
        with av.open(str(film)) as opened:
            kinds = {
                stream.type: stream.codec_context.name for stream in opened.streams if stream.codec_context
            }
            assert (kinds["video"], kinds["audio"]) == ("h264", "aac")
            assert opened.chapters()[0]["metadata"]["title"] == "会议开始"
            keys = [
                float(p.pts * p.time_base)
                for p in opened.demux(video=0)
                if p.is_keyframe and p.pts is not None
            ]
            assert max(np.diff(keys)) <= 2.1, "a jump decodes two seconds at most"
        assert "WEBVTT" in (order.out / "chapters.vtt").read_text()


async def test_a_hole_and_a_file_that_is_not_there_are_told_and_the_rest_is_shown(tmp_path: Path) -> None:
    async with recorded(tmp_path) as hub:
        (hub.settings.recordings_dir / "part1.webm").write_bytes(b"no film")
        (hub.settings.recordings_dir / "part2.webm").unlink()
        with pytest.raises(WorkFailed) as caught:
            make_film(hub.settings, hub.order("all"), Told(nothing))
        assert caught.value.reason == "unreadable"
        (hub.settings.recordings_dir / "part1.webm").unlink()
        with pytest.raises(WorkFailed) as caught:
            make_film(hub.settings, hub.order("none"), Told(nothing))
        assert caught.value.reason == "missing"


async def test_pieces_that_are_made_are_kept_and_joined_without_a_seam(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "PIECE_MS", 3_000)
    encode = pictures.encode_piece
    made: list[int] = []

    def die_in_the_second(plan: Any, root: Path, start: int, *more: Any) -> set[str]:
        if len(made) == 1:
            raise KeyboardInterrupt
        made.append(start)
        return encode(plan, root, start, *more)

    async with recorded(tmp_path) as hub:
        order = hub.order()
        monkeypatch.setattr(making, "encode_piece", die_in_the_second)
        with pytest.raises(KeyboardInterrupt):
            make_film(hub.settings, order, Told(nothing))
        again: list[int] = []

        def note(plan: Any, root: Path, start: int, *more: Any) -> set[str]:
            again.append(start)
            return encode(plan, root, start, *more)

        monkeypatch.setattr(making, "encode_piece", note)
        make_film(hub.settings, order, Told(nothing))
        assert (made, again) == ([0], [3_000, 6_000])
        contents = read_contents(order.out / "film.mp4")
        assert near(contents.flashes_s, [0, 1, 2, 3, 4, 5, 7]), contents


async def test_several_cores_make_the_same_film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "PIECE_MS", 4_000)
    async with recorded(tmp_path) as hub:
        hub.settings = replace(hub.settings, jobs=2)
        order = hub.order()
        make_film(hub.settings, order, Told(nothing))
        contents = read_contents(order.out / "film.mp4")
        assert near(contents.flashes_s, [0, 1, 2, 3, 4, 5, 7]), contents
        assert near(contents.beeps_s, [0, 1, 2, 3]), contents


async def test_the_process_of_the_job_makes_it_also_after_it_was_killed(tmp_path: Path) -> None:
    async with recorded(tmp_path) as hub:
        order = hub.order()
        environment = {**os.environ, "HUB_DATA_DIR": str(tmp_path)}
        program = [sys.executable, "-m", "hub", "work", "film"]
        killed: list[int] = []

        def kill(stage: str, done: float, total: float) -> None:
            if stage == "pictures" and not killed:
                for each in Path("/proc").glob("[0-9]*/cmdline"):
                    try:
                        if (
                            each.read_bytes().split(b"\0")[1:4] == [b"-m", b"hub", b"work"]
                            and str(tmp_path).encode() in (each.parent / "environ").read_bytes()
                        ):
                            killed.append(int(each.parent.name))
                            os.kill(killed[-1], signal.SIGKILL)
                    except OSError:
                        continue

        with pytest.raises(WorkDied):
            await run_child(program, order, environment, 60, kill)
        result = await run_child(program, order, environment, 60, nothing)
        assert [each["name"] for each in result["files"]] == ["chapters.vtt", "film.mp4", "words.vtt"]
        assert json.loads((order.out / "result.json").read_text()) == result


def test_sound_far_from_the_microphone_is_brought_near_and_nothing_clips(tmp_path: Path) -> None:
    from recordings.film.scenes import Heard, Plan, Scene, Source
    from recordings.film.sound import mixed
    from tests.support.media_files import encode_sound

    at = np.arange(6 * 48_000) / 48_000
    files = []
    for number, (amplitude, tone) in enumerate(((600, 440), (32_000, 700), (32_000, 710))):
        clip = encode_sound((np.sin(2 * np.pi * tone * at) * amplitude).astype(np.int16))
        file = PartFile(tmp_path / f"{number}.webm", [Track("audio", "opus")], (0, 0))
        file.write([Sample("audio", frame.data, round(frame.at_s * 1000), True) for frame in clip.frames])
        file.close()
        files.append(Source(f"{number}.webm", f"a{number}", False, 0, 6_000, False, True))

    def level(*people: int) -> tuple[float, float]:
        heard = tuple(Heard(f"a{each}", 0, 6_000) for each in people)
        plan = Plan(
            "", to_wire(BEGUN), "UTC", 6_000, (Scene(0, 6_000, (), "", "", "", False),), tuple(files), heard
        )
        samples = np.concatenate(list(mixed(plan, tmp_path)))
        assert len(samples) == 6 * 48_000
        last = samples[4 * 48_000 :]
        return float(np.sqrt((last**2).mean())), float(np.abs(samples).max())

    quiet, loud = level(0)[0], level(1)[0]
    assert 0.3 < quiet / loud < 1.2, "twenty-fold louder in the microphone, about alike in the film"
    assert level(1, 2)[1] <= 0.91


def test_holes_in_a_part_are_cards_and_not_the_last_picture_for_ever(tmp_path: Path) -> None:
    from recordings.film.tracks import PictureFile

    clip = left_out(flash_and_beep("vp8", SECONDS)[0], (2.0, 6.0))
    file = PartFile(tmp_path / "p.webm", [Track("video", "vp8")], (320, 180))
    file.write([Sample("video", frame.data, round(frame.at_s * 1000), frame.key) for frame in clip.frames])
    file.close()
    track = PictureFile(tmp_path / "p.webm")
    assert track.at(1_000) is not None
    assert track.at(3_000) is not None, "a second is no hole"
    assert track.at(5_500) is None
    found = track.at(6_500)
    assert found is not None
    assert 6_000 <= found[0] <= 6_500
    back = track.at(500)
    assert back is not None
    assert back[0] <= 500
    track.close()
