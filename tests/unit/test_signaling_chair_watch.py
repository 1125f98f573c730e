"""The watch over the chairs: who went and who came back is told to the rules; of whom nothing is known yet, nothing is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

from hub.conference.chair_shapes import Chair
from hub.directory.accounts import Account
from hub.entry import Command
from signaling.chair_watch import ChairWatch
from signaling.services import Services
from tests.support.rules import CITY, COUNTY, VILLAGE, World, account

MAYOR, COUNTY_LEADER = account("leader", CITY), account("leader", COUNTY)
STATION = account("station", VILLAGE)


@dataclass
class Seen:
    """What presence says."""

    gone: set[tuple[str, str]] = field(default_factory=set)
    there: set[tuple[str, str]] = field(default_factory=set)

    def absent(self) -> set[tuple[str, str]]:
        return self.gone

    def is_there(self, meeting: str, account: str) -> bool:
        return (meeting, account) in self.there


class Stand:
    """A meeting of the city, with its watch."""

    def __init__(self) -> None:
        self.world = World()
        self.meeting = self.world.open(MAYOR, COUNTY, VILLAGE, record=False)
        for who in (MAYOR, COUNTY_LEADER, STATION):
            self.world.do(who, "meeting.join", self.meeting)
        self.given: list[tuple[str, str]] = []
        self.seen = Seen()
        writer = SimpleNamespace(state=self.world.state, submit=self._submit)
        self.watch = ChairWatch(cast(Services, SimpleNamespace(writer=writer)), self.seen)

    async def _submit(self, command: Command, who: Account) -> None:
        self.given.append((command.kind, str(command.data["participant"])))
        data: dict[str, Any] = dict(command.data)
        self.world.do(who, command.kind, command.meeting, **data)

    @property
    def away(self) -> set[str]:
        return set(self.world.state.meetings[self.meeting].read(Chair).away)


async def test_who_leads_is_told_away_and_back_once() -> None:
    stand = Stand()
    stand.seen.gone = {(stand.meeting, who.id) for who in (MAYOR, COUNTY_LEADER, STATION)}
    await stand.watch.look()
    await stand.watch.look()
    assert stand.given == [("chair.away", MAYOR.id)], "others are no chairs, and it is told once"
    stand.seen.gone = set()
    await stand.watch.look()
    assert stand.away == {MAYOR.id}, "after a restart nothing is known of anybody: what was so stands"
    stand.seen.there = {(stand.meeting, MAYOR.id)}
    await stand.watch.look()
    assert stand.given[1:] == [("chair.back", MAYOR.id)]
    assert stand.away == set()


async def test_a_backup_is_watched_once_he_is_one_and_nobody_in_a_meeting_that_is_over() -> None:
    stand = Stand()
    stand.seen.gone = {(stand.meeting, COUNTY_LEADER.id)}
    await stand.watch.look()
    assert stand.given == []
    stand.world.do(MAYOR, "chair.name_backup", stand.meeting, participant=COUNTY_LEADER.id)
    await stand.watch.look()
    assert stand.away == {COUNTY_LEADER.id}
    stand.world.do(MAYOR, "meeting.end", stand.meeting)
    stand.seen.gone = {(stand.meeting, MAYOR.id), ("m_000000000000000000", MAYOR.id)}
    await stand.watch.look()
    assert stand.given == [("chair.away", COUNTY_LEADER.id)]
