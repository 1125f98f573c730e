"""Slots in virtual time: who is shown, switching at key frames, numbering that goes on, mute, sound, pause."""

from __future__ import annotations

import itertools

import pytest

from hub.errors import Refusal
from hub.media.meeting.stage import Aside
from hub.wire import rtcp
from tests.support.media_light import LightPeer
from tests.support.media_world import Camera, Screen, World


def screen_of(world: World, viewer: LightPeer, slot: int = 0) -> Screen:
    return Screen(world, viewer, viewer.slots[2 * slot], viewer.slots[2 * slot + 1])


def slots_of(world: World, viewer: LightPeer) -> list[str | None]:
    told: list[str | None] = world.of("slots", peer=viewer.id)[-1]["video"]
    return told


def test_a_late_joiner_sees_a_picture_at_once() -> None:
    world = World()
    camera = Camera(world, world.join("publish", "tandu"))
    world.network.run(5)
    viewer = world.join("watch", "leader")
    screen = screen_of(world, viewer)
    asked = world.network.now
    world.network.run(0.5)
    assert screen.first >= 0, "no packet within half a second"
    first = screen.payloads[screen.first]
    assert first[0] & 0x10, "it begins with the first packet of a picture"
    assert first[6] & 0x01 == 0, "and with a key frame"
    assert screen.arrived[screen.first] - asked < 0.2
    assert camera.plis <= 2


def test_ten_joiners_at_once_cost_one_key_frame() -> None:
    world = World()
    camera = Camera(world, world.join("publish", "tandu"))
    world.network.run(5)
    before = camera.key_frames
    viewers = [world.join("watch", f"v{number}") for number in range(10)]
    world.network.run(1)
    assert camera.key_frames - before <= 3
    assert all(viewer.counters["rtp"] > 50 for viewer in viewers)


def test_a_switched_slot_goes_on_in_numbers_time_and_pictures_without_a_gap() -> None:
    world = World()
    cameras = {}
    for name in ("tandu", "county"):
        cameras[name] = Camera(world, world.join("publish", name))
    cameras["county"].seq, cameras["county"].picture = 300, 17
    viewer = world.join("watch", "leader")
    screen = screen_of(world, viewer)
    for turn in range(8):
        world.sfu.peer_select(viewer.id, ["county" if turn % 2 else "tandu"])
        world.network.run(1.5)
    assert not screen.missing()
    numbers = sorted(screen.payloads)
    pictures = screen.pictures()
    assert all((after - before) & 0x7FFF == 1 for before, after in itertools.pairwise(pictures))
    stamps = [screen.timestamps[number] for number in numbers]
    steps = [(after - before) & 0xFFFF_FFFF for before, after in itertools.pairwise(stamps)]
    assert max(steps) < 90_000 // 4, f"time jumps by {max(steps) / 90_000:.2f} s"
    assert "refused_by_srtp" not in viewer.counters


def test_the_old_source_plays_until_the_new_one_has_a_key_frame() -> None:
    world = World()
    Camera(world, world.join("publish", "tandu"))
    slow = Camera(world, world.join("publish", "county"))
    viewer = world.join("watch", "leader")
    world.sfu.peer_select(viewer.id, ["tandu"])
    world.network.run(2)
    slow.on = False  # a camera that is frozen for the moment
    before = viewer.counters["rtp"]
    world.sfu.peer_select(viewer.id, ["county"])
    world.network.run(1)
    assert viewer.counters["rtp"] - before > 80, "the picture must not stop while the new one is awaited"
    slow.on = True
    world.network.run(1)
    assert world.sfu.peers[viewer.id].side.dump()["video"][0]["plays"].startswith("county/")  # type: ignore[index]


def test_the_name_told_of_a_slot_changes_with_the_picture() -> None:
    world = World()
    publishers = {name: world.join("publish", name) for name in ("tandu", "county", "north")}
    cameras = {name: Camera(world, publisher) for name, publisher in publishers.items()}
    viewer = world.join("watch", "leader")
    world.sfu.peer_select(viewer.id, ["tandu"])
    world.network.run(2)
    cameras["county"].on = False  # its key frame is long in coming
    world.sfu.peer_select(viewer.id, ["county"])
    world.network.run(1)
    assert slots_of(world, viewer) == ["tandu"], "its picture is still to be seen"
    world.sfu.peer_select(viewer.id, ["north"])
    assert slots_of(world, viewer) == ["tandu"]
    world.network.run(1)
    assert slots_of(world, viewer) == ["north"]
    world.sfu.peer_select(viewer.id, ["county"])
    world.network.run(0.1)
    world.sfu.peer_close(publishers["north"].id, "closed")
    world.network.run(0.1)
    assert slots_of(world, viewer) == ["county"], "nobody is named who has gone"
    cameras["county"].on = True
    world.network.run(1)
    assert slots_of(world, viewer) == ["county"]


def test_the_stage_shows_broadcast_else_the_loudest_else_the_first_and_never_oneself() -> None:
    world = World()
    stations = {name: world.join("publish", name) for name in ("a", "b", "c")}
    for station in stations.values():
        Camera(world, station)
    world.network.run(0.2)
    viewer = world.join("watch", "leader")
    own = world.join("watch", "a")
    world.network.run(0.5)
    assert slots_of(world, viewer) == ["a"]
    assert slots_of(world, own) == ["b"], "nobody receives himself"
    seq = dict.fromkeys(stations, 0)

    def speak() -> None:
        for name, level in (("a", 90), ("b", 90), ("c", 20)):
            seq[name] += 1
            stations[name].send_audio(seq[name], seq[name] * 960, level)

    world.network.every(0.02, speak)
    world.network.run(3)
    assert slots_of(world, viewer) == ["c"]
    assert world.of("levels")[-1]["speaker"] == "c"
    world.sfu.meeting_set("m", "b", [])
    world.network.run(0.5)
    assert slots_of(world, viewer) == ["b"]
    world.sfu.meeting_set("m", None, [])
    world.network.run(0.5)
    assert slots_of(world, viewer) == ["c"]


def test_one_viewer_is_shown_a_source_of_his_own_and_the_others_the_broadcast() -> None:
    world = World()
    for name in ("a", "b", "c"):
        Camera(world, world.join("publish", name))
    world.network.run(0.2)
    one, other = world.join("watch", "one"), world.join("watch", "other")
    world.sfu.meeting_set("m", "b", [], aside=Aside({"one": "c"}))
    world.network.run(0.5)
    assert (slots_of(world, one), slots_of(world, other)) == (["c"], ["b"])
    world.sfu.meeting_set("m", "b", [], aside=Aside({"one": "gone"}))
    world.network.run(0.5)
    assert slots_of(world, one) == ["b"], "who sends no picture is shown to nobody"
    world.sfu.meeting_set("m", "b", [])
    world.network.run(0.5)
    assert slots_of(world, one) == ["b"]


def test_cells_fill_themselves_with_who_comes_next_and_nobody_moves_without_need() -> None:
    world = World()
    for name in ("a", "b", "c", "d", "e"):
        Camera(world, world.join("publish", name))
    world.network.run(0.2)
    viewer = world.join("watch", "leader", video=4)
    world.sfu.meeting_set("m", "c", [])
    world.sfu.peer_select(viewer.id, ["stage", "next", "b", "next"])
    world.network.run(0.5)
    assert slots_of(world, viewer) == ["c", "a", "b", "d"]
    world.sfu.meeting_set("m", "d", [])
    world.network.run(0.5)
    assert slots_of(world, viewer) == ["d", "a", "b", "c"], "only who came onto the stage left his cell"
    world.sfu.peer_select(viewer.id, ["next", "next", "next", "next"])
    world.network.run(0.5)
    assert slots_of(world, viewer) == ["d", "a", "b", "c"]
    world.sfu.peer_select(viewer.id, ["stage", "a", "b", "e"])
    world.network.run(0.5)
    assert slots_of(world, viewer) == ["d", "a", "b", "e"]


def test_a_shared_screen_stands_on_the_stage_or_beside_it() -> None:
    world = World()
    Camera(world, world.join("publish", "a"))
    Camera(world, world.join("publish", "a", source="screen"))
    world.network.run(0.2)
    viewer = world.join("watch", "leader", video=2)
    world.network.run(0.3)
    assert slots_of(world, viewer)[0] == "a:screen"
    world.sfu.meeting_set("m", None, [], None, Aside(second="a"))
    world.sfu.peer_select(viewer.id, ["stage", "a:screen"])
    world.network.run(0.5)
    assert slots_of(world, viewer) == ["a", "a:screen"]


def test_a_muted_participant_is_not_heard_and_comes_back_without_a_gap() -> None:
    world = World()
    station = world.join("publish", "tandu", video=0)
    seq = 0

    def speak() -> None:
        nonlocal seq
        seq += 1
        station.send_audio(seq, seq * 960, 30)

    world.network.every(0.02, speak)
    viewer = world.join("watch", "leader", video=0, audio=2)
    numbers: list[int] = []
    viewer.on_rtp = lambda header, packet: numbers.append(header.sequence)
    world.network.run(2)
    assert len(numbers) > 80
    world.sfu.meeting_set("m", None, ["tandu"])
    world.network.run(0.1)
    heard = len(numbers)
    world.network.run(3)
    assert len(numbers) == heard, "a muted microphone leaks"
    assert world.of("slots", peer=viewer.id)[-1]["audio"] == [None, None]
    world.sfu.meeting_set("m", None, [])
    world.network.run(2)
    assert len(numbers) > heard + 80
    steps = {(b - a) & 0xFFFF for a, b in itertools.pairwise(numbers)}
    assert steps == {1}, "the numbers of a slot go on, whatever was left out"


def test_the_loudest_of_many_take_the_audio_slots() -> None:
    world = World()
    stations = [world.join("publish", f"p{number}", video=0) for number in range(6)]
    viewer = world.join("watch", "leader", video=0, audio=2)
    levels = [100, 100, 100, 100, 20, 25]
    seq = 0

    def speak() -> None:
        nonlocal seq
        seq += 1
        for station, level in zip(stations, levels, strict=True):
            station.send_audio(seq, seq * 960, level)

    world.network.every(0.02, speak)
    world.network.run(4)
    assert sorted(filter(None, world.of("slots", peer=viewer.id)[-1]["audio"])) == ["p4", "p5"]
    speaker = world.join("watch", "p4", video=0, audio=2)
    world.network.run(1)
    assert "p4" not in world.of("slots", peer=speaker.id)[-1]["audio"]


def test_a_picture_nobody_watches_is_paused_and_resumed_for_the_first_viewer() -> None:
    world = World()
    station = world.join("publish", "tandu")
    Camera(world, station)
    world.network.run(5)
    assert [event["paused"] for event in world.of("pause", peer=station.id)] == [True]
    viewer = world.join("watch", "leader")
    world.network.run(0.3)
    assert [event["paused"] for event in world.of("pause", peer=station.id)] == [True, False]
    world.sfu.peer_close(viewer.id, "closed")
    world.network.run(5)
    assert [event["paused"] for event in world.of("pause", peer=station.id)] == [True, False, True]


def test_a_source_that_restarts_its_numbering_is_shown_again() -> None:
    world = World()
    camera = Camera(world, world.join("publish", "tandu"))
    viewer = world.join("watch", "leader")
    screen = screen_of(world, viewer)
    world.network.run(2)
    camera.seq += 20_000
    world.network.run(3)
    assert not screen.missing()
    assert len(screen.payloads) > 4 * 30 * 4


def test_a_source_that_was_not_announced_is_learnt_once() -> None:
    world = World()
    Camera(world, world.join("publish", "tandu", with_ssrcs=False))
    viewer = world.join("watch", "leader")
    world.network.run(2)
    assert viewer.counters["rtp"] > 100


def test_padding_is_left_out_without_a_gap() -> None:
    world = World()
    station = world.join("publish", "tandu")
    camera = Camera(world, station)
    viewer = world.join("watch", "leader")
    screen = screen_of(world, viewer)

    def probe() -> None:
        station.send_video(camera.seq, camera.picture * 3000, b"")
        camera.seq += 1

    world.network.every(0.1, probe)
    world.network.run(5)
    assert not screen.missing()
    assert all(screen.payloads.values())


def test_a_players_key_frame_request_reaches_the_camera_once() -> None:
    world = World()
    camera = Camera(world, world.join("publish", "tandu"))
    viewers = [world.join("watch", f"v{number}") for number in range(5)]
    world.network.run(3)
    before = camera.plis
    for viewer in viewers:
        viewer.send_rtcp(rtcp.Pli(1, viewer.slots[0]))
        viewer.send_rtcp(rtcp.Fir(1, 0, ((viewer.slots[0], 1),)))
    world.network.run(2)
    assert camera.plis - before == 1


def test_a_viewer_is_told_the_sources_clock_moved_like_its_packets() -> None:
    world = World()
    station = world.join("publish", "tandu")
    camera = Camera(world, station)
    camera_start = world.network.now - camera.picture / 30

    def tell_clock() -> None:
        seconds = world.network.now + 5_000_000.0  # the station's wall clock is wrong by weeks
        media = int((world.network.now - camera_start) * 90_000)
        whole = int(seconds) << 32 | int((seconds % 1) * (1 << 32))
        station.send_rtcp(rtcp.SenderReport(station.video_ssrc, whole, media & 0xFFFF_FFFF, 1, 1))

    world.network.every(1.0, tell_clock)
    viewer = world.join("watch", "leader")
    screen = screen_of(world, viewer)
    reports: list[rtcp.SenderReport] = []
    viewer.on_rtcp = lambda packet: reports.append(packet) if isinstance(packet, rtcp.SenderReport) else None
    world.network.run(1.5)
    assert len(reports) == 1, "the clock of what newly plays is told soon"
    world.network.run(6)
    assert len(reports) >= 4
    newest = screen.timestamps[screen.newest]
    behind = (reports[-1].timestamp - newest) / 90_000
    assert -1.3 < behind < 0.2, f"the clock is {behind:.2f} s from the pictures"
    first, last = reports[0], reports[-1]
    passed = (last.ntp - first.ntp) / (1 << 32)
    assert abs((last.timestamp - first.timestamp) / 90_000 - passed) < 0.01


def test_who_cannot_be_served_is_told_why() -> None:
    world = World()
    with pytest.raises(Refusal) as refused:
        world.sfu.peer_open("s_1", "m", "a", "watch", "no sdp at all")
    assert refused.value.code == "malformed"
    peer = world.join("watch", "leader")
    with pytest.raises(Refusal) as refused:
        world.sfu.peer_open(peer.id, "m", "a", "watch", peer.offer("recvonly"))
    assert refused.value.code == "conflict"
    with pytest.raises(Refusal) as refused:
        world.sfu.peer_open("s_2", "m", "a", "publish", peer.offer("recvonly"))
    assert refused.value.code == "unprocessable"
    for call in (lambda: world.sfu.peer_select("s_9", []), lambda: world.sfu.peer_restart("s_9", "")):
        with pytest.raises(Refusal) as refused:
            call()
        assert refused.value.code == "not_found"
    world.sfu.peer_close("s_9", "closed")


def test_after_everything_is_closed_the_dump_is_empty() -> None:
    world = World()
    for name in ("tandu", "county"):
        Camera(world, world.join("publish", name)).on = True
        world.join("watch", name, video=3, audio=2)
    world.sfu.relay_open("r.1", "m", ("10.0.0.9", 9), bytes(28), bytes(range(28)))
    world.network.run(2)
    world.sfu.meeting_close("m")
    dump = world.sfu.dump()
    assert dump["peers"] == dump["meetings"] == dump["relays"] == []
    assert dump["ingress"]["ufrags"] == dump["ingress"]["addresses"] == dump["ingress"]["receivers"] == 0
    assert all(event["state"] == "closed" for event in world.of("relay.stream")[-2:])


def test_exactly_those_who_are_named_are_heard_muted_or_not() -> None:
    world = World()
    stations = {name: world.join("publish", name, video=0) for name in "abc"}
    viewer = world.join("watch", "leader", video=0, audio=3)
    got: list[int] = []
    viewer.on_rtp = lambda header, packet: got.append(header.sequence)
    seq = dict.fromkeys(stations, 0)

    def speak() -> None:
        for name, station in stations.items():
            seq[name] += 1
            station.send_audio(seq[name], seq[name] * 960, 30)

    def heard() -> set[str]:
        world.network.run(2)
        got.clear()
        world.network.run(1)
        silent = {publication.participant for publication in router.publications if publication.muted}
        audible = {name for name in world.of("slots", peer=viewer.id)[-1]["audio"] if name is not None}
        assert not audible & silent
        assert (len(got) > 20) == bool(audible)
        return set(stations) - silent

    world.network.every(0.02, speak)
    router = world.sfu.router_of("m")
    assert heard() == {"a", "b", "c"}
    world.sfu.meeting_set("m", None, ["a"], ["a"])
    assert heard() == {"a"}
    world.sfu.meeting_set("m", None, ["a"], [])
    assert heard() == set()
    stations["d"] = world.join("publish", "d", video=0)
    seq["d"] = 0
    assert heard() == set(), "who begins to send meanwhile is silent, too"
    world.sfu.meeting_set("m", None, ["a"])
    assert heard() == {"b", "c", "d"}
