"""The recorder's facts about parts, written into the journal as the hub's own commands."""

from __future__ import annotations

from typing import Any, Protocol

from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Command
from hub.rules import parse_data


class JournalWriter(Protocol):
    """Where commands go; see `hub.journal.writer.Writer`."""

    async def submit(self, command: Command, account: Account) -> object: ...


class PartsToJournal:
    """Each fact is a command whose id is made of the part's: told twice, it is written once."""

    def __init__(self, writer: JournalWriter) -> None:
        self._writer = writer

    async def part_opened(self, data: dict[str, Any]) -> None:
        """A part was begun. Raises Refusal when it cannot be written now; the recorder tells it again."""
        await self._submit("recording.part_open", data)

    async def part_closed(self, data: dict[str, Any]) -> None:
        """A part is finished. Raises Refusal when it cannot be written now; the recorder tells it again."""
        await self._submit("recording.part_close", data)

    async def _submit(self, kind: str, data: dict[str, Any]) -> None:
        rest = {name: value for name, value in data.items() if name != "meeting"}
        command = Command(f"{kind}:{data['part']}", kind, str(data["meeting"]), parse_data(kind, rest))
        await self._writer.submit(command, SYSTEM_ACCOUNT)
