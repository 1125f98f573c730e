"""A meeting that rests: at packet level nobody gets sound or picture of anybody, nor does the recorder, until it goes on."""

from __future__ import annotations

import itertools

from tests.support.lossy import Line
from tests.support.media_light import LightPeer
from tests.support.media_world import Camera, World
from tests.unit.test_media_relay import FarEnd


class Meeting:
    """Three who send picture and sound, one of them a screen besides; two who watch, one of them sends, too."""

    def __init__(self) -> None:
        self.world = World()
        self.seq = 0
        self.stations = [self.world.join("publish", name) for name in ("tandu", "county", "leader")]
        for station in self.stations:
            Camera(self.world, station)
        Camera(self.world, self.world.join("publish", "county", source="screen"))
        self.world.network.every(0.02, self._speak)
        self.viewers = [self.world.join("watch", name, video=3, audio=2) for name in ("leader", "village")]
        for viewer in self.viewers:
            self.world.sfu.peer_select(viewer.id, ["stage", "tandu", "county"])
        self.got: dict[str, int] = {}
        self.numbers: dict[tuple[str, int], list[int]] = {}
        for viewer in self.viewers:
            self._count(viewer)
        self.far = FarEnd(self.world, Line())
        self.far.open()
        self.world.network.run(2)

    def _speak(self) -> None:
        self.seq += 1
        for level, station in enumerate(self.stations, 20):
            station.send_audio(self.seq, self.seq * 960, level)

    def _count(self, viewer: LightPeer) -> None:
        def note(header: object, packet: object) -> None:
            self.got[viewer.id] = self.got.get(viewer.id, 0) + 1
            key = viewer.id, header.ssrc  # type: ignore[attr-defined]
            self.numbers.setdefault(key, []).append(header.sequence)  # type: ignore[attr-defined]

        viewer.on_rtp = note

    def recorded(self) -> int:
        return sum(len(packets) for packets in self.far.rtp.values())

    def set(self, *, paused: bool, broadcast: str | None = None, heard: list[str] | None = None) -> None:
        self.world.sfu.meeting_set("m", broadcast, ["county"], heard, paused=paused)


def test_while_it_rests_no_packet_of_anybody_goes_to_anybody() -> None:
    meeting = Meeting()
    world = meeting.world
    assert all(meeting.got[viewer.id] > 100 for viewer in meeting.viewers)
    assert meeting.recorded() > 100
    meeting.set(paused=True)
    world.network.run(0.2)  # what was under way arrives
    got, recorded = dict(meeting.got), meeting.recorded()
    world.network.run(3)
    # neither the stage, nor who is called in a roll call, nor who comes or chooses now, opens it
    meeting.set(paused=True, broadcast="tandu", heard=["leader", "tandu"])
    late = world.join("publish", "late")
    Camera(world, late)
    fresh = world.join("watch", "fresh", video=2, audio=2)
    world.sfu.peer_select(fresh.id, ["late", "county:screen"])
    world.sfu.peer_select(meeting.viewers[0].id, ["county:screen", "late", "stage"])
    world.sfu.relay_open("r_1.later", "m", ("10.0.9.8", 9), bytes(28), bytes(range(28)))
    world.network.run(3)
    assert meeting.got == got
    assert meeting.recorded() == recorded
    assert not fresh.counters["rtp"]
    for viewer in meeting.viewers:
        told = world.of("slots", peer=viewer.id)[-1]
        assert {*told["video"], *told["audio"]} == {None}
    assert world.of("relay.stream")[-1]["state"] == "closed", "the parts of the recording end with it"
    assert all(event["paused"] for event in world.of("pause")[-4:]), "cameras rest"


def test_it_goes_on_as_it_was_without_a_gap_in_the_numbers() -> None:
    meeting = Meeting()
    meeting.set(paused=True)
    meeting.world.network.run(3)
    got, recorded = dict(meeting.got), meeting.recorded()
    meeting.set(paused=False)
    meeting.world.network.run(2)
    assert all(meeting.got[viewer.id] > got[viewer.id] + 100 for viewer in meeting.viewers)
    assert meeting.recorded() > recorded + 100
    for numbers in meeting.numbers.values():
        assert {(b - a) & 0xFFFF for a, b in itertools.pairwise(numbers)} <= {1}
    shown = meeting.world.of("slots", peer=meeting.viewers[1].id)[-1]
    assert shown["video"][1:] == ["tandu", "county"]
    assert "county" not in shown["audio"], "who was muted stays so"
