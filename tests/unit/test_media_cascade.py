"""Two and three nodes in virtual time: a stream crosses once, on demand, whole, with its clock and its loudness."""

from __future__ import annotations

import itertools
import os

from hub.wire import rtcp
from hub.wire.rtcp_build import serialise
from tests.support.lossy import Line
from tests.support.media_cluster import Cluster, participants
from tests.support.media_light import LightPeer
from tests.support.media_world import Camera, Screen


def _screen(cluster: Cluster, node: int, viewer: LightPeer) -> Screen:
    return Screen(cluster.nodes[node], viewer, viewer.slots[0], viewer.slots[1])


def _speak(cluster: Cluster, peer: LightPeer, level: int) -> None:
    """Sound of this level every 20 ms from now on."""
    count = iter(range(1_000_000))

    def send() -> None:
        number = next(count)
        peer.send_audio(number, number * 960, level)

    cluster.network.every(0.02, send)


def test_a_viewer_at_another_node_sees_the_picture_from_its_first_key_frame_on() -> None:
    cluster = Cluster()
    cluster.link()
    camera = Camera(cluster.nodes[0], cluster.nodes[0].join("publish", "tandu"))
    cluster.run(1)
    viewer = cluster.nodes[1].join("watch", "city")
    screen = _screen(cluster, 1, viewer)
    cluster.run(3)
    assert screen.payloads
    assert min(screen.arrived.values()) < 1003
    assert not screen.missing(behind=8)
    pictures = screen.pictures()
    assert [(after - before) & 0x7FFF for before, after in itertools.pairwise(pictures)] == [1] * (
        len(pictures) - 1
    )
    assert camera.key_frames <= 3


def test_nothing_crosses_while_nobody_watches_and_the_camera_rests() -> None:
    cluster = Cluster()
    cluster.link()
    station = cluster.nodes[0].join("publish", "tandu")
    Camera(cluster.nodes[0], station)
    cluster.run(4)
    assert cluster.crossed() == 0
    assert [p["paused"] for p in cluster.nodes[0].of("pause", peer=station.id)] == [True]
    viewer = cluster.nodes[1].join("watch", "city")
    screen = _screen(cluster, 1, viewer)
    cluster.run(1)
    assert screen.payloads
    assert [p["paused"] for p in cluster.nodes[0].of("pause", peer=station.id)] == [True, False]
    cluster.nodes[1].sfu.peer_close(viewer.id, "closed")
    cluster.run(0.2)
    before = cluster.crossed()
    cluster.run(4)
    assert cluster.crossed() == before
    assert cluster.nodes[0].of("pause", peer=station.id)[-1]["paused"]


def test_twenty_viewers_at_the_other_node_cost_one_copy() -> None:
    cluster = Cluster()
    cluster.link()
    camera = Camera(cluster.nodes[0], cluster.nodes[0].join("publish", "tandu"))
    viewers = [cluster.nodes[1].join("watch", f"v{number}") for number in range(20)]
    screens = [_screen(cluster, 1, viewer) for viewer in viewers]
    cluster.run(1)
    crossed, sent = cluster.crossed(), camera.seq
    cluster.run(5)
    assert abs((cluster.crossed() - crossed) - (camera.seq - sent)) <= 8
    assert all(not screen.missing(behind=8) for screen in screens)


def test_loss_between_the_nodes_is_mended_by_asking() -> None:
    cluster = Cluster(seed=3, line=Line(loss=0.1, delay_s=0.01, jitter_s=0.002))
    cluster.link()
    Camera(cluster.nodes[0], cluster.nodes[0].join("publish", "tandu"))
    viewer = cluster.nodes[1].join("watch", "city")
    screen = _screen(cluster, 1, viewer)
    cluster.run(20)
    span = screen.newest - 60 - screen.first
    missing = list(screen.missing(behind=60))
    assert span > 1500
    assert len(missing) / span < 0.002, f"{len(missing)} of {span} are missing"


def test_a_lost_pause_or_resume_is_made_good_within_three_seconds() -> None:
    line = Line(delay_s=0.002)
    cluster = Cluster(line=line)
    relay = cluster.link()
    Camera(cluster.nodes[0], cluster.nodes[0].join("publish", "tandu"))
    viewer = cluster.nodes[1].join("watch", "city")
    screen = _screen(cluster, 1, viewer)
    cluster.run(1)
    line.dark = True  # the PAUSE is lost
    cluster.nodes[1].sfu.peer_close(viewer.id, "closed")
    cluster.run(3.5)
    sent = cluster.relay(0, relay).outlet.packets_sent
    line.dark = False
    cluster.run(1)
    assert cluster.relay(0, relay).outlet.packets_sent == sent
    line.dark = True  # the RESUME is lost
    viewer = cluster.nodes[1].join("watch", "city")
    screen = _screen(cluster, 1, viewer)
    cluster.run(0.5)
    line.dark = False
    cluster.run(2)
    assert screen.payloads


def test_an_old_pause_that_comes_late_is_no_pause() -> None:
    cluster = Cluster()
    relay = cluster.link()
    Camera(cluster.nodes[0], cluster.nodes[0].join("publish", "tandu"))
    viewer = cluster.nodes[1].join("watch", "city")
    cluster.nodes[1].sfu.peer_select(viewer.id, [None])
    cluster.run(0.5)
    cluster.nodes[1].sfu.peer_select(viewer.id, ["tandu"])
    cluster.run(1)
    [stream] = cluster.relay(0, relay).outgoing.streams.values()
    near = cluster.relay(1, relay)
    near._send([rtcp.PauseResume(near.ssrc, (rtcp.PauseEntry(rtcp.PauseKind.PAUSE, stream.ssrc, 0),))])
    cluster.run(0.1)
    before = cluster.crossed()
    cluster.run(0.5)
    assert cluster.crossed() > before + 40


def test_both_nodes_hear_the_loudest_of_all_and_name_the_same_speaker() -> None:
    cluster = Cluster()
    cluster.link()
    speakers = {name: cluster.nodes[node].join("publish", name) for node, name in ((0, "a"), (1, "b"))}
    listeners = [cluster.nodes[node].join("watch", f"l{node}") for node in (0, 1)]
    _speak(cluster, speakers["a"], 70)
    cluster.run(1)
    _speak(cluster, speakers["b"], 20)
    cluster.run(3)
    for node, world in enumerate(cluster.nodes):
        told = world.of("levels")[-1]
        assert told["speaker"] == "b"
        assert set(told["levels"]) == {"a" if node == 0 else "b"}, "each node tells its own microphones only"
        heard = world.of("slots", peer=listeners[node].id)[-1]["audio"]
        assert set(heard) - {None} <= {"a", "b"}
        assert "b" in heard
    # Nobody receives himself: a viewer of participant b hears a.
    own = cluster.nodes[1].join("watch", "b")
    cluster.run(0.5)
    assert "b" not in cluster.nodes[1].of("slots", peer=own.id)[-1]["audio"]


def test_of_many_microphones_only_the_audible_cross() -> None:
    cluster = Cluster()
    relay = cluster.link()
    for number in range(12):
        _speak(cluster, cluster.nodes[0].join("publish", f"p{number:02}"), 40 + number)
    cluster.nodes[1].join("watch", "city", audio=3)
    cluster.run(3)
    asked = [layer for layer in cluster.relay(1, relay).incoming.layers.values() if layer.asked]
    assert 3 <= len(asked) <= 5


def test_a_muted_microphone_does_not_cross() -> None:
    cluster = Cluster()
    cluster.link()
    _speak(cluster, cluster.nodes[0].join("publish", "a"), 20)
    listener = cluster.nodes[1].join("watch", "city")
    cluster.run(1)
    assert cluster.nodes[1].of("slots", peer=listener.id)[-1]["audio"] == ["a"]
    for world in cluster.nodes:
        world.sfu.meeting_set("m", None, ["a"])
    cluster.run(0.5)
    before = cluster.crossed()
    cluster.run(1)
    assert cluster.crossed() == before


def test_a_remote_source_is_told_by_its_own_node_alone() -> None:
    cluster = Cluster()
    cluster.link()
    Camera(cluster.nodes[0], cluster.nodes[0].join("publish", "a"))
    Camera(cluster.nodes[1], cluster.nodes[1].join("publish", "b"))
    cluster.run(1)
    assert [participants(world.of("sources")) for world in cluster.nodes] == [{"a"}, {"b"}]


def test_what_came_from_one_node_is_not_passed_on_to_a_third() -> None:
    cluster = Cluster(3)
    for a, b in ((0, 1), (1, 2), (0, 2)):
        cluster.link(a, b)
    Camera(cluster.nodes[0], cluster.nodes[0].join("publish", "tandu"))
    screens = [_screen(cluster, node, cluster.nodes[node].join("watch", f"v{node}")) for node in (1, 2)]
    cluster.run(2)
    assert all(screen.payloads for screen in screens)
    assert cluster.crossed(1, 2) == cluster.crossed(2, 1) == 0


def test_two_meetings_between_the_same_nodes_keep_apart() -> None:
    cluster = Cluster()
    screens = []
    for meeting in ("m1", "m2", "m3"):
        cluster.link(meeting=meeting)
        station = cluster.nodes[0].join("publish", f"station-{meeting}", meeting=meeting)
        Camera(cluster.nodes[0], station)
        viewer = cluster.nodes[1].join("watch", f"viewer-{meeting}", meeting=meeting)
        screens.append(_screen(cluster, 1, viewer))
    cluster.run(2)
    assert all(not screen.missing(behind=8) and len(screen.payloads) > 150 for screen in screens)
    counters = cluster.nodes[1].sfu.ingress.counters
    assert counters["relay_not_opened"] == counters["relay_unknown_ssrc"] == 0


def test_when_the_publisher_leaves_his_slot_at_the_other_node_is_empty() -> None:
    cluster = Cluster()
    relay = cluster.link()
    station = cluster.nodes[0].join("publish", "tandu")
    Camera(cluster.nodes[0], station)
    viewer = cluster.nodes[1].join("watch", "city")
    cluster.run(1)
    assert cluster.nodes[1].of("slots", peer=viewer.id)[-1]["video"] == ["tandu"]
    cluster.nodes[0].sfu.peer_close(station.id, "closed")
    cluster.run(0.5)
    assert cluster.nodes[1].of("slots", peer=viewer.id)[-1]["video"] == [None]
    assert not cluster.relay(1, relay).incoming.layers


def test_a_closed_relay_takes_its_publications_away_and_a_new_one_brings_them_back() -> None:
    cluster = Cluster()
    relay = cluster.link()
    Camera(cluster.nodes[0], cluster.nodes[0].join("publish", "tandu"))
    viewer = cluster.nodes[1].join("watch", "city")
    screen = _screen(cluster, 1, viewer)
    cluster.run(1)
    for world in cluster.nodes:
        world.sfu.relay_close(relay)
    assert not any(router.publications for router in cluster.nodes[1].sfu.routers.values())
    assert cluster.nodes[0].sfu.ingress.dump()["receivers"] == 0
    cluster.run(1)
    cluster.link()
    newest = screen.newest
    cluster.run(1.5)
    assert screen.newest > newest + 60
    assert not screen.missing(behind=8)


def test_the_sources_clock_crosses_so_that_sound_and_picture_stay_in_step() -> None:
    cluster = Cluster()
    cluster.link()
    station = cluster.nodes[0].join("publish", "tandu")
    Camera(cluster.nodes[0], station)
    viewer = cluster.nodes[1].join("watch", "city")
    reports: list[rtcp.SenderReport] = []
    cluster.run(1)
    viewer.on_rtcp = lambda packet: reports.append(packet) if isinstance(packet, rtcp.SenderReport) else None
    station.send_rtcp(rtcp.SenderReport(station.video_ssrc, 3_900_000_000 << 32, 1_000_000, 7, 8))
    cluster.run(2.5)
    assert any(report.ssrc == viewer.slots[0] for report in reports)


def test_forged_datagrams_from_the_other_nodes_address_do_nothing() -> None:
    cluster = Cluster()
    cluster.link(meeting="m1")
    cluster.link(meeting="m2")
    Camera(cluster.nodes[0], cluster.nodes[0].join("publish", "tandu", meeting="m1"))
    screen = _screen(cluster, 1, cluster.nodes[1].join("watch", "city", meeting="m1"))
    cluster.run(1)
    here, there = cluster.nodes[1], cluster.address(0)
    for length in range(120):
        for first in (0x80, 0x81, 0xBF):
            for second in (96, 111, 200, 205, 0xFF):
                here.inject(bytes([first, second]) + os.urandom(length), there)
    assert here.sfu.ingress.counters["bugs"] == 0
    assert here.sfu.ingress.counters["relay_too_many_tries"] > 0
    cluster.run(2)
    assert not screen.missing(behind=8)


def test_a_plain_compound_from_the_other_node_cut_anywhere_raises_nothing() -> None:
    cluster = Cluster()
    relay = cluster.link()
    Camera(cluster.nodes[0], cluster.nodes[0].join("publish", "tandu"))
    cluster.nodes[1].join("watch", "city")
    cluster.run(1)
    end = cluster.relay(0, relay)
    notes = end.outgoing.notes(cluster.network.now)
    from hub.wire import relay_app

    whole = serialise([relay_app.layers_packet(9, notes), relay_app.levels_packet(9, {1: 20})])
    for length in range(len(whole)):
        cluster.relay(1, relay)._receive_rtcp(memoryview(whole[:length]), cluster.network.now)
    for at in range(12, len(whole)):
        spoilt = bytearray(whole)
        spoilt[at] ^= 0xFF
        cluster.relay(1, relay)._receive_rtcp(memoryview(bytes(spoilt)), cluster.network.now)
