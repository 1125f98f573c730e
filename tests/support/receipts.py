"""Orders through their whole cycle and lists cleared row by row, by callers that ask until they are answered.

A command is asked again under its id until the hub has answered it, whatever is killed meanwhile, as pages do. What was
answered is kept; `tests/support/receipts_kept.py` looks whether it stands.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

#: What a target does, one after the other; the issuer accepts when all have done it.
STEPS: Final = ("deliver", "sign", "progress", "complete")
_WAIT_S: Final = 0.05


class NotNow(Exception):
    """Nobody answers, or the hub cannot write at the moment: to be asked again."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A command of somebody at this center, with the id under which it is asked again."""

    center: str
    id: str
    kind: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A command and its first answer: the number and the hash of the last entry that it made, and its order."""

    asked: Asked
    seq: int
    hash: str
    order: str

    def line(self) -> bytes:
        """One line that `of_line` reads."""
        asked = [self.asked.center, self.asked.id, self.asked.kind, self.asked.data]
        return json.dumps([asked, self.seq, self.hash, self.order], ensure_ascii=False).encode() + b"\n"

    @classmethod
    def of_line(cls, line: bytes) -> Receipt:
        asked, *answer = json.loads(line)
        return cls(Asked(*asked), *answer)


#: Asks once. Raises NotNow.
Ask = Callable[[Asked], Awaitable[Receipt]]


class Callers:
    """What several callers ask for, and what was answered; `ask` asks once."""

    def __init__(self, ask: Ask, told: Callable[[Receipt], object] = lambda receipt: None) -> None:
        self.receipts: dict[str, Receipt] = {}
        """What was answered, by the command's id."""
        self.again = 0
        """How often a command was asked again."""
        self._ask = ask
        self._told = told

    async def answered(self, asked: Asked) -> Receipt:
        """The answer, however long it takes."""
        while True:
            try:
                receipt = await self._ask(asked)
            except NotNow:
                self.again += 1
                await asyncio.sleep(_WAIT_S)
                continue
            self.receipts[asked.id] = receipt
            self._told(receipt)
            return receipt

    async def order(self, name: str, issuer: str, targets: Sequence[str]) -> None:
        """One order from its issue to its acceptance, all targets at a time."""
        words = {"text": name, "targets": list(targets)}
        order = (await self.answered(Asked(issuer, f"{name}.issue", "order.issue", words))).order

        async def carry_out(center: str) -> None:
            for step in STEPS:
                data = {"order": order} | (
                    {"text": f"{name}办理中", "percent": 50} if step == "progress" else {}
                )
                await self.answered(Asked(center, f"{name}.{step}.{center}", f"order.{step}", data))

        await asyncio.gather(*map(carry_out, targets))
        await self.answered(Asked(issuer, f"{name}.accept", "order.accept", {"order": order}))

    async def clear(self, clearing: str, center: str, rows: Collection[int]) -> None:
        """One center's rows, one after the other; each is put right once."""
        for row in rows:
            for outcome in ("absent", "normal"):
                data = {"clearing": clearing, "results": [{"row": row, "outcome": outcome}]}
                await self.answered(Asked(center, f"{row}.{outcome}", "clearing.report", data))
