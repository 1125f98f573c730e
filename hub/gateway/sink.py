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
    """A stream to pull. `url` has no user in it; of each of `kinds` the first track is asked for, and the first of these is the
    one that has to come."""

    url: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    transport: Transport = "tcp"
    kinds: tuple[str, ...] = ("video",)


class Sink(Protocol):
    """Who takes what comes. All calls are made from the event loop, and are to return at once."""

    def described(self, tracks: Sequence[Track]) -> None:
        """A connection stands (each time anew): these tracks will come, in the order of the target's `kinds`."""

    def rtp(self, track: Track, packet: memoryview, now: float) -> None:
        """An RTP packet of a track. `packet` is valid during the call only."""

    def state(self, state: State, reason: str) -> None:
        """What the pull is doing; `reason` is one of `rtsp_session.REASONS`, empty where all is well."""


class Taker(Protocol):
    """Who takes what comes of one conversation after the other."""

    def described(self, tracks: Sequence[Track]) -> None: ...
    def rtp(self, track: Track, packet: memoryview, now: float) -> None: ...
    def told(self, state: State, reason: str) -> None: ...


class Valve:
    """The Sink of one conversation: what it says after its end (`taker` None) is heard by nobody."""

    def __init__(self, taker: Taker) -> None:
        self.taker: Taker | None = taker

    def described(self, tracks: Sequence[Track]) -> None:
        """Sink: a connection stands."""
        if self.taker is not None:
            self.taker.described(tracks)

    def rtp(self, track: Track, packet: memoryview, now: float) -> None:
        """Sink: a packet came."""
        if self.taker is not None:
            self.taker.rtp(track, packet, now)

    def state(self, state: State, reason: str) -> None:
        """Sink: how it stands."""
        if self.taker is not None:
            self.taker.told(state, reason)
