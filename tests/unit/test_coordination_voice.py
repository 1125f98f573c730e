"""Voices that take the stage: who speaks long enough, never at a cough, one command a real switch."""

from __future__ import annotations

import asyncio
from typing import Any

from hub.conference.stage import Stage
from hub.coordination.voice import HOLD_S, STANDS_S, VoiceKeeper, Voices
from hub.directory.accounts import Account
from hub.entry import Command
from hub.state import HubState
from tests.support.rules import CITY, COUNTY, VILLAGE, World, account

MAYOR, COUNTY_LEADER, STATION = (
    account("leader", CITY),
    account("leader", COUNTY),
    account("station", VILLAGE),
)
STEP_S = 0.5


def test_a_cough_is_no_speech_and_a_pause_between_words_no_end() -> None:
    voices = Voices()
    assert voices.hear("m", {"a": 20}, "a", 0.0) is None
    assert voices.hear("m", {"a": 20}, "a", 0.5) is None
    for moment in range(2, 20):
        assert voices.hear("m", {"a": 90}, "a", moment / 2) is None, "he is named, and silent"
    assert voices.hear("m", {"a": 20}, "a", 10.0) is None, "what was long ago counts no more"
    times = [10.5, 11.0, 11.5, 12.0]
    assert [voices.hear("m", {"a": 20}, "a", at) for at in times] == [None, None, None, "a"]
    assert voices.hear("m", {"a": 90}, "a", 12.5) is None
    assert voices.hear("m", {"a": 20}, "a", 13.0) == "a"
    assert voices.hear("m", {"b": 20}, "b", 13.5) is None, "another one begins anew"


class Hub:
    """A journal that writes at once, a meeting in it, and who speaks in it as time goes on."""

    def __init__(self) -> None:
        self.world = World()
        self.meeting = self.world.open(MAYOR, COUNTY, VILLAGE, record=False)
        for who in (MAYOR, COUNTY_LEADER, STATION):
            self.world.do(who, "meeting.join", self.meeting)
        self.world.do(MAYOR, "stage.follow_voice", self.meeting, on=True)
        self.given: list[str] = []
        self.now = 100.0
        self.keeper = VoiceKeeper(self, lambda work: asyncio.run(work))

    @property
    def state(self) -> HubState:
        return self.world.state

    async def submit(self, command: Command, account: Account) -> object:
        self.given.append(str(command.data["participant"]))
        return self.world.do(account, command.kind, command.meeting, **command.data)

    def speak(self, who: Account, seconds: float) -> None:
        for _ in range(round(seconds / STEP_S)):
            self.now += STEP_S
            event: dict[str, Any] = {"levels": {who.id: 25}, "speaker": who.id}
            self.keeper.levels(self.meeting, event, self.now)

    @property
    def broadcast(self) -> str | None:
        return self.world.state.meetings[self.meeting].read(Stage).broadcast


def test_who_speaks_takes_the_stage_once_and_keeps_it_for_a_while() -> None:
    hub = Hub()
    hub.speak(STATION, HOLD_S + 10)
    assert (hub.given, hub.broadcast) == ([STATION.id], STATION.id)
    hub.speak(COUNTY_LEADER, HOLD_S)
    assert hub.broadcast == STATION.id
    hub.speak(COUNTY_LEADER, 2 * STEP_S)
    assert hub.given == [STATION.id, COUNTY_LEADER.id]
    hub.speak(STATION, HOLD_S + STEP_S)
    assert hub.broadcast == COUNTY_LEADER.id, "a picture stands for a while"
    hub.speak(STATION, STANDS_S)
    assert hub.given == [STATION.id, COUNTY_LEADER.id, STATION.id]


def test_nothing_is_given_on_a_locked_stage_nor_where_nobody_follows_voices() -> None:
    hub = Hub()
    hub.world.do(MAYOR, "stage.lock", hub.meeting, locked=True)
    hub.speak(STATION, 20)
    hub.world.do(MAYOR, "stage.lock", hub.meeting, locked=False)
    hub.world.do(MAYOR, "stage.follow_voice", hub.meeting, on=False)
    hub.speak(STATION, 20)
    assert hub.given == []
    hub.world.do(MAYOR, "stage.follow_voice", hub.meeting, on=True)
    hub.world.do(MAYOR, "stage.broadcast", hub.meeting, participant=COUNTY_LEADER.id)
    hub.speak(STATION, HOLD_S)
    hub.world.do(MAYOR, "meeting.end", hub.meeting)
    hub.speak(STATION, 20)
    assert hub.given == []


def test_what_was_put_there_by_hand_stands_for_a_while() -> None:
    hub = Hub()
    hub.speak(STATION, HOLD_S + STEP_S)
    hub.world.do(MAYOR, "stage.broadcast", hub.meeting, participant=COUNTY_LEADER.id)
    hub.speak(STATION, STANDS_S - STEP_S)
    assert hub.broadcast == COUNTY_LEADER.id
    hub.speak(STATION, 2 * STEP_S)
    assert hub.broadcast == STATION.id
