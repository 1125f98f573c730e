"""One track of a participant: a camera, a screen or a microphone, in one layer or (simulcast) in several."""

from __future__ import annotations

from typing import Final

from hub.media.ingest.layer import Layer
from hub.media.ingest.microphone import Microphone
from hub.media.ingest.offer import LayerOffer, Offer
from hub.media.ingest.track import CAMERA, Codec, Track

#: What a layer is taken to cost until its rate was measured, by rank; and a picture that has only one.
_GUESSES_BPS: Final = (150_000, 500_000, 1_500_000)
_ONLY_BPS: Final = 500_000
#: What is on offer is looked at anew this often.
OFFER_S: Final = 1.0
#: Of two layers with pictures of one size the one with more bits is the better; they change places when it has so much more.
_CLEARLY_MORE: Final = 1.25


class Publication(Track):
    """A track and its layers, smallest picture first.

    Which layer is smaller is measured: by what their key frames say, else by their bit rates, and as the offer has it until
    either is known.
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
        super().__init__(
            participant=participant,
            peer=peer,
            kind=kind,
            codec=codec,
            source=source,
            rids=rids,
            microphone=microphone,
            remote=remote,
            replays=replays,
            twin=twin,
        )
        #: The same picture in another codec, while there is such a publication beside it (`twin`).
        self.other: Publication | None = None
        self.layers: list[Layer] = []
        self._offer: Offer | None = None
        self._offer_until = 0.0
        #: How it is heard now, as whoever routes it last said.
        self.standing: object = None
        #: Among whom it was heard last; None before that was said.
        self._circle: object = None
        #: How often the layers have changed places.
        self._order = 0

    def add_layer(self, layer: Layer) -> None:
        """A stream of this track has begun. Until it was measured its rank is what the offer says."""
        self.layers.append(layer)
        self.layers.sort(key=lambda each: each.rank)
        self._offer = None

    def rank_layers(self) -> None:
        """Bring the layers into the order of what is measured of them; nothing changes while that is not known of all."""
        layers = self.layers
        if len(layers) < 2:
            return
        sizes = [layer.size for layer in layers]
        areas = [size[0] * size[1] for size in sizes if size is not None]
        rates = [layer.rates.cumulative_bps[-1] for layer in layers if layer.rates.cumulative_bps]
        if len(areas) < len(layers):
            if len(rates) < len(layers):
                return
            areas = [0] * len(layers)
        rates = rates if len(rates) == len(layers) else [0] * len(layers)
        order = list(range(len(layers)))
        for end in range(len(order), 1, -1):
            for at in range(end - 1):
                lower, higher = order[at], order[at + 1]
                better = areas[lower] > areas[higher]
                better |= areas[lower] == areas[higher] and rates[lower] > rates[higher] * _CLEARLY_MORE
                if better:
                    order[at], order[at + 1] = higher, lower
        if order == sorted(order):
            return
        ranks = sorted(layer.rank for layer in layers)
        self.layers = [layers[at] for at in order]
        for layer, rank in zip(self.layers, ranks, strict=True):
            layer.rank = rank
        self._order += 1
        self._offer = None

    def offer(self, now: float) -> Offer:
        """What viewers may choose from, the same for all of them."""
        if self._offer is not None and now >= self._offer_until:
            self.rank_layers()
        if self._offer is None or now >= self._offer_until:
            # Slots begin anew where layers have changed places: what they had by its place is another now.
            source = (self, self._order)
            live = [layer.available(now) for layer in self.layers]
            if live and not any(live):
                # One stays on offer though none comes: its slot shows the last picture and goes on. Else nobody would have
                # any of it, so it would count as not watched, and never come again.
                live[0] = True
            self._offer = Offer(source, list(map(self._layer_offer, self.layers, live)))
            self._offer_until = now + OFFER_S
        return self._offer

    def _layer_offer(self, layer: Layer, live: bool) -> LayerOffer:
        rates = layer.rates.cumulative_bps
        if not rates:
            rates = (_GUESSES_BPS[min(layer.rank, 2)] if self.simulcast else _ONLY_BPS,)
        width, height = layer.size or (0, 0)
        return LayerOffer(rates, width, height, live)

    def layer(self, rid: str) -> Layer | None:
        """The layer with this name, if it has begun."""
        return next((layer for layer in self.layers if layer.rid == rid), None)

    def best(self, now: float) -> Layer | None:
        """The largest layer that comes; without one that does, the largest that came last."""
        self.rank_layers()
        coming = [layer for layer in self.layers if layer.available(now)]
        return max(coming, key=lambda layer: layer.rank) if coming else self.largest

    @property
    def largest(self) -> Layer | None:
        """The layer with the largest picture that has begun."""
        return self.layers[-1] if self.layers else None

    def set_muted(self, muted: bool, *, in_common: bool = True) -> None:
        """Drop what comes from now on, or pass it on again; `in_common`: whether its sound is ranked among those all hear."""
        if muted and not self.muted:
            for layer in self.layers:
                layer.pending.clear()
                layer.hold()
        self.muted = muted
        if self.microphone is not None:
            self.microphone.muted = muted or not in_common

    def speak_among(self, circle: object) -> bool:
        """`circle` says among whom it is heard from now on; True if these are others than before.

        Nothing of what was said among those before is to be had any more then, not even as a repeat.
        """
        if circle == self._circle:
            return False
        first, self._circle = self._circle is None, circle
        for layer in () if first else self.layers:
            layer.part()
        return not first

    def set_paused(self, paused: bool, now: float) -> None:
        """The publisher is told that nobody watches it, or that somebody does again: then its layers have a while to come."""
        if self.paused and not paused:
            for layer in self.layers:
                layer.activated_at = now
        self.paused = paused

    @property
    def watched(self) -> bool:
        """Whether anybody gets or waits for it."""
        return any(layer.used for layer in self.layers)

    def close(self) -> None:
        """The track has ended; it has no layers any more."""
        layers, self.layers = self.layers, []
        self._offer = None
        for layer in layers:
            layer.close()

    def dump(self) -> dict[str, object]:
        """The publication for people."""
        return {
            "label": self.label,
            "codec": self.codec.name,
            "source": self.source,
            "remote": self.remote,
            "muted": self.muted,
            "layers": [layer.dump() for layer in self.layers],
        }
