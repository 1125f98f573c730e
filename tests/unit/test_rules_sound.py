"""Sound: how one is heard, who talks by a key, who is apart, who listens in; and that nobody is heard who should be silent."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.conference.floor_shapes import Floor
from hub.conference.hearing import Hearing, hearing_of, hears
from hub.conference.roll_call_shapes import RollCall
from hub.conference.sound_shapes import Apart, OwnSound, OwnSounds, Sound
from hub.conference.talk import RULES as TALK
from hub.conference.talk import TALK_FOR
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.errors import Refusal
from hub.parts import told
from hub.rules import apply, to_node
from hub.state import HubState
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, OTHER_VILLAGE, TOWN, VILLAGE, World, account

MAYOR = account("leader", CITY)
DISPATCHER = account("dispatcher", CITY)
COUNTY_LEADER = account("leader", COUNTY)
COUNTY_CLERK = account("clerk", COUNTY)
STATION = account("station", VILLAGE)
SECOND = account("station", VILLAGE, number=1)
NEIGHBOUR = account("station", OTHER_VILLAGE)
STRANGER = account("leader", OTHER_COUNTY)
HERE = (MAYOR, COUNTY_LEADER, STATION, NEIGHBOUR)


def refused(code: str, field: str | None = None) -> pytest.RaisesExc[Refusal]:
    return pytest.RaisesExc(
        Refusal, check=lambda error: error.code == code and (field is None or error.field == field)
    )


class Room:
    """The mayor's meeting with a county and two villages."""

    def __init__(self, *here: Account) -> None:
        self.world = World()
        self.meeting = self.world.open(MAYOR, COUNTY, VILLAGE, OTHER_VILLAGE, record=False)
        for who in here or HERE:
            self.do(who, "meeting.join")

    def do(self, who: Account, kind: str, **data: Any) -> list[str]:
        return [entry.kind for entry in self.world.do(who, kind, self.meeting, **data)]

    @property
    def sound(self) -> Sound:
        return self.world.state.meetings[self.meeting].read(Sound)

    def own(self, who: Account) -> OwnSound:
        return self.world.state.meetings[self.meeting].read(OwnSounds).rows.get(who.id, OwnSound())

    @property
    def hearing(self) -> Hearing:
        return hearing_of(self.world.state.meetings[self.meeting])

    def hears(self, listener: Account, speaker: Account) -> bool:
        return hears(self.hearing, listener.id, speaker.id)

    @property
    def talking(self) -> list[str]:
        return [one.participant for one in self.sound.talking]

    @property
    def word(self) -> Apart:
        (word,) = self.sound.apart
        return word

    def talk(self, at_once: int = 1) -> None:
        self.do(MAYOR, "sound.set", mode="talk", at_once=at_once)


# ---------------------------------------------------------------- settings


def test_who_was_muted_unmutes_himself_only_where_the_meeting_allows_it() -> None:
    room = Room()
    room.do(MAYOR, "participant.mute", participant=STATION.id)
    with refused("forbidden"):
        room.do(STATION, "sound.unmute_self")
    assert room.do(MAYOR, "sound.set", self_unmute=True) == ["sound.changed"]
    assert room.do(MAYOR, "sound.set", self_unmute=True) == []
    assert room.do(STATION, "sound.unmute_self") == ["participant.unmuted"]
    assert room.do(STATION, "sound.unmute_self") == []
    assert room.hears(MAYOR, STATION)


def test_who_comes_for_the_first_time_is_muted_where_the_meeting_has_it_so_and_the_chair_never() -> None:
    room = Room(COUNTY_LEADER)
    room.do(MAYOR, "sound.set", joins_muted=True)
    assert room.do(STATION, "meeting.join") == ["meeting.joined", "participant.muted"]
    assert room.do(MAYOR, "meeting.join") == ["meeting.joined"]
    room.do(MAYOR, "participant.unmute", participant=STATION.id)
    room.do(STATION, "meeting.leave")
    assert room.do(STATION, "meeting.join") == ["meeting.joined"], "the chair has let him speak since"
    room.do(MAYOR, "participant.mute", participant=COUNTY_LEADER.id)
    room.do(COUNTY_LEADER, "meeting.leave")
    assert room.do(COUNTY_LEADER, "meeting.join") == ["meeting.joined"]
    assert not room.hears(MAYOR, COUNTY_LEADER)


def test_loudspeakers_are_off_for_a_center_also_for_who_comes_later() -> None:
    room = Room()
    assert room.do(MAYOR, "speaker.close", centers=[VILLAGE, VILLAGE]) == ["speaker.closed"]
    assert room.do(MAYOR, "speaker.close", centers=[VILLAGE]) == []
    assert room.own(STATION).speaker_off
    assert not room.hears(STATION, MAYOR)
    assert room.hears(MAYOR, STATION), "it is heard as before"
    assert room.do(SECOND, "meeting.join") == ["meeting.joined", "speaker.closed"]
    assert not room.hears(SECOND, MAYOR)
    room.do(SECOND, "meeting.leave")
    assert room.do(SECOND, "meeting.join") == ["meeting.joined"]
    assert room.do(MAYOR, "speaker.open", centers=[VILLAGE]) == ["speaker.opened"]
    assert room.do(MAYOR, "speaker.open", centers=[VILLAGE]) == []
    assert room.hears(STATION, MAYOR)
    assert not room.world.state.meetings[room.meeting].read(OwnSounds).rows


def test_all_but_some_are_deaf_and_the_chair_hears() -> None:
    room = Room()
    assert room.do(MAYOR, "speaker.close", centers=[COUNTY], all_but=True) == ["speaker.closed"]
    assert room.world.entries[-1].data == {"centers": [VILLAGE, OTHER_VILLAGE]}
    assert room.do(MAYOR, "speaker.close", centers=[CITY]) == []
    assert room.do(MAYOR, "speaker.open") == ["speaker.opened"]
    assert room.sound.closed == []
    with refused("invalid", "centers"):
        room.do(MAYOR, "speaker.close")
    for kind in ("speaker.close", "speaker.open"):
        with refused("not_found", "centers"):
            room.do(MAYOR, kind, centers=[TOWN])


def test_only_who_controls_the_meeting_changes_its_sound() -> None:
    room = Room()
    for kind, data in (
        ("sound.set", {"self_unmute": True}),
        ("speaker.close", {"centers": [VILLAGE]}),
        ("speaker.open", {}),
        ("talk.cut", {"participant": STATION.id}),
        ("apart.begin", {"center": VILLAGE}),
    ):
        for who in (STATION, COUNTY_LEADER):
            with refused("forbidden"):
                room.do(who, kind, **data)
        with refused("not_found"):
            room.do(STRANGER, kind, **data)


def test_who_left_muted_is_not_heard_when_he_comes_back_though_nodes_are_told_of_something_else_meanwhile() -> (
    None
):
    room = Room()
    room.do(MAYOR, "participant.mute", participant=STATION.id)
    room.do(STATION, "meeting.leave")
    assert STATION.id in to_node(room.world.state.meetings[room.meeting])["muted"]


# ---------------------------------------------------------------- push-to-talk


def test_one_is_heard_while_one_holds_the_key() -> None:
    room = Room()
    with refused("wrong_state"):
        room.do(STATION, "talk.press")
    room.talk()
    assert not room.hears(MAYOR, STATION)
    assert room.do(STATION, "talk.press") == ["talk.begun"]
    assert room.do(STATION, "talk.press") == []
    assert room.hears(MAYOR, STATION)
    assert room.hears(NEIGHBOUR, STATION)
    with refused("conflict"):
        room.do(NEIGHBOUR, "talk.press")
    assert room.do(STATION, "talk.release") == ["talk.ended"]
    assert room.do(STATION, "talk.release") == []
    assert not room.hears(MAYOR, STATION)
    assert room.do(NEIGHBOUR, "talk.press") == ["talk.begun"]


def test_a_higher_level_interrupts_a_lower_one_and_the_chair_everybody() -> None:
    room = Room(*HERE, DISPATCHER)
    room.talk()
    room.do(STATION, "talk.press")
    assert room.do(COUNTY_LEADER, "talk.press") == ["talk.ended", "talk.begun"]
    assert room.world.entries[-2].data == {"participant": STATION.id, "reason": "interrupted"}
    with refused("conflict"):
        room.do(STATION, "talk.press")
    room.do(DISPATCHER, "talk.press")
    assert room.talking == [DISPATCHER.id]
    assert room.do(MAYOR, "talk.press") == ["talk.ended", "talk.begun"], (
        "of two of the city the chair comes first"
    )
    with refused("conflict"):
        room.do(DISPATCHER, "talk.press")


def test_of_several_the_last_of_the_lowest_makes_room() -> None:
    room = Room(*HERE, SECOND)
    room.talk(2)
    room.do(STATION, "talk.press")
    room.do(NEIGHBOUR, "talk.press")
    with refused("conflict"):
        room.do(SECOND, "talk.press")
    room.do(COUNTY_LEADER, "talk.press")
    assert room.talking == [STATION.id, COUNTY_LEADER.id]
    room.do(MAYOR, "sound.set", at_once=1)
    assert len(room.talking) == 2, "who talks goes on"
    assert room.do(MAYOR, "talk.press") == ["talk.ended", "talk.ended", "talk.begun"]
    assert room.talking == [MAYOR.id]


def test_a_key_that_is_held_for_too_long_lets_go_by_itself() -> None:
    room = Room()
    room.talk()
    room.do(STATION, "talk.press")
    assert TALK.due is not None
    due = TALK.due(room.world.state.meetings[room.meeting])
    assert due is not None
    assert (due.kind, due.data) == ("talk.expire", {"participant": STATION.id})
    assert due.at == room.world.now + TALK_FOR
    with refused("wrong_state"):
        room.do(SYSTEM_ACCOUNT, "talk.expire", participant=STATION.id)
    room.world.now = due.at
    assert room.do(SYSTEM_ACCOUNT, "talk.expire", participant=STATION.id) == ["talk.ended"]
    assert room.do(SYSTEM_ACCOUNT, "talk.expire", participant=STATION.id) == []
    assert TALK.due(room.world.state.meetings[room.meeting]) is None
    with refused("invalid", "kind"):
        room.do(MAYOR, "talk.expire", participant=STATION.id)


@pytest.mark.parametrize(
    ("who", "kind", "data", "reason"),
    [
        (MAYOR, "participant.mute", {"participant": STATION.id}, "muted"),
        (MAYOR, "participant.mute_all", {}, "muted"),
        (MAYOR, "roll_call.begin", {"shows": False}, "roll_call"),
        (MAYOR, "sound.set", {"mode": "open"}, "mode"),
        (MAYOR, "apart.begin", {"center": VILLAGE}, "apart"),
        (MAYOR, "participant.remove", {"participant": STATION.id}, "left"),
        (STATION, "meeting.leave", {}, "left"),
    ],
)
def test_talking_ends(who: Account, kind: str, data: dict[str, Any], reason: str) -> None:
    room = Room()
    room.talk()
    room.do(STATION, "talk.press")
    made = room.do(who, kind, **data)
    assert "talk.ended" in made
    entry = next(entry for entry in reversed(room.world.entries) if entry.kind == "talk.ended")
    assert entry.data == {"participant": STATION.id, "reason": reason}
    assert room.talking == []


def test_the_chair_cuts_somebody_off() -> None:
    room = Room()
    room.talk()
    assert room.do(MAYOR, "talk.cut", participant=STATION.id) == []
    room.do(STATION, "talk.press")
    assert room.do(MAYOR, "talk.cut", participant=STATION.id) == ["talk.cut_off"]
    assert room.talking == []


def test_who_may_not_talk_is_told_so() -> None:
    room = Room()
    room.talk()
    room.do(MAYOR, "participant.mute", participant=STATION.id)
    with refused("wrong_state"):
        room.do(STATION, "talk.press")
    room.do(MAYOR, "roll_call.begin", shows=False)
    with refused("wrong_state"):
        room.do(NEIGHBOUR, "talk.press")
    with refused("not_joined"):
        room.do(SECOND, "talk.press")
    room.do(MAYOR, "roll_call.finish")
    room.do(MAYOR, "apart.begin", center=OTHER_VILLAGE)
    with refused("wrong_state"):
        room.do(NEIGHBOUR, "talk.press")


def test_who_has_the_floor_is_heard_without_a_key() -> None:
    room = Room()
    room.talk()
    room.do(MAYOR, "floor.grant", participant=STATION.id)
    assert room.hears(MAYOR, STATION)
    assert not room.hears(STATION, MAYOR)
    room.do(MAYOR, "participant.mute", participant=STATION.id)
    assert not room.hears(MAYOR, STATION)


# ---------------------------------------------------------------- apart


def test_a_word_apart_is_between_two_and_one_key_brings_them_back() -> None:
    room = Room()
    room.do(MAYOR, "participant.mute_all")
    room.do(MAYOR, "speaker.close", centers=[VILLAGE])
    assert room.do(MAYOR, "apart.begin", center=VILLAGE) == ["speaker.opened", "apart.begun"]
    assert room.do(MAYOR, "apart.begin", center=VILLAGE) == []
    assert room.hears(MAYOR, STATION)
    assert room.hears(STATION, MAYOR)
    room.do(MAYOR, "participant.unmute_all")
    for one, other in itertools.product((MAYOR, STATION), (COUNTY_LEADER, NEIGHBOUR)):
        assert not room.hears(one, other)
        assert not room.hears(other, one)
    assert room.hears(COUNTY_LEADER, NEIGHBOUR)
    assert room.word.center_name == "坦渡村"
    assert told(room.sound)["apart"][0]["by"] == MAYOR.id, "the others are told who is apart"
    assert room.do(MAYOR, "apart.end", talk=room.word.talk) == ["apart.ended"]
    assert room.hears(NEIGHBOUR, STATION)
    with refused("not_found", "talk"):
        room.do(MAYOR, "apart.end", talk="x_" + "0" * 18)


def test_all_of_the_center_are_in_it_also_who_comes_later_and_it_ends_with_one_side() -> None:
    room = Room()
    room.do(MAYOR, "apart.begin", center=VILLAGE)
    assert room.do(SECOND, "meeting.join") == ["meeting.joined", "apart.joined"]
    assert room.hears(SECOND, MAYOR)
    assert not room.hears(NEIGHBOUR, SECOND)
    assert room.do(STATION, "meeting.leave") == ["apart.left", "meeting.left"]
    assert room.do(SECOND, "meeting.leave") == ["apart.ended", "meeting.left"]
    assert room.world.entries[-2].data["reason"] == "left"
    room.do(SECOND, "meeting.join")
    room.do(MAYOR, "apart.begin", center=VILLAGE)
    assert room.do(MAYOR, "meeting.leave") == ["apart.ended", "meeting.left"]


def test_one_is_apart_once_and_with_somebody_and_not_in_a_roll_call() -> None:
    room = Room(*HERE, DISPATCHER)
    room.do(MAYOR, "apart.begin", center=VILLAGE)
    with refused("wrong_state"):
        room.do(MAYOR, "apart.begin", center=OTHER_VILLAGE)
    with refused("wrong_state", "center"):
        room.do(DISPATCHER, "apart.begin", center=VILLAGE)
    assert room.do(DISPATCHER, "apart.begin", center=OTHER_VILLAGE) == ["apart.begun"]
    assert room.do(MAYOR, "roll_call.begin", shows=False)[:2] == ["apart.ended", "apart.ended"]
    with refused("wrong_state"):
        room.do(MAYOR, "apart.begin", center=VILLAGE)
    room.do(MAYOR, "roll_call.finish")
    room.do(STATION, "meeting.leave")
    with refused("wrong_state", "center"):
        room.do(MAYOR, "apart.begin", center=VILLAGE)
    with refused("not_found", "center"):
        room.do(MAYOR, "apart.begin", center=TOWN)


def test_who_has_the_right_of_all_comes_in_by_force_and_ends_it_by_force() -> None:
    room = Room(*HERE, DISPATCHER)
    room.do(DISPATCHER, "apart.begin", center=VILLAGE)
    talk = room.word.talk
    with refused("forbidden", "talk"):
        room.do(COUNTY_LEADER, "apart.insert", talk=talk)
    with refused("forbidden", "talk"):
        room.do(COUNTY_LEADER, "apart.release", talk=talk)
    assert room.do(MAYOR, "apart.insert", talk=talk) == ["apart.joined"]
    assert room.do(MAYOR, "apart.insert", talk=talk) == []
    assert [one.participant for one in room.word.members if one.forced] == [MAYOR.id], (
        "all in it are told who it is"
    )
    assert room.hears(STATION, MAYOR)
    assert room.hears(MAYOR, STATION)
    with refused("wrong_state", "talk"):
        room.do(STATION, "apart.leave", talk=talk)
    assert room.do(MAYOR, "apart.leave", talk=talk) == ["apart.left"]
    assert room.hears(DISPATCHER, STATION)
    room.do(MAYOR, "apart.insert", talk=talk)
    assert room.do(MAYOR, "meeting.leave")[:2] == ["apart.left", "meeting.left"], "it goes on without him"
    room.do(MAYOR, "meeting.join")
    assert room.do(MAYOR, "apart.release", talk=talk) == ["apart.ended"]
    assert room.world.entries[-1].data["reason"] == "forced"


# ---------------------------------------------------------------- listening in


def test_who_listens_in_hears_one_alone_who_is_told() -> None:
    room = Room()
    room.do(MAYOR, "participant.mute", participant=STATION.id)
    assert room.do(MAYOR, "listen.begin", participant=STATION.id) == ["listen.begun"]
    assert room.do(MAYOR, "listen.begin", participant=STATION.id) == []
    assert room.hears(MAYOR, STATION)
    assert not room.hears(MAYOR, NEIGHBOUR)
    assert not room.hears(NEIGHBOUR, STATION)
    assert [one.participant for one in room.own(STATION).listeners] == [MAYOR.id]
    listens = room.own(MAYOR).listens
    assert listens is not None
    assert listens.participant == STATION.id
    assert room.do(MAYOR, "listen.begin", participant=NEIGHBOUR.id) == ["listen.ended", "listen.begun"]
    assert room.own(STATION).listeners == []
    assert room.do(MAYOR, "listen.end") == ["listen.ended"]
    assert room.do(MAYOR, "listen.end") == []
    assert room.hears(MAYOR, NEIGHBOUR)


@pytest.mark.parametrize(
    ("who", "kind", "data"),
    [
        (MAYOR, "meeting.leave", {}),
        (STATION, "meeting.leave", {}),
        (MAYOR, "participant.remove", {"participant": STATION.id}),
        (MAYOR, "roll_call.begin", {"shows": False}),
        (MAYOR, "apart.begin", {"center": OTHER_VILLAGE}),
    ],
)
def test_listening_in_ends_by_itself(who: Account, kind: str, data: dict[str, Any]) -> None:
    room = Room()
    room.do(MAYOR, "listen.begin", participant=STATION.id)
    assert "listen.ended" in room.do(who, kind, **data)
    assert not room.world.state.meetings[room.meeting].read(OwnSounds).rows


def test_listening_in_needs_the_right_over_that_center() -> None:
    room = Room(*HERE, DISPATCHER, COUNTY_CLERK)
    assert room.do(COUNTY_LEADER, "listen.begin", participant=STATION.id) == ["listen.begun"]
    with refused("forbidden", "participant"):
        room.do(COUNTY_LEADER, "listen.begin", participant=MAYOR.id)
    for who in (COUNTY_CLERK, STATION):
        with pytest.raises(Refusal) as caught:
            room.do(who, "listen.begin", participant=NEIGHBOUR.id)
        assert caught.value.code in ("forbidden", "not_found")
    with refused("wrong_state", "participant"):
        room.do(MAYOR, "listen.begin", participant=MAYOR.id)
    room.do(NEIGHBOUR, "meeting.leave")
    with refused("wrong_state", "participant"):
        room.do(MAYOR, "listen.begin", participant=NEIGHBOUR.id)
    room.do(MAYOR, "apart.begin", center=VILLAGE)
    with refused("wrong_state"):
        room.do(MAYOR, "listen.begin", participant=COUNTY_LEADER.id)
    with refused("not_joined"):
        room.do(SECOND, "listen.begin", participant=STATION.id)
    with refused("not_found", "participant"):
        room.do(MAYOR, "listen.begin", participant=SECOND.id)


# ---------------------------------------------------------------- whatever is done

PEOPLE = (MAYOR, DISPATCHER, COUNTY_LEADER, STATION, NEIGHBOUR)
people = st.sampled_from(PEOPLE)
LISTED = st.sampled_from([COUNTY, VILLAGE, OTHER_VILLAGE])
of_one = people.map(lambda who: {"participant": who.id})
of_center = LISTED.map(lambda code: {"center": code})
ACTS: st.SearchStrategy[tuple[Account, str, dict[str, Any]]] = st.one_of(
    st.tuples(people, st.sampled_from(["talk.press", "talk.press", "talk.release"]), st.just({})),
    st.tuples(people, st.sampled_from(["meeting.join", "meeting.leave", "listen.end"]), st.just({})),
    st.tuples(people, st.just("listen.begin"), of_one),
    st.tuples(
        people,
        st.sampled_from(["apart.end", "apart.insert", "apart.leave", "apart.release"]),
        st.just({"talk": ""}),
    ),
    st.tuples(st.sampled_from([MAYOR, DISPATCHER]), st.just("apart.begin"), of_center),
    st.tuples(
        st.just(MAYOR),
        st.sampled_from(
            ["participant.mute", "participant.unmute", "talk.cut", "floor.grant", "floor.revoke"]
        ),
        of_one,
    ),
    st.tuples(
        st.just(MAYOR),
        st.sampled_from(
            [
                "participant.mute_all",
                "roll_call.begin",
                "roll_call.next",
                "roll_call.pause",
                "roll_call.resume",
            ]
        ),
        st.just({}),
    ),
    st.tuples(
        st.just(MAYOR),
        st.sampled_from(["speaker.close", "speaker.open"]),
        LISTED.map(lambda code: {"centers": [code]}),
    ),
    st.tuples(
        st.just(MAYOR),
        st.just("sound.set"),
        st.builds(
            lambda mode, at_once, quiet: {"mode": mode, "at_once": at_once, "joins_muted": quiet},
            st.sampled_from(["talk", "talk", "open"]),
            st.integers(1, 3),
            st.booleans(),
        ),
    ),
)


def check(room: Room) -> None:
    meeting = room.world.state.meetings[room.meeting]
    sound, rows, seats = room.sound, meeting.read(OwnSounds).rows, meeting.seats
    joined, heard = {seat.id for seat in meeting.joined}, room.hearing
    roll, floor = meeting.read(RollCall), meeting.read(Floor).rows
    speaks = {who for who, claim in floor.items() if claim.state == "speaking"}
    apart = {one.participant: each.talk for each in sound.apart for one in each.members}
    for listener, speaker in itertools.product(seats, seats):
        if not hears(heard, listener, speaker):
            continue
        assert listener != speaker
        assert listener not in rows or not rows[listener].speaker_off, "who is deaf hears nobody"
        listens = rows[listener].listens if listener in rows else None
        if listens is not None and listens.participant == speaker:
            assert any(one.participant == listener for one in rows[speaker].listeners), "he is told"
            continue
        assert apart.get(listener) == apart.get(speaker), "who is apart is heard by those with him alone"
        if speaker in apart:
            continue
        if roll.heard is not None:
            assert speaker in roll.heard, "in a roll call only the chair and who is called are heard"
        elif sound.mode == "talk":
            assert speaker in speaks | set(room.talking), "by a key only who holds it is heard"
            assert not seats[speaker].muted
        else:
            assert not seats[speaker].muted
    assert len(apart) == sum(len(each.members) for each in sound.apart), "nobody is in two words apart"
    for who in (*apart, *room.talking, *(who for who, row in rows.items() if row.listens or row.listeners)):
        assert who in joined, "who left is in nothing any more"
    for each in sound.apart:
        assert each.by in {one.participant for one in each.members}
        assert {one.center for one in each.members if one.participant != each.by} >= {each.center}
    assert not (roll.heard is not None and (sound.apart or sound.talking))
    assert to_node(meeting)["heard"] == room.hearing.heard


@settings(max_examples=80, deadline=None)
@given(st.lists(ACTS, max_size=30))
def test_whatever_is_done_nobody_is_heard_who_should_be_silent_and_replaying_gives_the_same(
    acts: list[tuple[Account, str, dict[str, Any]]],
) -> None:
    room = Room(*PEOPLE)
    for who, kind, given_data in acts:
        data = dict(given_data)
        if "talk" in data:
            words = room.sound.apart
            data["talk"] = words[0].talk if words else "x_" + "0" * 18
        busy, at_once = len(room.talking), room.sound.at_once
        try:
            room.do(who, kind, **data)
        except Refusal:
            continue
        if kind == "talk.press":
            assert len(room.talking) <= max(at_once, 1)
            assert who.id in room.talking
        else:
            assert len(room.talking) <= busy
        check(room)
    replayed = HubState()
    for entry in room.world.entries:
        apply(replayed, entry)
    assert replayed == room.world.state
