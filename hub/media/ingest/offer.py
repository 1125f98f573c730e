"""What a publication can give its viewers, and of what of it a tile has use for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

#: The highest temporal layer when nothing of the layer's frame rate is left out.
ALL_TEMPORAL: Final = 7
#: A layer this little smaller than the tile is not too small for it.
_SIZE_SLACK: Final = 1.1


class LayerOffer(NamedTuple):
    """One layer of a publication. `rates` are in bit/s, cumulative by temporal layer (one if there are none); sizes in
    pixels, 0 when unknown. `live`: it can be had (a layer the publisher stopped because nobody watched can)."""

    rates: tuple[int, ...]
    width: int
    height: int
    live: bool = True


class Rung(NamedTuple):
    """A step of a slot's ladder: what it costs in all, layer, temporal layer, and whether it is more resolution."""

    cost: int
    layer: int
    temporal: int
    resolution: bool


class Offer:
    """What a publication can give, low layer first. Made once a second and shared by all its viewers."""

    __slots__ = ("_ladders", "layers", "source")

    def __init__(self, source: object, layers: Sequence[LayerOffer]) -> None:
        """`source` tells whose offer it is: slots begin anew when another one comes."""
        self.source = source
        self.layers = tuple(layers)
        self._ladders: dict[tuple[int, int], list[Rung]] = {}

    def ladder(self, width: int, height: int) -> list[Rung]:
        """All that is of use to a tile of this size (device pixels; 0: unknown, so everything), by rising cost."""
        ladder = self._ladders.get((width, height))
        if ladder is None:
            if len(self._ladders) > 64:
                self._ladders.clear()  # sizes come from viewers
            ladder = self._ladders[width, height] = self._build(width, height)
        return ladder

    def _build(self, width: int, height: int) -> list[Rung]:
        ladder: list[Rung] = []
        for index, layer in enumerate(self.layers):
            if not layer.live or not layer.rates:
                continue
            top = len(layer.rates) - 1
            if not ladder:
                steps = [(rate, t if t < top else ALL_TEMPORAL) for t, rate in enumerate(layer.rates)]
            else:
                # Resolution goes before frame rate: of a higher layer all or nothing.
                steps = [(layer.rates[top], ALL_TEMPORAL)]
            for cost, temporal in steps:
                while ladder and ladder[-1].cost >= cost:
                    ladder.pop()  # costs more and shows less
                ladder.append(Rung(cost, index, temporal, index != (ladder[0].layer if ladder else index)))
            # Fitted into the tile, the picture touches it on one side: so one side is enough.
            if (
                layer.width * _SIZE_SLACK >= width > 0 < layer.width
                or layer.height * _SIZE_SLACK >= height > 0 < layer.height
            ):
                break
        return ladder
