"""Which calls ring at a station: those it was told of and neither answered nor declined, until they ring anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Ringing:
    """Calls by meeting, the oldest first. Moments are compared as the hub writes them."""

    def __init__(self) -> None:
        #: Meeting id -> title.
        self.calls: dict[str, str] = {}
        self._rung: dict[str, str] = {}
        self._silent: dict[str, str] = {}

    def begin(self) -> None:
        """A greeting tells all calls there are."""
        self.calls = {}

    def told(self, call: Mapping[str, Any]) -> bool:
        """A call as the hub describes it; whether it rings. One that its center declined does not."""
        meeting, rung_at = str(call["id"]), str(call.get("rung_at") or "")
        self._rung[meeting] = max(rung_at, self._rung.get(meeting, ""))
        if meeting in self._silent and rung_at <= self._silent[meeting]:
            return False
        if call.get("declined") is not None:
            self.calls.pop(meeting, None)
            return False
        self.calls[meeting] = str(call.get("title", ""))
        return True

    def again(self, meeting: str, title: str = "") -> None:
        """It rings once more, for whoever was there for this center has gone."""
        self.calls[meeting] = title

    def answered(self, meeting: str) -> None:
        """It does not ring now; told once more, it does."""
        self.calls.pop(meeting, None)

    def silence(self, meeting: str) -> None:
        """Declined, ended, or not to be had: it rings no more until the hub rings anew."""
        self.calls.pop(meeting, None)
        self._silent[meeting] = self._rung.get(meeting, "")
