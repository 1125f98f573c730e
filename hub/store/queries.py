"""Everything that is read: plain JSON in the shapes of docs/protocol.md, and only what the account may see."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from hub.clock import to_wire
from hub.directory.accounts import Account
from hub.directory.tree import CenterTree
from hub.entry import Entry
from hub.evidence.bundle import Material
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
from hub.ids import is_id
from hub.journal.ports import Checkpoint
from hub.statistics.period import Period
from hub.store import meeting_reading, session_reading, tables
from hub.store.alarm_rows import read_alarms
from hub.store.audit_reading import Proof, audit_page, audit_standing, newest_checkpoint, proof_of
from hub.store.booking_reading import booking_page, read_bookings, read_templates, template_page
from hub.store.checks import read_check, read_checks
from hub.store.clearing_rows import board_rows, clearing_page, own_clearings, read_clearing
from hub.store.duty_rows import duty_log, turn_page
from hub.store.entry_reading import earlier_entries, entries_of_kinds, later_entries
from hub.store.evidence_reading import evidence_material
from hub.store.grid_queries import GridQueries
from hub.store.grid_reading import (
    people_given,
)
from hub.store.incident_reading import incident_figures, incident_page, read_incidents, whole_incident
from hub.store.job_rows import is_job_open, made_of, read_jobs
from hub.store.lists import alarm_page, decision_page, order_page, report_page, report_totals
from hub.store.mark_rows import read_marks
from hub.store.minutes_rows import read_minutes
from hub.store.order_ledger import ledger_page
from hub.store.order_reading import (
    Json,
    open_orders,
    read_decisions,
    read_notes,
    read_orders,
    read_reports,
    read_targets,
)
from hub.store.patrol_queries import PatrolQueries
from hub.store.scan_store import damaged_files, scanned_parts
from hub.store.search import MeetingFilter, find, find_meetings
from hub.store.sight import Everything, among
from hub.store.spoken_reading import spoken
from hub.store.statistics_reading import Counted, Counts, count_by_center, count_by_hour
from hub.store.storage_reading import storage_figures
from hub.store.task_reading import read_answers, read_board, read_rounds, read_tasks, task_page
from hub.store.voice_store import lines_of, voices_of

#: Documents that are told whole, each with what reads it.
_TOLD: Final[dict[str, tuple[Callable[..., list[Json]], sa.Table]]] = {
    "order": (read_orders, tables.orders),
    "report": (read_reports, tables.reports),
    "alarm": (read_alarms, tables.alarms),
    "decision": (read_decisions, tables.decisions),
    "note": (read_notes, tables.notes),
    "booking": (read_bookings, tables.bookings),
    "template": (read_templates, tables.templates),
    "task": (read_tasks, tables.tasks),
    "incident": (read_incidents, tables.incidents),
    "job": (read_jobs, tables.jobs),
    "minutes": (read_minutes, tables.minutes),
}


class Queries(GridQueries, PatrolQueries):
    """The reading side of the journal. Each call reads one consistent, committed state."""

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
    ) -> Json:
        """``{"meetings": [Summary…], "next": id | null}``, newest first. `text` searches, `since`/`until` are times."""
        sight = self._sight(account, tree)
        wanted = MeetingFilter(state, text, since, until, center, before)
        return await self._read(lambda connection: find_meetings(connection, sight, wanted, limit))

    async def find(self, account: Account, tree: CenterTree, wanted: FindFilter, limit: int = 40) -> Json:
        """``{"groups", "next", "total", "more"}``: `next` is the `before` of the following page."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: find(connection, sight, wanted, limit))

    async def spoken(self, account: Account, tree: CenterTree, wanted: SpokenFilter, limit: int = 20) -> Json:
        """``{"groups": [{"meeting", "spans"}…], "next": id | null}``: meetings in which a center had the word, newest first."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: spoken(connection, sight, wanted, limit))

    async def voices(self, meeting: str) -> Json:
        """``{"voices", "listened", "parts"}`` of a meeting. Who may read it is for the caller to check."""
        return await self._read(lambda connection: voices_of(connection, meeting))

    async def said(self, meeting: str, after: int) -> Json:
        """``{"lines", "next"}``: what was said, by time. Who may read it is for the caller to check."""
        return await self._read(lambda connection: lines_of(connection, meeting, after))

    async def meeting_snapshot(self, account: Account, tree: CenterTree, meeting: str) -> Json | None:
        """The Snapshot of a meeting; None when it does not exist for this account."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: meeting_reading.snapshot(connection, sight, meeting))

    async def is_removed(self, account: Account, tree: CenterTree, meeting: str) -> bool:
        """Whether this account was removed from the meeting, running or ended."""
        query = self._sight(account, tree).removed_from().where(tables.participants.c.meeting == meeting)
        return await self._read(lambda connection: connection.execute(query).first() is not None)

    async def meeting_documents(
        self, account: Account, tree: CenterTree, meeting: str, *, own: bool = False
    ) -> Json:
        """``{orders, reports, decisions, notes}`` of a meeting that the account may read, oldest first.

        `own`: only what is addressed to its own center, as a station is told it.
        """
        sight = self._sight(account, tree)
        return await self._read(
            lambda connection: meeting_reading.documents(connection, sight, meeting, own=own)
        )

    async def whole_meeting(self, meeting: str) -> list[Entry]:
        """All entries of a meeting by seq, whoever may read them: to be replayed."""
        return await self._read(lambda connection: meeting_reading.whole_meeting(connection, meeting))

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
    ) -> Json:
        """``{"entries": […], "seq": newest of the meeting, "next"}``, by seq: those after `since` that the account may
        read, or with `before` the newest of those before it; `next` is the `since` or `before` of the following page.
        """
        sight = self._sight(account, tree)
        if before is not None:
            return await self._read(
                lambda connection: earlier_entries(connection, sight, meeting, before, limit, kind)
            )
        return await self._read(
            lambda connection: later_entries(connection, sight, meeting, since, limit, kind)
        )

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
    ) -> Json:
        """``{"entries": […], "next"}``, the newest first: those of these kinds that one did, or all; `next` is the `before`
        of the following page."""
        sight = self._sight(account, tree)
        return await self._read(
            lambda connection: entries_of_kinds(connection, sight, meeting, before, limit, kinds, by)
        )

    async def orders(
        self, account: Account, tree: CenterTree, wanted: ListFilter = EVERYTHING, limit: int = 100
    ) -> Json:
        """``{"orders": [Order…], "next": id | null}``, newest first; `next` is the `before` of the following page."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: order_page(connection, sight, wanted, limit))

    async def order_ledger(
        self, account: Account, tree: CenterTree, wanted: LedgerFilter, limit: int = 50
    ) -> Json:
        """``{"orders": [OrderLine…], "next": id | null, "sums", "at"}``, what is due first; late is what is so at `at`."""
        sight, now = self._sight(account, tree), to_wire(self._clock())
        page = await self._read(lambda connection: ledger_page(connection, sight, wanted, now, limit))
        return {**page, "at": now}

    async def open_orders(self, account: Account, tree: CenterTree, limit: int = 500) -> list[Json]:
        """The orders to the account's own center that it has not completed, newest first, with its own row alone."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: open_orders(connection, sight, account.center, limit))

    async def reports(
        self, account: Account, tree: CenterTree, wanted: ListFilter = EVERYTHING, limit: int = 100
    ) -> Json:
        """``{"reports": [Report…], "next": id | null}``, as `orders`."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: report_page(connection, sight, wanted, limit))

    async def statistics(
        self, account: Account, tree: CenterTree, top: str, period: Period
    ) -> tuple[Counts, Mapping[str, dict[str, int]]]:
        """What statistics count of a center and all below it: by center, and by hour; of secret meetings for the cleared.

        Who may ask is the caller's matter.
        """
        sight = self._sight(account, tree)
        whole = [each.code for each in tree.roots] == [top]
        codes, now = None if whole else [each.code for each in tree.subtree(top)], to_wire(self._clock())

        def read(connection: sa.Connection) -> tuple[Counts, Mapping[str, dict[str, int]]]:
            dialect = connection.dialect.name

            def here(column: Any) -> sa.ColumnElement[bool]:
                return among(column, codes, dialect)

            counted = Counted(here, period, sight.told_of)
            return count_by_center(connection, counted, now), count_by_hour(connection, counted)

        return await self._read(read)

    async def report_totals(
        self, account: Account, tree: CenterTree, wanted: ListFilter
    ) -> dict[str, tuple[int, int, int]]:
        """Center -> reports, abnormal ones, and the persons that these concern, of all that `reports` would page through."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: report_totals(connection, sight, wanted))

    async def alarms(
        self, account: Account, tree: CenterTree, wanted: ListFilter = EVERYTHING, limit: int = 100
    ) -> Json:
        """``{"alarms": [Alarm…], "next": id | null}``, as `orders`."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: alarm_page(connection, sight, wanted, limit))

    async def decisions(
        self, account: Account, tree: CenterTree, wanted: ListFilter = EVERYTHING, limit: int = 100
    ) -> Json:
        """``{"decisions": [Decision…], "next": id | null}``, as `orders`."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: decision_page(connection, sight, wanted, limit))

    async def checks(self, account: Account, tree: CenterTree, before: str | None, limit: int) -> Json:
        """``{"checks": [Check without rows…], "next": id | null}``, newest first."""
        seen = self._sight(account, tree).checks()
        return await self._read(lambda connection: read_checks(connection, seen, before, limit))

    async def check(self, account: Account, tree: CenterTree, check: str) -> Json | None:
        """A check with its rows; None when it does not exist for this account."""
        seen = self._sight(account, tree).checks()
        return await self._read(lambda connection: read_check(connection, seen, check))

    async def clearings(self, account: Account, tree: CenterTree, before: str | None, limit: int) -> Json:
        """``{"clearings": [Clearing…], "next": id | null}``, newest first."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: clearing_page(connection, sight, before, limit))

    async def clearing(self, account: Account, tree: CenterTree, clearing: str) -> Json | None:
        """One list of people, in numbers; None when it does not exist for this account."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: read_clearing(connection, sight, clearing))

    async def own_clearings(self, center: str) -> list[Json]:
        """The lists of which this center checks rows. Who asks for it is for the caller to check."""
        return await self._read(lambda connection: own_clearings(connection, center))

    async def clearing_board(self, account: Account, tree: CenterTree, clearing: str) -> list[Json]:
        """The numbers of each center of a list that this account may read."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: board_rows(connection, sight, clearing))

    async def bookings(
        self, account: Account, tree: CenterTree, wanted: BookingFilter, limit: int = 100
    ) -> Json:
        """``{"bookings": [Booking…], "next": id | null}`` by their start; `next` is the `after` of the following page."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: booking_page(connection, sight, wanted, limit))

    async def booking(self, account: Account, tree: CenterTree, booking: str) -> Json | None:
        """One Booking with the codes of all that it calls; None when it does not exist for this account."""
        sight = self._sight(account, tree)
        wanted = tables.bookings.c.id == booking
        found = await self._read(lambda connection: read_bookings(connection, sight, wanted, whole=True))
        return found[0] if found else None

    async def incidents(
        self, account: Account, tree: CenterTree, wanted: IncidentFilter, limit: int = 100
    ) -> Json:
        """``{"incidents": [Incident…], "next": id | null, "figures"}``; `next` is the `after` of the following page."""
        sight = self._sight(account, tree)
        return await self._read(
            lambda connection: {
                **incident_page(connection, sight, wanted, limit),
                "figures": incident_figures(connection, sight),
            }
        )

    async def incident(self, account: Account, tree: CenterTree, incident: str) -> Json | None:
        """One Incident with its time line; None when it does not exist for this account."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: whole_incident(connection, sight, incident))

    async def marks(self, meeting: str) -> list[Json]:
        """The marks of a meeting by their moments. Who may read them is for the caller to check."""
        return await self._read(lambda connection: read_marks(connection, meeting))

    async def duty_turns(self, center: str, before: str | None, limit: int) -> Json:
        """``{"turns": [DutyPast…], "next": id | null}``, newest first. Who may read it is for the caller to check."""
        return await self._read(lambda connection: turn_page(connection, center, before, limit))

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
    ) -> Json:
        """``{"entries": […], "next"}``, the newest first: what concerns a center in a span of time, as far as the account
        may read it; `next` is the `before` of the following page."""
        sight = self._sight(account, tree)
        return await self._read(
            lambda connection: duty_log(connection, sight, center, since, until, before, limit)
        )

    async def templates(
        self, account: Account, tree: CenterTree, before: str | None = None, limit: int = 100
    ) -> Json:
        """``{"templates": [Template…], "next": id | null}``, newest first."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: template_page(connection, sight, before, limit))

    async def tasks(
        self, account: Account, tree: CenterTree, wanted: ListFilter = EVERYTHING, limit: int = 100
    ) -> Json:
        """``{"tasks": [Task…], "next": id | null}``, newest first; `next` is the `before` of the following page."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: task_page(connection, sight, wanted, limit))

    async def task_rounds(self, account: Account, tree: CenterTree, task: str) -> list[Json] | None:
        """The rounds of a task with their numbers, newest first; None when it does not exist for this account."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: read_rounds(connection, sight, task))

    async def task_board(self, account: Account, tree: CenterTree, task: str, round: int) -> Json | None:
        """Who is asked in a round, and who answered what; None when it does not exist for this account."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: read_board(connection, sight, task, round))

    async def account_states(self, accounts: Collection[str]) -> dict[str, Json]:
        """Account -> ``{password, one_time_until, signed_in_at, sessions}``. Who may read it is for the caller to check."""
        now = to_wire(self._clock())
        return await self._read(lambda connection: session_reading.account_states(connection, accounts, now))

    async def last_seen(self) -> dict[str, str]:
        """Account -> when it was last seen, as far as is written."""
        return await self._read(session_reading.last_seen)

    async def audit(self, wanted: AuditFilter, limit: int) -> tuple[list[Entry], int | None]:
        """Entries of the audit, newest first, and the `before` of the following page. Who may read them is for the caller
        to check.
        """
        return await self._read(lambda connection: audit_page(connection, wanted, limit))

    async def audit_proof(self, seq: int, *, cleared: bool) -> Proof | None:
        """What holds an entry of no meeting in its place; None where there is none, or not for who is not cleared."""
        return await self._read(lambda connection: proof_of(connection, seq, cleared=cleared))

    async def audit_standing(self) -> Json:
        """``{"oldest_at", "seq", "signed_seq", "signed_at"}`` of the whole journal; null where there is nothing."""
        return await self._read(audit_standing)

    async def people_given(
        self, account: Account, tree: CenterTree, batch: str, after: str | None, limit: int
    ) -> tuple[list[Json], str | None]:
        """Grids whose people a list changed, by code, with who worked there before; and the `after` of the next page."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: people_given(connection, sight, batch, after, limit))

    async def newest_checkpoint(self) -> Checkpoint | None:
        """The last that was signed."""
        return await self._read(newest_checkpoint)

    async def evidence(self, account: Account, tree: CenterTree, meeting: str) -> Material | None:
        """All that an evidence bundle of a meeting rests on; None where it does not exist for this account."""
        sight = self._sight(account, tree)
        return await self._read(lambda connection: evidence_material(connection, sight, meeting))

    async def scanned(self, meeting: str) -> Json:
        """How far the slow scan is with a meeting's recorded files. Who may see it is for the caller to check."""
        return await self._read(lambda connection: scanned_parts(connection, meeting))

    async def damaged(self, meeting: str | None = None) -> list[Json]:
        """Files that are not what the journal tells, as the scan found them. Who may read it is for the caller to check."""
        return await self._read(lambda connection: damaged_files(connection, meeting))

    async def storage(self, lately: str) -> Json:
        """What recordings, objects and the journal take, and what came since `lately`."""
        return await self._read(lambda connection: storage_figures(connection, lately))

    async def ping(self) -> None:
        """Ask the database for nothing. Raises Refusal `unavailable`."""
        await self._read(lambda connection: connection.execute(sa.text("SELECT 1")).scalar())

    async def documents_told(self, ids: Mapping[str, Sequence[str]]) -> dict[tuple[str, str], Json]:
        """(what, id) -> the document, whoever may see it: to be told in rooms. Recordings are left out, they are read again."""

        def work(connection: sa.Connection) -> dict[tuple[str, str], Json]:
            return {
                (what, document["id"]): document
                for what, (read, table) in _TOLD.items()
                if ids.get(what)
                for document in read(connection, Everything(), table.c.id.in_(ids[what]))
            }

        return await self._read(work) if any(ids.get(what) for what in _TOLD) else {}

    async def targets_told(self, centers: Mapping[str, Collection[str]]) -> dict[str, dict[str, Json]]:
        """Order or task -> center -> target or answer, of these centers, whoever may see them."""

        def work(connection: sa.Connection) -> dict[str, dict[str, Json]]:
            return {
                id: read_answers(connection, id, codes)
                if is_id(id, "q")
                else read_targets(connection, id, codes)
                for id, codes in centers.items()
            }

        return await self._read(work) if centers else {}

    async def recordings(self, meeting: str) -> list[Json]:
        """The recordings of a meeting with their parts. Who may see the meeting is for the caller to check."""
        return await self._read(
            lambda connection: meeting_reading.recordings(connection, meeting, self._clock())
        )

    async def jobs(self, meeting: str, kind: str | None = None) -> list[Json]:
        """What was asked for about a meeting, newest first. Who may see the meeting is for the caller to check."""
        jobs = tables.jobs.c
        wanted = sa.and_(jobs.meeting == meeting, sa.true() if kind is None else jobs.kind == kind)
        return await self._read(lambda connection: read_jobs(connection, Everything(), wanted))

    async def made_of(self, kind: str, subject: str) -> Json | None:
        """``{"job", "files", "told"}`` of the newest job of this kind about this subject that is done."""
        return await self._read(lambda connection: made_of(connection, kind, subject))

    async def is_job_open(self, kind: str, subject: str) -> bool:
        """Whether a job of this kind about this subject waits or runs."""
        return await self._read(lambda connection: is_job_open(connection, kind, subject))

    async def job(self, job: str) -> Json | None:
        """One Job; who may see its meeting is for the caller to check."""
        wanted = tables.jobs.c.id == job
        found = await self._read(lambda connection: read_jobs(connection, Everything(), wanted))
        return found[0] if found else None

    async def newest_film(self) -> Json | None:
        """The film that was made last, of whatever meeting: how long it took, how large it is."""
        jobs = tables.jobs.c
        wanted = sa.and_(jobs.kind == "film", jobs.state == "done")
        found = await self._read(lambda connection: read_jobs(connection, Everything(), wanted, 1))
        return found[0] if found else None

    async def parts_open(self, meeting: str) -> bool:
        """Whether a part of the meeting is being written, or its recorder has not told yet that it is not."""
        found = await self.recordings(meeting)
        return any(part["state"] == "recording" for each in found for part in each["parts"])

    async def part(self, recording: str, part: str) -> Json | None:
        """One Part, with `meeting` and `file` besides; who may see the meeting is for the caller to check."""
        return await self._read(
            lambda connection: meeting_reading.part(connection, recording, part, self._clock())
        )
