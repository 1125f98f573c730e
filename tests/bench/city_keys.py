"""The keys of a chair before a city: from the press until all whom it concerns have been told, and his page shows it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any, Final

import aiohttp
from playwright.async_api import Page

from tests.bench.city_directory import Person
from tests.bench.city_people import StationPage

#: A key that had no effect after that has none.
_LIMIT_S: Final = 10.0
#: Between two presses: a person looks what has come of the first.
_PAUSE_S: Final = 0.4
#: Presses of each key.
PRESSES: Final = 20


class ToldStation(StationPage):
    """A station that notes when it hears what is waited for."""

    def __init__(self, port: int, person: Person, http: aiohttp.ClientSession, seed: int) -> None:
        super().__init__(port, person, http, seed)
        self._awaited: tuple[bytes, ...] = ()
        self.told_at = 0.0
        """When that was heard (monotonic), 0 before."""

    def await_told(self, *parts: bytes) -> None:
        """Wait for a part of the meeting with all of these in it."""
        self._awaited, self.told_at = parts, 0.0

    def on_told(self, name: str, body: bytes) -> None:
        """A part of the meeting, in most cases."""
        if self._awaited and name == "part" and all(part in body for part in self._awaited):
            self._awaited, self.told_at = (), time.monotonic()


class Keys:
    """Presses at the page of the chair. `people`: the stations, and the participant's id of each."""

    def __init__(self, page: Page, people: dict[str, ToldStation]) -> None:
        self._page = page
        self._people = people

    async def measure(self) -> dict[str, Any]:
        """Milliseconds from press to effect of each key: median and p95."""
        found = {
            "broadcast": await self._broadcast(),
            "mute": await self._mute(),
            "roll_call_step": await self._roll_call(),
        }
        return {
            f"{name}_{word}_ms": _rank(took, share)
            for name, took in found.items()
            for word, share in (("p50", 0.5), ("p95", 0.95))
        }

    async def _press(self, key: str, concerned: Sequence[ToldStation], shows: str) -> float:
        """Milliseconds until the last of `concerned` was told and the page shows an element of this selector."""
        begun = time.monotonic()
        await self._page.keyboard.press(key)
        await self._page.wait_for_selector(shows, timeout=_LIMIT_S * 1000)
        seen_at = time.monotonic()
        while not all(one.told_at for one in concerned):
            if time.monotonic() - begun > _LIMIT_S:
                raise TimeoutError(f"{key}: not all were told")
            await asyncio.sleep(0.002)
        await asyncio.sleep(_PAUSE_S)
        return (max(seen_at, *(one.told_at for one in concerned)) - begun) * 1000

    async def _select(self, number: int) -> str:
        """Select the tile of this number; whose it is."""
        await self._page.keyboard.press(str(number))
        tile = await self._page.wait_for_selector("article.tile.selected")
        return (await tile.get_attribute("data-testid") or "").removeprefix("tile-")

    async def _broadcast(self) -> list[float]:
        took, everybody = list[float](), list(self._people.values())
        for turn in range(PRESSES):
            who = await self._select(turn % 2 + 1)
            for one in everybody:
                one.await_told(b'"name":"stage"', f'"broadcast":"{who}"'.encode())
            took.append(
                await self._press("b", everybody, f"[data-testid='tile-{who}'][data-broadcast='true']")
            )
        await self._page.keyboard.press("b")
        return took

    async def _mute(self) -> list[float]:
        who = await self._select(3)
        one, took = self._people[who], list[float]()
        for turn in range(PRESSES):
            muted = turn % 2 == 0
            one.await_told(b'"muted":true' if muted else b'"muted":false')
            state = "[data-state='muted']" if muted else ":not([data-state='muted'])"
            took.append(await self._press("m", [one], f"[data-testid='tile-{who}']{state}"))
        return took

    async def _roll_call(self) -> list[float]:
        page, took, everybody = self._page, list[float](), list(self._people.values())
        await page.keyboard.press("p")
        await page.get_by_test_id("rollcall-begin").press("Enter")
        turn = page.get_by_test_id("rollcall-turn")
        await turn.wait_for()
        for _ in range(PRESSES):
            called = await turn.get_attribute("data-center")
            for one in everybody:
                one.await_told(b'"name":"roll_call"', b'"state":"running"')
            after = f"[data-testid='rollcall-turn']:not([data-center='{called}'])"
            took.append(await self._press("p", everybody, after))
        await page.get_by_test_id("rollcall-finish").click()
        return took


def _rank(values: Sequence[float], share: float) -> float | None:
    ranked = sorted(values)
    return round(ranked[min(len(ranked) - 1, int(share * len(ranked)))], 1) if ranked else None
