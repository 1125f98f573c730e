"""What a camera's stream is pulled from, and who takes what comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from hub.gateway.rtsp_session import Transport
from hub.wire.sdp_rtsp import Track

State = Literal["connecting", "playing", "reconnecting", "refused", "unplayable"]


@dataclass(frozen=True, slots=True)
class Target:
    """A stream to pull. `url` has no user in it; `sound` asks for its sound beside the picture."""

    url: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    transport: Transport = "tcp"
    sound: bool = False


class Sink(Protocol):
    """Who takes what comes. All calls are made from the event loop, and are to return at once."""

    def described(self, tracks: Sequence[Track]) -> None:
        """A connection stands (each time anew): these tracks will come, the picture first."""

    def rtp(self, track: Track, packet: memoryview, now: float) -> None:
        """An RTP packet of a track. `packet` is valid during the call only."""

    def state(self, state: State, reason: str) -> None:
        """What the pull is doing; `reason` is one of `rtsp_session.REASONS`, empty where all is well."""
