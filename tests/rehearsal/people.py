"""Who takes part in a rehearsal: stations that answer a roll call when it is their turn, and a chair that sees it go on."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any, Final

import aiohttp

from tests.bench.city_directory import Person
from tests.bench.city_people import ConsolePage, StationPage
from tests.bench.hub_line import Refused

_ROLL: Final = b'"name":"roll_call",'
_RUNNING: Final = b'"state":"running"'
_ARRIVAL: Final = b'"name":"arrival",'


class RollStation(StationPage):
    """A station that answers 一切正常 some time after it is called, once a call."""

    def __init__(self, port: int, person: Person, http: aiohttp.ClientSession, seed: int) -> None:
        super().__init__(port, person, http, seed)
        self.answering_s = (0.2, 1.0)
        """It thinks for so long, from and to."""
        self.turn_at = 0.0
        """When it heard that it is its turn (monotonic), 0 before."""
        self.answered_at = 0.0
        """When its answer stood in the journal, 0 before."""
        self.not_taken: list[str] = []
        """Words with which its answers were refused."""
        self._own = f'"center":"{person.account.center}"'.encode()
        self._answering = False

    def begin_roll(self, answering_s: tuple[float, float]) -> None:
        """A roll call will begin."""
        self.answering_s = answering_s
        self.turn_at = self.answered_at = 0.0
        self.not_taken = []

    def on_told(self, name: str, body: bytes) -> None:
        """The roll call, at each step; also all parts, after a break."""
        if name == "part" and _ROLL in body[:120]:
            self._look(body)

    def on_followed(self, body: bytes) -> None:
        """The whole meeting, read again."""
        roll = json.loads(body)["parts"].get("roll_call", {})
        if roll.get("state") == "running" and roll.get("center") == self.person.account.center:
            self._my_turn()

    def _look(self, body: bytes) -> None:
        # Two thousand stations hear each step: whose turn it is not reads no further.
        if self._own in body and _RUNNING in body:
            self._my_turn()

    def _my_turn(self) -> None:
        if self._answering or self.answered_at:
            return
        if not self.turn_at:
            self.turn_at = time.monotonic()
        self._answering = True
        self.begin_work(self._answer_roll())

    async def _answer_roll(self) -> None:
        try:
            await asyncio.sleep(self.chance.uniform(*self.answering_s))
            await self.command("roll_call.answer", {"situation": "normal"}, self.meeting)
            self.answered_at = time.monotonic()
        except Refused as refused:
            self.not_taken.append(refused.code)
        finally:
            self._answering = False


class RollChair(ConsolePage):
    """The console of the chair: what the newest roll call is like, who may be heard, and when all had arrived."""

    def __init__(self, port: int, person: Person, http: aiohttp.ClientSession, seed: int) -> None:
        super().__init__(port, person, http, seed)
        self.roll: dict[str, Any] = {"state": "none"}
        self.turns: list[tuple[float, str]] = []
        """Each center that was called, with the time at which this console was told."""
        self.full_at = 0.0
        """When it was told that all had arrived (monotonic), 0 before."""

    def on_told(self, name: str, body: bytes) -> None:
        """Parts of the meeting."""
        if name != "part":
            return
        if _ROLL in body[:120]:
            self._note(json.loads(body)["value"])
        elif _ARRIVAL in body[:120] and not self.full_at and json.loads(body)["value"]["full_at"]:
            self.full_at = time.monotonic()

    def on_followed(self, body: bytes) -> None:
        """The whole meeting, read again."""
        self._note(json.loads(body)["parts"]["roll_call"])

    def _note(self, roll: dict[str, Any]) -> None:
        if roll["state"] == "running" and roll["called_at"] != self.roll.get("called_at"):
            self.turns.append((time.monotonic(), roll["center"]))
        self.roll = roll
