"""A stream that a relay carries, as control tells it (docs/link.md, event `stream`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from recordings.muxer import Track

_CODECS: Final = {"audio": frozenset({"opus"}), "video": frozenset({"vp8", "vp9", "av1", "h264"})}


@dataclass(frozen=True, slots=True)
class StreamInfo:
    """One stream: whose (`participant` in his media session `peer`, of the center `center` with its `name`), and what.

    `ssrc` is that on the `relay`; `is_open` False says that it has ended. `source` is `screen` where a screen is shared, else
    `camera`, for a microphone too.
    """

    recording: str
    meeting: str
    participant: str
    peer: str
    name: str
    center: str
    kind: str
    codec: str
    clock_rate: int
    fmtp: str
    ssrc: int
    is_open: bool
    relay: str = ""
    source: str = "camera"

    @property
    def track(self) -> Track:
        """What it becomes in a file."""
        return Track(self.kind, self.codec)

    @classmethod
    def from_event(cls, data: Mapping[str, Any]) -> StreamInfo:
        """Raises ValueError for anything that does not follow the contract, or a codec we cannot write."""
        try:
            info = cls(
                recording=str(data["recording"]),
                meeting=str(data["meeting"]),
                participant=str(data["participant"]),
                peer=str(data["peer"]),
                name=str(data.get("name", "")),
                center=str(data.get("center", "")),
                kind=str(data["kind"]),
                codec=str(data["codec"]).lower(),
                clock_rate=int(data["clock_rate"]),
                fmtp=str(data.get("fmtp") or ""),
                ssrc=int(data["ssrc"]),
                is_open=data["state"] == "open",
                relay=str(data.get("relay") or ""),
                source="screen" if data.get("source") == "screen" else "camera",
            )
        except (KeyError, TypeError, ValueError) as trouble:
            raise ValueError(f"a stream is told without {trouble}") from None
        if info.codec not in _CODECS.get(info.kind, ()):
            raise ValueError(f"no {info.kind} codec {info.codec!r}")
        if not (0 < info.clock_rate <= 1_000_000 and 0 <= info.ssrc < 1 << 32):
            raise ValueError("clock rate or SSRC out of range")
        return info
