"""Simulcast in virtual time: layers by tile and line, continuity across layers, temporal layers, stopped layers."""

from __future__ import annotations

import itertools

import pytest

from hub.media.ingest.incoming import MAX_LOOKS
from hub.wire.red import parse_red
from hub.wire.rtp_header import RtpHeader
from tests.support.lossy import Line
from tests.support.media_light import OPUS, RED, LightPeer
from tests.support.media_simulcast import FULL, HALF, QUARTER, FeedbackSender, SimulcastCamera
from tests.support.media_world import Camera, Screen, World

RIDS = ("q", "h", "f")


def start(
    world: World, *, temporal: bool = False
) -> tuple[SimulcastCamera, LightPeer, Screen, FeedbackSender]:
    """A simulcast camera, and one viewer who tells what arrives."""
    camera = SimulcastCamera(world, world.join("publish", "tandu", rids=RIDS), temporal=temporal)
    world.network.run(2)
    viewer = world.join("watch", "leader")
    screen = Screen(world, viewer, viewer.slots[0], viewer.slots[1])
    feedback = FeedbackSender(world, viewer)
    look = viewer.on_rtp

    def take(header: RtpHeader, packet: bytes) -> None:
        look(header, packet)
        feedback.take(header, packet)

    viewer.on_rtp = take
    return camera, viewer, screen, feedback


def plays(world: World, viewer: LightPeer) -> str:
    """The layer in the first slot."""
    slot = world.sfu.peers[viewer.id].side.dump()["video"][0]  # type: ignore[index]
    return str(slot["plays"]).rsplit("/", 1)[-1]


def tile(world: World, viewer: LightPeer, width: int, height: int) -> None:
    world.sfu.peer_select(viewer.id, ["tandu"], [(width, height)])


def steps(screen: Screen) -> list[tuple[int, int]]:
    """(time stamp step, picture id step) between pictures that follow each other."""
    seen: list[tuple[int, int]] = []
    for number in sorted(screen.payloads):
        picture = int.from_bytes(screen.payloads[number][2:4], "big") & 0x7FFF
        if not seen or seen[-1][1] != picture:
            seen.append((screen.timestamps[number], picture))
    return [((b[0] - a[0]) & 0xFFFF_FFFF, (b[1] - a[1]) & 0x7FFF) for a, b in itertools.pairwise(seen)]


def test_a_viewer_gets_the_smallest_layer_that_fills_his_tile() -> None:
    world = World()
    _, viewer, _, _ = start(world)
    for size, rid in (((320, 180), "q"), ((640, 360), "h"), ((1280, 720), "f"), ((200, 100), "q")):
        tile(world, viewer, *size)
        world.network.run(6)
        assert plays(world, viewer) == rid


def test_across_layers_numbers_time_and_pictures_go_on_without_a_gap() -> None:
    world = World()
    _, viewer, screen, _ = start(world)
    for size in ((320, 180), (1280, 720), (640, 360), (320, 180)) * 3:
        tile(world, viewer, *size)
        world.network.run(5)
    assert not screen.missing()
    taken = steps(screen)
    assert all(picture == 1 for _, picture in taken)
    assert max(stamp for stamp, _ in taken) < 90_000 // 4
    assert min(stamp for stamp, _ in taken) > 0


def test_a_layer_changes_at_a_key_frame_only() -> None:
    world = World()
    _, viewer, screen, _ = start(world)
    sizes = {QUARTER.size, HALF.size, FULL.size}
    for size in ((320, 180), (1280, 720), (640, 360)):
        tile(world, viewer, *size)
        world.network.run(5)
    before = 0
    for number in sorted(screen.payloads):
        payload = screen.payloads[number]
        length = len(payload)
        assert length in sizes
        if before and length != before:
            assert payload[0] & 0x10, "the first packet of a picture"
            assert payload[6] & 0x01 == 0, "of a key frame"
        before = length


def test_while_a_smaller_layer_is_awaited_the_larger_one_takes_less_of_the_line() -> None:
    world = World()
    camera, viewer, _, _ = start(world, temporal=True)
    tile(world, viewer, 1280, 720)
    world.network.run(4)
    assert plays(world, viewer) == "f"
    heard, camera.peer.on_rtcp = camera.peer.on_rtcp, lambda packet: None  # asks for a key frame in vain
    before = viewer.counters["rtp"]
    world.network.run(1)
    whole, before = viewer.counters["rtp"] - before, viewer.counters["rtp"]
    tile(world, viewer, 300, 170)
    world.network.run(1)
    assert plays(world, viewer) == "f"
    assert viewer.counters["rtp"] - before < 0.6 * whole
    camera.peer.on_rtcp = heard
    world.network.run(2)
    assert plays(world, viewer) == "q"
    assert world.sfu.peers[viewer.id].side.dump()["video"][0]["max_temporal"] != 0  # type: ignore[index]


def test_layers_nobody_takes_are_stopped_and_come_back_when_somebody_does() -> None:
    world = World()
    camera, viewer, screen, _ = start(world)
    tile(world, viewer, 320, 180)
    world.network.run(8)
    assert world.of("layers")[-1]["active"] == ["q"]
    camera.activate(["q"])
    world.network.run(5)
    tile(world, viewer, 1280, 720)
    asked = world.network.now
    while world.of("layers")[-1]["active"] != ["q", "f"]:
        world.network.run(0.05)
        assert world.network.now - asked < 1.0, "it is not asked for"
    camera.activate(["q", "f"])
    world.network.run(3)
    assert plays(world, viewer) == "f"
    assert not screen.missing()


def test_a_layer_the_publisher_stops_by_himself_is_left_for_a_smaller_one() -> None:
    world = World()
    camera, viewer, screen, _ = start(world)
    tile(world, viewer, 1280, 720)
    world.network.run(4)
    assert plays(world, viewer) == "f"
    camera.activate(["q", "h"])
    world.network.run(3)
    assert plays(world, viewer) == "h"
    arrived = sorted(screen.arrived.values())
    assert max(b - a for a, b in itertools.pairwise(arrived)) < 2.5


def test_key_frame_requests_of_higher_layers_keep_to_one_a_second() -> None:
    world = World()
    camera, _, _, _ = start(world)
    for number in range(30):
        viewer = world.join("watch", f"v{number}")
        world.sfu.peer_select(viewer.id, ["tandu"], [(1280, 720) if number % 2 else (320, 180)])
        world.network.run(0.3)
    for rid, pace in (("q", 2), ("h", 1), ("f", 1)):
        moments = [at for at, asked in camera.plis if asked == rid]
        for begin in moments:
            assert sum(begin <= at < begin + 0.999 for at in moments) <= pace


def test_left_out_temporal_layers_leave_no_gap_in_numbers_and_pictures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()
    _, viewer, screen, _ = start(world, temporal=True)
    tile(world, viewer, 320, 180)
    world.network.run(3)
    watcher = world.sfu.routers["m"].watchers[viewer.id]
    subscription = watcher.video[0].subscription
    # The choice is made by hand here.
    monkeypatch.setattr(watcher.adaptation, "choose", lambda now, *, changed=False: None)
    for highest in (0, 1, 99, 0, 99):
        subscription.take_temporal(highest)
        before = len(steps(screen))
        world.network.run(4)
        pictures = len(steps(screen)) - before
        expected = {0: 30, 1: 60, 99: 120}[highest]
        assert expected * 0.9 <= pictures <= expected * 1.1, (highest, pictures)
    assert not screen.missing()
    assert all(picture == 1 for _, picture in steps(screen))
    assert subscription.thinned > 100


def test_of_20000_sources_nobody_named_a_few_are_looked_at_and_none_becomes_a_layer() -> None:
    world = World()
    peer = world.join("publish", "tandu", rids=RIDS)
    SimulcastCamera(world, peer)
    world.network.run(1)
    side = world.sfu.peers[peer.id].side
    for ssrc in range(100_000, 120_000):
        refusal = side.refuses(ssrc, 96)
        assert refusal == "rtp_unsignalled_ssrc", "all three layers are known"
    fresh = world.join("publish", "county", rids=RIDS)
    opened = 0
    for ssrc in range(100_000, 120_000):
        opened += world.sfu.peers[fresh.id].side.refuses(ssrc, 96) is None
    assert opened == MAX_LOOKS


def test_who_shares_his_screen_shows_it_on_the_stage_and_his_camera_in_a_tile() -> None:
    world = World()
    Camera(world, world.join("publish", "tandu"))
    viewer = world.join("watch", "leader", video=2)
    world.network.run(1)
    assert world.of("slots", peer=viewer.id)[-1]["video"] == ["tandu", None]
    Camera(world, world.join("publish", "tandu", source="screen", audio=0))
    world.sfu.peer_select(viewer.id, ["stage", "tandu"])
    world.network.run(1)
    assert world.of("slots", peer=viewer.id)[-1]["video"] == ["tandu:screen", "tandu"]
    told = {source["peer"]: source for source in world.of("sources")[-1]["sources"]}
    pictures = {(source["video"], source["screen"]) for source in told.values()}
    assert pictures == {("vp8", None), (None, "vp8")}
    own = world.join("watch", "tandu")
    world.network.run(1)
    assert not world.of("slots", peer=own.id), "nobody receives himself, not his screen either"


@pytest.mark.parametrize("loss", [0.1, 0.2])
def test_sound_over_a_lossy_line_is_sent_redundantly_and_mended(loss: float) -> None:

    world = World(seed=3)
    station = world.join("publish", "tandu", video=0, red=True)
    line = Line(loss=loss, delay_s=0.04)
    viewer = world.join("watch", "leader", video=0, red=True, line=Line(delay_s=0.04), down=line)
    heard: set[int] = set()
    primaries: set[int] = set()
    feedback = FeedbackSender(world, viewer)

    def take(header: RtpHeader, packet: bytes) -> None:
        feedback.take(header, packet)
        payload = packet[header.payload_offset : header.payload_end]
        if header.payload_type == RED:
            for block in parse_red(payload):
                heard.add((header.timestamp - block.timestamp_offset) & 0xFFFF_FFFF)
        else:
            assert header.payload_type == OPUS
            heard.add(header.timestamp)
        primaries.add(header.timestamp)

    viewer.on_rtp = take
    sent = itertools.count(1)
    world.network.every(0.02, lambda: station.send_audio(n := next(sent), n * 960, 20, b"opus%06d" % n))
    world.network.run(20)
    heard.clear()
    primaries.clear()
    world.network.run(60)
    span = (max(heard) - min(heard)) // 960 + 1
    assert len(primaries) < span * (1 - loss / 2), "the line does lose packets"
    assert 1 - len(heard) / span < 0.02 if loss < 0.15 else 1 - len(heard) / span < 0.03
