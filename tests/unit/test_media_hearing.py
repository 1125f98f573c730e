"""Who hears whom, shown at the packet: a node that is told it sends each viewer exactly the sounds he may hear."""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.conference import hearing as rules
from hub.media.meeting.hearing import Hearing
from tests.support.media_cluster import Cluster
from tests.support.media_light import LightPeer
from tests.support.media_world import World

PEOPLE = ("mayor", "county", "tandu", "zhangling")
#: The first byte of what each of them says: it tells at the viewer who was heard.
MARKS = {name: number for number, name in enumerate(PEOPLE, 0x41)}

ids = st.sampled_from(PEOPLE)
told = st.builds(
    lambda heard, muted, apart, deaf, listeners, paused: rules.Hearing(
        heard, muted, apart, deaf, listeners, paused
    ),
    st.none() | st.lists(ids, unique=True),
    st.lists(ids, unique=True),
    st.sampled_from(
        [
            [],
            [["mayor", "tandu"]],
            [["mayor", "tandu", "county"]],
            [["mayor", "tandu"], ["county", "zhangling"]],
            [["tandu"]],
        ]
    ),
    st.lists(ids, unique=True, max_size=2),
    st.dictionaries(ids, ids, max_size=2).map(lambda pairs: {by: to for by, to in pairs.items() if by != to}),
    st.sampled_from([False, False, False, True]),
)


class Hall:
    """A meeting at a node: everybody speaks all the time, everybody hears, and what comes is counted by speaker."""

    def __init__(self) -> None:
        self.world = World()
        self.speakers = {name: self.world.join("publish", name, video=0) for name in PEOPLE}
        self.viewers = {name: self.world.join("watch", name, video=0, audio=4) for name in PEOPLE}
        self.got: dict[str, set[str]] = defaultdict(set)
        self._seq = dict.fromkeys(PEOPLE, 0)
        names = {mark: name for name, mark in MARKS.items()}
        for name, viewer in self.viewers.items():
            viewer.on_rtp = (
                lambda header, packet, name=name: self.got[name].update(  # type: ignore[misc]
                    names[byte] for byte in bytes(packet[header.payload_offset :]) if byte in names
                )
            )
        self.world.network.every(0.02, self.speak)

    def speak(self) -> None:
        for name, peer in self.speakers.items():
            self._seq[name] += 1
            peer.send_audio(self._seq[name], self._seq[name] * 960, 30, bytes((MARKS[name],)) * 3)

    def tell(self, hearing: rules.Hearing) -> None:
        self.world.sfu.meeting_set("m", None, **hearing._asdict())

    def heard(self) -> dict[str, set[str]]:
        """Who gets whom from this very moment on."""
        self.got.clear()
        self.world.network.run(0.5)
        return {name: set(self.got[name]) for name in PEOPLE}


@pytest.fixture(scope="module")
def hall() -> Hall:
    return Hall()


def expected(hearing: rules.Hearing) -> dict[str, set[str]]:
    return {
        listener: {speaker for speaker in PEOPLE if rules.hears(hearing, listener, speaker)}
        for listener in PEOPLE
    }


@given(told)
def test_a_node_means_by_it_what_the_rules_mean(hearing: rules.Hearing) -> None:
    node = Hearing(**hearing._asdict())
    for listener, speaker in itertools.product(PEOPLE, PEOPLE):
        assert node.hears(listener, speaker) == rules.hears(hearing, listener, speaker)
    for speaker in PEOPLE:
        heard = any(node.hears(listener, speaker) for listener in (*PEOPLE, "somebody else"))
        assert heard <= (not node.is_silent(speaker)), "who is heard by anybody is passed on"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hearing=told)
def test_every_viewer_gets_exactly_those_whom_he_may_hear(hall: Hall, hearing: rules.Hearing) -> None:
    """Whatever held before: from the moment the node is told, nobody is heard who should be silent, and soon all others are."""
    hall.tell(hearing)
    # what was sent before is still on its way for 20 ms
    hall.world.network.run(0.05)
    silent = hall.heard()
    for listener, speakers in silent.items():
        assert speakers <= expected(hearing)[listener], f"{listener} hears somebody he should not"
    hall.world.network.run(1.0)
    assert hall.heard() == expected(hearing)


def _run(hall: Hall, seconds: float) -> dict[str, set[str]]:
    hall.got.clear()
    hall.world.network.run(seconds)
    return {name: set(hall.got[name]) for name in PEOPLE}


NOTHING: dict[str, Any] = {"heard": None, "muted": [], "apart": [], "deaf": [], "listeners": {}}


def test_a_word_apart_is_heard_by_the_two_alone_and_they_come_back() -> None:
    hall = Hall()
    hall.tell(rules.Hearing(**{**NOTHING, "apart": [["mayor", "tandu"]], "muted": ["tandu"]}))
    hall.world.network.run(1)
    assert hall.heard() == {
        "mayor": {"tandu"},
        "tandu": {"mayor"},
        "county": {"zhangling"},
        "zhangling": {"county"},
    }
    slots = hall.world.of("slots", peer=hall.viewers["mayor"].id)[-1]
    assert list(filter(None, slots["audio"])) == ["tandu"]
    hall.tell(rules.Hearing(**{**NOTHING, "muted": ["tandu"]}))
    hall.world.network.run(1)
    assert hall.heard()["county"] == {"mayor", "zhangling"}
    assert hall.heard()["mayor"] == {"county", "zhangling"}


def test_what_was_said_apart_is_not_to_be_had_afterwards_not_even_as_a_repeat() -> None:
    hall = Hall()
    sfu = hall.world.sfu
    hall.tell(rules.Hearing(**{**NOTHING, "apart": [["mayor", "tandu"]]}))
    hall.world.network.run(1)
    layer = next(
        publication.layers[0]
        for publication in sfu.router_of("m").publications
        if publication.participant == "tandu"
    )
    said = layer.newest_seq
    assert layer.cache.get(said) is not None
    hall.tell(rules.Hearing(**NOTHING))
    assert all(layer.cache.get(number) is None for number in range(said - 50, said + 1))
    hall.world.network.run(1)
    assert "tandu" in hall.heard()["county"]


def test_who_is_deaf_gets_no_packet_of_sound() -> None:
    hall = Hall()
    hall.tell(rules.Hearing(**{**NOTHING, "deaf": ["tandu"]}))
    hall.world.network.run(0.1)
    before = hall.viewers["tandu"].counters["rtp"]
    hall.world.network.run(3)
    assert hall.viewers["tandu"].counters["rtp"] == before
    assert "tandu" in hall.heard()["mayor"], "they hear nothing; they are heard"
    late = hall.world.join("watch", "tandu", video=0, audio=4)
    hall.world.network.run(1)
    assert late.counters["rtp"] == 0, "a viewer of his that comes later is deaf from the first packet"


def test_who_listens_in_hears_the_muted_one_alone_and_nobody_else_hears_him() -> None:
    hall = Hall()
    hall.tell(rules.Hearing(**{**NOTHING, "muted": ["tandu"], "listeners": {"county": "tandu"}}))
    hall.world.network.run(1)
    found = hall.heard()
    assert found["county"] == {"tandu"}
    assert found["mayor"] == {"county", "zhangling"}, "who listens in goes on being heard"
    assert "tandu" not in found["zhangling"]
    hall.tell(rules.Hearing(**{**NOTHING, "muted": ["tandu"]}))
    assert _run(hall, 0.05)["county"] <= {"tandu", "mayor", "zhangling"}
    assert "tandu" not in hall.heard()["county"]


def test_numbers_of_a_slot_go_on_through_all_of_it() -> None:
    hall = Hall()
    numbers: dict[int, list[int]] = defaultdict(list)
    viewer: LightPeer = hall.viewers["mayor"]
    viewer.on_rtp = lambda header, packet: numbers[header.ssrc].append(header.sequence)
    for change in (
        {"apart": [["mayor", "tandu"]]},
        {"deaf": ["mayor"]},
        {"listeners": {"mayor": "county"}},
        {},
    ):
        hall.tell(rules.Hearing(**{**NOTHING, **change}))
        hall.world.network.run(1)
    assert sum(map(len, numbers.values())) > 100
    for one in numbers.values():
        assert all((after - before) & 0xFFFF == 1 for before, after in itertools.pairwise(one))


def test_a_word_apart_crosses_to_another_node_and_stays_between_the_two() -> None:
    cluster = Cluster()
    cluster.link()
    speaker = cluster.nodes[0].join("publish", "tandu", video=0)
    same, far, other = (
        cluster.nodes[node].join("watch", name, video=0, audio=2)
        for node, name in ((0, "county"), (1, "mayor"), (1, "zhangling"))
    )
    count = itertools.count()

    def speak() -> None:
        number = next(count)
        speaker.send_audio(number, number * 960, 30)

    def got(seconds: float) -> tuple[bool, bool, bool]:
        before = [each.counters["rtp"] for each in (same, far, other)]
        cluster.run(seconds)
        now = [each.counters["rtp"] - was for each, was in zip((same, far, other), before, strict=True)]
        return (now[0] > 20, now[1] > 20, now[2] > 20)

    cluster.network.every(0.02, speak)
    cluster.run(2)
    assert got(1) == (True, True, True)
    for world in cluster.nodes:
        world.sfu.meeting_set("m", None, ["tandu"], apart=[["mayor", "tandu"]])
    cluster.run(0.5)
    before = [each.counters["rtp"] for each in (same, other)]
    assert got(1) == (False, True, False)
    assert [each.counters["rtp"] for each in (same, other)] == before
    for world in cluster.nodes:
        world.sfu.meeting_set("m", None, [])
    cluster.run(2)
    assert got(1) == (True, True, True)
