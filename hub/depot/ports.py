"""What the depot needs: a place for bytes, and the rows that say whose they are."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection
from datetime import datetime
from pathlib import Path
from typing import Protocol

from hub.directory.accounts import Account
from hub.directory.tree import CenterTree
from hub.objects.quota import Standing
from hub.objects.values import Stored, Upload


class BlobsAway(OSError):
    """The place for bytes cannot be reached, refuses, or has no room."""

    why: str = "away"
    """As one word: `away`; of a storage also `refused`, `no_bucket`, `full`."""


class Blobs(Protocol):
    """Finished objects by digest. Everything raises BlobsAway."""

    async def put(self, digest: str, path: Path, size_bytes: int) -> None:
        """Keep the whole file, durably, and under its digest only once it is whole. The file itself stays."""

    async def size(self, digest: str) -> int | None:
        """How many bytes are kept under this digest, None when nothing is."""

    def read(self, digest: str, first: int, length: int) -> AsyncIterator[bytes]:
        """These bytes, in pieces. Raises FileNotFoundError when nothing is there any more."""

    async def delete(self, digest: str) -> None:
        """Let go of it; nothing there is no error."""

    def listed(self) -> AsyncIterator[tuple[str, datetime]]:
        """Everything kept: digest, and when it was written."""

    async def tidy(self, before: datetime) -> None:
        """Take away what was begun before this moment and never became whole."""

    async def close(self) -> None:
        """Let go of connections."""


class ObjectRows(Protocol):
    """Uploads, objects, and who may read them. Everything raises Refusal("unavailable") while the database is away."""

    async def begin(self, upload: Upload, day_began: datetime, admit: Callable[[Standing], None]) -> None:
        """Write an upload if `admit`, asked in the same transaction, raises nothing."""

    async def upload(self, upload_id: str) -> Upload | None: ...
    async def drop_upload(self, upload_id: str) -> None: ...
    async def uploads_before(self, moment: datetime) -> list[Upload]:
        """The uploads begun before this moment, finished or not."""

    async def finish(self, upload: Upload, digest: str, now: datetime, kept_until: datetime) -> Stored:
        """The upload became this object, which its account may read; it is not swept before `kept_until`."""

    async def stored(self, digest: str) -> Stored | None: ...
    async def may_read(self, account: Account, tree: CenterTree, digest: str) -> bool:
        """Whether the account uploaded the object, or may read an entry that names it."""

    async def pin(
        self, account: Account, tree: CenterTree, digests: Collection[str], kept_until: datetime
    ) -> dict[str, Stored]:
        """Those of the objects that the account may read; none of them is swept before `kept_until`."""

    async def unnamed(self, now: datetime, limit: int) -> list[str]:
        """Objects whose time is over and that no entry names."""

    async def drop_if_unnamed(self, digest: str, now: datetime) -> bool:
        """Forget the object, in one transaction, if its time is over and no entry names it. Whether it was forgotten."""

    async def known(self, digests: Collection[str]) -> set[str]:
        """Those of the digests that are objects."""
