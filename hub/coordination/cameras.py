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
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from hub.cameras.catalog import Facts
from hub.clock import Clock
from hub.coordination.background import Background
from hub.coordination.camera_flow import Change, Flow, FlowTable, Seen
from hub.coordination.camera_offers import CameraOffers, CameraSecret, CameraState, Wanted
from hub.coordination.camera_record import CameraRecord, CameraRow, Journal
from hub.coordination.cascade import Cascade
from hub.coordination.hearing import Hearing
from hub.coordination.nodes import Node, NodeTable
from hub.coordination.sessions import CAMERAS, Session, SessionTable
from hub.directory.accounts import Account
from hub.entry import Entry
from hub.errors import Refusal
from hub.ids import is_id
from hub.people import Accounts

log = logging.getLogger(__name__)

Data = dict[str, Any]
Tiles = list[list[int] | None]
#: How often it is looked what flows to whom, and who has gone.
LOOK_S: Final = 1.0
#: A camera that nobody names any more stays on offer so long, so that it comes back at once.
LINGER_S: Final = 60.0
#: A control that has just started waits so long for a gateway before it takes the relays of before away.
GATEWAY_GRACE_S: Final = 5.0
#: How long the record of who has watched may take when the hub stops.
LAST_WORD_S: Final = 2.0
#: The word for a camera that may not be seen, or is not there: both look the same.
WITHHELD: Final = "withheld"


class CameraDirectory(Protocol):
    """What is needed of the directory: hub.cameras.ports.CameraRows."""

    async def readable(self, account: Account, camera: str) -> object | None:
        """The camera, if the account may watch it."""

    async def some(self, cameras: Iterable[str]) -> Mapping[str, CameraRow]: ...
    async def secret(self, camera: str) -> CameraSecret | None: ...
    def listen(self, callback: Callable[[frozenset[str] | None], None]) -> Callable[[], None]: ...


#: Is told about once a second what flows: (account, camera, seconds without a hole up to now, quality); 0 s when it stops.
FlowListener = Callable[[str, str, float, str], None]


@dataclass(slots=True)
class Shown:
    """What one session asked for: a word a slot, and which of them it is not shown."""

    account: str
    words: list[str | None] = field(default_factory=list)
    tiles: Tiles | None = None
    withheld: set[str] = field(default_factory=set)
    plays: bool = True
    """Whether the browser takes what cameras send (H264)."""
    sound: str | None = None
    """Of which camera it asked for the sound."""

    @property
    def cameras(self) -> set[str]:
        """The cameras it is shown."""
        return {word for word in self.words if word is not None} - self.withheld

    @property
    def hears(self) -> str | None:
        """Whose sound it hears: of a camera it is shown, and of none besides."""
        return self.sound if self.sound in self.cameras else None

    def told(self) -> list[str | None]:
        """The words as the node is told them."""
        return [None if word in self.withheld else word for word in self.words]


class CameraRoom:
    """Sessions of the place `cameras`, and the cameras they are shown."""

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
        self._hearing = hearing
        self._cascade = cascade
        self._offers = offers
        self._background = background
        self._clock = clock
        self._settle_soon = settle
        self._tell_nodes = tell_news
        self._heard: dict[str, str] = {}  # who hears which camera, as nodes were last told
        self._directory: CameraDirectory | None = None
        self._shown: dict[str, Shown] = {}
        self._deaf: set[str] = set()  # sessions whose browsers take no H264
        self._unnamed: dict[str, float] = {}  # on offer though nobody names it -> since (loop time)
        self._flow = FlowTable()
        self._record = CameraRecord(writer, clock)
        self._told: dict[tuple[str, str], Data] = {}  # (account, camera) -> the event last told
        self._news: set[str] = set()  # cameras whose watchers or state changed
        self._began: float | None = None
        self._forget: Callable[[], None] = lambda: None
        self.on_flow: list[FlowListener] = []
        self.on_turn_refused: Callable[[str, str], None] = lambda camera, reason: None
        offers.on_state = self._state
        offers.on_refused = lambda camera, reason: self.on_turn_refused(camera, reason)
        hearing.on_slots = self._slots

    def use(self, directory: CameraDirectory) -> None:
        """Cameras are looked up here. Without it there are none."""
        self._directory = directory
        self._offers.secret = directory.secret
        self._offers.has_sound = self._has_sound
        self._forget = directory.listen(self._changed)

    # -- sessions

    def require(self) -> None:
        """Raises Refusal("unavailable") where there is no directory of cameras."""
        if self._directory is None:
            raise Refusal("unavailable", "this hub has no cameras")

    def opened(self, session: Session, answer: str) -> None:
        """A session has been opened, with this answer to its offer."""
        if "h264/90000" not in answer.lower():
            self._deaf.add(session.id)

    async def select(
        self, account: Account, session: Session, video: Sequence[str | None], tiles: Tiles | None
    ) -> None:
        """Have the slots show these cameras; slots not named stay as they are. Raises Refusal: `invalid` for a word that names
        no camera, `unavailable`. What may not be seen is no error: its slot stays empty, and `withheld` is told."""
        for word in video:
            if word is not None and not is_id(word, "ca"):
                raise Refusal("invalid", "the words of this place are cameras", "video")
        shown = self._shown.setdefault(session.id, Shown(account.id))
        shown.plays = session.id not in self._deaf
        shown.words[: len(video)] = video
        if tiles is not None:
            shown.tiles = tiles
        shown.withheld = await self._not_for(account, shown.words)
        self._offer(shown.cameras)
        self._hear()
        await self._tell_node(session, shown)
        self._record.see(self._watching(), ())  # however short a look is
        for word in filter(None, shown.words):
            self._told.pop((account.id, word), None)  # told with each choice, whatever was told before
            self._news.add(word)
        self._tell_news()

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
            self._news.update(word for word in shown.words if word)
            self._hear()
            self._tell_news()

    async def _has_sound(self, camera: str) -> bool:
        """Whether the directory says that its sound may be heard."""
        rows = await self._directory.some({camera}) if self._directory is not None else {}
        return camera in rows and rows[camera].sound

    def truth(self) -> Data:
        """Who hears what here, for `meeting.set`: each the camera he chose, and nobody anything in common."""
        heard = {shown.account: shown.hears for shown in self._shown.values() if shown.hears is not None}
        return {"broadcast": None, "muted": [], "heard": [], "listeners": heard}

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
        for camera in cameras:
            self._unnamed.pop(camera, None)
            self._offers.want(Wanted(CAMERAS, camera), sound=True)

    def _slots(self, session: Session) -> None:
        """A node tells what a session's slots show: after control has started anew that is all that is known of it."""
        if session.meeting != CAMERAS or session.id in self._shown or session.slots is None:
            return
        words = [word if word and is_id(word, "ca") else None for word in session.slots["video"]]
        if any(words):
            self._shown[session.id] = shown = Shown(session.participant, words)
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
            self._news.update(word for word in shown.words if word)
            try:
                await self._tell_node(session, shown)
            except Refusal as refusal:
                log.warning("session %s is not told what it may see: %s", name, refusal.message)
        self._tell_news()

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
        self._news.add(camera)
        self._tell_news()

    def watchers(self, camera: str) -> list[Data]:
        """Who is shown this camera now, each account once."""
        people = self._writer.state.parts.read(Accounts).by_id
        who = dict.fromkeys(shown.account for shown in self._shown.values() if camera in shown.cameras)
        found = (people.get(account) for account in who)
        return [{"account": each.id, "name": each.name, "center": each.center} for each in found if each]

    def watches(self, account: str, camera: str) -> bool:
        """Whether a session of this account is shown this camera."""
        return any(shown.account == account and camera in shown.cameras for shown in self._shown.values())

    def selected(self, account: str) -> set[str]:
        """The cameras that sessions of this account are shown."""
        mine = (shown.cameras for shown in self._shown.values() if shown.account == account)
        return set().union(*mine)

    def events(self, account: str) -> list[Data]:
        """The events that hold now for an account."""
        return [event for (who, _), event in self._told.items() if who == account]

    def _tell_news(self) -> None:
        """Tell everybody who named one of the cameras of which there are news."""
        news, self._news = self._news, set()
        for camera in news:
            told: set[str] = set()
            watchers = self.watchers(camera)
            for shown in self._shown.values():
                if camera not in shown.words or shown.account in told:
                    continue
                told.add(shown.account)
                withheld = not self.watches(shown.account, camera)
                plays = any(
                    each.plays
                    for each in self._shown.values()
                    if each.account == shown.account and camera in each.words
                )
                event = self._event(camera, withheld, plays, watchers)
                if self._heard.get(shown.account) != camera:
                    event["sound"] = None
                if self._told.get((shown.account, camera)) != event:
                    self._told[shown.account, camera] = event
                    self._hearing.on_event(CAMERAS, shown.account, event)
            for key in [key for key in self._told if key[1] == camera and key[0] not in told]:
                del self._told[key]

    def _event(self, camera: str, withheld: bool, plays: bool, watchers: list[Data]) -> Data:
        state = CameraState(WITHHELD) if withheld else self._offers.state(camera)
        if not plays and not withheld and state.state in ("idle", "connecting", "playing"):
            # Nothing is pulled for it alone: its pictures are looked up one by one.
            state = CameraState("unplayable", "browser_h264", "snapshots")
        return {
            "meeting": CAMERAS,
            "kind": "camera",
            "camera": camera,
            "state": state.state,
            "reason": state.reason,
            "instead": state.instead,
            "codec": state.codec,
            "width": state.width,
            "height": state.height,
            "fps": state.fps,
            "bps": state.bps,
            "sound": None if withheld else state.sound,
            "watchers": [] if withheld else watchers,
        }

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
        self._deaf = {name for name in self._deaf if self._sessions.get(name) is not None}
        for name in [name for name in self._shown if self._sessions.get(name) is None]:
            self._news.update(word for word in self._shown.pop(name).words if word)
            self._hear()
        changes = self._flow.look(self._seen(), self._playing(), now)
        self._record.see(self._watching(), {(each.account, each.camera) for each in changes if each.seconds})
        if self._directory is not None and self._record.due(now):
            self._background.spawn(self._record.tell(self._directory))
        for change in changes:
            self._tell_flow(change)
        named = set().union(*(shown.cameras for shown in self._shown.values()))
        for camera in self._offers.wanted_in(CAMERAS) - named:
            if now - self._unnamed.setdefault(camera, now) >= LINGER_S:
                del self._unnamed[camera]
                self._offers.drop(Wanted(CAMERAS, camera))
        self._tell_news()

    def _watching(self) -> set[tuple[str, str]]:
        """Which accounts are shown which cameras."""
        return {(shown.account, camera) for shown in self._shown.values() for camera in shown.cameras}

    def _tell_flow(self, change: Change) -> None:
        for listener in self.on_flow:
            listener(change.account, change.camera, change.seconds, change.quality)

    def _seen(self) -> Iterable[Seen]:
        for name, shown in self._shown.items():
            session = self._sessions.get(name)
            if session is None or not session.connected or session.slots is None or session.tiles is None:
                continue
            for word, quality in zip(session.slots["video"], session.tiles["video"], strict=False):
                if word in shown.cameras:
                    yield Seen(shown.account, word, quality)

    def _playing(self) -> list[str]:
        return [camera for camera, state in self._offers.states.items() if state.state == "playing"]

    @staticmethod
    def _loop_time() -> float:
        return asyncio.get_running_loop().time()

    # -- one look

    async def probe(self, camera: str, secret: CameraSecret) -> Facts:
        """Have a gateway dial it, look and hang up: what was found. Raises Refusal("unavailable")."""
        found = await self._offers.ask("camera.probe", camera, secret)
        try:
            return Facts.model_validate({name: found[name] for name in ("state", "reason", "streams")})
        except (KeyError, ValueError):
            raise Refusal("unavailable", "the gateway's answer is not understood") from None

    async def picture(self, camera: str) -> Data:
        """One picture of it as JPEG (`jpeg`, base64). Raises Refusal: `not_found`, `unavailable`."""
        secret = await self._directory.secret(camera) if self._directory is not None else None
        if secret is None:
            raise Refusal("not_found", "there is no such camera")
        return await self._offers.ask("camera.picture", camera, secret)

    async def turn(self, method: str, camera: str, **more: Any) -> Data:
        """Ask a camera by ONVIF (`ptz.…`). Raises Refusal: `not_found`, `unavailable`; `unprocessable` where it has none."""
        secret = await self._directory.secret(camera) if self._directory is not None else None
        if secret is None:
            raise Refusal("not_found", "there is no such camera")
        if secret.onvif is None:
            raise Refusal("unprocessable", "this camera cannot be turned", "camera")
        return await self._offers.ask(method, camera, secret, onvif=secret.onvif, **more)

    async def onvif(self, method: str, **more: Any) -> Data:
        """Ask a device that is no camera of the directory yet (`onvif.…`). Raises Refusal `unavailable`."""
        return await self._offers.ask_any(method, more)

    def playing(self) -> Collection[str]:
        """Cameras that are pulled now: nobody needs to probe them."""
        return self._offers.playing()

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
