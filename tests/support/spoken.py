"""Recorded files with a voice in them, and recognisers that are none."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from numpy.typing import NDArray

from tests.support.real_media import make_speech

RATE: Final = 48_000
TEXT: Final = "报告指挥长，坦渡村未发现任何异常，请指示。"


def spoken_webm(path: Path, pieces: str) -> float:
    """A WebM with Opus: a second of silence for each `.`, a beep for each `b`, the sentence TEXT for each `v`; its seconds."""
    parts = {"b": _beep(), ".": np.zeros(RATE, np.int16)}
    if "v" in pieces:
        parts["v"] = _speech(path.with_suffix(".wav"))
    sound = np.concatenate([parts[piece] for piece in pieces])
    with av.open(str(path), "w", format="webm") as container:
        stream: Any = container.add_stream("libopus", rate=RATE)
        stream.layout = "mono"
        for start in range(0, len(sound), 960):
            block = np.zeros(960, np.int16)
            piece = sound[start : start + 960]
            block[: len(piece)] = piece
            frame: Any = av.AudioFrame.from_ndarray(block.reshape(1, -1), format="s16", layout="mono")
            frame.sample_rate, frame.pts = RATE, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return len(sound) / RATE


def _beep() -> NDArray[np.int16]:
    beep: NDArray[np.int16] = (9000 * np.sin(np.arange(RATE) * 2 * np.pi * 1000 / RATE)).astype(np.int16)
    return beep


def _speech(path: Path) -> NDArray[np.int16]:
    make_speech(path, TEXT)
    with wave.open(str(path), "rb") as wav:
        rate, samples = wav.getframerate(), np.frombuffer(wav.readframes(wav.getnframes()), np.int16)
    places = np.arange(0, len(samples), rate / RATE)
    at: NDArray[np.int16] = np.interp(places, np.arange(len(samples)), samples).astype(np.int16)
    return at


#: A program that behaves as a recogniser should, or not: its first word says how, its last is the WAV.
RECOGNISER: Final = """
import json, os, sys, time, wave
how, path = sys.argv[1], sys.argv[-1]
with wave.open(path, "rb") as wav:
    assert (wav.getframerate(), wav.getsampwidth(), wav.getnchannels()) == (16000, 2, 1)
    seconds = wav.getnframes() / 16000
line = {"from": 1.5, "to": 3.25, "text": "检查站\\n一切 正常"}
if how == "well":
    print(json.dumps({"from": seconds + 9, "to": seconds + 10, "text": "末尾"}))
    print(json.dumps(line))
    print()
elif how == "model":
    print(json.dumps({**line, "text": os.environ["RECOGNISER_MODEL"] + str("HUB_LINK_KEY" in os.environ)}))
elif how == "dies":
    print(json.dumps(line), flush=True)
    os._exit(3)
elif how == "hangs":
    time.sleep(600)
elif how == "rubbish":
    print("今天天气不错")
elif how == "strange":
    print(json.dumps({"from": "1", "to": None, "text": []}))
elif how == "floods":
    while True:
        sys.stdout.write("x" * 65536)
elif how == "long":
    print(json.dumps({**line, "text": "长" * 30000}))
"""
