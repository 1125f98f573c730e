"""What each media node counts of itself, as last told: the node's series of /metrics."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

#: Plain numbers of a node's `stats` event. Others are not reported: the number of series stays bounded.
FIGURES: Final = (
    "peers",
    "publications",
    "subscriptions",
    "packets_in",
    "packets_out",
    "bytes_in",
    "bytes_out",
    "loop_lag_ms",
    "cpu_share",
)
#: Reasons for drops that one node may name.
MOST_REASONS: Final = 64


@dataclass(frozen=True, slots=True)
class Counted:
    """One node's numbers: `figures` by name (FIGURES), `dropped` packets by reason."""

    figures: Mapping[str, float]
    dropped: Mapping[str, float]


@dataclass(slots=True)
class NodeStats:
    """The newest numbers of each linked node."""

    by_node: dict[str, Counted] = field(default_factory=dict)

    def take(self, node: str, data: dict[str, Any]) -> None:
        """Take a node's `stats` event (docs/link.md); what is no number is left out."""
        dropped = data.get("dropped")
        reasons = dropped.items() if isinstance(dropped, dict) else ()
        counted = {str(name): number for name, value in reasons if (number := _number(value)) is not None}
        self.by_node[node] = Counted(
            {name: number for name in FIGURES if (number := _number(data.get(name))) is not None},
            dict(sorted(counted.items())[:MOST_REASONS]),
        )

    def forget(self, node: str) -> None:
        self.by_node.pop(node, None)


@dataclass(frozen=True, slots=True)
class MediaCounts:
    """What /metrics says about media: nothing in it grows with meetings or accounts."""

    nodes: Mapping[str, Counted]
    sessions: Mapping[tuple[str, str, bool], int]
    """By direction, source, and whether it is connected."""
    lines: Mapping[tuple[str, str], int]
    """Participants by way (`uplink`, `downlink`) and state of the line."""


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)
