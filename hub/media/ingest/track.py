"""What is known of a track of a participant: a camera, a screen or a microphone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hub.media.ingest.microphone import Microphone

CAMERA: Final = "camera"
SCREEN: Final = "screen"
#: The sources a publisher may name.
SOURCES: Final = (CAMERA, SCREEN)


@dataclass(frozen=True, slots=True)
class Codec:
    """What a track is encoded with: name in lower case (`vp8`), clock rate in Hz, fmtp text."""

    name: str
    clock_rate: int
    channels: int
    fmtp: str


def word_of(participant: str, source: str) -> str:
    """How a source is called in `select` and `slots`: a screen share is not the participant's camera."""
    return participant if source == CAMERA else f"{participant}:{source}"


class Track:
    """A track, without its layers. `label` names it in dumps: participant, kind and peer.

    `remote` is true for one that comes from another node; `rids` are the names of the layers that may come. While `muted`
    nothing of it is passed on. `paused`: the publisher was told that nobody watches it. `replays`: its source heeds no request
    for a key frame (a camera); who joins is sent what has come since the last one. `twin`: the same picture once more, in
    another codec, for viewers who take none of the first.
    """

    def __init__(
        self,
        *,
        participant: str,
        peer: str,
        kind: str,
        codec: Codec,
        source: str = CAMERA,
        rids: tuple[str, ...] = (),
        microphone: Microphone | None = None,
        remote: bool = False,
        replays: bool = False,
        twin: bool = False,
    ) -> None:
        self.participant = participant
        self.peer = peer
        self.kind = kind
        self.codec = codec
        self.source = source
        self.rids = rids
        self.microphone = microphone
        self.remote = remote
        self.replays = replays
        self.twin = twin
        self.word = word_of(participant, source)
        self.label = f"{self.word}/{kind}/{peer}"
        self.muted = False
        self.paused = False

    @property
    def simulcast(self) -> bool:
        """Whether it may come in several layers."""
        return len(self.rids) > 1

    def rank_layers(self) -> None:
        """A layer's picture has another size: bring the layers into order. Without layers there is nothing to do."""
