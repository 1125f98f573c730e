"""A viewer's side of the hub: its slots, and what plays in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from hub.media.outlet import Outlet
from hub.media.publication import Codec, Publication
from hub.media.stage import STAGE
from hub.media.subscription import PayloadTypes, Subscription

#: Finds how a codec is numbered towards this viewer; None if it cannot show it.
Numbering = Callable[[Codec], PayloadTypes | None]


@dataclass(slots=True)
class Slot:
    """One receiving section of a watch offer. `participant` is who is told to stand in it."""

    subscription: Subscription
    numbering: Numbering
    participant: str | None = None
    numbered: dict[Codec, PayloadTypes | None] = field(default_factory=dict)

    def show(self, publication: Publication | None, now: float) -> bool:
        """Have this publication (or none) play in the slot; True if the slot's participant changed."""
        types = None
        if publication is not None:
            codec = publication.codec
            if codec not in self.numbered:
                self.numbered[codec] = self.numbering(codec)
            types = self.numbered[codec]
        if publication is None or types is None:
            self.subscription.clear()
            participant = None
        else:
            self.subscription.play(publication, types, now)
            participant = publication.participant
        changed = participant != self.participant
        self.participant = participant
        return changed


class Watcher:
    """The slots of one watching peer. `selected` is what the viewer asked for, one word a video slot."""

    def __init__(
        self, peer: str, participant: str, outlet: Outlet, video: Sequence[Slot], audio: Sequence[Slot]
    ) -> None:
        self.peer = peer
        self.participant = participant
        self.outlet = outlet
        self.video = list(video)
        self.audio = list(audio)
        self.selected: list[str | None] = [STAGE if index == 0 else None for index in range(len(video))]
        self.by_ssrc: dict[int, Subscription] = {}
        for slot in (*self.video, *self.audio):
            self.by_ssrc[slot.subscription.ssrc] = slot.subscription

    def select(self, wanted: Sequence[str | None]) -> None:
        """Take the viewer's choice for its first slots; slots not named stay as they are."""
        for index, word in enumerate(wanted[: len(self.video)]):
            self.selected[index] = word

    def show(
        self,
        stage: str | None,
        videos: Mapping[str, Publication],
        now: float,
    ) -> bool:
        """Fill the video slots; True if anything changed that the viewer is to be told."""
        changed = False
        for word, slot in zip(self.selected, self.video, strict=True):
            participant = stage if word == STAGE else word
            if participant == self.participant:
                participant = None  # nobody receives himself
            changed |= slot.show(videos.get(participant) if participant else None, now)
        return changed

    def slots(self) -> dict[str, list[str | None]]:
        """Who stands in which slot, as the viewer is told."""
        return {
            "video": [slot.participant for slot in self.video],
            "audio": [slot.participant for slot in self.audio],
        }

    def close(self) -> None:
        """Leave every publication."""
        for slot in (*self.video, *self.audio):
            slot.subscription.clear()

    def dump(self) -> dict[str, object]:
        """The viewer for people."""
        return {
            "selected": list(self.selected),
            "video": [slot.subscription.dump() for slot in self.video],
            "audio": [slot.subscription.dump() for slot in self.audio],
        }
