"""The watch over the screen beside the speaker: what does not come for some seconds is told to the rules, once."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from hub.conference.stage_shapes import Stage
from hub.directory.accounts import Account
from hub.entry import Command
from signaling.screen_watch import MISSING_S, ScreenWatch
from signaling.services import Services
from tests.support.rules import CITY, VILLAGE, World, account

MAYOR, STATION = account("leader", CITY), account("station", VILLAGE)


class Stand:
    """A meeting in which the village shares its screen, with its watch and its clock."""

    def __init__(self) -> None:
        self.world = World()
        self.meeting = self.world.open(MAYOR, VILLAGE, record=False)
        for who in (MAYOR, STATION):
            self.world.do(who, "meeting.join", self.meeting)
        self.world.do(STATION, "stage.share", self.meeting)
        self.given: list[str] = []
        self.sending: set[tuple[str, str]] = set()
        self.clock = 0.0
        writer = SimpleNamespace(state=self.world.state, submit=self._submit)
        self.watch = ScreenWatch(cast(Services, SimpleNamespace(writer=writer)), self, lambda: self.clock)

    def sends_screen(self, meeting: str, account: str) -> bool:
        return (meeting, account) in self.sending

    async def _submit(self, command: Command, who: Account) -> None:
        self.given.append(command.kind)
        data: dict[str, Any] = dict(command.data)
        self.world.do(who, command.kind, command.meeting, **data)

    async def after(self, seconds: float) -> list[str]:
        """What is given when it is looked so much later."""
        self.clock += seconds
        self.given.clear()
        await self.watch.look()
        return list(self.given)

    @property
    def lost(self) -> bool:
        return self.world.state.meetings[self.meeting].read(Stage).second_lost_at is not None


async def test_who_has_just_begun_has_a_moment_and_what_does_not_come_then_is_told_once() -> None:
    stand = Stand()
    assert await stand.after(0) == []
    assert await stand.after(MISSING_S - 1) == []
    stand.sending = {(stand.meeting, STATION.id)}
    assert await stand.after(10) == []
    stand.sending = set()
    assert await stand.after(1) == [], "its line may be coming back"
    assert await stand.after(MISSING_S) == ["stage.second_away"]
    assert await stand.after(60) == []
    assert stand.lost
    stand.sending = {(stand.meeting, STATION.id)}
    assert await stand.after(1) == ["stage.second_back"]
    assert not stand.lost


async def test_nobody_is_watched_who_shares_no_more_or_whose_meeting_is_over() -> None:
    stand = Stand()
    await stand.after(0)
    stand.world.do(STATION, "stage.unshare", stand.meeting)
    assert await stand.after(60) == []
    stand.world.do(STATION, "stage.share", stand.meeting)
    assert await stand.after(0) == [], "what was missing before counts no more"
    stand.world.do(MAYOR, "meeting.end", stand.meeting)
    assert await stand.after(60) == []
