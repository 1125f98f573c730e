"""What happens in a rehearsal, one step after the other; each makes a row of figures."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any, Final

import aiohttp

from tests.bench.bench_city import LIMIT_S, Crowd, Steps
from tests.rehearsal.hearing import Hearing, judge
from tests.rehearsal.people import RollChair, RollStation
from tests.rehearsal.sample import Sample

#: A person answers so long after it is called, from and to (s); in the fast run at once.
_ANSWERING_S: Final = (0.3, 1.0)
_AT_ONCE_S: Final = (0.0, 0.0)
#: The time each has for its answer: generous, for what is lost must be lost by the hub.
_TURN_S: Final = 60
#: After so many answers control is killed.
_KILLED_AFTER: Final = 10
#: A roll call may take so long for each center (s).
_PATIENCE_S: Final = 3.0


class Rehearsal(Steps):
    """Convene all; a sample with media; roll calls by themselves: with people, through a crash, and of all villages."""

    def __init__(
        self, crowd: Crowd, http: aiohttp.ClientSession, *, media: int, roll: int, broken: int
    ) -> None:
        """`media`: stations that really send; `roll`: centers of the first roll call, `broken`: of that with the crash."""
        super().__init__(crowd)
        self.facts: dict[str, Any] = {}
        self.hearing: Hearing | None = None
        self.board_s: float | None = None
        """From the call to the complete arrival board; None if it was not complete in time."""
        self.answer_s: list[float] = []
        """From hearing that it is one's turn to the answer in the journal, of all roll calls."""
        self.lost: list[str] = []
        """Centers whose answer was acknowledged and does not stand in the list."""
        self.unanswered: list[str] = []
        """Centers that wanted to answer and did not get it through."""
        self._http = http
        self._media, self._roll, self._broken = media, roll, broken
        self._crowd_stations: list[RollStation] = [
            one for one in crowd.stations if isinstance(one, RollStation)
        ]

    @property
    def _chair(self) -> RollChair:
        chair = self._crowd.chair
        assert isinstance(chair, RollChair)
        return chair

    async def run(self) -> None:
        """All of it."""
        await self._connect()
        begun = time.monotonic()
        meeting = await self._call_and_join()
        if await self._crowd.until(lambda: self._chair.full_at > 0):
            self.board_s = self._chair.full_at - begun
        sample = await self._come(meeting)
        try:
            await self._with_people(meeting, sample)
            await self._through_a_crash(meeting)
        finally:
            await sample.leave()
        await self._all_villages(meeting)

    async def _come(self, meeting: str) -> Sample:
        chosen = [self._chair.person, *(one.person for one in self._spread(self._media))]
        sample = Sample(self._http, self._crowd.hub.url, meeting, chosen)
        async with self._step("media") as found:
            begun = time.monotonic()
            try:
                await sample.come()
                await self._crowd.until(
                    lambda: sample.pictures == len(chosen) or time.monotonic() - begun > 60
                )
            except BaseException:
                await sample.leave()
                raise
            took = time.monotonic() - begun
            found |= {"seconds": [took] * sample.pictures, "of": len(chosen)}
        return sample

    def _spread(self, count: int) -> list[RollStation]:
        """So many stations, from everywhere in the tree."""
        stations = self._crowd_stations
        count = min(count, len(stations))
        return [stations[place * len(stations) // count] for place in range(count)]

    async def _with_people(self, meeting: str, sample: Sample) -> None:
        """A roll call as it is in earnest; those who send are among the called."""
        called = self._spread(self._media)
        known = set(called)
        called += [one for one in self._spread(self._roll) if one not in known][: self._roll - len(called)]
        self._chair.turns.clear()
        sample.forget()
        await self._roll_call("roll call", meeting, called, _ANSWERING_S)
        self.hearing = judge(sample.heard, sample.people, self._chair.turns, time.monotonic())

    async def _through_a_crash(self, meeting: str) -> None:
        """Control dies in the middle; the roll call goes on where it stood."""
        called = self._spread(self._broken)

        async def crash() -> None:
            await self._crowd.until(
                lambda: self._chair.roll.get("answered", 0) >= min(_KILLED_AFTER, len(called) // 2)
            )
            self._crowd.hub.kill("control")
            begun = time.monotonic()
            await self._crowd.hub.start(LIMIT_S)
            self.facts["control_back_s"] = round(time.monotonic() - begun, 2)

        await self._roll_call("roll call, control killed", meeting, called, _ANSWERING_S, crash())

    async def _all_villages(self, meeting: str) -> None:
        """The fast run: every village, answering at once."""
        villages = [one for one in self._crowd_stations if not one.person.account.center.endswith("000")]
        begun = time.monotonic()
        await self._roll_call("all villages", meeting, villages, _AT_ONCE_S)
        self.facts["villages"] = len(villages)
        self.facts["villages_a_second"] = round(len(villages) / (time.monotonic() - begun), 1)

    async def _roll_call(
        self,
        name: str,
        meeting: str,
        called: Sequence[RollStation],
        answering_s: tuple[float, float],
        meanwhile: Any = None,
    ) -> None:
        chair, crowd = self._chair, self._crowd
        centers = [one.person.account.center for one in called]
        for one in called:
            one.begin_roll(answering_s)
        async with self._step(name, restarted=meanwhile is not None) as found:
            begun = time.monotonic()
            data = {"centers": centers, "seconds": _TURN_S, "automatic": True, "shows": True}
            answer = await chair.command("roll_call.begin", data, meeting)
            roll = next(one["data"]["roll"] for one in answer["entries"] if one["kind"] == "roll_call.begun")
            if meanwhile is not None:
                await meanwhile
            deadline = time.monotonic() + LIMIT_S + len(called) * _PATIENCE_S

            def over() -> bool:
                here = chair.roll.get("roll") == roll and chair.roll["state"] == "finished"
                return here or time.monotonic() > deadline

            while not over():
                await crowd.until(over)
            found["seconds"] = [one.answered_at - begun for one in called if one.answered_at]
            found["of"] = len(called)
        self.answer_s += [one.answered_at - one.turn_at for one in called if one.answered_at]
        await self._compare(meeting, roll, called)

    async def _compare(self, meeting: str, roll: str, called: Sequence[RollStation]) -> None:
        """Hold the hub's own list against what each station was answered."""
        headers = {"Authorization": f"Bearer {self._chair.person.token}"}
        url = f"{self._crowd.hub.url}/api/v1/meetings/{meeting}/roll-calls"
        async with self._http.get(url, headers=headers) as told:
            numbers = next(one for one in (await told.json())["roll_calls"] if one["roll"] == roll)
        line = await self._chair.ask("follow", {"meeting": meeting, "since": self._chair.seq})
        rows = json.loads(line)["parts"]["roll_call_list"]["rows"]
        stands = {code for code, row in rows.items() if row["state"] == "answered" and not row["marked"]}
        answered = {one.person.account.center for one in called if one.answered_at}
        self.lost += sorted(answered - stands)
        self.unanswered += sorted({one.person.account.center for one in called} - answered)
        self.rows[-1] |= {
            "called": len(called),
            "answered": numbers["answered"],
            "unanswered": numbers["unanswered"],
            "refused": sum(len(one.not_taken) for one in called),
        }
