"""Series of /metrics whose values somebody else keeps: which parts are there, media nodes, sessions, lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from signaling.services import MediaCounts

#: Figure of a node's `stats` event -> name of the series, factor to its unit, what it says.
_GAUGES: Final = {
    "peers": ("hub_node_peers", 1.0, "Transports that a media node carries"),
    "publications": ("hub_node_publications", 1.0, "Tracks that a media node receives"),
    "subscriptions": ("hub_node_subscriptions", 1.0, "Tracks that a media node sends"),
    "loop_lag_ms": ("hub_node_loop_lag_seconds", 0.001, "Worst lag of the node's event loop lately"),
    "cpu_share": ("hub_node_cpu_share", 1.0, "Share of one core that a media node takes"),
}
_COUNTERS: Final = {
    "packets_in": ("hub_node_received_packets", "Datagrams received by a media node"),
    "packets_out": ("hub_node_sent_packets", "Datagrams sent by a media node"),
    "bytes_in": ("hub_node_received_bytes", "Bytes received by a media node"),
    "bytes_out": ("hub_node_sent_bytes", "Bytes sent by a media node"),
}


class Scraped:
    """Read when asked. No series has a meeting or an account for a label: their number stays bounded."""

    def __init__(self, parts: Callable[[], dict[str, bool]], media: Callable[[], MediaCounts]) -> None:
        self._parts = parts
        self._media = media

    def collect(self) -> Iterable[Metric]:
        """All series, as prometheus_client asks for them."""
        up = GaugeMetricFamily("hub_part_up", "Whether a part of the hub is there", labels=["part"])
        for part, there in self._parts().items():
            up.add_metric([part], float(there))
        yield up
        counts = self._media()
        yield from _nodes(counts)
        yield from _totals(counts)


def _nodes(counts: MediaCounts) -> Iterable[Metric]:
    for figure, (name, factor, says) in _GAUGES.items():
        gauge = GaugeMetricFamily(name, says, labels=["node"])
        for node, counted in sorted(counts.nodes.items()):
            if figure in counted.figures:
                gauge.add_metric([node], counted.figures[figure] * factor)
        yield gauge
    for figure, (name, says) in _COUNTERS.items():
        counter = CounterMetricFamily(name, says, labels=["node"])
        for node, counted in sorted(counts.nodes.items()):
            if figure in counted.figures:
                counter.add_metric([node], counted.figures[figure])
        yield counter
    dropped = CounterMetricFamily(
        "hub_node_dropped_packets", "Datagrams a media node dropped, by reason", labels=["node", "reason"]
    )
    for node, counted in sorted(counts.nodes.items()):
        for reason, count in counted.dropped.items():
            dropped.add_metric([node, reason], count)
    yield dropped


def _totals(counts: MediaCounts) -> Iterable[Metric]:
    sessions = GaugeMetricFamily(
        "hub_media_sessions", "Media sessions of all meetings", labels=["direction", "source", "state"]
    )
    for (direction, source, connected), count in sorted(counts.sessions.items()):
        sessions.add_metric([direction, source, "connected" if connected else "waiting"], count)
    yield sessions
    lines = GaugeMetricFamily(
        "hub_media_lines", "Participants by the state of their line", labels=["way", "state"]
    )
    for (way, state), count in sorted(counts.lines.items()):
        lines.add_metric([way, state], count)
    yield lines
