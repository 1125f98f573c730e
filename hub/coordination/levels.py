"""How loud everybody is: each node tells it of its own microphones, pages are told of all at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

Data = dict[str, Any]
#: Nodes tell every 0.5 s, each at its own moment; pages are told about as often.
TELL_EVERY_S: Final = 0.4
#: What a node said longer ago than this holds no longer.
STALE_S: Final = 1.5


@dataclass(frozen=True, slots=True)
class _Told:
    at: float
    levels: dict[str, int]
    speaker: str | None


@dataclass(slots=True)
class _Meeting:
    by_node: dict[str, _Told] = field(default_factory=dict)
    told_at: float = float("-inf")


class Levels:
    """The newest levels of each meeting, by node. Times are monotonic seconds, passed in."""

    def __init__(self) -> None:
        self._meetings: dict[str, _Meeting] = {}

    def take(self, node: str, data: Data, now: float) -> Data | None:
        """Take a node's `levels` event (docs/link.md); returns the event to tell, None if it is not time for it."""
        meeting = str(data["meeting"])
        known = self._meetings.setdefault(meeting, _Meeting())
        known.by_node[node] = _Told(now, data["levels"], data.get("speaker"))
        known.by_node = {name: told for name, told in known.by_node.items() if now - told.at < STALE_S}
        if len(known.by_node) > 1 and now - known.told_at < TELL_EVERY_S:
            return None
        known.told_at = now
        levels = {who: level for told in known.by_node.values() for who, level in told.levels.items()}
        return {
            "meeting": meeting,
            "kind": "levels",
            "levels": levels,
            "speaker": _speaker(list(known.by_node.values())),
        }

    def forget_node(self, node: str) -> None:
        """A node is lost."""
        for known in self._meetings.values():
            known.by_node.pop(node, None)

    def forget(self, meeting: str) -> None:
        """A meeting has ended."""
        self._meetings.pop(meeting, None)


def _speaker(told: list[_Told]) -> str | None:
    """The nodes mostly agree; where they do not, the one whose own participant it is knows best, the loudest first."""
    own = [(each.levels[each.speaker], each.speaker) for each in told if each.speaker in each.levels]
    if own:
        return min(own)[1]
    return next((each.speaker for each in told if each.speaker is not None), None)
