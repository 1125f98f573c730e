"""What the edge needs from the rest of the hub, as one object of narrow protocols."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from hub.cameras.ports import Missing, Prober
from hub.clock import Clock
from hub.config import Config
from hub.directory.accounts import Account
from hub.directory.tree import CenterTree
from hub.entry import Command, Entry
from hub.evidence.bundle import Material
from hub.evidence.copied import CopyCounts, MeetingCopies, Thing
from hub.filters import (
    EVERYTHING,
    AuditFilter,
    BookingFilter,
    FindFilter,
    IncidentFilter,
    LedgerFilter,
    ListFilter,
    SpokenFilter,
)
from hub.house.backups import Kept
from hub.journal.ports import Checkpoint
from hub.sheets.sealing import HubKey
from hub.space import Room
from hub.state import HubState
from hub.statistics.period import Period
from hub.turn import Turn
from signaling.camera_service import CameraService
from signaling.custody_service import CustodyService
from signaling.first_start import FirstStart
from signaling.grid_reads import GridReads, PatrolReads
from signaling.match_service import MatchService
from signaling.minutes_service import MinutesService
from signaling.object_service import ObjectService
from signaling.phones import PhoneRows
from signaling.registry_service import RegistryService
from signaling.sessions import Sessions
from signaling.sweep_service import SweepService, WorkService
from signaling.view_service import ViewService

Json = dict[str, Any]


class Answer(Protocol):
    """What a command brought about: the entries it made, and the seq of the last one (or of the newest)."""

    @property
    def seq(self) -> int: ...
    @property
    def entries(self) -> tuple[Entry, ...]: ...


class Signer(Protocol):
    """Who signs checkpoints and bundles: hub.journal.checkpoint.Checkpointer."""

    key_id: str

    @property
    def public_key(self) -> str: ...
    def sign_bytes(self, what: bytes) -> str: ...
    def knows(self, checkpoint: Checkpoint) -> bool: ...


class Seals(Protocol):
    """The journal's signed checkpoints, and who signs them: the writer."""

    async def seal(self) -> None:
        """Have everything so far signed now; nothing where nobody signs."""

    @property
    def signer(self) -> Signer | None:
        """Who signs; None where nobody does."""


class Writer(Protocol):
    """The journal's single writer."""

    @property
    def state(self) -> HubState:
        """The committed state, for reading only."""

    async def submit(self, command: Command, account: Account) -> Answer:
        """Decide, write and commit. Raises Refusal."""

    def subscribe(self, callback: Callable[[Sequence[Entry]], None]) -> Callable[[], None]:
        """Call back with committed entries in seq order; returns what ends it."""


class OpenedSession(Protocol):
    """A media session that was just opened: its id, the SDP answer, the entity tag of its ICE generation."""

    @property
    def id(self) -> str: ...
    @property
    def answer(self) -> str: ...
    @property
    def etag(self) -> str: ...


#: (meeting, only this account or None for everybody, the `media` event)
MediaListener = Callable[[str, str | None, Json], None]


#: Writes that the account has joined the meeting, if it has not. Raises Refusal when it may not.
Join = Callable[[], Awaitable[None]]


#: (account, camera, seconds without a hole up to now, quality)
FlowListener = Callable[[str, str, float, str], None]


class CameraAsks(Protocol):
    """What a camera is asked once: hub.coordination.camera_asks.CameraAsks."""

    async def picture(self, camera: str, *, series: bool = False) -> Json:
        """One picture as JPEG (`jpeg`, base64); `series`: one of many. Raises Refusal: `not_found`, `unavailable`."""

    async def turn(self, method: str, camera: str, **more: Any) -> Json:
        """Ask a camera by ONVIF (`ptz.…`, docs/link.md). Raises Refusal: `not_found`, `unprocessable`, `unavailable`."""

    async def onvif(self, method: str, **more: Any) -> Json:
        """Ask a device that is no camera of the directory yet (`onvif.…`). Raises Refusal: `unavailable`."""


class CameraPictures(Protocol):
    """Pictures of cameras, and who sees them: hub.coordination.cameras.CameraRoom."""

    on_flow: list[FlowListener]
    """Who is told what flows to whom, about once a second while it does, and once when it stops (0 s)."""

    @property
    def asks(self) -> CameraAsks:
        """For one look."""

    on_turn_refused: Callable[[str, str], None]
    """Is told (camera, reason) when a camera would not turn."""

    def watchers(self, camera: str) -> list[Json]:
        """Who is shown it now, and whether he hears it."""

    def watches(self, account: str, camera: str) -> bool: ...
    def selected(self, account: str) -> Collection[str]:
        """The cameras that sessions of this account are shown."""

    def events(self, account: str) -> list[Json]:
        """The `media` events that hold now for one who watches cameras."""


class MediaService(Protocol):
    """Media sessions, as the edge sees them. Everything raises Refusal; others' sessions are `not_found`."""

    on_event: MediaListener

    async def open(
        self,
        account: Account,
        meeting: str,
        direction: str,
        offer: str,
        source: str,
        *,
        access: str = "",
        join: Join | None = None,
    ) -> OpenedSession:
        """`access` is the hash of the token it is opened under; `join` is called once the offer holds, before the answer."""

    async def open_check(
        self, account: Account, direction: str, offer: str, *, access: str = ""
    ) -> OpenedSession:
        """Try the own line: `publish`, then `watch`; nobody else sees it, and it ends by itself."""

    async def open_cameras(self, account: Account, offer: str, *, access: str = "") -> OpenedSession:
        """Watch cameras; `select` says which, and is held against the account's rights each time."""

    @property
    def cameras(self) -> CameraPictures: ...
    def accesses(self) -> Mapping[str, str]: ...
    def withdraw(self, access: str) -> None: ...
    async def restart(self, account: Account, session: str, fragment: str) -> tuple[str, str]: ...
    async def close(self, account: Account, session: str) -> None: ...
    async def select(
        self,
        account: Account,
        session: str,
        video: list[str | None],
        tiles: list[list[int] | None] | None,
    ) -> None: ...
    async def listen(self, account: Account, session: str, camera: str | None) -> None: ...
    def session_etag(self, account: Account, session: str) -> str: ...
    def media_events(self, meeting: str, account: Account) -> list[Json]: ...
    def recording_state(self, meeting: str) -> tuple[str, str | None] | None:
        """Whether the recording that runs in a meeting records (state, reason); None when none runs."""

    def media_counts(self) -> MediaCounts: ...


class NodeCounted(Protocol):
    """Numbers of one media node: `figures` by name, `dropped` packets by reason."""

    @property
    def figures(self) -> Mapping[str, float]: ...
    @property
    def dropped(self) -> Mapping[str, float]: ...


class MediaCounts(Protocol):
    """What /metrics says about media."""

    @property
    def nodes(self) -> Mapping[str, NodeCounted]: ...
    @property
    def sessions(self) -> Mapping[tuple[str, str, bool], int]:
        """By direction, source (`camera`, `screen`), and whether it is connected."""

    @property
    def lines(self) -> Mapping[tuple[str, str], int]:
        """Participants by way (`uplink`, `downlink`) and state of the line."""


class Proof(Protocol):
    """What holds an entry in its place: the hash of the one before it, and the first checkpoint that covers it."""

    @property
    def entry(self) -> Entry: ...
    @property
    def before(self) -> str | None: ...
    @property
    def checkpoint(self) -> Checkpoint | None: ...


class Upkeep(Protocol):
    """What makes backups and verifies them: hub.upkeep.upkeep.Upkeep."""

    def running(self) -> list[Json]: ...
    def backups(self) -> list[Kept]: ...
    async def folders(self) -> list[Json]: ...
    def next_at(self) -> str | None: ...


class JobProgress(Protocol):
    """How far jobs are, and work of the hub's own: hub.jobs.runner.JobRunner."""

    def progress(self, job: str) -> Json | None: ...
    async def put(self, kind: str, subject: str, *, meeting: str | None = None, **options: Any) -> bool: ...
    def listen(self, callback: Callable[[Sequence[str]], None]) -> Callable[[], None]: ...


class Copies(Protocol):
    """The second copy: hub.copies.copier.Copier."""

    trouble: str
    """Why nothing can be copied; empty while it can."""

    @property
    def rows(self) -> CopyReading: ...
    def told(self) -> Json: ...
    async def here(self, meeting: str) -> bool: ...
    def read(self, thing: Thing, first: int, length: int) -> AsyncIterator[bytes]:
        """Bytes of a file there. Raises Refusal: `not_found`, `unavailable`."""


class CopyReading(Protocol):
    """What is read of its rows: hub.store.copy_rows."""

    async def counts(self) -> CopyCounts: ...
    async def troubles(self) -> list[Json]: ...
    async def far_alone(self, limit: int) -> list[Json]: ...
    async def of_meeting(self, meeting: str) -> MeetingCopies: ...
    async def among(self, digests: Collection[str]) -> Collection[str]:
        """Which of these a second copy is proven to hold."""

    async def standing(self, copies: Collection[tuple[str, str]]) -> int:
        """How many of these (kind, id) stand there, or may."""


class Health(Protocol):
    """How the hub fares: hub.upkeep.health.Health."""

    def to_wire(self) -> Json: ...


class Queries(GridReads, PatrolReads, Protocol):
    """Reading. Every answer holds only what the account may see, in the shapes of docs/protocol.md."""

    async def meetings(
        self,
        account: Account,
        tree: CenterTree,
        *,
        state: str | None = None,
        text: str | None = None,
        since: str | None = None,
        until: str | None = None,
        center: str | None = None,
        limit: int = 50,
        before: str | None = None,
    ) -> Json: ...
    async def find(self, account: Account, tree: CenterTree, wanted: FindFilter, limit: int = 40) -> Json: ...
    async def spoken(
        self, account: Account, tree: CenterTree, wanted: SpokenFilter, limit: int = 20
    ) -> Json: ...
    async def voices(self, meeting: str) -> Json: ...
    async def said(self, meeting: str, after: int) -> Json: ...
    async def meeting_snapshot(self, account: Account, tree: CenterTree, meeting: str) -> Json | None: ...
    async def is_removed(self, account: Account, tree: CenterTree, meeting: str) -> bool: ...
    async def entries(
        self,
        account: Account,
        tree: CenterTree,
        meeting: str,
        since: int = 0,
        limit: int = 500,
        *,
        before: int | None = None,
        kind: str | None = None,
    ) -> Json: ...
    async def entries_of_kinds(
        self,
        account: Account,
        tree: CenterTree,
        meeting: str,
        kinds: Collection[str],
        *,
        by: str | None = None,
        before: int = 2**62,
        limit: int = 100,
    ) -> Json: ...
    async def orders(
        self, account: Account, tree: CenterTree, wanted: ListFilter = EVERYTHING, limit: int = 100
    ) -> Json: ...
    async def order_ledger(
        self, account: Account, tree: CenterTree, wanted: LedgerFilter, limit: int = 50
    ) -> Json: ...
    async def open_orders(self, account: Account, tree: CenterTree, limit: int = 500) -> list[Json]: ...
    async def reports(
        self, account: Account, tree: CenterTree, wanted: ListFilter = EVERYTHING, limit: int = 100
    ) -> Json: ...
    async def alarms(
        self, account: Account, tree: CenterTree, wanted: ListFilter = EVERYTHING, limit: int = 100
    ) -> Json: ...
    async def decisions(
        self, account: Account, tree: CenterTree, wanted: ListFilter = EVERYTHING, limit: int = 100
    ) -> Json: ...
    async def checks(self, account: Account, tree: CenterTree, before: str | None, limit: int) -> Json: ...
    async def check(self, account: Account, tree: CenterTree, check: str) -> Json | None: ...
    async def meeting_documents(
        self, account: Account, tree: CenterTree, meeting: str, *, own: bool = False
    ) -> Json: ...
    async def bookings(
        self, account: Account, tree: CenterTree, wanted: BookingFilter, limit: int = 100
    ) -> Json: ...
    async def booking(self, account: Account, tree: CenterTree, booking: str) -> Json | None: ...
    async def report_totals(
        self, account: Account, tree: CenterTree, wanted: ListFilter
    ) -> dict[str, tuple[int, int, int]]: ...
    async def statistics(
        self, account: Account, tree: CenterTree, top: str, period: Period
    ) -> tuple[Mapping[str, Mapping[str, int]], Mapping[str, Mapping[str, int]]]: ...
    async def tasks(
        self, account: Account, tree: CenterTree, wanted: ListFilter = ..., limit: int = ...
    ) -> Json: ...
    async def task_rounds(self, account: Account, tree: CenterTree, task: str) -> list[Json] | None: ...
    async def task_board(self, account: Account, tree: CenterTree, task: str, round: int) -> Json | None: ...
    async def clearings(self, account: Account, tree: CenterTree, before: str | None, limit: int) -> Json: ...
    async def clearing(self, account: Account, tree: CenterTree, clearing: str) -> Json | None: ...
    async def own_clearings(self, center: str) -> list[Json]: ...
    async def clearing_board(self, account: Account, tree: CenterTree, clearing: str) -> list[Json]: ...
    async def incidents(
        self, account: Account, tree: CenterTree, wanted: IncidentFilter, limit: int = 100
    ) -> Json: ...
    async def incident(self, account: Account, tree: CenterTree, incident: str) -> Json | None: ...
    async def duty_turns(self, center: str, before: str | None, limit: int) -> Json: ...
    async def duty_log(
        self,
        account: Account,
        tree: CenterTree,
        center: str,
        since: str,
        until: str,
        *,
        before: int = 2**62,
        limit: int = 100,
    ) -> Json: ...
    async def people_given(
        self, account: Account, tree: CenterTree, batch: str, after: str | None, limit: int
    ) -> tuple[list[Json], str | None]: ...
    async def templates(
        self, account: Account, tree: CenterTree, before: str | None = None, limit: int = 100
    ) -> Json: ...
    async def whole_meeting(self, meeting: str) -> list[Entry]: ...
    async def documents_told(self, ids: Mapping[str, Sequence[str]]) -> dict[tuple[str, str], Json]: ...
    async def targets_told(self, centers: Mapping[str, Collection[str]]) -> dict[str, dict[str, Json]]: ...
    async def recordings(self, meeting: str) -> list[Json]: ...
    async def jobs(self, meeting: str, kind: str | None = None) -> list[Json]: ...
    async def job(self, job: str) -> Json | None: ...
    async def marks(self, meeting: str) -> list[Json]: ...
    async def made_of(self, kind: str, subject: str) -> Json | None: ...
    async def is_job_open(self, kind: str, subject: str) -> bool: ...
    async def newest_film(self) -> Json | None: ...
    async def part(self, recording: str, part: str) -> Json | None: ...
    async def account_states(self, accounts: Collection[str]) -> dict[str, Json]: ...
    async def last_seen(self) -> dict[str, str]: ...
    async def audit(self, wanted: AuditFilter, limit: int) -> tuple[list[Entry], int | None]: ...
    async def audit_proof(self, seq: int, *, cleared: bool) -> Proof | None: ...
    async def audit_standing(self) -> Json: ...
    async def newest_checkpoint(self) -> Checkpoint | None: ...
    async def evidence(self, account: Account, tree: CenterTree, meeting: str) -> Material | None: ...
    async def scanned(self, meeting: str) -> Json: ...
    async def damaged(self, meeting: str | None = None) -> list[Json]: ...
    async def storage(self, lately: str) -> Json: ...


class PatrolProof(Protocol):
    """What saw pictures flow to those who walk rounds: signaling.patrol_watch."""

    async def settle(self, account: str) -> None:
        """The journal knows all that has flowed to this account at its stop."""


class KeptRow(Protocol):
    """A sealed row of a list of people, and what stands beside it."""

    @property
    def number(self) -> int: ...
    @property
    def sealed(self) -> str: ...
    @property
    def mark(self) -> str | None: ...
    @property
    def trouble(self) -> str | None: ...
    @property
    def at(self) -> str | None: ...
    @property
    def words(self) -> str | None: ...


class SamePerson(Protocol):
    """A row with that mark."""

    @property
    def mark(self) -> str: ...
    @property
    def clearing(self) -> str: ...
    @property
    def number(self) -> int: ...


class SealedRows(Protocol):
    """The sealed rows of lists of people: hub.store.clearing_store."""

    async def begin(
        self, clearing: str, sealed_key: str, columns: Sequence[Mapping[str, str]], at: datetime
    ) -> None: ...
    async def add(self, clearing: str, rows: Sequence[tuple[int, str, str | None]]) -> None: ...
    async def forget(self, clearing: str) -> None: ...
    async def unknown(self) -> list[str]: ...
    async def key(self, clearing: str) -> tuple[str, list[dict[str, str]]] | None: ...
    async def rows(self, clearing: str, numbers: Collection[int]) -> Sequence[KeptRow]: ...
    async def same(self, marks: Collection[str]) -> Sequence[SamePerson]: ...
    async def put_words(self, clearing: str, words: Mapping[int, str | None]) -> None: ...


@dataclass(frozen=True)
class Lists:
    """What lists of people are kept by."""

    rows: SealedRows
    key: HubKey
    matches: MatchService


def _ready() -> dict[str, bool]:
    return {}


@dataclass
class Services:
    """All that signaling is built on; hub/app.py fills it in."""

    config: Config
    clock: Clock
    tree: CenterTree
    """The directory; replaced as a whole when it changes."""
    writer: Writer
    queries: Queries
    accounts: Sessions
    """Who is signed in."""
    media: MediaService
    objects: ObjectService
    lists: Lists
    minutes: MinutesService
    cameras: CameraService
    """The directory of cameras."""
    registry: RegistryService
    """Who lives where: buildings, houses, units, households."""
    sweeps: SweepService
    work: WorkService
    """What phones of grid members hold."""
    views: ViewService
    """What offices ask of registry and visits."""
    phones: PhoneRows
    """Phones of grid members."""
    custody: CustodyService
    """What meetings left, what is held, what is destroyed."""
    prober: Prober | None = None
    """Who looks at cameras; None in tests of single parts."""
    camera_standing: Missing | None = None
    """Which cameras that matter give no picture; None in tests of single parts."""
    patrol: PatrolProof | None = None
    """What saw pictures flow to those who walk rounds; the sockets put it here."""
    seals: Seals | None = None
    """Checkpoints of the journal; None where this front writes none: it gives no evidence out."""
    turn: Turn | None = None
    """The relay for those whom UDP does not reach; None where there is none."""
    first_start: FirstStart | None = None
    """What makes the first administrators; None: there was somebody when the hub started."""
    demo: bool = False
    """Whether the hub runs as a demo, with made-up accounts and stations: pages then offer a guided drill."""
    parts: Callable[[], dict[str, bool]] = field(default=_ready)
    """What /readyz reports: `journal`, `node`, `recorder`, `recording` -> whether it is there and works."""
    upkeep: Upkeep | None = None
    """Backups and verification; None in tests of single parts."""
    copies: Copies | None = None
    """The second copy; None where none is configured."""
    jobs: JobProgress | None = None
    """How far jobs are; None in tests of single parts."""
    health: Health | None = None
    """How its parts fare; None in tests of single parts."""
    low_on_space: Callable[[], list[str]] = field(default=list)
    """Folders in whose file system little room is left: `data`, `recordings`."""
    recording_room: Callable[[], Room | None] = field(default=lambda: None)
    """Room for recordings; None: not looked at yet."""
