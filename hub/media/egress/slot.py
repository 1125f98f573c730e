"""One place in a viewer's window: what stands in it, and since when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from hub.media.egress.forwarding import PayloadTypes
from hub.media.egress.subscription import Subscription
from hub.media.ingest.publication import Publication
from hub.media.ingest.track import Codec

#: The word a viewer selects for the slot that follows the stage.
STAGE: Final = "stage"
#: The word for a slot that fills itself: who comes next on the stage after those who stand in the viewer's other slots.
NEXT: Final = "next"
#: Finds how a codec is numbered towards this viewer; None if it cannot show it.
Numbering = Callable[[Codec], PayloadTypes | None]


@dataclass(slots=True)
class Slot:
    """One receiving section of a watch offer. `word` says who stands in it, `shown_at` since when; `seen` whose picture is in
    it, until that of who stands in it begins.

    Which layer of `publication` plays is the Adaptation's choice. `loss` is the last the viewer reported (0 to 1).
    """

    subscription: Subscription
    numbering: Numbering
    word: str | None = None
    publication: Publication | None = None
    types: PayloadTypes = field(default_factory=lambda: PayloadTypes(0, None))
    shown_at: float = 0.0
    numbered: dict[Codec, PayloadTypes | None] = field(default_factory=dict)
    _left: Publication | None = None

    @property
    def loss(self) -> float:
        """What the viewer last reported as lost in this slot, 0 to 1."""
        return self.subscription.loss_fraction / 256

    @property
    def seen(self) -> str | None:
        """Whose picture the viewer has in the slot: a name beside it changes when the picture does, not before."""
        left = self._left
        if left is not None and self.publication is not None and self.subscription.seen is left:
            return left.word
        return self.word

    def show(self, publication: Publication | None, now: float) -> bool:
        """Have this publication (or none) stand in the slot; True if that is another than before."""
        types = None
        if publication is not None:
            types = self._types_of(publication.codec)
            if types is None and publication.other is not None:
                publication = publication.other
                types = self._types_of(publication.codec)
        if publication is None or types is None:
            publication = None
        else:
            self.types = types
        if publication is self.publication:
            return False
        if self.publication is None or self.subscription.seen is self.publication:
            self._left = self.publication
        self.publication, self.shown_at = publication, now
        if publication is None:
            self.subscription.clear()
            self.word = None
        else:
            self.word = publication.word
        return True

    def _types_of(self, codec: Codec) -> PayloadTypes | None:
        if codec not in self.numbered:
            self.numbered[codec] = self.numbering(codec)
        return self.numbered[codec]

    def play_only_layer(self, now: float) -> None:
        """Play what has no layers to choose from: sound."""
        if self.publication is not None and self.publication.layers:
            self.subscription.play(self.publication.layers[0], self.types, now)
