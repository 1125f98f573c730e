"""Whether each running recording really records: what the recorder says of it, against what ought to be.

Time is passed in. What gets worse is told only once it has been so for GRACE_S, because a recorder that is started anew, or
a relay that is being opened, is back in a moment; what gets better is told at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Literal, NamedTuple

Data = dict[str, Any]

GRACE_S: Final = 1.5
#: Words that docs/protocol.md knows for why a recording does not record.
_FED_WORDS: Final = frozenset({"not_fed"})
#: Why what comes is not written, where that passes by itself.
_WAITING_WORDS: Final = frozenset({"disk_full", "disk_slow"})


class Told(NamedTuple):
    """What pages know of a recording: the state, and why it is not `recording`."""

    state: Literal["recording", "waiting", "failed"]
    reason: str | None = None


RECORDS: Final = Told("recording")


class RecordingStates:
    """The running recordings, what the recorder said of each, and what was told of it."""

    def __init__(self) -> None:
        self._meetings: dict[str, str] = {}  # of each running recording
        self._unwritten: dict[str, str] = {}  # recording -> why what comes is not written
        self._unfed: dict[str, str] = {}  # recording -> why nothing comes
        self._told: dict[str, Told] = {}
        self._worse_since: dict[str, float] = {}

    # -- what is known

    def started(self, recording: str, meeting: str) -> None:
        """A recording ought to run from now on."""
        self._meetings[recording] = meeting
        self._told.setdefault(recording, RECORDS)

    def stopped(self, recording: str) -> None:
        """It ought not any more."""
        for known in (self._meetings, self._unwritten, self._unfed, self._told, self._worse_since):
            known.pop(recording, None)

    def ended(self, meeting: str) -> None:
        """A meeting has ended, and with it whatever recorded it."""
        for recording in [each for each, of in self._meetings.items() if of == meeting]:
            self.stopped(recording)

    def take_recorder(self, hello: Data) -> None:
        """A recorder has linked: what its hello says of the recordings it has, and nothing else, holds."""
        self.lose_recorder()
        for each in hello.get("recordings", []):
            self.writing({**each, "writing": each.get("reason") is None})

    def lose_recorder(self) -> None:
        self._unwritten.clear()
        self._unfed.clear()

    def writing(self, data: Data) -> None:
        """The recorder's event `writing` (docs/link.md): whether what comes is written, and why not."""
        recording = str(data["recording"])
        if data["writing"]:
            self._unwritten.pop(recording, None)
        else:
            reason = data.get("reason")
            self._unwritten[recording] = reason if reason in _WAITING_WORDS else "failed"

    def fed(self, data: Data) -> None:
        """The recorder's event `fed` (docs/link.md): whether packets come of what is published, and why not."""
        recording = str(data["recording"])
        if data["fed"]:
            self._unfed.pop(recording, None)
        else:
            reason = data.get("reason")
            self._unfed[recording] = reason if reason in _FED_WORDS else "not_fed"

    # -- what is told

    def told(self, meeting: str) -> Told | None:
        """What pages know of the recording that runs in a meeting; None when none runs."""
        recording = next((each for each, of in self._meetings.items() if of == meeting), None)
        return self._told[recording] if recording is not None else None

    def event(self, meeting: str) -> list[Data]:
        """The `media` event that holds now, for one who begins to follow."""
        told = self.told(meeting)
        return [_event(meeting, told)] if told is not None else []

    @property
    def all_record(self) -> bool:
        return all(told == RECORDS for told in self._told.values())

    def look(self, now: float, recorder: bool, wired: Callable[[str, str], bool]) -> list[Data]:
        """The `media` events to tell now.

        `recorder` says whether there is one; `wired(recording, meeting)` whether every node that carries the meeting feeds it.
        """
        events = []
        for recording, meeting in self._meetings.items():
            is_now = self._state(recording, recorder, wired(recording, meeting))
            if is_now == self._told[recording]:
                self._worse_since.pop(recording, None)
                continue
            if is_now != RECORDS and now - self._worse_since.setdefault(recording, now) < GRACE_S:
                continue
            self._worse_since.pop(recording, None)
            self._told[recording] = is_now
            events.append(_event(meeting, is_now))
        return events

    def _state(self, recording: str, recorder: bool, wired: bool) -> Told:
        if not recorder:
            return Told("waiting", "no_recorder")
        unwritten = self._unwritten.get(recording)
        if unwritten is not None:
            return Told("failed" if unwritten == "failed" else "waiting", unwritten)
        if not wired:
            return Told("waiting", "not_fed")
        unfed = self._unfed.get(recording)
        return Told("waiting", unfed) if unfed is not None else RECORDS


def _event(meeting: str, told: Told) -> Data:
    return {"meeting": meeting, "kind": "recording", "state": told.state, "reason": told.reason}
