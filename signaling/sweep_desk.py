"""Sweeps are opened here: whom one expects is fixed by the store, a few villages at a time, and then one entry tells of it.

A hub that dies in between leaves rows of which no entry tells; the next start forgets them.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Sequence
from typing import Final

from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.directory.permissions import may
from hub.entry import Command, Entry
from hub.errors import Refusal
from hub.grids.sweep_form import checked_form
from hub.grids.sweep_kept import Wanted
from hub.ids import ALPHABET
from hub.rules import parse_data
from signaling.schemas.sweep_asked import SweepAsked
from signaling.services import Json, Services
from signaling.visit_door import month_begun

#: Others write between two pieces of what is marked.
_BETWEEN_S: Final = 0.05

log = logging.getLogger(__name__)


class SweepDesk:
    """Who opens a sweep comes here. Everything raises Refusal."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._opening: set[str] = set()
        self._forget: Callable[[], None] | None = None
        self._marking: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Forget what a killed hub began and did not open; from then on, keys that are gone are gone here, too."""
        sweeps = self._services.sweeps
        for sweep in await sweeps.unknown():
            await sweeps.forget(sweep)
        for about in await sweeps.months():
            await month_begun(self._services, about)
        self._forget = self._services.writer.subscribe(self._heard)
        self._marking = asyncio.create_task(self._mark(), name="marks of answers")

    def stop(self) -> None:
        """Hear no more."""
        if self._forget is not None:
            self._forget()
        if self._marking is not None:
            self._marking.cancel()

    async def _mark(self) -> None:
        """Mark what an earlier hub left unmarked, a piece at a time; what is left is marked at the next start."""
        try:
            while await self._services.sweeps.mark_known():
                await asyncio.sleep(_BETWEEN_S)
        except Refusal as refusal:
            log.warning("answers could not be marked: %s", refusal)

    def _heard(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if entry.kind == "sweep.forgotten":
                self._services.sweeps.forget_key(entry.data["sweep"])
            if entry.kind == "answers.forgotten":
                self._services.sweeps.forget_key(entry.data["about"])

    async def open(self, account: Account, asked: SweepAsked) -> Json:
        """Fix whom it expects, and tell of it. Sent again under its id it is opened once, and told of again."""
        services, sweep = self._services, _id_of(account, asked)
        self.require_area(account, asked.center)
        checked_form(asked.form)
        if (was := await services.queries.sweep(account, services.tree, sweep)) is not None:
            numbers = {name: was["counts"][name] for name in ("rows", "persons")}
            return {
                "sweep": sweep,
                **numbers,
                "villages": was["villages"],
                "seq": services.writer.state.last_seq,
            }
        if sweep in self._opening:
            raise Refusal("conflict", "it is being opened", "id")
        self._opening.add(sweep)
        opened = False
        try:
            await services.sweeps.key(sweep, services.clock())
            rows = await services.sweeps.number(sweep, self._villages(asked.center), wanted_of(asked))
            if not rows:
                raise Refusal("unprocessable", "no household is registered there", "center")
            kept = asked.model_dump(
                mode="json", include={"title", "sort", "note", "center", "due", "days", "form"}
            )
            data = {**kept, "sweep": sweep, "account": account.id, "name": account.name, "rows": rows}
            command = Command(f"sweep-{sweep}", "sweep.load", None, parse_data("sweep.load", data))
            answer = await services.writer.submit(command, SYSTEM_ACCOUNT)
            opened = True
        finally:
            self._opening.discard(sweep)
            if not opened:
                services.sweeps.forget_key(sweep)
                await services.sweeps.forget(sweep)
        counts = [each for grids in rows.values() for each in grids.values()]
        return {
            "sweep": sweep,
            "rows": sum(each[0] for each in counts),
            "persons": sum(each[1] for each in counts),
            "villages": len(rows),
            "seq": answer.seq,
        }

    def require_area(self, account: Account, center: str) -> None:
        """Raises Refusal unless the account may sweep there."""
        tree = self._services.tree
        if center not in tree or not may(account, "sweep.read", tree, center):
            raise Refusal("not_found", "there is no such center", "center")
        if not may(account, "sweep.open", tree, center):
            raise Refusal("forbidden", "this area is not yours to sweep", "center")

    def _villages(self, center: str) -> list[str]:
        return [each.code for each in self._services.tree.subtree(center) if each.level == "village"]


def _id_of(account: Account, asked: SweepAsked) -> str:
    """The id of the sweep that this request opens: the same for the same request."""
    digest = hashlib.sha256(f"{account.id} {asked.id}".encode()).digest()
    number = int.from_bytes(digest[:12], "big")
    return "sw_" + "".join(ALPHABET[number >> shift & 31] for shift in range(85, -1, -5))


def wanted_of(asked: SweepAsked) -> Wanted:
    """Whom it expects. Raises Refusal `invalid` for a pointed one that points at nothing, or a blanket one that leaves out."""
    wanted = Wanted(asked.residence, asked.kinds, asked.grids, asked.households)
    points = any((wanted.residence, wanted.kinds, wanted.grids, wanted.households))
    if points != (asked.sort == "pointed"):
        raise Refusal("invalid", "a pointed one says whom it is about, a blanket one is about all", "sort")
    return wanted
