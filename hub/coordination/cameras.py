"""The place where cameras are watched: who may see what is looked at with every choice, and again whenever it may have changed.

A viewer opens one ordinary watch session there and names cameras in its slots. What he may not see, or what is not there,
stays empty (`withheld`); nodes are never told of it. Cameras that somebody named are offered by the gateway; their pictures
are pulled when a node asks for them (docs/link.md).
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final, Protocol

from hub.cameras.catalog import StreamFacts
from hub.clock import Clock
from hub.coordination.background import Background
from hub.coordination.camera_asks import CameraAsks
from hub.coordination.camera_flow import Change, Flow, FlowTable
from hub.coordination.camera_news import CameraNews
from hub.coordination.camera_offers import CameraOffers, CameraSecret, CameraState, Wanted
from hub.coordination.camera_record import CameraRecord, CameraRow, Journal
from hub.coordination.camera_shown import Shown, ShownTable, Tiles
from hub.coordination.cascade import Cascade
from hub.coordination.hearing import Hearing
from hub.coordination.nodes import Node, NodeTable
from hub.coordination.sessions import CAMERAS, TAKEN, Session, SessionTable
from hub.directory.accounts import Account
from hub.entry import Entry
from hub.errors import Refusal
from hub.ids import is_id
from hub.people import Accounts

log = logging.getLogger(__name__)

Data = dict[str, Any]
#: How often it is looked what flows to whom, and who has gone.
LOOK_S: Final = 1.0
#: A camera that nobody names any more stays on offer so long, so that it comes back at once.
LINGER_S: Final = 60.0
#: A control that has just started waits so long for a gateway before it takes the relays of before away.
GATEWAY_GRACE_S: Final = 5.0
#: How long the record of who has watched may take when the hub stops.
LAST_WORD_S: Final = 2.0


class CameraDirectory(Protocol):
    """What is needed of the directory: hub.cameras.ports.CameraRows."""

    async def readable(self, account: Account, camera: str) -> object | None:
        """The camera, if the account may watch it."""

    async def some(self, cameras: Iterable[str]) -> Mapping[str, CameraRow]: ...
    async def secret(self, camera: str) -> CameraSecret | None: ...
    def listen(self, callback: Callable[[frozenset[str] | None], None]) -> Callable[[], None]: ...


#: Is told about once a second what flows: (account, camera, seconds without a hole up to now, quality); 0 s when it stops.
FlowListener = Callable[[str, str, float, str], None]


class CameraRoom:
    """Sessions of the place `cameras`, and the cameras they are shown. `asks` is for one look at a camera."""

    def __init__(
        self,
        writer: Journal,
        nodes: NodeTable,
        sessions: SessionTable,
        hearing: Hearing,
        cascade: Cascade,
        offers: CameraOffers,
        background: Background,
        clock: Clock,
        settle: Callable[[str], None],
        tell_news: Callable[[str], None],
    ) -> None:
        """`settle` has the nodes of a meeting, or of this place, brought in order; `tell_news` has them told the truth."""
        self._writer = writer
        self._nodes = nodes
        self._sessions = sessions
        self._cascade = cascade
        self._offers = offers
        self._background = background
        self._clock = clock
        self._settle_soon = settle
        self._tell_nodes = tell_news
        self._heard: dict[str, str] = {}  # who hears which camera, as nodes were last told
        self.asks = CameraAsks(offers)
        self._directory: CameraDirectory | None = None
        self._shown = ShownTable()
        self._unnamed: dict[str, float] = {}  # on offer though nobody names it -> since (loop time)
        self._flow = FlowTable()
        self._record = CameraRecord(writer, clock)
        self._news = CameraNews(
            self._shown,
            offers,
            lambda: writer.state.parts.read(Accounts).by_id,
            lambda account, event: hearing.on_event(CAMERAS, account, event),
        )
        self._began: float | None = None
        self._forget: Callable[[], None] = lambda: None
        self.on_flow: list[FlowListener] = []
        self.on_turn_refused: Callable[[str, str], None] = lambda camera, reason: None
        offers.on_state.append(self._state)
        offers.on_refused = lambda camera, reason: self.on_turn_refused(camera, reason)
        hearing.on_slots = self._slots

    def use(self, directory: CameraDirectory) -> None:
        """Cameras are looked up here. Without it there are none."""
        self._directory = directory
        self._offers.secret = self.asks.secret = directory.secret
        self._offers.has_sound = self._has_sound
        self._offers.streams = self._streams
        self._forget = directory.listen(self._changed)

    # -- sessions

    def require(self) -> None:
        """Raises Refusal("unavailable") where there is no directory of cameras."""
        if self._directory is None:
            raise Refusal("unavailable", "this hub has no cameras")

    def opened(self, session: Session, answer: str) -> None:
        """A session has been opened, with this answer to its offer."""
        said = answer.lower()
        session.takes = frozenset(codec for codec in TAKEN if f"{codec}/90000" in said)

    async def select(
        self, account: Account, session: Session, video: Sequence[str | None], tiles: Tiles | None
    ) -> None:
        """Have the slots show these cameras; slots not named stay as they are. Raises Refusal: `invalid` for a word that names
        no camera, `unavailable`. What may not be seen is no error: its slot stays empty, and `withheld` is told."""
        for word in video:
            if word is not None and not is_id(word, "ca"):
                raise Refusal("invalid", "the words of this place are cameras", "video")
        shown = self._shown.setdefault(session.id, Shown(account.id))
        shown.takes = session.takes
        shown.words[: len(video)] = video
        if tiles is not None:
            shown.tiles = tiles
        shown.withheld = await self._not_for(account, shown.words)
        self._offer(shown.cameras)
        self._hear()
        await self._tell_node(session, shown)
        self._record.see(self._shown.watching(), (), self._shown.listeners())  # however short a look is
        self._news.again(account.id, shown.words)
        self._news.tell()

    async def listen(self, account: Account, session: Session, camera: str | None) -> None:
        """Have a session hear the sound of one of the cameras it is shown, or of none. Raises Refusal: `not_found`,
        `unprocessable` for a camera whose sound may not be heard."""
        shown = self._shown.get(session.id)
        if camera is not None:
            if shown is None or camera not in shown.cameras:
                raise Refusal("not_found", "this camera is not shown to you", "camera")
            if not await self._has_sound(camera):
                raise Refusal("unprocessable", "the sound of this camera is not to be heard", "camera")
        if shown is not None:
            shown.sound = camera
            self._news.of(shown.words)
            self._hear()
            self._record.see(self._shown.watching(), (), self._shown.listeners())
            self._news.tell()

    async def _has_sound(self, camera: str) -> bool:
        """Whether the directory says that its sound may be heard."""
        rows = await self._directory.some({camera}) if self._directory is not None else {}
        return camera in rows and rows[camera].sound

    async def _streams(self, camera: str) -> Sequence[StreamFacts]:
        """What the directory knows of its streams."""
        rows = await self._directory.some({camera}) if self._directory is not None else {}
        return rows[camera].facts.streams if camera in rows else ()

    def truth(self) -> Data:
        """Who hears what here, for `meeting.set`: each the camera he chose, and nobody anything in common."""
        return {"broadcast": None, "muted": [], "heard": [], "listeners": self._shown.listeners()}

    def _hear(self) -> None:
        """Somebody may hear something else than before: have nodes told so."""
        heard = self.truth()["listeners"]
        if heard != self._heard:
            self._heard = heard
            self._tell_nodes(CAMERAS)

    async def _not_for(self, account: Account, words: Iterable[str | None]) -> set[str]:
        """Those of these that the account may not watch, or that are not there."""
        cameras = {word for word in words if word is not None}
        directory = self._directory
        if directory is None or account.disabled:
            return cameras
        found = await asyncio.gather(*(directory.readable(account, camera) for camera in cameras))
        return {camera for camera, row in zip(cameras, found, strict=True) if row is None}

    async def _tell_node(self, session: Session, shown: Shown) -> None:
        node = self._nodes.get(session.node)
        if node is None or not node.answers:
            raise Refusal("unavailable", "the media node of this session is away")
        sizes = {} if shown.tiles is None else {"tiles": shown.tiles}
        await node.link.call("peer.select", {"peer": session.id, "video": shown.told(), **sizes})

    def _offer(self, cameras: Collection[str]) -> None:
        twins = self._shown.twins()
        for camera in cameras:
            self._unnamed.pop(camera, None)
            self._offers.want(Wanted(CAMERAS, camera), sound=True, twin=camera in twins)

    def _slots(self, session: Session) -> None:
        """A node tells what a session's slots show: after control has started anew that is all that is known of it."""
        if session.meeting != CAMERAS or session.id in self._shown or session.slots is None:
            return
        words = [word if word and is_id(word, "ca") else None for word in session.slots["video"]]
        if any(words):
            self._shown[session.id] = shown = Shown(session.participant, words, takes=session.takes)
            self._offer(shown.cameras)
            self._background.spawn(self._look_again([session.id], None))

    # -- rights

    def _changed(self, cameras: frozenset[str] | None) -> None:
        """The directory, or sharing, has changed."""
        for camera in self._offers.wanted_in(CAMERAS) if cameras is None else cameras:
            self._offers.refresh(camera)
        if self._shown:
            self._background.spawn(self._look_again(list(self._shown), cameras))

    def entries(self, entries: Sequence[Entry]) -> None:
        """Centers or accounts have changed: so may have what anybody may see."""
        if self._shown and any(
            entry.kind.split(".")[0] in ("center", "account", "directory") for entry in entries
        ):
            self._background.spawn(self._look_again(list(self._shown), None))

    async def _look_again(self, sessions: list[str], cameras: frozenset[str] | None) -> None:
        accounts = self._writer.state.parts.read(Accounts).by_id
        for name in sessions:
            shown, session = self._shown.get(name), self._sessions.get(name)
            if shown is None or session is None or (cameras is not None and not cameras & set(shown.words)):
                continue
            account = accounts.get(shown.account)
            gone = {word for word in shown.words if word is not None}
            if account is not None:
                gone = await self._not_for(account, shown.words)
            if gone == shown.withheld:
                continue
            shown.withheld = gone
            self._hear()
            self._offer(shown.cameras)
            self._news.of(shown.words)
            try:
                await self._tell_node(session, shown)
            except Refusal as refusal:
                log.warning("session %s is not told what it may see: %s", name, refusal.message)
        self._news.tell()

    # -- nodes and gateways

    async def settle(self) -> None:
        """Have a relay between each node that carries sessions here and each gateway. Raises Refusal."""
        gateways, carrying = self._nodes.gateways(), self._nodes.carrying(CAMERAS, self._sessions)
        if not gateways and self._began is not None and self._loop_time() - self._began < GATEWAY_GRACE_S:
            return  # it dials at this moment, and what flows is not to be cut
        await self._cascade.ensure_pairs(CAMERAS, sorted(itertools.product(gateways, carrying), key=_by_id))

    def take_gateway(self, gateway: Node, hello: Data) -> None:
        """A gateway has linked."""
        self._offers.take_gateway(gateway, hello)
        self._settle_soon(CAMERAS)

    # -- what is told

    def _state(self, camera: str, state: CameraState) -> None:
        self._news.of([camera])
        self._news.tell()

    def watchers(self, camera: str) -> list[Data]:
        """Who is shown this camera now, each account once, and whether he hears it (`hears`)."""
        return self._news.watchers(camera)

    def watches(self, account: str, camera: str) -> bool:
        """Whether a session of this account is shown this camera."""
        return self._shown.watches(account, camera)

    def selected(self, account: str) -> set[str]:
        """The cameras that sessions of this account are shown."""
        return self._shown.selected(account)

    def events(self, account: str) -> list[Data]:
        """The events that hold now for an account."""
        return self._news.events(account)

    # -- what flows

    def flows(self, account: str) -> dict[str, Flow]:
        """What flows to an account now, by camera."""
        return self._flow.of(account, self._loop_time())

    async def run(self) -> None:
        """Look every second what flows, and let go of what nobody names any more. Until cancelled."""
        self._began = self._loop_time()
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                self.look(self._loop_time())
            except Exception:
                log.exception("looking at the cameras failed")

    def look(self, now: float) -> None:
        """What is due by time (the loop's)."""
        for name in [name for name in self._shown if self._sessions.get(name) is None]:
            self._news.of(self._shown.pop(name).words)
            self._hear()
        changes = self._flow.look(self._shown.seen(self._sessions.get), self._playing(), now)
        flowing = {(each.account, each.camera) for each in changes if each.seconds}
        self._record.see(self._shown.watching(), flowing, self._shown.listeners())
        if self._directory is not None and self._record.due(now):
            self._background.spawn(self._record.tell(self._directory))
        for change in changes:
            self._tell_flow(change)
        for camera in self._offers.wanted_in(CAMERAS) - self._shown.cameras:
            if now - self._unnamed.setdefault(camera, now) >= LINGER_S:
                del self._unnamed[camera]
                self._offers.drop(Wanted(CAMERAS, camera))
        self._news.tell()

    def _tell_flow(self, change: Change) -> None:
        for listener in self.on_flow:
            listener(change.account, change.camera, change.seconds, change.quality)

    def _playing(self) -> list[str]:
        return [camera for camera, state in self._offers.states.items() if state.plays]

    @staticmethod
    def _loop_time() -> float:
        return asyncio.get_running_loop().time()

    async def stop(self) -> None:
        """Tell who has watched, and let go."""
        self._forget()
        self._forget = lambda: None
        if self._directory is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._record.tell(self._directory), LAST_WORD_S)
        await self._offers.stop()


def _by_id(pair: tuple[Node, Node]) -> tuple[str, str]:
    return pair[0].id, pair[1].id
