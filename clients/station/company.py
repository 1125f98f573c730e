"""Who else of a station's own center is in a meeting: a person who came to work there himself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


class Company:
    """The accounts of `center`, other than `me`, that have joined one meeting, when it was last looked at."""

    def __init__(self, me: str, center: str) -> None:
        self._me = me
        self._center = center
        self._there: set[str] = set()

    def __bool__(self) -> bool:
        """Whether somebody is there."""
        return bool(self._there)

    def take(self, participants: Iterable[Mapping[str, Any]]) -> None:
        """Everybody in the meeting: the whole truth at that moment."""
        self._there = {
            str(each["id"])
            for each in participants
            if each.get("state") == "joined"
            and each.get("center") == self._center
            and each.get("id") != self._me
        }
