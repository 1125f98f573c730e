"""Whether what was answered stands: nothing lost, nothing twice, in order, and asked again it gets its first answer."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from hub.directory.accounts import Account
from hub.entry import Entry
from hub.journal.verify import verify
from hub.store import tables
from hub.store.database import Database
from hub.store.offline import offline_journal
from tests.support.journal import HubWriter, command
from tests.support.receipts import STEPS, Receipt

#: What a target's entries are, one after the other.
_IN_TURN: Final = tuple(
    f"order.{past}" for past in ("delivered", "signed", "progressed", "completed", "accepted")
)
#: Commands that are asked again at a time.
_AT_A_TIME: Final = 256


@dataclass
class Found:
    """What a look at the journal found wrong, each in words; empty is well."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    answered_otherwise: list[str] = field(default_factory=list)
    unsound: list[str] = field(default_factory=list)
    """What the verification of the chain and of the rows made from it says."""

    def all(self) -> list[str]:
        """All of it."""
        return [*self.lost, *self.doubled, *self.out_of_order, *self.answered_otherwise, *self.unsound]


def entries_of(database: Database, folder: Path) -> tuple[list[Entry], list[str]]:
    """All entries, and what a verification says against them or against the rows made from them."""
    with offline_journal(database) as journal:
        told = [each.text for each in verify(journal, folder, None).findings]
        return list(journal.all_entries(lambda seq, why: told.append(f"{seq}: {why}"))), told


def look(database: Database, folder: Path, receipts: Collection[Receipt]) -> Found:
    """What stands of these receipts, and whether anything stands twice or in a wrong order."""
    entries, told = entries_of(database, folder)
    found = Found(unsound=told)
    by_seq = {each.seq: each for each in entries}
    for receipt in receipts:
        stands = by_seq.get(receipt.seq)
        if stands is None or stands.hash != receipt.hash:
            found.lost.append(f"{receipt.asked.id} is not entry {receipt.seq}")
    _look_at_orders([each for each in entries if each.kind.startswith("order.")], database, found)
    _look_at_rows([each for each in entries if each.kind == "clearing.reported"], found)
    return found


def _look_at_orders(entries: Iterable[Entry], database: Database, found: Found) -> None:
    names: Counter[str] = Counter()
    serials: dict[str, list[int]] = defaultdict(list)
    steps: dict[tuple[str, str], list[str]] = defaultdict(list)
    for entry in entries:
        data = entry.data
        if entry.kind == "order.issued":
            names[data["text"]] += 1
            serials[data["issuer"]["center"]].append(data["serial"])
            continue
        for center in data["centers"] if entry.kind == "order.accepted" else [data["center"]]:
            steps[data["order"], center].append(entry.kind)
    found.doubled += [f"order {name} was issued {count} times" for name, count in names.items() if count > 1]
    for center, numbers in serials.items():
        if numbers != list(range(1, len(numbers) + 1)):
            found.out_of_order.append(f"the numbers of {center} have gaps")
    with database.reading() as connection:
        table = tables.order_targets
        query = sa.select(table.c.order_id, table.c.center, table.c.step)
        rows = {(row.order_id, row.center): int(row.step) for row in connection.execute(query)}
    for target, kinds in steps.items():
        if len(set(kinds)) < len(kinds):
            found.doubled.append(f"{target}: {kinds}")
        elif kinds != list(_IN_TURN[: len(kinds)]):
            found.out_of_order.append(f"{target}: {kinds}")
        # Issued, delivered, signed; returned, which is 3, comes not here; in progress, completed, accepted.
        elif rows[target] != len(kinds) + (len(kinds) > STEPS.index("sign") + 1):
            found.lost.append(f"{target}: its row says step {rows[target]} after {kinds}")


def _look_at_rows(entries: Iterable[Entry], found: Found) -> None:
    came: dict[tuple[str, int], list[str]] = defaultdict(list)
    for entry in entries:
        for each in entry.data["results"]:
            came[entry.data["clearing"], each["row"]].append(each["outcome"])
    for row, outcomes in came.items():
        if outcomes not in (["absent"], ["absent", "normal"]):
            found.doubled.append(f"row {row}: {outcomes}")


async def ask_again(
    writer: HubWriter, receipts: Sequence[Receipt], account_of: Callable[[str], Account], found: Found
) -> None:
    """Ask for each of these once more: the first answer comes again, and nothing is written."""
    before = writer.tip

    async def again(receipt: Receipt) -> None:
        asked = receipt.asked
        answer = await writer.submit(command(asked.kind, id=asked.id, **asked.data), account_of(asked.center))
        if (answer.seq, answer.entries[-1].hash) != (receipt.seq, receipt.hash):
            found.answered_otherwise.append(f"{asked.id}: {answer.seq} now, {receipt.seq} before")

    for first in range(0, len(receipts), _AT_A_TIME):
        await asyncio.gather(*map(again, receipts[first : first + _AT_A_TIME]))
    if writer.tip != before:
        found.doubled.append("asking again wrote something")
