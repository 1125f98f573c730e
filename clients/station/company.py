"""Who else of a station's own center is in a meeting: a person who came to work there himself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


class Company:
    """The accounts of `center`, other than `me`, that have joined one meeting. Fed with what the hub tells."""

    def __init__(self, me: str, center: str) -> None:
        self._me = me
        self._center = center
        self._there: set[str] = set()

    def __bool__(self) -> bool:
        """Whether somebody is there."""
        return bool(self._there)

    def take(self, participants: Iterable[Mapping[str, Any]]) -> None:
        """The participants of a snapshot: the whole truth at that moment."""
        self._there = set()
        for each in participants:
            if each.get("state") == "joined":
                self._joined(each)

    def hear(self, kind: str, data: Mapping[str, Any]) -> None:
        """An entry of the meeting."""
        if kind == "meeting.joined":
            self._joined(data["participant"])
        elif kind in ("meeting.left", "participant.removed"):
            gone = data["participant"]
            self._there.discard(str(gone["id"] if isinstance(gone, Mapping) else gone))

    def _joined(self, participant: Mapping[str, Any]) -> None:
        if participant.get("center") == self._center and participant.get("id") != self._me:
            self._there.add(str(participant["id"]))
