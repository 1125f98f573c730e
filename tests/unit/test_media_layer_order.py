"""Which layer of a simulcast is the larger one is measured, whatever the layers are called and in whichever order they come."""

from __future__ import annotations

import itertools
import os
from dataclasses import replace

import pytest

from hub.media.ingest.layer import Layer
from hub.media.ingest.publication import Publication
from hub.media.ingest.track import Codec
from hub.media.relay.recorder import RecorderRelay
from tests.support.lossy import Line
from tests.support.media_cluster import Cluster
from tests.support.media_light import LightPeer
from tests.support.media_simulcast import FULL, HALF, QUARTER, FeedbackSender, SimulcastCamera
from tests.support.media_world import World

SMALL_TO_LARGE = (QUARTER, HALF, FULL)
NAMES = {
    "unknown, low first": ("1", "2", "3"),
    "unknown, high first": ("3", "2", "1"),
    "unknown, mixed": ("one", "3", "zwei"),
    "known, and the wrong way round": ("f", "h", "q"),
    "known, as they are": ("q", "h", "f"),
}


def camera_of(
    world: World, names: tuple[str, ...], offered: tuple[str, ...] | None = None
) -> SimulcastCamera:
    """`names` are those of the small, middle and large picture."""
    shapes = tuple(replace(shape, rid=rid) for shape, rid in zip(SMALL_TO_LARGE, names, strict=True))
    return SimulcastCamera(world, world.join("publish", "tandu", rids=offered or names), shapes)


def viewer_of(world: World, name: str, width: int, height: int) -> LightPeer:
    viewer = world.join("watch", name)
    viewer.on_rtp = FeedbackSender(world, viewer).take
    world.sfu.peer_select(viewer.id, ["tandu"], [(width, height)])
    return viewer


def plays(world: World, viewer: LightPeer) -> str:
    slot = world.sfu.peers[viewer.id].side.dump()["video"][0]  # type: ignore[index]
    return str(slot["plays"]).rsplit("/", 1)[-1]


def recorded(world: World) -> str:
    """Which layer the recorder gets."""
    relay = world.sfu.routers["m"].relays["r_1.x"]
    assert isinstance(relay, RecorderRelay)
    (stream,) = (each for each in relay.streams.values() if each.publication.kind == "video")
    layer = stream.subscription.layer
    return layer.rid if isinstance(layer, Layer) else ""


def record(world: World) -> None:
    world.sfu.relay_open("r_1.x", "m", ("10.0.9.9", 9999), os.urandom(28), os.urandom(28))


@pytest.mark.parametrize("order", [1, -1], ids=["as offered", "backwards"])
@pytest.mark.parametrize("names", NAMES)
def test_small_tiles_get_the_small_layer_and_the_recording_the_large_one(names: str, order: int) -> None:
    world = World()
    record(world)
    small, middle, large = NAMES[names]
    camera_of(world, NAMES[names], NAMES[names][::order])
    world.network.run(2)
    assert recorded(world) == large
    viewers = [viewer_of(world, f"v{width}", width, width * 9 // 16) for width in (320, 640, 1280)]
    world.network.run(6)
    assert [plays(world, viewer) for viewer in viewers] == [small, middle, large]
    assert recorded(world) == large


def test_layers_that_begin_one_after_the_other_are_put_in_order_as_they_come() -> None:
    for names, first in itertools.product([("a", "b", "c"), ("c", "b", "a")], [True, False]):
        world = World()
        record(world)
        camera = camera_of(world, names, ("a", "b", "c"))
        viewer = viewer_of(world, "leader", 320, 180)
        come = names if first else names[::-1]
        for count in (1, 2, 3):
            camera.activate(list(come[:count]))
            world.network.run(4)
            there = [name for name in names if name in come[:count]]
            assert recorded(world) == there[-1]
            assert plays(world, viewer) == there[0]


def test_when_the_sizes_change_places_so_do_the_layers() -> None:
    world = World()
    record(world)
    camera = camera_of(world, ("a", "b", "c"))
    viewer = viewer_of(world, "leader", 320, 180)
    world.network.run(4)
    assert (plays(world, viewer), recorded(world)) == ("a", "c")
    first, _, third = camera.layers
    first.shape, third.shape = replace(FULL, rid="a"), replace(QUARTER, rid="c")
    camera.key_wanted = True
    world.network.run(6)
    assert (plays(world, viewer), recorded(world)) == ("c", "a")


def test_another_node_finds_the_same_order() -> None:
    cluster = Cluster()
    cluster.link()
    camera_of(cluster.nodes[0], ("a", "b", "c"))
    cluster.run(2.5)
    viewers = [viewer_of(cluster.nodes[1], f"v{width}", width, width * 9 // 16) for width in (320, 1280)]
    cluster.run(8)
    assert [plays(cluster.nodes[1], viewer) for viewer in viewers] == ["a", "c"]


def test_without_sizes_the_bit_rate_tells_and_pictures_of_one_size_change_places_only_where_it_clearly_does() -> (
    None
):
    publication = Publication(
        participant="tandu",
        peer="s_1",
        kind="video",
        codec=Codec("vp8", 90_000, 1, ""),
        rids=("a", "b", "c"),
    )
    asked = list[str]()
    for rank, rid in enumerate(("a", "b", "c")):
        publication.add_layer(
            Layer(
                publication,
                ssrc=rank + 1,
                describe=lambda packet: None,
                ask_key_frame=lambda rid=rid: asked.append(rid),  # type: ignore[misc]
                rid=rid,
                rank=rank,
            )
        )

    def order() -> str:
        publication.rank_layers()
        assert [layer.rank for layer in publication.layers] == [0, 1, 2]
        return "".join(layer.rid for layer in publication.layers)

    a, b, c = publication.layers
    a.rates.cumulative_bps = (900_000,)
    assert order() == "abc", "not known of all"
    b.rates.cumulative_bps, c.rates.cumulative_bps = (100_000, 400_000), (150_000,)
    assert order() == "cba"
    for layer in (a, b, c):
        layer.size = (640, 360)
    a.rates.cumulative_bps = (380_000,)
    assert order() == "cba"
    a.rates.cumulative_bps = (300_000,)
    assert order() == "cab"
    c.size = (1280, 720)
    assert order() == "abc"
    for number in range(100):
        c.key_frames.want(number / 50)
        a.key_frames.want(number / 50)
    assert asked.count("a") > asked.count("c"), "the smallest one may be asked more often"


def test_a_narrow_line_gets_the_smallest_layer() -> None:
    world = World()
    camera_of(world, ("a", "b", "c"))
    world.network.run(2)
    viewer = world.join("watch", "leader", down=Line(rate_bps=400_000))
    viewer.on_rtp = FeedbackSender(world, viewer).take
    world.sfu.peer_select(viewer.id, ["tandu"], [(1280, 720)])
    world.network.run(8)
    assert plays(world, viewer) == "a"
