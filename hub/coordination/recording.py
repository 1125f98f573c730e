"""Running recordings: which relay feeds which, and how each is brought back when one end was lost."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from hub.coordination.nodes import Node, RelayState
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


def _recording_of(relay: str) -> str:
    """A relay is named after its recording, a point, and a word of its own: each wiring has a new one."""
    return relay.split(".")[0]


@dataclass(slots=True)
class Wiring:
    """One recording that is fed: by which relay of which node, over which link of the recorder."""

    meeting: str
    relay: str
    node: str
    node_link: Link
    recorder_link: Link


class RecordingKeeper:
    """Brings every recording that ought to run to run, and ends those that ought not.

    What ought to run is passed in each time; what runs is learnt from the hellos. One call at a time for a
    meeting: the caller holds that meeting's lock.
    """

    def __init__(self, name_participant: NameParticipant, journal: PartsJournal) -> None:
        self._name_participant = name_participant
        self._journal = journal
        self._wirings: dict[str, Wiring] = {}  # by recording
        self._recorder: Link | None = None
        self._recorder_has: dict[str, str] = {}  # recording -> meeting, as the recorder said

    @property
    def recorder(self) -> Link | None:
        """The recorder's link, if it is there."""
        return self._recorder

    def take_recorder(self, link: Link, hello: Data) -> None:
        """A recorder has linked: install what it may ask, and remember what it already records."""
        link.calls = {"part.opened": self._part_opened, "part.closed": self._part_closed}
        link.events = {"trouble": lambda trouble: log.error("the recorder is in trouble: %s", trouble)}
        self._recorder = link
        self._recorder_has = {
            str(each["recording"]): str(each["meeting"]) for each in hello.get("recordings", [])
        }

    def lose_recorder(self, link: Link) -> None:
        if self._recorder is link:
            self._recorder = None
            self._recorder_has = {}

    def strays(self, ought: set[str]) -> list[str]:
        """Recordings that run and ought not to."""
        return [recording for recording in {*self._recorder_has, *self._wirings} if recording not in ought]

    async def ensure(self, recording: str, meeting: str, node: Node) -> None:
        """Make this recording run from this node. Raises Refusal when one side does not answer."""
        recorder = self._recorder
        if recorder is None:
            return
        wiring = self._wirings.get(recording)
        if wiring is not None and wiring.node_link is node.link and wiring.recorder_link is recorder:
            return
        if self._runs_already(recording, meeting, node):
            return
        folder = f"{meeting}/{recording}"
        answer = await recorder.call(
            "recording.open", {"recording": recording, "meeting": meeting, "folder": folder}
        )
        self._recorder_has[recording] = meeting
        relay = f"{recording}.{secrets.token_hex(4)}"
        for old in [name for name in node.relays if _recording_of(name) == recording]:
            await node.link.call("relay.close", {"relay": old})
            node.relays.pop(old, None)
        self._wirings[recording] = Wiring(meeting, relay, node.id, node.link, recorder)
        node.relays[relay] = RelayState(meeting)
        try:
            await node.link.call(
                "relay.open",
                {
                    "relay": relay,
                    "meeting": meeting,
                    "host": answer["host"],
                    "port": answer["port"],
                    "send_key": answer["send_key"],
                    "receive_key": answer["receive_key"],
                },
            )
        except Refusal:
            self._wirings.pop(recording, None)
            node.relays.pop(relay, None)
            raise

    def _runs_already(self, recording: str, meeting: str, node: Node) -> bool:
        """Whether both ends said that they are at it: then set the books right and tell the streams again."""
        recorder = self._recorder
        relay = next((name for name in node.relays if _recording_of(name) == recording), None)
        if recorder is None or relay is None or recording not in self._recorder_has:
            return False
        self._wirings[recording] = Wiring(meeting, relay, node.id, node.link, recorder)
        for stream in node.relays[relay].streams.values():
            self._tell_stream(recording, stream)
        return True

    async def unwire(self, recording: str, node: Node | None) -> None:
        """Stop feeding a recording. Its parts are closed by `close`."""
        self._wirings.pop(recording, None)
        if node is None:
            return
        for relay in [name for name in node.relays if _recording_of(name) == recording]:
            node.relays.pop(relay, None)
            await node.link.call("relay.close", {"relay": relay})

    async def close(self, recording: str) -> None:
        """Have the recorder close every part. May take minutes: parts are remuxed and hashed."""
        recorder = self._recorder
        if recorder is not None and self._recorder_has.pop(recording, None) is not None:
            await recorder.call("recording.close", {"recording": recording}, timeout_s=600.0)

    def forget_node(self, node: str) -> None:
        """The node is lost, and with it its relays: what it fed must be wired anew."""
        for recording in [name for name, wiring in self._wirings.items() if wiring.node == node]:
            del self._wirings[recording]

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
        wiring = self._wirings.get(recording)
        if wiring is not None and wiring.relay == data["relay"]:
            self._tell_stream(recording, data)

    def _tell_stream(self, recording: str, data: Data) -> None:
        if self._recorder is None:
            return
        name, center = self._name_participant(str(data["meeting"]), str(data["participant"]))
        self._recorder.tell("stream", {**data, "recording": recording, "name": name, "center": center})

    async def _part_opened(self, args: Data) -> Data:
        await self._journal.part_opened(args)
        return {}

    async def _part_closed(self, args: Data) -> Data:
        await self._journal.part_closed(args)
        return {}
