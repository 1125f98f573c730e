"""Who has spoken for so long that the stage is his (声控): from how loud nodes hear people, given as the hub's command."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from hub.conference.stage import Stage, is_free
from hub.coordination.parts import JournalWriter
from hub.directory.accounts import SYSTEM_ACCOUNT
from hub.entry import Command
from hub.errors import Refusal
from hub.rules import parse_data
from hub.state import HubState

#: So long (s) somebody has to be heard before the stage is his: a cough, a word of assent is shorter.
HOLD_S: Final = 2.0
#: So long (s) a picture stands at least before a voice changes it.
STANDS_S: Final = 5.0
#: So long (s) he may be silent between two words.
SILENT_S: Final = 3.0
#: Quieter than this (−dBov) is no speech.
SPEECH_LEVEL: Final = 60
#: More than this (s) is not counted between two tellings of loudness: one may have got lost.
_STEP_S: Final = 1.0


@dataclass(slots=True)
class _Heard:
    who: str
    spoken: float
    at: float
    last: float


class Voices:
    """Who speaks for how long, by meeting. Times are monotonic seconds, passed in."""

    def __init__(self) -> None:
        self._heard: dict[str, _Heard] = {}

    def hear(self, meeting: str, levels: Mapping[str, int], speaker: str | None, now: float) -> str | None:
        """Take who speaks and how loud; who has spoken for long enough by now."""
        heard = self._heard.get(meeting)
        if speaker is None or levels.get(speaker, 127) >= SPEECH_LEVEL:
            if heard is not None:
                heard.at = now
            return None
        if heard is None or heard.who != speaker or now - heard.last > SILENT_S:
            heard = self._heard[meeting] = _Heard(speaker, 0.0, now, now)
        heard.spoken += min(now - heard.at, _STEP_S)
        heard.at = heard.last = now
        return speaker if heard.spoken >= HOLD_S else None

    def forget(self, meeting: str) -> None:
        """Nobody follows voices there any more."""
        self._heard.pop(meeting, None)


class Journal(JournalWriter, Protocol):
    """The writer, as far as this part needs it."""

    @property
    def state(self) -> HubState: ...


Spawn = Callable[[Coroutine[Any, Any, None]], object]


class VoiceKeeper:
    """Gives the stage of each meeting that follows voices to who speaks: one command a real switch."""

    def __init__(self, writer: Journal, spawn: Spawn) -> None:
        self._writer = writer
        self._spawn = spawn
        self._voices = Voices()
        self._stood: dict[str, tuple[str | None, float]] = {}
        self._asking: set[str] = set()
        self._serial = itertools.count()

    def levels(self, meeting: str, event: Mapping[str, Any], now: float) -> None:
        """Take an event `levels` of docs/protocol.md. `now`: monotonic seconds."""
        found = self._writer.state.meetings.get(meeting)
        stage = found.read(Stage) if found is not None and found.is_open else None
        if found is None or stage is None or not stage.voice:
            self._voices.forget(meeting)
            self._stood.pop(meeting, None)
            return
        who = self._voices.hear(meeting, event["levels"], event["speaker"], now)
        stood = self._stood.get(meeting)
        if stood is None or stood[0] != stage.broadcast:
            # what was put there just now stands for a while; what stood there before voices were followed does not
            stood = self._stood[meeting] = (stage.broadcast, now if stood is not None else now - STANDS_S)
        if who is None or who == stage.broadcast or now - stood[1] < STANDS_S or not is_free(found):
            return
        if meeting not in self._asking:
            self._asking.add(meeting)
            self._spawn(self._give(meeting, who))

    async def _give(self, meeting: str, who: str) -> None:
        try:
            # Of what was heard nothing is left after a restart: an id of this run and moment will do.
            name = f"stage.heard:{meeting}:{who}:{self._writer.state.last_seq}:{next(self._serial)}"
            command = Command(name, "stage.heard", meeting, parse_data("stage.heard", {"participant": who}))
            await self._writer.submit(command, SYSTEM_ACCOUNT)
        except Refusal:
            pass  # it has ended, or cannot be written now: who goes on speaking is heard again
        finally:
            self._asking.discard(meeting)
