"""What the hub tells of the meeting a station is in: its parts, the newest of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Parts:
    """The parts of one meeting as this account is told them (docs/protocol.md, "Socket.IO")."""

    def __init__(self) -> None:
        self._values: dict[str, dict[str, Any]] = {}
        #: By part, or part and row: as of which entry it was told.
        self._seqs: dict[tuple[str, str | None], int] = {}
        self._settled = 0

    def __getitem__(self, name: str) -> Mapping[str, Any]:
        """A part; empty before it was told."""
        return self._values.get(name, {})

    def settle(self, answer: Mapping[str, Any]) -> None:
        """The answer to `follow`: the whole truth as of its seq."""
        self._settled = int(answer["seq"])
        self._values = {str(name): dict(part) for name, part in answer["parts"].items()}
        self._seqs.clear()

    def take(self, event: Mapping[str, Any]) -> None:
        """A `part` event; one that is older than what is known changes nothing."""
        name, seq = str(event["name"]), int(event["seq"])
        if event.get("rows") is None:
            if self._is_newer((name, None), seq):
                self._values[name] = dict(event["value"])
            return
        rows = self._values.setdefault(name, {}).setdefault("rows", {})
        for key, row in event["rows"].items():
            if not self._is_newer((name, key), seq):
                continue
            if row is None:
                rows.pop(key, None)
            else:
                rows[key] = row

    def _is_newer(self, what: tuple[str, str | None], seq: int) -> bool:
        if seq <= self._seqs.get(what, self._settled):
            return False
        self._seqs[what] = seq
        return True

    @property
    def is_known(self) -> bool:
        """Whether the whole of it was told."""
        return self._settled > 0

    @property
    def has_ended(self) -> bool:
        """Whether the meeting is over."""
        return self["meeting"].get("state") == "ended"

    def is_removed(self, account: str) -> bool:
        """Whether this account was put out of the meeting."""
        return bool(self["seats"].get("rows", {}).get(account, {}).get("state") == "removed")

    def waits(self, account: str) -> str | None:
        """How this account stands at the door of a locked meeting: `waiting`, `refused`, or None: it is not there."""
        row = self["waiting"].get("rows", {}).get(account)
        return None if row is None else str(row["state"])

    @property
    def is_paused(self) -> bool:
        """Whether the meeting rests: nobody is heard or seen."""
        return bool(self["pause"].get("paused"))
