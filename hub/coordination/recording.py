"""Running recordings: which nodes feed each by which relay, and how it is brought back when one end was lost."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from hub.coordination.nodes import Node, RelayState
from hub.coordination.recording_state import RecordingStates
from hub.errors import Refusal
from hub.link import Link

log = logging.getLogger(__name__)

Data = dict[str, Any]
#: (meeting, participant id) -> name of the center and its code, to be written beside a part.
NameParticipant = Callable[[str, str], tuple[str, str]]


class PartsJournal(Protocol):
    """Where the facts about parts go."""

    async def part_opened(self, data: Data) -> None: ...
    async def part_closed(self, data: Data) -> None: ...


#: What follows a center's name on the part that holds its shared screen; people read it in the archive.
SCREEN_MARK: Final = "（屏幕共享）"


def _recording_of(relay: str) -> str:
    """A relay is named after its recording, a point, and a word of its own: each wiring has a new one."""
    return relay.split(".")[0]


@dataclass(slots=True)
class Wiring:
    """One node that feeds one recording: by which relay with which streams (by SSRC), over which links of the two."""

    relay: str
    node_link: Link
    recorder_link: Link
    streams: dict[int, Data]


class RecordingKeeper:
    """Brings every recording that ought to run to run, and ends those that ought not.

    What ought to run is passed in each time; what runs is learnt from the hellos. One call at a time for a
    meeting: the caller holds that meeting's lock.
    """

    def __init__(
        self, name_participant: NameParticipant, journal: PartsJournal, states: RecordingStates
    ) -> None:
        self._name_participant = name_participant
        self._journal = journal
        self._states = states
        self._wirings: dict[tuple[str, str], Wiring] = {}  # by recording and node
        self._recorder: Link | None = None
        self._recorder_has: set[str] = set()
        self._recorder_said: set[str] = set()  # those it had when it linked

    @property
    def recorder(self) -> Link | None:
        """The recorder's link, if it is there."""
        return self._recorder

    def take_recorder(self, link: Link, hello: Data) -> None:
        """A recorder has linked: install what it may ask, and remember what it already records."""
        link.calls = {"part.opened": self._part_opened, "part.closed": self._part_closed}
        link.events = {
            "trouble": lambda trouble: log.error("the recorder is in trouble: %s", trouble),
            "writing": self._states.writing,
            "fed": self._states.fed,
        }
        self._states.take_recorder(hello)
        self._recorder = link
        self._recorder_said = {str(each["recording"]) for each in hello.get("recordings", [])}
        self._recorder_has = set(self._recorder_said)

    def lose_recorder(self, link: Link) -> None:
        if self._recorder is link:
            self._recorder = None
            self._recorder_has, self._recorder_said = set(), set()
            self._states.lose_recorder()

    def feeds(self, recording: str, node: str) -> bool:
        """Whether this node feeds this recording, as far as is known here."""
        wiring = self._wirings.get((recording, node))
        return wiring is not None and wiring.recorder_link is self._recorder

    def strays(self, ought: set[str]) -> list[str]:
        """Recordings that run and ought not to."""
        fed = {recording for recording, _ in self._wirings}
        return [recording for recording in {*self._recorder_has, *fed} if recording not in ought]

    async def ensure(self, recording: str, meeting: str, node: Node) -> None:
        """Make this node feed the recording. Raises Refusal when one side does not answer."""
        recorder = self._recorder
        if recorder is None:
            return
        wiring = self._wirings.get((recording, node.id))
        if wiring is not None and wiring.node_link is node.link and wiring.recorder_link is recorder:
            return
        if self._runs_already(recording, node, recorder):
            return
        relay = f"{recording}.{secrets.token_hex(4)}"
        answer = await recorder.call(
            "recording.open",
            {
                "recording": recording,
                "meeting": meeting,
                "folder": f"{meeting}/{recording}",
                "relay": relay,
            },
        )
        self._recorder_has.add(recording)
        for old in [name for name in node.relays if _recording_of(name) == recording]:
            await node.link.call("relay.close", {"relay": old})
            node.relays.pop(old, None)
        self._end_wiring(recording, node.id)
        node.relays[relay] = RelayState(meeting)
        self._wirings[recording, node.id] = Wiring(relay, node.link, recorder, node.relays[relay].streams)
        try:
            await node.link.call(
                "relay.open",
                {
                    "relay": relay,
                    "meeting": meeting,
                    "host": answer["host"],
                    "hosts": answer.get("hosts", [answer["host"]]),
                    "port": answer["port"],
                    "send_key": answer["send_key"],
                    "receive_key": answer["receive_key"],
                },
            )
        except Refusal:
            self._wirings.pop((recording, node.id), None)
            node.relays.pop(relay, None)
            raise

    def _runs_already(self, recording: str, node: Node, recorder: Link) -> bool:
        """Whether both ends are at it: then set the books right and tell the streams again."""
        relay = next((name for name in node.relays if _recording_of(name) == recording), None)
        if relay is None:
            return False
        known = self._wirings.get((recording, node.id))
        wired = known is not None and known.relay == relay and known.recorder_link is recorder
        if not wired and recording not in self._recorder_said:
            return False  # the recorder has begun anew and does not know this relay's keys
        self._wirings[recording, node.id] = Wiring(relay, node.link, recorder, node.relays[relay].streams)
        for stream in node.relays[relay].streams.values():
            self._tell_stream(recording, stream)
        return True

    async def unwire(self, recording: str, nodes: Iterable[Node]) -> None:
        """Stop feeding a recording from these nodes. Its parts are closed by `close`."""
        for node in nodes:
            self._wirings.pop((recording, node.id), None)
            for relay in [name for name in node.relays if _recording_of(name) == recording]:
                node.relays.pop(relay, None)
                await node.link.call("relay.close", {"relay": relay})

    async def close(self, recording: str) -> None:
        """Have the recorder close every part. May take minutes: parts are remuxed and hashed."""
        recorder = self._recorder
        if recorder is not None and recording in self._recorder_has:
            self._recorder_has.discard(recording)
            self._recorder_said.discard(recording)
            await recorder.call("recording.close", {"recording": recording}, timeout_s=600.0)

    def forget_node(self, node: str) -> None:
        """The node is lost, and with it its relays: what it fed must be wired anew."""
        for recording, _ in [key for key in self._wirings if key[1] == node]:
            self._end_wiring(recording, node)

    def relay_failed(self, node: Node, relay: str) -> None:
        """The node has closed this relay by itself; no news if it fed no recording."""
        recording = _recording_of(relay)
        wiring = self._wirings.get((recording, node.id))
        if wiring is not None and wiring.relay == relay:
            self._end_wiring(recording, node.id)

    def _end_wiring(self, recording: str, node: str) -> None:
        """Nothing more comes by this relay: else the recorder would take its streams for some that are not fed."""
        wiring = self._wirings.pop((recording, node), None)
        if wiring is not None and wiring.recorder_link is self._recorder:
            for stream in wiring.streams.values():
                self._tell_stream(recording, {**stream, "state": "closed"})

    def stream(self, node: Node, data: Data) -> None:
        """A relay's stream opened or closed: remember it, and tell the recorder."""
        relay = node.relays.get(str(data["relay"]))
        if relay is None:
            return
        if data["state"] == "open":
            relay.streams[int(data["ssrc"])] = data
        else:
            relay.streams.pop(int(data["ssrc"]), None)
        recording = _recording_of(str(data["relay"]))
        wiring = self._wirings.get((recording, node.id))
        if wiring is not None and wiring.relay == data["relay"]:
            self._tell_stream(recording, data)

    def _tell_stream(self, recording: str, data: Data) -> None:
        if self._recorder is None:
            return
        name, center = self._name_participant(str(data["meeting"]), str(data["participant"]))
        if data.get("source") == "screen":
            name += SCREEN_MARK  # a part of its own, to be told from the same center's camera
        self._recorder.tell("stream", {**data, "recording": recording, "name": name, "center": center})

    async def _part_opened(self, args: Data) -> Data:
        await self._journal.part_opened(args)
        return {}

    async def _part_closed(self, args: Data) -> Data:
        await self._journal.part_closed(args)
        return {}
