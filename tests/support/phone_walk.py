"""A grid member with a phone that is a real browser: bound, walked without a line by its own keys, and what it said it keeps.

Two hours of the phone's clock are seconds of ours. What was said counts as kept from the moment on in which the page says so.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from tests.support.cut_line import CutLine
from tests.support.phone_browser import Killed, PhoneBrowser
from tests.support.waiting import eventually

PIN: Final = "135790"
#: Of the phone's clock: how long there is no line.
HOURS_S: Final = 7200.0
#: A page that nobody touches for ten minutes locks itself: it does after this, and does not before.
_SURELY_LOCKED_S: Final = 660.0
_SURELY_OPEN_S: Final = 480.0
_PATIENCE_S: Final = 60.0

_ROWS = """async () => {
  const told = (asked) => new Promise((done, failed) => {
    asked.onsuccess = () => done(asked.result)
    asked.onerror = () => failed(asked.error)
  })
  const disk = await told(indexedDB.open('lianxian-grid'))
  const rows = await told(disk.transaction('queue').objectStore('queue').getAll())
  disk.close()
  return rows.map(({ id, lane, order, state }) => ({ id, lane, order, state }))
}"""
_STANDS = """() => ['grid-lock', 'grid-today', 'grid-work', 'grid-over', 'grid-bind', 'grid-unable']
  .find((name) => document.querySelector(`[data-testid="${name}"]`) !== null) ?? null"""
_TAKEN = "() => window.__taken.splice(0)"


class LockedAway(Exception):
    """The page was not touched for ten minutes of its clock: what was begun is to be said again, after the PIN."""


@dataclass
class Said:
    """Something that was said of a household. Moments are of the phone's clock, s since 1970."""

    household: str
    outcome: str
    since: float
    until: float = 0.0
    #: SHA-256 of the photos, as they came from the camera's canvas.
    digests: list[str] = field(default_factory=list)
    #: The command that the phone makes of it.
    command: str = ""


def hook(name: str, within: str = "") -> str:
    """CSS of what has this test id."""
    return f'{within} [data-testid="{name}"]'.strip()


class WalkingPhone:
    """`plan`: households and what comes of them, one after the other.

    `switch`: the browser knows that there is no line; else the line is dead and it does not.
    """

    def __init__(
        self,
        browser: PhoneBrowser,
        line: CutLine,
        account: str,
        plan: Sequence[tuple[str, str]],
        photos: Sequence[Path],
        dice: random.Random,
        *,
        switch: bool,
    ) -> None:
        self.browser, self.line, self.account, self.plan = browser, line, account, plan
        self._photos, self._dice, self._switch = photos, dice, switch
        #: What the phone has said that it keeps, in order.
        self.said: list[Said] = []
        #: Whether all of it is in the journal, and the page says that this is proven.
        self.delivered = False
        self._ahead_s = -HOURS_S
        self._cut = False

    @property
    def _now(self) -> float:
        return time.time() + self._ahead_s

    async def bind(self, address: str) -> None:
        """On line: bound by the code at this address, with a PIN; then the browser is closed as a person closes it."""
        page = self.browser
        await page.begin(f"{self.line.url}/grid#{address.partition('#')[2]}", ahead_s=self._ahead_s)
        await page.tap(hook("grid-bind-go"))
        for _ in range(2):
            await eventually(
                lambda: page.there(hook("pin-1") + ":enabled"), _PATIENCE_S, "no PIN is asked for"
            )
            await page.type(PIN)
        await eventually(lambda: page.there(hook("stop-unchanged")), _PATIENCE_S, "it has no work")
        kept = "async () => (await navigator.serviceWorker.ready).active !== null"
        await eventually(lambda: page.evaluate(kept), _PATIENCE_S, "its shell is not kept")
        await page.close()

    async def lose_line(self) -> None:
        """From now on there is no line."""
        self._cut = True
        self.line.reset()
        if self._switch and self.browser.lives:
            await self.browser.offline(True)

    async def find_line(self) -> None:
        """From now on there is one."""
        self._cut = False
        self.line.mend()
        if self._switch and self.browser.lives:
            await self.browser.offline(False)

    async def walk(self) -> None:
        """Two hours: all households of the plan, however often the browser is killed."""
        gaps = [self._dice.random() for _ in self.plan]
        for (household, outcome), gap in zip(self.plan, gaps, strict=True):
            await self._until_kept(household, outcome)
            await self._time_goes_on(gap * (HOURS_S - 60) / sum(gaps))

    async def deliver(self) -> None:
        """Until the page says that all is there, and up to which entry that is proven."""
        page = self.browser
        while not self.delivered:
            try:
                await self._ready()
                await page.tap(hook("grid-tab-queue"))
                async with asyncio.timeout(_PATIENCE_S * 3):
                    while await page.attribute(hook("grid-all-sent"), "data-proven") != "true":
                        await asyncio.sleep(0.2)
                        # who sees that the line is back presses the key, where the browser does not know of it
                        if not self._switch and not self._cut and await page.there(hook("queue-now")):
                            await page.evaluate(
                                "(css) => document.querySelector(css)?.click()", hook("queue-now")
                            )
                rows = await page.evaluate(_ROWS)
                assert [each["id"] for each in rows] == [each.command for each in self.said]
                assert {each["state"] for each in rows} <= {"sent"}
                self.delivered = True
            except Killed:
                continue

    async def _until_kept(self, household: str, outcome: str) -> None:
        known = {each.command for each in self.said}
        said: Said | None = None
        while True:
            try:
                await self._ready()
                new = await self._rows_but(known)
                if not new:
                    # not said yet, or killed before it was kept: it is said again
                    said = Said(household, outcome, self._now)
                    await self._say(said)
                    new = await self._rows_but(known)
                assert new, f"{household}: the page said that it is kept, and it is not on the disk"
                (row,) = new
                assert said is not None
                assert row["lane"] == household, row
                said.command = row["id"]
                said.until = said.until or self._now
                self.said.append(said)
                return
            except LockedAway:
                continue
            except Killed:
                if said is not None:
                    said.until = self._now

    async def _say(self, said: Said) -> None:
        """By the page's own keys, until it says that it keeps it. Raises Killed."""
        page, stop = self.browser, hook(f"stop-{said.household}")
        if said.outcome == "unchanged" and await page.there(hook("stop-unchanged", stop)):
            await page.tap(hook("stop-unchanged", stop))
            await self._shown(hook("stop-undo", stop), "it is not said to be kept")
            return
        view = hook(f"household-{said.household}")
        await page.tap(f"{stop} .where")
        for count in range(1, 1 + (self._dice.choice((1, 1, 2)) if said.outcome == "met" else 0)):
            await page.files(hook("grid-photo", view), self._dice.choice(self._photos))
            await self._shown(f"{view} button.photo:nth-of-type({count})", "the photo is not shown")
        said.digests = await page.evaluate("() => window.__taken.splice(0)")
        await page.tap(hook(f"visit-{said.outcome}", view))
        await self._shown(hook("grid-today"), "it is not said to be kept")

    async def _shown(self, css: str, why_not: str) -> None:
        """Until it is on the page. Raises Killed, and LockedAway for a page that has locked itself in the middle of it."""
        lock = hook("grid-lock")
        page = self.browser
        code = "(all) => all.find((css) => document.querySelector(css) !== null) ?? null"
        found = await eventually(partial(page.evaluate, code, [css, lock]), _PATIENCE_S, why_not)
        if found == lock:
            raise LockedAway

    async def _time_goes_on(self, by_s: float) -> None:
        if _SURELY_OPEN_S < by_s < _SURELY_LOCKED_S:
            by_s = _SURELY_OPEN_S
        self._ahead_s += by_s
        page, work = self.browser, hook("grid-work")
        try:
            await page.set_clock(self._ahead_s)
            if by_s >= _SURELY_LOCKED_S:
                # whoever touches it after so long has to type the PIN
                if await page.there(work):
                    await page.tap(f"{work} header")
                await eventually(
                    lambda: page.there(hook("grid-lock")), _PATIENCE_S, "it does not lock itself"
                )
        except Killed:
            return

    async def _ready(self) -> None:
        """The page open at 今日任务, after whatever became of the browser. Raises Killed."""
        page = self.browser
        if not page.lives:
            await page.begin(
                f"{self.line.url}/grid", ahead_s=self._ahead_s, offline=self._cut and self._switch
            )
        while True:
            opened = partial(page.evaluate, _STANDS)
            stands = await eventually(opened, _PATIENCE_S, "the page does not open")
            if stands == "grid-today":
                return
            if stands == "grid-lock":
                await page.type(PIN)
                await eventually(
                    lambda: page.there(hook("grid-work")), _PATIENCE_S, "it is not opened by its PIN"
                )
            else:
                assert stands == "grid-work", f"the phone shows {stands}"
                await page.tap(hook("grid-tab-today"))

    async def _rows_but(self, known: set[str]) -> list[dict[str, Any]]:
        """What its disk has to send, but for these commands."""
        return [row for row in await self.browser.evaluate(_ROWS) if row["id"] not in known]


def plan_of(households: Sequence[str], dice: random.Random) -> list[tuple[str, str]]:
    """A walk past these households, to some of them twice; what comes of each in its order."""
    ways = (("unchanged",), ("met",), ("absent", "met"), ("absent", "absent", "unchanged"), ("absent", "met"))
    left = {each: list(ways[at % len(ways)]) for at, each in enumerate(households)}
    found = []
    while left:
        household = dice.choice(sorted(left))
        found.append((household, left[household].pop(0)))
        if not left[household]:
            del left[household]
    return found
