"""Commands on their way through the writer, one by one and in the groups that are committed together."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Final

from hub.directory.accounts import Account
from hub.entry import Command, Entry, Standing
from hub.errors import Refusal
from hub.journal.answers import Answer
from hub.journal.ports import AnswerRow, CommandKey

#: Commands committed in one transaction at most, and the time spent on deciding them before it is sent off.
GROUP_SIZE: Final = 512
GROUP_TIME_S: Final = 0.05


@dataclass(slots=True, eq=False)
class Request:
    """A command on its way, and what became of it."""

    key: CommandKey
    digest: bytes
    command: Command
    account: Account
    #: Everybody who sent it, each waiting for the outcome.
    callers: list[asyncio.Future[Answer | Refusal]] = field(default_factory=list)
    outcome: Answer | Refusal | None = None
    #: Answered from what the store kept: nothing is written.
    repeated: bool = False


@dataclass(slots=True)
class Group:
    """Requests that are decided, to be committed together."""

    requests: list[Request] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    standings: list[Standing | None] = field(default_factory=list)
    answers: list[AnswerRow] = field(default_factory=list)
    spent_s: float = 0.0

    @property
    def full(self) -> bool:
        return len(self.requests) >= GROUP_SIZE or self.spent_s >= GROUP_TIME_S
