"""Files: a kill costs little, finishing adds what a player needs, and trouble with the disk is told, not raised as chaos."""

from __future__ import annotations

import hashlib
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import av
import pytest

from recordings.finishing import COPY_SUFFIX, finish
from recordings.muxer import MuxError, PartFile, Sample, Track, container_for, picture_size
from tests.support.media_files import Clip, flash_and_beep, read_contents

VIDEO = ["vp8", "vp9", "h264", "av1"]
#: Writes a clip in real time to the file named, until it is killed; prints the second it has come to.
_WRITER = """
import sys, time
from pathlib import Path
from recordings.muxer import PartFile, Track
from tests.unit.test_recordings_muxer import samples_of, tracks_of
from tests.support.media_files import flash_and_beep
codec, path, only = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
clips = [clip for clip in flash_and_beep(codec, 8) if only in ("both", clip.kind)]
if only == "pause":
    video, audio = flash_and_beep(codec, 8)
    clips = [video, audio]
file = PartFile(path, tracks_of(*clips), (320, 180))
began = time.monotonic()
for sample in samples_of(*clips):
    if only == "pause" and sample.kind == "audio" and sample.at_ms > 1000:
        continue
    time.sleep(max(0, began + sample.at_ms / 1000 - time.monotonic()))
    file.write([sample])
    print(sample.at_ms, flush=True)
"""


def tracks_of(*clips: Clip) -> list[Track]:
    return [Track(clip.kind, clip.codec) for clip in clips]


def samples_of(*clips: Clip) -> list[Sample]:
    """All samples of the clips by time, pictures first."""
    samples = [
        Sample(clip.kind, frame.data, round(frame.at_s * 1000), frame.key)
        for clip in clips
        for frame in clip.frames
    ]
    return sorted(samples, key=lambda sample: (sample.at_ms, sample.kind != "video"))


def _write(path: Path, *clips: Clip, end: bool = True) -> PartFile:
    file = PartFile(path, tracks_of(*clips), (320, 180))
    file.write(samples_of(*clips))
    if end:
        file.close()
    return file


@pytest.mark.parametrize("codec", VIDEO)
@pytest.mark.parametrize("only", ["both", "pause"])
def test_a_kill_costs_two_seconds_at_most(tmp_path: Path, codec: str, only: str) -> None:
    path = tmp_path / f"part{container_for([Track('video', codec)])[1]}"
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITER, codec, str(path), only], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    written_ms = 0
    for line in writer.stdout:
        written_ms = int(line) if line.strip().isdigit() else written_ms
        if written_ms > 4000:
            writer.kill()
            break
    writer.stdout.close()
    writer.wait()
    contents = read_contents(path)
    assert contents.picture_end_s > written_ms / 1000 - 2
    if only == "both":
        assert contents.sound_end_s > written_ms / 1000 - 2

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    done = finish(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600, "also when it was finished"
    assert done.trouble == ""
    again = read_contents(path)
    assert again.pictures == contents.pictures
    assert abs(done.duration_ms / 1000 - contents.picture_end_s) < 0.3


@pytest.mark.parametrize("codec", VIDEO)
def test_a_finished_file_has_duration_and_index_and_its_hash(tmp_path: Path, codec: str) -> None:
    path = tmp_path / f"part{container_for([Track('video', codec)])[1]}"
    _write(path, *flash_and_beep(codec, 4))
    done = finish(path)
    data = path.read_bytes()
    assert (done.bytes, done.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert abs(done.duration_ms - 4000) < 100
    assert b"\x1c\x53\xbb\x6b" in data  # Cues (RFC 9559 §5.1.5)
    with av.open(str(path)) as source:
        assert source.duration is not None
        assert abs(source.duration / 1_000_000 - 4) < 0.1
        source.seek(2_500_000)
        first = next(source.decode(video=0))
        assert first.time is not None
        assert 1.9 <= first.time <= 2.5
    assert not list(tmp_path.glob(f"*{COPY_SUFFIX}"))
    contents = read_contents(path)
    assert contents.pictures == 80
    for flash, beep in zip(contents.flashes_s, contents.beeps_s, strict=True):
        assert abs(flash - beep) < 0.1


def test_one_track_alone_is_enough(tmp_path: Path) -> None:
    picture, sound = flash_and_beep("vp8", 2)
    _write(tmp_path / "picture.webm", picture)
    _write(tmp_path / "sound.webm", sound)
    assert read_contents(tmp_path / "picture.webm").pictures == 40
    assert abs(read_contents(tmp_path / "sound.webm").sound_end_s - 2) < 0.1
    assert finish(tmp_path / "sound.webm").duration_ms == pytest.approx(2000, abs=60)


def test_a_time_that_runs_backward_within_a_track_is_held(tmp_path: Path) -> None:
    picture, _ = flash_and_beep("vp8", 2)
    file = PartFile(tmp_path / "part.webm", tracks_of(picture), (320, 180))
    samples = samples_of(picture)
    samples[10] = Sample("video", samples[10].data, 3, samples[10].key)
    file.write(samples)
    file.close()
    assert read_contents(tmp_path / "part.webm").pictures == 40


@pytest.mark.parametrize("content", [b"", b"\x1a\x45\xdf\xa3", b"no media at all" * 100])
def test_a_file_without_a_frame_is_kept_and_counts_as_empty(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "part.webm"
    path.write_bytes(content)
    done = finish(path)
    assert (done.samples, done.duration_ms, done.bytes) == (0, 0, len(content))
    assert path.read_bytes() == content


def test_a_disk_that_is_full_when_a_part_is_finished_leaves_the_readable_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "part.webm"
    _write(path, *flash_and_beep("vp8", 2))
    before = path.read_bytes()

    def full(descriptor: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("recordings.finishing._force", full)
    done = finish(path)
    assert done.trouble
    assert path.read_bytes() == before
    assert done.duration_ms == pytest.approx(2000, abs=60)
    assert not list(tmp_path.glob(f"*{COPY_SUFFIX}"))


def test_a_folder_that_is_not_there_is_a_typed_trouble(tmp_path: Path) -> None:
    with pytest.raises(MuxError, match="cannot be made"):
        PartFile(tmp_path / "none" / "part.webm", [Track("audio", "opus")], (0, 0))


def test_a_full_device_is_a_typed_trouble() -> None:
    """/dev/full refuses every write; the header alone does not reach it, the first cluster does."""
    picture, sound = flash_and_beep("vp8", 4)
    link = Path("/dev/full")
    if not link.exists():
        pytest.skip("no /dev/full here")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "part.webm"
        file = PartFile(path, tracks_of(picture, sound), (320, 180))
        path.unlink()
        path.symlink_to(link)

        def write_all() -> None:
            file.write(samples_of(picture, sound))
            file.close()

        with pytest.raises(MuxError):
            write_all()


@pytest.mark.parametrize("codec", VIDEO)
def test_the_size_of_the_picture_is_read_from_a_key_frame(codec: str) -> None:
    clip = flash_and_beep(codec, 2)[0]
    assert picture_size(codec, clip.frames[0].data) == (320, 180)
    with pytest.raises(MuxError):
        picture_size(codec, b"\x00" * 40)


def test_writing_keeps_up_with_far_more_than_real_time(tmp_path: Path) -> None:
    clips = flash_and_beep("vp8", 8)
    began = time.monotonic()
    _write(tmp_path / "part.webm", *clips)
    assert time.monotonic() - began < 2
