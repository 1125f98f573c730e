"""A viewer's side of the hub: its slots, and what stands in them."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from hub.media.egress.adaptation import Adaptation
from hub.media.egress.slot import NEXT, STAGE, Slot
from hub.media.egress.subscription import Subscription
from hub.media.ingest.publication import Publication
from hub.media.transport.outlet import Outlet

#: Device pixels of a tile that is believed; a larger one is taken as this.
MAX_TILE: int = 8192


class Watcher:
    """The slots of one watching peer. `selected` is what the viewer asked for, one word a video slot.

    `mirror`: it tries its own line, and is shown what it sends itself.
    """

    def __init__(
        self,
        peer: str,
        participant: str,
        outlet: Outlet,
        video: Sequence[Slot],
        audio: Sequence[Slot],
        now: float,
        mirror: bool = False,
    ) -> None:
        self.peer = peer
        self.participant = participant
        self.mirror = mirror
        self.outlet = outlet
        self.video = list(video)
        self.audio = list(audio)
        self.adaptation = Adaptation(outlet, self.video, self.audio, now)
        self.selected: list[str | None] = [STAGE if index == 0 else None for index in range(len(video))]
        #: The codecs of pictures that it takes, by their names.
        self.takes: frozenset[str] = frozenset()
        self._tiles_changed = False
        self.told: dict[str, list[str | None]] = {}
        """What the viewer was told of its slots last."""
        self.by_ssrc: dict[int, Subscription] = {}
        for slot in (*self.video, *self.audio):
            self.by_ssrc[slot.subscription.ssrc] = slot.subscription

    def select(self, wanted: Sequence[str | None], tiles: Sequence[tuple[int, int] | None] | None) -> None:
        """Take the viewer's choice for its first slots, and their sizes; slots not named stay as they are."""
        for index, word in enumerate(wanted[: len(self.video)]):
            self.selected[index] = word
        if tiles is not None:
            self._tiles_changed = True
        for index, tile in enumerate((tiles or ())[: len(self.video)]):
            self.adaptation.tiles[index] = (
                (min(max(tile[0], 0), MAX_TILE), min(max(tile[1], 0), MAX_TILE)) if tile else None
            )

    def show(
        self,
        stage: str | None,
        following: Sequence[str | None],
        videos: Mapping[str, Publication],
        now: float,
    ) -> bool:
        """Fill the video slots; True if anything changed that the viewer is to be told.

        `stage` stands where the stage was selected, `following` one after the other where who comes next was.
        """
        changed = False
        coming = iter(following)
        for word, slot in zip(self.selected, self.video, strict=True):
            wanted = stage if word == STAGE else next(coming, None) if word == NEXT else word
            publication = videos.get(wanted) if wanted else None
            own = publication is not None and publication.participant == self.participant
            if own and not self.mirror:
                publication = None  # nobody receives himself
            changed |= slot.show(publication, now)
        if changed or self._tiles_changed:
            self._tiles_changed = False
            self.adaptation.choose(now, changed=True)
        return changed

    def withdraw(self, publications: Container[object], now: float) -> bool:
        """Send nothing more of these, not even until what stands in a slot now begins; True if there was anything."""
        theirs = [
            slot
            for slot in (*self.video, *self.audio)
            if slot.publication in publications or slot.subscription.plays_of(publications)
        ]
        for slot in theirs:
            slot.show(None, now)
        return bool(theirs)

    @property
    def away(self) -> bool:
        """Whether he takes nothing that is pulled for those who take it, as nobody hears him."""
        return self.adaptation.away

    def leave(self, now: float) -> None:
        """He is not heard any more. Cameras are not pulled for him from now on; other pictures are left to his line."""
        if not any(slot.publication is not None and slot.publication.replays for slot in self.video):
            return
        self.adaptation.away = True
        self.adaptation.choose(now, changed=True)
        for slot in self.audio:
            slot.subscription.clear()

    def come_back(self, now: float) -> None:
        """He is heard again, and has at once what he had."""
        self.adaptation.away = False
        self.adaptation.choose(now, changed=True)
        self.hear(now)

    def hear(self, now: float) -> None:
        """Have the sounds play that stand in his slots."""
        if not self.away:
            for slot in self.audio:
                slot.play_only_layer(now)

    @property
    def standing(self) -> list[str | None]:
        """The words of those who stand where who comes next was selected."""
        return [slot.word for word, slot in zip(self.selected, self.video, strict=True) if word == NEXT]

    @property
    def named(self) -> list[str]:
        """What was selected by its word."""
        return [word for word in self.selected if word not in (None, STAGE, NEXT)]

    def slots(self) -> dict[str, list[str | None]]:
        """Whose picture is in which slot, and who is heard, as the viewer is told."""
        return {
            "video": [slot.seen for slot in self.video],
            "audio": [slot.word for slot in self.audio],
        }

    def tiles(self) -> list[str | None]:
        """The quality of each video slot's picture, as the viewer is told."""
        return [quality.state for quality in self.adaptation.qualities]

    def close(self) -> None:
        """Leave every publication."""
        for slot in (*self.video, *self.audio):
            slot.subscription.clear()
            slot.publication = None

    def dump(self) -> dict[str, object]:
        """The viewer for people."""
        return {
            "selected": list(self.selected),
            **self.adaptation.dump(),
            "video": [slot.subscription.dump() for slot in self.video],
            "audio": [slot.subscription.dump() for slot in self.audio],
        }
