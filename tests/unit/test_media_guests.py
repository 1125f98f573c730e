"""Guests, shown at the packet: whom of other meetings a meeting's viewers get, at one node and at two."""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.conference.guests import told_to_node
from hub.conference.hearing import hearing_of, hears, in_common
from hub.conference.sound_shapes import Sound
from hub.conference.unit_state import upper_of
from hub.directory.accounts import Account
from hub.errors import Refusal
from hub.media.meeting.router import ROUTES_AT_ONCE
from hub.media.meeting.stage import Aside
from hub.media.node import arguments
from hub.rules import to_node
from hub.state import Meeting
from tests.support.media_cluster import Cluster, participants
from tests.support.media_light import LightPeer
from tests.support.media_world import Camera, Screen
from tests.support.media_world import World as Node
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, OTHER_TOWN, TOWN, VILLAGE, World, account

MAYOR, CITY_DESK = account("leader", CITY), account("dispatcher", CITY)
COUNTY_LEADER, TOWN_STATION = account("leader", COUNTY), account("station", TOWN)
OTHER_LEADER, OTHER_STATION = account("leader", OTHER_COUNTY), account("station", OTHER_TOWN)
STATION = account("station", VILLAGE)
PLACES = (
    (MAYOR, (COUNTY, OTHER_COUNTY), (CITY_DESK,)),
    (COUNTY_LEADER, (TOWN, VILLAGE), (TOWN_STATION, STATION)),
    (OTHER_LEADER, (OTHER_TOWN,), (OTHER_STATION,)),
)
PEOPLE = tuple(who for chair, _, others in PLACES for who in (chair, *others))
#: The first byte of what each of them says: it tells at the viewer who was heard.
MARKS = {who.id: number for number, who in enumerate(PEOPLE, 0x41)}
#: Those who speak: never more at once than a viewer has places for.
SPEAKERS = tuple(who for who in PEOPLE if who is not CITY_DESK)
NAMES = {who.id: who.name for who in PEOPLE}


class Venue:
    """Three meetings at one node or spread over two; all speak, all hear. Nodes are told what control would tell them."""

    def __init__(self, nodes: int = 1) -> None:
        self.rules = World()
        self.cluster = Cluster(nodes)
        self.meetings: list[str] = []
        self.home: dict[str, str] = {}
        for chair, centers, others in PLACES:
            meeting = self.rules.open(chair, *centers, record=False)
            self.meetings.append(meeting)
            for who in (chair, *others):
                self.rules.do(who, "meeting.join", meeting)
                self.home[who.id] = meeting
        self.at = {who.id: index % nodes for index, who in enumerate(PEOPLE)}
        if nodes > 1:
            for meeting in self.meetings:
                self.cluster.link(meeting=meeting)
        self.speakers = {who.id: self._join("publish", who, video=0) for who in SPEAKERS}
        self.viewers = {who.id: self._join("watch", who, video=0, audio=4) for who in PEOPLE}
        self.got: dict[str, set[str]] = defaultdict(set)
        self._seq = dict.fromkeys(self.speakers, 0)
        names = {mark: name for name, mark in MARKS.items()}
        for name, viewer in self.viewers.items():
            viewer.on_rtp = (
                lambda header, packet, name=name: self.got[name].update(  # type: ignore[misc]
                    names[byte] for byte in bytes(packet[header.payload_offset :]) if byte in names
                )
            )
        self.cluster.network.every(0.02, self._speak)
        self.tell()

    def node(self, who: Account) -> Node:
        return self.cluster.nodes[self.at[who.id]]

    def _join(self, direction: str, who: Account, **offer: Any) -> LightPeer:
        return self.node(who).join(direction, who.id, meeting=self.home[who.id], **offer)

    def _speak(self) -> None:
        for name, peer in self.speakers.items():
            self._seq[name] += 1
            peer.send_audio(self._seq[name], self._seq[name] * 960, 30, bytes((MARKS[name],)) * 3)

    def meeting(self, index: int) -> Meeting:
        return self.rules.state.meetings[self.meetings[index]]

    def tell(self) -> None:
        """Every node has the truth of every meeting."""
        state = self.rules.state
        for meeting in state.meetings.values():
            told: dict[str, Any] = {**to_node(meeting), **told_to_node(state, meeting)}
            for node in self.cluster.nodes:
                aside = Aside(told["views"], told["second"], told.get("fallback"))
                sound, guests = arguments.sound(told), arguments.guests(told)
                node.sfu.meeting_set(meeting.id, told["broadcast"], aside=aside, guests=guests, **sound)

    def do(self, who: Account, kind: str, meeting: int, /, **data: Any) -> None:
        """Give a command; nodes are told at once what came of it."""
        self.rules.do(who, kind, self.meetings[meeting], **data)
        self.tell()

    def join(self, lower: int, chair: Account) -> None:
        self.do(MAYOR, "unit.invite", 0, other=self.meetings[lower])
        self.do(chair, "unit.accept", lower, other=self.meetings[0])

    def heard(self, seconds: float = 0.5) -> dict[str, set[str]]:
        """Who gets whom from this very moment on."""
        self.got.clear()
        self.cluster.run(seconds)
        return {who.id: set(self.got[who.id]) for who in PEOPLE}

    def settled(self) -> dict[str, set[str]]:
        self.cluster.run(2.5)
        return self.heard()

    def stands(self, who: Account) -> set[str | None]:
        """Who stands in the places for sound of this viewer now."""
        return set(self.node(who).of("slots", peer=self.viewers[who.id].id)[-1]["audio"])

    def may_hear(self, listener: str, speaker: str) -> bool:
        """As a person would say it, meeting by meeting; one who sits in two is heard where his microphone stands."""
        state = self.rules.state
        here, there = state.meetings[self.home[listener]], state.meetings[self.home[speaker]]
        hearing = hearing_of(here)
        if here is there:
            return hears(hearing, listener, speaker)
        aside = listener in hearing.deaf or listener in hearing.listeners
        aside |= hearing.paused or any(listener in each for each in hearing.apart)
        if aside or not in_common(hearing_of(there), speaker):
            return False
        upper = upper_of(state, here)
        if upper is not None and here.chair.id in hearing_of(upper).deaf:
            return False
        if upper is there:
            return True
        above = upper_of(state, there)
        return (
            above is not None
            and above in (here, upper)
            and speaker == there.chair.id
            and in_common(hearing_of(above), speaker)
            and not hearing_of(above).paused
        )

    def expected(self) -> dict[str, set[str]]:
        return {
            listener.id: {speaker.id for speaker in SPEAKERS if self.may_hear(listener.id, speaker.id)}
            for listener in PEOPLE
        }


@pytest.mark.parametrize("nodes", [1, 2])
def test_the_chair_is_heard_above_for_all_of_his_and_they_hear_whoever_is_heard_above(nodes: int) -> None:
    venue = Venue(nodes)
    assert venue.settled()[MAYOR.id] == set()
    venue.join(1, COUNTY_LEADER)
    heard = venue.settled()
    assert heard[MAYOR.id] == {COUNTY_LEADER.id}, "and nobody else of the county"
    assert heard[STATION.id] == {MAYOR.id, COUNTY_LEADER.id, TOWN_STATION.id}
    assert heard[COUNTY_LEADER.id] == {MAYOR.id, TOWN_STATION.id, STATION.id}
    assert heard[OTHER_STATION.id] == {OTHER_LEADER.id}, "who has not joined gets nothing of it"


@pytest.mark.parametrize("nodes", [1, 2])
def test_a_muted_unit_is_heard_by_nobody_above_and_goes_on_hearing(nodes: int) -> None:
    venue = Venue(nodes)
    venue.join(1, COUNTY_LEADER)
    venue.join(2, OTHER_LEADER)
    before = venue.settled()
    assert COUNTY_LEADER.id in before[MAYOR.id] & before[OTHER_STATION.id]
    venue.do(MAYOR, "participant.mute", 0, participant=COUNTY_LEADER.id)
    venue.cluster.run(0.03)  # what was sent before is still on its way
    heard = venue.heard(1)
    for outside in (MAYOR, CITY_DESK, OTHER_LEADER, OTHER_STATION):
        assert COUNTY_LEADER.id not in heard[outside.id]
    assert COUNTY_LEADER.id in heard[STATION.id], "in his own meeting he is heard as before"
    assert MAYOR.id in heard[STATION.id]
    venue.do(MAYOR, "participant.unmute", 0, participant=COUNTY_LEADER.id)
    assert COUNTY_LEADER.id in venue.settled()[OTHER_STATION.id]


@pytest.mark.parametrize("nodes", [1, 2])
@pytest.mark.parametrize("how", ["upper", "lower", "end_above", "end_below", "removed"])
def test_after_parting_nothing_passes_either_way_from_that_moment(nodes: int, how: str) -> None:
    venue = Venue(nodes)
    venue.join(1, COUNTY_LEADER)
    venue.settled()
    for _ in range(2 * ROUTES_AT_ONCE):
        venue.tell()  # so much has changed that slots are filled later
    match how:
        case "upper":
            venue.do(MAYOR, "unit.end", 0, other=venue.meetings[1])
        case "lower":
            venue.do(COUNTY_LEADER, "unit.end", 1, other=venue.meetings[0])
        case "removed":
            venue.do(MAYOR, "participant.remove", 0, participant=COUNTY_LEADER.id)
        case _:
            ended = 0 if how == "end_above" else 1
            venue.do(MAYOR if ended == 0 else COUNTY_LEADER, "meeting.end", ended)
    county, city = {COUNTY_LEADER.id, TOWN_STATION.id, STATION.id}, {MAYOR.id, CITY_DESK.id}
    assert not venue.stands(MAYOR) & county
    assert not venue.stands(STATION) & city
    venue.cluster.run(0.03)  # what was sent before is still on its way
    heard = venue.heard(1)
    for listener in city:
        assert not heard[listener] & county
    for listener in county:
        assert not heard[listener] & city


def test_a_chair_who_speaks_softly_is_heard_above_however_loud_his_meeting_is() -> None:
    venue = Venue(2)
    node = venue.node(COUNTY_LEADER)
    loud = [node.join("publish", f"loud{number}", meeting=venue.meetings[1], video=0) for number in range(6)]
    far = venue.node(CITY_DESK)
    quiet = [far.join("publish", f"quiet{number}", meeting=venue.meetings[0], video=0) for number in range(6)]
    seq = itertools.count()

    def shout() -> None:
        number = next(seq)
        for peer in loud:
            peer.send_audio(number, number * 960, 5, b"!!!")
        for peer in quiet:
            peer.send_audio(number, number * 960, 60, b"...")

    venue.cluster.network.every(0.02, shout)
    venue.cluster.run(2)
    assert venue.at[CITY_DESK.id] != venue.at[COUNTY_LEADER.id], "another node has to be told of him"
    venue.join(1, COUNTY_LEADER)
    assert COUNTY_LEADER.id in venue.settled()[CITY_DESK.id]


def test_what_is_said_in_a_word_apart_stays_there() -> None:
    venue = Venue()
    venue.join(1, COUNTY_LEADER)
    venue.settled()
    venue.do(COUNTY_LEADER, "apart.begin", 1, center=TOWN)
    venue.cluster.run(0.03)  # what was sent before is still on its way
    heard = venue.heard(1)
    assert COUNTY_LEADER.id not in heard[MAYOR.id] | heard[CITY_DESK.id]
    assert heard[COUNTY_LEADER.id] == {TOWN_STATION.id}


COMMANDS: tuple[tuple[Account, str, int, dict[str, Any]], ...] = (
    (MAYOR, "participant.mute", 0, {"participant": COUNTY_LEADER.id}),
    (MAYOR, "participant.unmute", 0, {"participant": COUNTY_LEADER.id}),
    (MAYOR, "sound.set", 0, {"mode": "talk"}),
    (COUNTY_LEADER, "sound.set", 1, {"mode": "talk"}),
    (COUNTY_LEADER, "sound.set", 1, {"mode": "open"}),
    (STATION, "talk.press", 1, {}),
    (STATION, "talk.release", 1, {}),
    (MAYOR, "talk.press", 0, {}),
    (MAYOR, "talk.release", 0, {}),
    (MAYOR, "participant.mute_all", 0, {}),
    (MAYOR, "participant.unmute_all", 0, {}),
    (MAYOR, "roll_call.begin", 0, {"centers": [COUNTY, OTHER_COUNTY]}),
    (MAYOR, "roll_call.next", 0, {}),
    (MAYOR, "meeting.pause", 0, {}),
    (MAYOR, "meeting.resume", 0, {}),
    (COUNTY_LEADER, "meeting.resume", 1, {}),
    (COUNTY_LEADER, "participant.mute", 1, {"participant": STATION.id}),
    (COUNTY_LEADER, "apart.begin", 1, {"center": TOWN}),
    (COUNTY_LEADER, "roll_call.begin", 1, {"centers": [TOWN, VILLAGE]}),
    (COUNTY_LEADER, "speaker.close", 1, {"centers": [VILLAGE]}),
    (MAYOR, "speaker.close", 0, {"centers": [OTHER_COUNTY]}),
    (OTHER_LEADER, "listen.begin", 2, {"participant": OTHER_STATION.id}),
    (OTHER_LEADER, "meeting.pause", 2, {}),
    (OTHER_LEADER, "meeting.resume", 2, {}),
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.sampled_from(range(-4, len(COMMANDS))), min_size=3, max_size=9),
    nodes=st.sampled_from((1, 1, 2)),
)
def test_every_viewer_gets_exactly_those_whom_he_may_hear(steps: list[int], nodes: int) -> None:
    """Whatever held before: from the moment nodes are told, nobody is heard who should not be, and soon all others are."""
    venue = Venue(nodes)
    for step in steps:
        try:
            if step == -1:
                venue.do(COUNTY_LEADER, "unit.end", 1, other=venue.meetings[0])
            elif step < 0:
                venue.join(1 if step == -2 else 2, COUNTY_LEADER if step == -2 else OTHER_LEADER)
            else:
                who, kind, meeting, data = COMMANDS[step]
                venue.do(who, kind, meeting, **data)
        except Refusal:
            continue
        venue.cluster.run(0.05)  # what was sent before is still on its way
        wanted = venue.expected()
        for listener, speakers in venue.heard(0.3).items():
            assert speakers <= wanted[listener], (step, NAMES[listener], speakers)
    assert venue.settled() == venue.expected()


# --- pictures -------------------------------------------------------------------------------------------


def camera_of(venue: Venue, who: Account) -> Camera:
    node = venue.node(who)
    return Camera(node, node.join("publish", who.id, meeting=venue.home[who.id]))


def screen_of(venue: Venue, who: Account) -> tuple[LightPeer, Screen]:
    node = venue.node(who)
    viewer = node.join("watch", who.id, meeting=venue.home[who.id])
    return viewer, Screen(node, viewer, viewer.slots[0], viewer.slots[1])


def comes(venue: Venue, screen: Screen) -> bool:
    venue.cluster.run(2)
    before = len(screen.payloads)
    venue.cluster.run(1)
    return len(screen.payloads) > before + 10


@pytest.mark.parametrize("nodes", [1, 2])
def test_what_the_upper_chair_broadcasts_reaches_a_viewer_below(nodes: int) -> None:
    venue = Venue(nodes)
    camera_of(venue, CITY_DESK)
    viewer, screen = screen_of(venue, STATION)
    node = venue.node(STATION)
    venue.join(1, COUNTY_LEADER)
    venue.do(MAYOR, "stage.broadcast", 0, participant=CITY_DESK.id)
    assert comes(venue, screen)
    assert node.of("slots", peer=viewer.id)[-1]["video"] == [CITY_DESK.id]
    camera_of(venue, TOWN_STATION)
    venue.do(COUNTY_LEADER, "stage.broadcast", 1, participant=TOWN_STATION.id)
    assert comes(venue, screen)
    assert node.of("slots", peer=viewer.id)[-1]["video"] == [TOWN_STATION.id], "the chair below leads his own"
    venue.do(COUNTY_LEADER, "stage.broadcast", 1, participant=None)
    assert comes(venue, screen)
    assert node.of("slots", peer=viewer.id)[-1]["video"] == [CITY_DESK.id]
    venue.do(MAYOR, "meeting.pause", 0)
    venue.do(COUNTY_LEADER, "meeting.resume", 1)
    assert node.of("slots", peer=viewer.id)[-1]["video"] == [TOWN_STATION.id], (
        "what rests above is not seen below"
    )
    venue.do(MAYOR, "meeting.resume", 0)
    assert comes(venue, screen)
    venue.do(MAYOR, "unit.end", 0, other=venue.meetings[1])
    assert node.of("slots", peer=viewer.id)[-1]["video"] == [TOWN_STATION.id], "at once"


@pytest.mark.parametrize("nodes", [1, 2])
def test_a_picture_from_above_ends_with_parting_though_the_next_one_has_not_begun(nodes: int) -> None:
    venue = Venue(nodes)
    camera_of(venue, CITY_DESK)
    own = camera_of(venue, TOWN_STATION)
    _, screen = screen_of(venue, STATION)
    venue.join(1, COUNTY_LEADER)
    venue.do(MAYOR, "stage.broadcast", 0, participant=CITY_DESK.id)
    assert comes(venue, screen)
    own.on = False
    venue.do(COUNTY_LEADER, "stage.broadcast", 1, participant=TOWN_STATION.id)
    assert comes(venue, screen), "what is seen stands until what is to come begins"
    venue.do(MAYOR, "unit.end", 0, other=venue.meetings[1])
    venue.cluster.run(0.03)  # what was sent before is still on its way
    before = len(screen.payloads)
    venue.cluster.run(2)
    assert len(screen.payloads) == before
    own.on = True
    assert comes(venue, screen)


@pytest.mark.parametrize("nodes", [1, 2])
def test_the_chair_of_a_unit_is_seen_above_as_one_who_is_there(nodes: int) -> None:
    venue = Venue(nodes)
    camera = camera_of(venue, COUNTY_LEADER)
    viewer, screen = screen_of(venue, CITY_DESK)
    node = venue.node(CITY_DESK)
    node.sfu.peer_select(viewer.id, [COUNTY_LEADER.id])
    assert not comes(venue, screen), "before it has joined nobody sees him above"
    venue.join(1, COUNTY_LEADER)
    assert comes(venue, screen)
    told = [venue.cluster.nodes[each].of("sources", meeting=venue.meetings[0]) for each in range(nodes)]
    assert any(COUNTY_LEADER.id in participants(each) for each in told), "pages know that he has a picture"
    before = len(screen.payloads)
    venue.do(COUNTY_LEADER, "unit.end", 1, other=venue.meetings[0])
    assert node.of("slots", peer=viewer.id)[-1]["video"] == [None]
    venue.cluster.run(0.05)
    before = len(screen.payloads)
    venue.cluster.run(2)
    assert len(screen.payloads) == before
    told = [venue.cluster.nodes[each].of("sources", meeting=venue.meetings[0]) for each in range(nodes)]
    assert not any(COUNTY_LEADER.id in participants(each) for each in told)
    camera.on = False


def test_what_is_seen_and_heard_of_a_unit_is_recorded_above_and_nothing_else() -> None:
    venue = Venue()
    node = venue.cluster.nodes[0]
    camera_of(venue, COUNTY_LEADER)
    camera_of(venue, TOWN_STATION)
    city, county, _ = venue.meetings
    venue.join(1, COUNTY_LEADER)
    for name, meeting in (("r_city", city), ("r_county", county)):
        node.sfu.relay_open(name, meeting, ("10.9.0.1", 9), bytes(28), bytes(range(28)))

    def recorded(relay: str) -> set[tuple[str, str]]:
        told = node.of("relay.stream", relay=relay)
        states = {(each["participant"], each["kind"], each["ssrc"]): each["state"] for each in told}
        return {(who, kind) for (who, kind, _), state in states.items() if state == "open"}

    def of_unit() -> set[str]:
        venue.cluster.run(0.2)
        assert {who for who, _ in recorded("r_city")} <= {MAYOR.id, COUNTY_LEADER.id}
        assert not {who for who, _ in recorded("r_county")} & {MAYOR.id}
        return {kind for who, kind in recorded("r_city") if who == COUNTY_LEADER.id}

    assert of_unit() == {"audio", "video"}
    venue.do(MAYOR, "participant.mute", 0, participant=COUNTY_LEADER.id)
    assert ("audio" in {kind for who, kind in recorded("r_city") if who == COUNTY_LEADER.id}) is False, (
        "at once"
    )
    assert of_unit() == {"video"}
    venue.do(MAYOR, "participant.unmute", 0, participant=COUNTY_LEADER.id)
    assert of_unit() == {"audio", "video"}
    venue.do(COUNTY_LEADER, "apart.begin", 1, center=TOWN)
    assert of_unit() == {"video"}, "what is said apart is in the recording of its own meeting"
    talk = venue.meeting(1).read(Sound).apart[0].talk
    venue.do(COUNTY_LEADER, "apart.end", 1, talk=talk)
    assert of_unit() == {"audio", "video"}
    venue.do(MAYOR, "meeting.pause", 0)
    assert of_unit() == set()
    venue.do(MAYOR, "meeting.resume", 0)
    assert of_unit() == {"audio", "video"}
    venue.do(COUNTY_LEADER, "unit.end", 1, other=city)
    assert COUNTY_LEADER.id not in {who for who, _ in recorded("r_city")}, "at once"
    venue.join(1, COUNTY_LEADER)
    assert of_unit() == {"audio", "video"}
    node.sfu.peer_close(venue.speakers[COUNTY_LEADER.id].id, "closed")
    assert of_unit() == {"video"}
    node.sfu.relay_close("r_city")
    assert recorded("r_city") == set()


def test_a_meeting_that_is_closed_at_a_node_is_nobodys_home_any_more() -> None:
    venue = Venue()
    venue.join(1, COUNTY_LEADER)
    venue.settled()
    sfu = venue.cluster.nodes[0].sfu
    sfu.meeting_close(venue.meetings[0])
    assert MAYOR.id not in venue.settled()[STATION.id]
    sfu.meeting_close(venue.meetings[1])
    assert venue.meetings[0] not in sfu.routers
    assert venue.meetings[1] not in sfu.routers
    assert venue.settled()[OTHER_STATION.id] == {OTHER_LEADER.id}
