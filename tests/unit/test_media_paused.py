"""A picture that rests comes again, in virtual time: whoever paused it, for how long, and wherever its viewer is."""

from __future__ import annotations

import pytest

from hub.wire.rtp_header import RtpHeader
from tests.support.lossy import Line
from tests.support.media_cluster import Cluster
from tests.support.media_light import LightPeer
from tests.support.media_simulcast import (
    FULL,
    HALF,
    QUARTER,
    FeedbackSender,
    LayerShape,
    SimulcastCamera,
)
from tests.support.media_world import Screen, World

#: What a machine with two cores sends: both layers are in use where a large and a small tile are, so none is ever stopped.
TWO = (QUARTER, HALF)
LARGE, SMALL = (640, 360), (320, 180)


def camera_of(
    world: World, line: Line | None = None, shapes: tuple[LayerShape, ...] = TWO
) -> SimulcastCamera:
    """A camera in some layers that sends what it is told."""
    station = world.join("publish", "tandu", rids=tuple(shape.rid for shape in shapes), line=line)
    camera = SimulcastCamera(world, station, shapes)
    camera.obey()
    return camera


def viewer_of(
    world: World, name: str, tile: tuple[int, int], line: Line | None = None
) -> tuple[LightPeer, Screen]:
    """A viewer of it who tells what arrives."""
    viewer = world.join("watch", name, line=line)
    screen = Screen(world, viewer, viewer.slots[0], viewer.slots[1])
    feedback = FeedbackSender(world, viewer)
    look = viewer.on_rtp

    def take(header: RtpHeader, packet: bytes) -> None:
        look(header, packet)
        feedback.take(header, packet)

    viewer.on_rtp = take
    world.sfu.peer_select(viewer.id, ["tandu"], [tile])
    return viewer, screen


def comes(world: World, screen: Screen, within_s: float) -> None:
    """Some pictures come, within so long from now."""
    before = len(screen.payloads)
    world.network.run(within_s)
    assert len(screen.payloads) > before + 10


@pytest.mark.parametrize("shapes", [TWO, (QUARTER, HALF, FULL)])
@pytest.mark.parametrize("rest_s", [3, 20])
def test_a_picture_that_was_paused_in_all_its_layers_comes_when_somebody_looks(
    rest_s: float, shapes: tuple[LayerShape, ...]
) -> None:
    world = World()
    camera = camera_of(world, shapes=shapes)
    tiles = {shape.rid: shape.shape for shape in shapes}
    viewers = [viewer_of(world, f"v{rid}", tile) for rid, tile in tiles.items()]
    world.network.run(8)
    assert all(layer.active for layer in camera.layers), "each layer is taken"
    for viewer, _ in viewers:
        world.sfu.peer_select(viewer.id, [None])
    world.network.run(rest_s)
    assert not any(layer.active for layer in camera.layers), "nobody watches"
    viewer, screen = viewers[-1]
    world.sfu.peer_select(viewer.id, ["tandu"], [LARGE])
    comes(world, screen, 1.5)


@pytest.mark.parametrize("who", ["station", "viewer", "both"])
@pytest.mark.parametrize("dark_s", [4, 12])
def test_after_a_network_was_gone_the_picture_goes_on(who: str, dark_s: float) -> None:
    world = World()
    lines = {"station": Line(), "viewer": Line()}
    camera = camera_of(world, lines["station"])
    _, screen = viewer_of(world, "leader", LARGE, lines["viewer"])
    world.network.run(4)
    gone = [line for name, line in lines.items() if who in (name, "both")]
    for line in gone:
        line.dark = True
    world.network.run(dark_s)
    for line in gone:
        line.dark = False
    world.network.run(3)  # the next check says where they are
    comes(world, screen, 2)
    assert camera.layers[-1].active
    world.network.run(4)
    if who == "viewer" or dark_s > 6:
        expected = ["good"] if who == "viewer" else ["good", "lost", "good"]
        told = [each["state"] for each in world.of("quality", peer=camera.peer.id)]
        assert told == expected, "a network that was gone is no weak line"


def test_a_camera_that_rests_by_itself_is_not_told_that_nobody_looks() -> None:
    world = World()
    camera = camera_of(world)
    _, screen = viewer_of(world, "leader", LARGE)
    world.network.run(4)
    told = len(world.of("pause", peer=camera.peer.id))
    sends, camera.activate = camera.activate, lambda rids: sends([])  # type: ignore[method-assign]
    world.network.run(15)
    assert world.of("pause", peer=camera.peer.id)[told:] == []
    camera.activate = sends  # type: ignore[method-assign]
    comes(world, screen, 2)


def test_a_picture_that_was_paused_comes_to_another_node() -> None:
    cluster = Cluster()
    cluster.link()
    home, away = cluster.nodes
    camera = camera_of(home)
    viewers = [viewer_of(away, f"v{tile[0]}", tile) for tile in (LARGE, SMALL)]
    cluster.run(8)
    assert all(layer.active for layer in camera.layers)
    for viewer, _ in viewers:
        away.sfu.peer_select(viewer.id, [None])
    cluster.run(10)
    assert not any(layer.active for layer in camera.layers)
    away.sfu.peer_select(viewers[0][0].id, ["tandu"], [LARGE])
    comes(away, viewers[0][1], 2.5)


def test_who_sends_the_smallest_layer_alone_is_seen_in_a_large_tile_soon() -> None:
    world = World()
    camera = camera_of(world)
    viewer, screen = viewer_of(world, "leader", LARGE)
    world.network.run(4)
    world.sfu.peer_select(viewer.id, [None])
    world.network.run(6)
    sends = camera.activate
    camera.activate = lambda rids: sends(rids[:1])  # type: ignore[method-assign]
    world.sfu.peer_select(viewer.id, ["tandu"], [LARGE])
    began, before = world.network.now, len(screen.payloads)
    while len(screen.payloads) < before + 10:
        world.network.run(0.1)
        assert world.network.now < began + 10
    assert world.network.now - began < 2
