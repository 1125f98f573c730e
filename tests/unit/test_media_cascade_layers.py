"""Simulcast between nodes in virtual time: only the layers that somebody takes cross, and viewers choose as at home."""

from __future__ import annotations

import pytest

from hub.media.relay.remote_layer import RemoteLayer
from hub.wire import relay_app, rtcp
from hub.wire.rtcp_build import serialise
from hub.wire.rtcp_parse import parse_compound
from hub.wire.rtp_header import RtpHeader
from tests.support.media_cluster import Cluster
from tests.support.media_light import LightPeer
from tests.support.media_simulcast import FeedbackSender, SimulcastCamera
from tests.support.media_world import Screen

RIDS = ("q", "h", "f")


def _camera(cluster: Cluster, *, temporal: bool = False) -> SimulcastCamera:
    station = cluster.nodes[0].join("publish", "tandu", rids=RIDS)
    camera = SimulcastCamera(cluster.nodes[0], station, temporal=temporal)
    cluster.run(2.5)
    return camera


def _obey(cluster: Cluster, camera: SimulcastCamera) -> None:
    """The publisher sends the layers it is told to, as a page does."""

    def look() -> None:
        told = cluster.nodes[0].of("layers")
        if told:
            camera.activate(told[-1]["active"])

    cluster.network.every(0.05, look)


def _viewer(cluster: Cluster, name: str, width: int, height: int) -> tuple[LightPeer, Screen]:
    world = cluster.nodes[1]
    viewer = world.join("watch", name)
    screen = Screen(world, viewer, viewer.slots[0], viewer.slots[1])
    feedback = FeedbackSender(world, viewer)
    look = viewer.on_rtp

    def take(header: RtpHeader, packet: bytes) -> None:
        look(header, packet)
        feedback.take(header, packet)

    viewer.on_rtp = take
    world.sfu.peer_select(viewer.id, ["tandu"], [(width, height)])
    return viewer, screen


def _plays(cluster: Cluster, viewer: LightPeer) -> str:
    slot = cluster.nodes[1].sfu.peers[viewer.id].side.dump()["video"][0]  # type: ignore[index]
    return str(slot["plays"]).rsplit("/", 1)[-1]


def _asked(cluster: Cluster, relay: str) -> list[str]:
    return sorted(layer.rid for layer in cluster.relay(1, relay).incoming.layers.values() if layer.asked)


def test_each_viewer_gets_the_layer_of_his_tile_and_only_these_layers_cross() -> None:
    cluster = Cluster()
    relay = cluster.link()
    _camera(cluster)
    small, small_screen = _viewer(cluster, "small", 320, 180)
    cluster.run(6)
    assert _plays(cluster, small) == "q"
    assert _asked(cluster, relay) == ["q"]
    large, large_screen = _viewer(cluster, "large", 1280, 720)
    cluster.run(8)
    assert (_plays(cluster, small), _plays(cluster, large)) == ("q", "f")
    assert _asked(cluster, relay) == ["f", "q"]
    for screen in (small_screen, large_screen):
        assert not screen.missing(behind=8)


def test_a_layer_that_does_not_flow_yet_is_known_by_size_and_rate() -> None:
    cluster = Cluster()
    relay = cluster.link()
    _camera(cluster)
    _viewer(cluster, "city", 320, 180)
    cluster.run(4)
    layers = {layer.rid: layer for layer in cluster.relay(1, relay).incoming.layers.values()}
    assert not layers["f"].asked
    assert layers["f"].size == (1280, 720)
    assert layers["f"].rates.cumulative_bps[-1] == pytest.approx(1_600_000, rel=0.2)
    assert layers["f"].available(cluster.network.now)


def test_layers_taken_only_at_the_other_node_are_sent_and_the_others_stopped() -> None:
    cluster = Cluster()
    cluster.link()
    camera = _camera(cluster)
    _obey(cluster, camera)
    viewer, screen = _viewer(cluster, "city", 640, 360)
    cluster.run(14)
    assert _plays(cluster, viewer) == "h"
    assert cluster.nodes[0].of("layers")[-1]["active"] == ["q", "h"]
    cluster.nodes[1].sfu.peer_select(viewer.id, ["tandu"], [(1280, 720)])
    cluster.run(8)
    assert _plays(cluster, viewer) == "f", "a stopped layer comes back for a viewer at another node"
    assert not screen.missing(behind=8)


def test_temporal_layers_cross_whole() -> None:
    cluster = Cluster()
    relay = cluster.link()
    _camera(cluster, temporal=True)
    _viewer(cluster, "city", 1280, 720)
    cluster.run(5)
    [full] = [layer for layer in cluster.relay(1, relay).incoming.layers.values() if layer.rid == "f"]
    assert len(full.rates.cumulative_bps) == 3


def test_the_order_of_layers_is_the_origins_whatever_comes_first() -> None:
    cluster = Cluster()
    cluster.link()
    _camera(cluster)
    [publication] = [p for p in cluster.nodes[1].sfu.router_of("m").publications if p.kind == "video"]
    assert [layer.rid for layer in publication.layers] == ["q", "h", "f"]
    assert publication.rids == ("q", "h", "f")
    assert publication.remote
    assert all(isinstance(layer, RemoteLayer) for layer in publication.layers)


def test_levels_and_descriptions_survive_the_wire() -> None:
    notes = [
        relay_app.LayerNote(7, 1280, 720, True, (500_000, 900_000, 1_500_000)),
        relay_app.LayerNote(0xFFFF_FFFF, 0, 0, False, ()),
    ]
    levels = {7: 0, 9: 127}
    packets = parse_compound(
        serialise([relay_app.levels_packet(1, levels), relay_app.layers_packet(1, notes)])
    )
    assert isinstance(packets[0], rtcp.Unknown)
    assert isinstance(packets[1], rtcp.Unknown)
    assert relay_app.read_levels(packets[0]) == levels
    assert relay_app.read_layers(packets[0]) is None
    assert relay_app.read_layers(packets[1]) == notes
    assert relay_app.read_levels(packets[1]) is None


def test_an_app_packet_of_somebody_else_is_neither() -> None:
    foreign = rtcp.Unknown(relay_app.APP, relay_app.LEVELS, b"\0\0\0\1QTSS" + bytes(8))
    assert relay_app.read_levels(foreign) is None
    assert relay_app.read_layers(foreign) is None


@pytest.mark.parametrize("cut", [1, 3, 5, 11, 13])
def test_what_is_cut_short_is_refused_with_the_one_error(cut: int) -> None:
    layers = relay_app.layers_packet(1, [relay_app.LayerNote(7, 1, 1, True, (1, 2))])
    spoilt = rtcp.Unknown(layers.packet_type, layers.count, layers.body[:-cut])
    with pytest.raises(rtcp.RtcpError):
        relay_app.read_layers(spoilt)
    levels = relay_app.levels_packet(1, {7: 1, 8: 2})
    with pytest.raises(rtcp.RtcpError):
        relay_app.read_levels(rtcp.Unknown(levels.packet_type, levels.count, levels.body[:-cut]))
