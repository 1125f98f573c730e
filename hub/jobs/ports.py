"""What the runner of jobs needs from the rest of the hub, and what a job is to it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from hub.directory.accounts import Account
from hub.entry import Command, Entry
from hub.state import HubState


class JobRow(Protocol):
    """A job, as far as its work needs it."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def meeting(self) -> str | None: ...
    @property
    def subject(self) -> str:
        """What it is about; of one that somebody asked for, its own id."""

    @property
    def options(self) -> dict[str, Any]: ...
    @property
    def tries(self) -> int:
        """How often it was begun, this time included."""


class JobRows(Protocol):
    """The table of jobs: hub.store.job_rows.JobStore."""

    async def put(
        self, job: str, kind: str, meeting: str | None, subject: str, options: Mapping[str, Any], at: datetime
    ) -> bool: ...
    async def take_back(self) -> int: ...
    async def waiting(self, kinds: Collection[str]) -> Sequence[JobRow]: ...
    async def claim(self, job: str, at: datetime) -> JobRow | None: ...
    async def put_back(self, job: str) -> None: ...
    async def over(self, kind: str, before: datetime) -> Sequence[str]: ...
    async def swept(self, job: str) -> None: ...
    async def end(
        self, job: str, state: str, reason: str | None, result: Mapping[str, Any], at: datetime
    ) -> None: ...


class Journal(Protocol):
    """The writer, as far as this needs it."""

    @property
    def state(self) -> HubState: ...
    async def submit(self, command: Command, account: Account) -> Any: ...
    def subscribe(self, callback: Callable[[Sequence[Entry]], None]) -> Callable[[], None]: ...
