"""The scenes of the demo stations: picture, sound, and what makes them tell apart."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import cast

import av
import pytest
from av.video.frame import VideoFrame

from clients.station import scene
from clients.station.clip import AUDIO_CLOCK, SILENCE, load_clip
from clients.station.encode import Picture, write_webm
from clients.station.media import prepare_clip
from clients.station.scene import PICTURE, Subject, cjk_font, draw, make_scene, sound_frames, tone

TANDU = Subject("430682115210", "坦渡村", "village")
CHANGLING = Subject("430682115001", "长岭社区", "village")


@pytest.fixture(scope="module")
def tandu(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_scene(TANDU, tmp_path_factory.mktemp("scenes"))


def mean_colour(frame: VideoFrame) -> tuple[int, ...]:
    image = frame.to_image()  # type: ignore[no-untyped-call]
    return tuple(cast(tuple[int, ...], image.resize((1, 1)).getpixel((0, 0))))


def test_a_scene_decodes_with_picture_and_sound_of_twenty_seconds(tandu: Path) -> None:
    with av.open(str(tandu)) as container:
        pictures = [frame for frame in container.decode(video=0) if isinstance(frame, VideoFrame)]
    assert len(pictures) == 20 * PICTURE.fps
    assert (pictures[0].width, pictures[0].height) == (640, 360)
    with av.open(str(tandu)) as container:
        samples = sum(frame.samples for frame in container.decode(audio=0))
    assert samples / AUDIO_CLOCK == pytest.approx(20, abs=0.1)


def test_a_scene_moves_and_speaks(tandu: Path) -> None:
    clip = load_clip(tandu)
    assert max(packet.level for packet in clip.audio) > -30
    assert min(packet.level for packet in clip.audio) < -60
    assert sum(len(frame.data) for frame in clip.video) * 8 / clip.length_s < 800_000
    with av.open(str(tandu)) as container:
        first, *_, last = container.decode(video=0)
    assert bytes(first.planes[0]) != bytes(last.planes[0])


def test_a_scene_is_sent_as_it_is_and_its_key_frames_are_close(tandu: Path) -> None:
    clip = prepare_clip(tandu, tandu.parent)
    assert clip.widest_key_gap_s <= 0.6
    assert not list(tandu.parent.glob("file-*"))
    assert clip.length_s == pytest.approx(20, abs=0.05)


def test_two_centers_look_and_sound_different() -> None:
    one, other = mean_colour(next(draw(TANDU))), mean_colour(next(draw(CHANGLING)))
    assert sum(abs(a - b) for a, b in zip(one, other, strict=True)) > 40
    assert TANDU.pitch_hz != CHANGLING.pitch_hz


def test_a_scene_is_made_once(tandu: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scene, "write_webm", None)
    assert make_scene(TANDU, tandu.parent) == tandu


def test_without_espeak_a_tone_stands_in_and_the_log_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("clients.station.scene.shutil.which", lambda name: None)
    path = make_scene(TANDU, tmp_path)
    assert "espeak-ng" in caplog.text
    levels = [packet.level for packet in load_clip(path).audio]
    assert -40 < max(levels) < -15
    assert min(levels) < -60


def test_without_a_chinese_font_the_code_stands_for_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scene, "_FONTS", ())
    assert cjk_font() is None
    frame = next(draw(TANDU))
    assert frame.width == 640


def test_a_foreign_file_is_encoded_once_into_the_cache(tmp_path: Path) -> None:
    source = tmp_path / "spoken.wav"
    with wave.open(str(source), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(AUDIO_CLOCK)
        file.writeframes(tone(TANDU)[: 2 * AUDIO_CLOCK].tobytes())
    clip = prepare_clip(source, tmp_path / "cache")
    assert clip.video == ()
    assert clip.length_s == pytest.approx(2, abs=0.1)
    assert max(packet.level for packet in clip.audio) > SILENCE
    (made,) = (tmp_path / "cache").iterdir()
    stamp = made.stat().st_mtime_ns
    prepare_clip(source, tmp_path / "cache")
    assert made.stat().st_mtime_ns == stamp


def test_a_file_whose_key_frames_are_far_apart_is_encoded_anew(tmp_path: Path) -> None:
    far = tmp_path / "far.mp4"
    with av.open(str(far), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        for number in range(30):
            frame = next(draw(TANDU)).reformat(1280, 720, format="yuv420p")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    clip = prepare_clip(far, tmp_path / "cache")
    assert clip.widest_key_gap_s <= 0.6
    assert clip.audio == ()
    assert len(clip.video) == pytest.approx(3 * 20, abs=4)


def test_what_is_no_media_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "a.webm"
    text.write_text("no media", encoding="utf-8")
    with pytest.raises((OSError, ValueError)):
        prepare_clip(text, tmp_path)


def test_a_broken_off_encoding_leaves_no_file_behind(tmp_path: Path) -> None:
    def frames() -> object:
        yield next(draw(TANDU))
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        write_webm(tmp_path / "x.webm", Picture(640, 360, 15), frames(), sound_frames(tone(TANDU)))  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []
