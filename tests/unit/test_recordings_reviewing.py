"""What is made of recordings for who reviews them: clips, pictures, small pictures, a check of the files."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from recordings.cutting import Cut, CutFailed, cut
from recordings.pictures import NoPicture, small_pictures, still
from recordings.reviewing import Failed, PartSource, check_files, make_clip, take_picture
from tests.support.small_media import grey_at, record

MEETING = "m_" + "0" * 18
SECONDS = 20  # long enough for key frames that are far apart


def silent(stage: str, done: float, total: float) -> None:
    assert 0 <= done <= max(total, 1), (stage, done, total)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("recorded")
    return {
        "vp8": record(root / "vp8.webm", SECONDS, 2),
        "h264": record(root / "h264.mkv", SECONDS, 2, picture="libx264"),
        "few": record(root / "few.webm", SECONDS, 60),
        "sound": record(root / "sound.webm", SECONDS, 1, picture=None),
    }


def shown(path: Path) -> list[tuple[int, float]]:
    """The pictures of a file: their moments in ms, and how light they are."""
    with av.open(str(path)) as container:
        return [
            (round(float(frame.time) * 1000), float(frame.to_ndarray(format="gray").mean()))
            for frame in container.decode(video=0)
        ]


def codecs(path: Path) -> list[str]:
    with av.open(str(path)) as container:
        return [stream.codec_context.name for stream in container.streams]


def payloads(path: Path) -> list[bytes]:
    """The picture's packets, byte by byte."""
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.pts is not None]


@pytest.mark.parametrize(("name", "suffix"), [("vp8", ".webm"), ("h264", ".mp4")])
def test_a_clip_is_copied_from_the_key_frame_before_it(
    files: dict[str, Path], tmp_path: Path, name: str, suffix: str
) -> None:
    made = cut(files[name], 9300, 14_000, tmp_path / "clip")
    assert made == Cut(tmp_path / f"clip{suffix}", 8000, 14_000, copied=True)
    pictures = shown(made.path)
    assert (pictures[0][0], len(pictures)) == (0, 60)
    assert pictures[0][1] == pytest.approx(grey_at(8000, SECONDS), abs=2)
    if name == "vp8":
        assert set(payloads(made.path)) <= set(payloads(files[name])), "a copied frame differs"
    assert made.path.stat().st_mode & 0o077 == 0


def test_a_clip_far_from_any_key_frame_is_encoded_and_begins_where_it_was_wanted(
    files: dict[str, Path], tmp_path: Path
) -> None:
    made = cut(files["few"], 9300, 14_000, tmp_path / "clip")
    assert (made.path.name, made.from_ms, made.copied) == ("clip.mp4", 9300, False)
    assert codecs(made.path) == ["h264", "aac"]
    pictures = shown(made.path)
    assert pictures[0][1] == pytest.approx(grey_at(9300, SECONDS), abs=3)
    assert len(pictures) == 47


def test_sound_alone_is_cut_as_well(files: dict[str, Path], tmp_path: Path) -> None:
    made = cut(files["sound"], 9300, 14_000, tmp_path / "clip")
    assert (made.copied, made.from_ms) == (True, 9300)
    assert codecs(made.path) == ["opus"]


def test_what_is_no_recording_is_not_cut(files: dict[str, Path], tmp_path: Path) -> None:
    broken = tmp_path / "broken.webm"
    broken.write_bytes(b"\x1a\x45\xdf\xa3" + b"\x00" * 400)
    for source, begin, end in ((broken, 0, 1000), (files["vp8"], 5000, 5000)):
        with pytest.raises(CutFailed):
            cut(source, begin, end, tmp_path / "clip")


def test_a_still_is_the_recorded_picture_of_its_moment(files: dict[str, Path], tmp_path: Path) -> None:
    for name in ("vp8", "h264", "few"):
        found = still(files[name], 9350, tmp_path / "still.png")
        assert (found.at_ms, found.width, found.height) == (9300, 160, 90)
        assert np.asarray(Image.open(tmp_path / "still.png")).mean() == pytest.approx(
            grey_at(9300, SECONDS), abs=3
        )
    assert still(files["vp8"], 10**7, tmp_path / "last.png").at_ms == (SECONDS * 10 - 1) * 100
    with pytest.raises(NoPicture):
        still(files["sound"], 0, tmp_path / "none.png")


def test_small_pictures_are_of_key_frames_and_stand_where_the_index_says(
    files: dict[str, Path], tmp_path: Path
) -> None:
    index = small_pictures(files["vp8"], SECONDS * 1000, tmp_path)
    assert index == json.loads((tmp_path / "index.json").read_text())
    assert index["at_ms"] == [0, 4000, 8000, 12_000, 16_000]
    sheet = np.asarray(Image.open(tmp_path / index["sheets"][0]))
    assert sheet.shape[:2] == (90, 1600)
    for place, at_ms in enumerate(index["at_ms"]):
        one = sheet[:90, place * 160 : (place + 1) * 160]
        assert one.mean() == pytest.approx(grey_at(at_ms, SECONDS), abs=4)


def part(root: Path, number: int, source: Path, offset_ms: int, **changed: Any) -> PartSource:
    """A part as the journal tells of it, with its file in the folder of recordings."""
    file = f"{MEETING}/r/{number}{source.suffix}"
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(source.read_bytes())
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    known: dict[str, Any] = {
        "id": f"p_{number}",
        "recording": "r",
        "participant": f"a_{number % 2}",
        "name": f"村{number % 2}",
        "file": file,
        "path": path,
        "offset_ms": offset_ms,
        "duration_ms": SECONDS * 1000,
        "bytes": path.stat().st_size,
        "sha256": digest,
    }
    return PartSource(**{**known, **changed})


def test_a_clip_of_a_meeting_has_a_file_for_each_part_and_says_where_it_is_from(
    files: dict[str, Path], tmp_path: Path
) -> None:
    parts = [
        part(tmp_path, 0, files["vp8"], 0),
        part(tmp_path, 1, files["h264"], 5000),
        part(tmp_path, 2, files["vp8"], 60_000),
    ]
    out = tmp_path / "out"
    out.mkdir()
    told = make_clip(parts, [], 9300, 14_000, out, silent)
    assert told == {"from_ms": 8000, "to_ms": 14_000, "copied": 2, "left_out": 0}
    origin = json.loads((out / "origin.json").read_text())
    assert [each["part_sha256"] for each in origin["files"]] == [parts[0].sha256, parts[1].sha256]
    assert [each["from_ms"] for each in origin["files"]] == [8000, 9000]
    assert {each["file"] for each in origin["files"]} == {"clip-01.webm", "clip-02.mp4"}
    assert origin["wanted"] == {"from_ms": 9300, "to_ms": 14_000}


def test_a_clip_is_made_of_whom_it_is_asked_and_says_what_it_lacks(
    files: dict[str, Path], tmp_path: Path
) -> None:
    parts = [part(tmp_path, 0, files["vp8"], 0), part(tmp_path, 1, files["vp8"], 0)]
    parts[1].path.unlink()
    (out := tmp_path / "out").mkdir()
    assert make_clip(parts, [], 0, 1000, out, silent)["left_out"] == 1
    for whom, span, reason in (
        (["a_1"], (0, 1000), "missing"),
        (["a_0"], (30_000, 40_000), "no_recording"),
        (["a_9"], (0, 1000), "no_recording"),
    ):
        with pytest.raises(Failed) as failed:
            make_clip(parts, whom, *span, out, silent)
        assert failed.value.reason == reason
    parts[0].path.write_bytes(b"nothing")
    with pytest.raises(Failed) as failed:
        make_clip(parts, ["a_0"], 0, 1000, out, silent)
    assert failed.value.reason == "unreadable"


def test_a_picture_of_a_meeting_says_of_which_part_and_moment_it_is(
    files: dict[str, Path], tmp_path: Path
) -> None:
    parts = [part(tmp_path, 1, files["vp8"], 5000)]
    (out := tmp_path / "out").mkdir()
    told = take_picture(parts, "a_1", 14_350, out, silent)
    assert (told["at_ms"], told["part"], told["part_sha256"]) == (14_300, "p_1", parts[0].sha256)
    assert (out / "picture.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(Failed) as failed:
        take_picture(parts, "a_1", 1000, out, silent)
    assert failed.value.reason == "no_recording"


def test_a_check_finds_a_flipped_byte_a_missing_file_a_cut_one_and_one_that_nobody_told_of(
    files: dict[str, Path], tmp_path: Path
) -> None:
    parts = [part(tmp_path, number, files["vp8"], 0) for number in range(6)]
    flipped = bytearray(parts[1].path.read_bytes())
    flipped[len(flipped) // 2] ^= 1
    parts[1].path.write_bytes(bytes(flipped))
    parts[2].path.unlink()
    parts[3].path.write_bytes(parts[3].path.read_bytes()[:-100])
    parts[4].path.write_bytes(parts[4].path.read_bytes() + b"more")
    parts[5] = part(tmp_path, 5, files["vp8"], 0, sha256=None, duration_ms=None, bytes=None)
    (tmp_path / MEETING / "r" / "other.webm").write_bytes(b"x")
    found = check_files(parts, tmp_path, MEETING, silent)
    assert found == {
        "parts": {
            "p_0": "whole",
            "p_1": "changed",
            "p_2": "missing",
            "p_3": "short",
            "p_4": "long",
            "p_5": "open",
        },
        "orphans": [f"{MEETING}/r/other.webm"],
    }
