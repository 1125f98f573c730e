"""What a page holds of one meeting: the answer to `follow`, and after it each event put in its place. It folds nothing."""

from __future__ import annotations

import copy
from typing import Any

from hub.state import TARGET_STATES
from tests.support.edge import Listener

#: Where documents stand in the answer, by the word of the event.
_LISTS = {"order": "orders", "report": "reports", "decision": "decisions", "note": "notes"}


class Page:
    """Follows a meeting over a listener's socket, by the rules of docs/protocol.md."""

    def __init__(self, listener: Listener, meeting: str) -> None:
        self._listener = listener
        self.meeting = meeting
        self.can: list[str] = []
        self.parts: dict[str, Any] = {}
        self.documents: dict[str, dict[str, Any]] = {}
        #: Documents that were told of without their value: they must be read again.
        self.to_read: set[tuple[str, str]] = set()
        self._seq = self._documents_seq = self._taken = 0

    async def follow(self) -> Page:
        """Follow, or follow again."""
        self._taken = len(self._listener.heard)
        answer = await self._listener.call("follow", {"meeting": self.meeting, "since": None})
        assert "error" not in answer, answer
        self.can, self.parts = answer["can"], copy.deepcopy(answer["parts"])
        self._seq, self._documents_seq = answer["seq"], answer["documents"]["seq"]
        self.documents = {
            what: {each["id"]: each for each in answer["documents"][name]} for what, name in _LISTS.items()
        }
        return self

    def take(self) -> Page:
        """Put in their places what was heard since the last time."""
        heard = self._listener.heard[self._taken :]
        self._taken += len(heard)
        for event, data in heard:
            if data.get("meeting") != self.meeting:
                continue
            if event == "part" and data["seq"] > self._seq:
                self._take_part(data)
            elif event == "can":
                self.can = data["can"]
            elif event == "changed" and data["what"] in _LISTS and data["seq"] > self._documents_seq:
                self._take_document(data)
        return self

    def _take_part(self, data: dict[str, Any]) -> None:
        if "value" in data:
            self.parts[data["name"]] = data["value"]
            return
        rows = self.parts[data["name"]]["rows"]
        for key, row in data["rows"].items():
            if row is None:
                rows.pop(key, None)
            else:
                rows[key] = row

    def _take_document(self, data: dict[str, Any]) -> None:
        known = self.documents[data["what"]]
        if "value" in data:
            known[data["id"]] = data["value"]
        elif "rows" in data and data["id"] in known:
            order = known[data["id"]]
            order["targets"] = [data["rows"].get(each["center"], each) for each in order["targets"]]
            order["state"] = min((each["state"] for each in order["targets"]), key=TARGET_STATES.index)
        else:
            self.to_read.add((data["what"], data["id"]))

    def holds(self) -> dict[str, Any]:
        """All of it, to be compared."""
        return {"can": self.can, "parts": self.parts, "documents": self.documents, "to_read": self.to_read}
