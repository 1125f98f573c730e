"""The single writer: commands in, decided in turn, committed in groups, then answered and published.

While one group is in the database the next is decided. Nobody sees anything that is not committed: not an entry, not a state,
not even a refusal that came about by an entry still on its way. Refusals are not kept: the same command sent again later
is decided again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any, Final, Generic

from hub.clock import Clock, ForwardClock, system_clock
from hub.directory.accounts import Account
from hub.entry import Command, Draft, Entry, Standing
from hub.errors import Refusal
from hub.journal.answers import Answer, AnswerCache, Kept, answer_again, digest_of
from hub.journal.checkpoint import Checkpointer
from hub.journal.deciding import C, Deciding, S, WorkingStateSpoilt
from hub.journal.group import GROUP_SIZE, Group, Request
from hub.journal.head import Shortfall, find_shortfall
from hub.journal.ports import AnswerRow, Batch, CommandKey, JournalStore, StoreBusy, StoreLost, Tip

__all__ = ["Answer", "Writer"]

log = logging.getLogger(__name__)

#: Deciding gives other tasks of the event loop a turn after this long.
TURN_S: Final = 0.005
#: Commands that may be on their way, waiting or in the database; beyond it `too_many`.
MAX_WAITING: Final = 4096
#: Answers kept in memory.
MAX_ANSWERS: Final = 16_384
#: How long callers wait for a lost database before they hear `unavailable`.
PATIENCE_S: Final = 2.0
#: Pause between attempts to reach it again.
RETRY_S: Final = 0.2
#: A journal to which nothing was written for so long is probed: a full disk is to be known before somebody needs it.
PROBE_IDLE_S: Final = 2.0
#: One that could not be written is probed so often.
PROBE_FAILING_S: Final = 0.5

_UNKNOWN: Final = (
    "the journal is away; whether this was done is not known yet: send it again with the same id"
)
_NOT_DONE: Final = "the journal could not be written; nothing was done"


class Writer(Generic[S, C]):
    """Owns the journal and the committed state.

    `state` is an empty state, filled from the journal by `start`; `context` makes the rules' context from the account and the
    moment. `standing` says what a restart must know of an applied entry, and `recall` stands in for `apply` when a restart
    meets an entry about something that is closed. With a checkpointer, signed checkpoints are made while the writer runs and
    when it stops.
    """

    def __init__(
        self,
        store: JournalStore,
        state: S,
        decide: Callable[[S, Command, C], Sequence[Draft]],
        apply: Callable[[S, Entry], None],
        *,
        context: Callable[[Account, datetime], C],
        standing: Callable[[S, Entry], Standing | None],
        recall: Callable[[S, Entry], None],
        clock: Clock = system_clock,
        checkpointer: Checkpointer | None = None,
        max_waiting: int = MAX_WAITING,
        patience_s: float = PATIENCE_S,
    ) -> None:
        #: The committed state, for readers; never ahead of the database.
        self.state = state
        self._store = store
        self._apply = apply
        self._recall = recall
        self._clock = clock if isinstance(clock, ForwardClock) else ForwardClock(clock)
        self._rules = (decide, apply, context, self._clock, standing)
        self._checkpointer = checkpointer
        self._max_waiting = max_waiting
        self._patience_s = patience_s
        self._answers = AnswerCache(MAX_ANSWERS)
        self._requests: dict[CommandKey, Request] = {}
        self._waiting: deque[Request] = deque()
        self._wake = asyncio.Event()
        self._subscribers: list[Callable[[Sequence[Entry]], None]] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._tip = Tip(0, "", None)
        self._open = False
        self._started = False
        #: Why nothing is written until a person has looked; None when all is well.
        self.broken: str | None = None
        self._stopping = False
        self._store_away = False
        self._failing = False
        self._probe_due = False
        self._written_at = 0.0  # time.monotonic() of the last write that held, probes included

    @property
    def tip(self) -> Tip:
        """The newest committed entry."""
        return self._tip

    @property
    def available(self) -> bool:
        """Whether commands are taken and what they bring about can be written, for readiness checks.

        Told by the last write, and where there is none by a probe that takes the same way.
        """
        return self._open and not self._store_away and not self._failing

    @property
    def waiting(self) -> int:
        """Commands that are not answered yet."""
        return len(self._requests)

    async def start(self) -> None:
        """Take the journal, bring back everything open, and begin.

        A journal that does not hold what it once held can be read, but nothing is written to it: see `broken`. Raises
        StoreBusy when another hub runs on it, StoreBroken or StoreLost when it cannot be used.
        """
        self._tip = await self._store.open()
        try:
            shortfall = await self._shortfall()
            async for entry, is_open in self._store.load_open():
                (self._apply if is_open else self._recall)(self.state, entry)
        except BaseException:
            await self._store.close()
            raise
        self.state.last_seq = self._tip.seq
        if self._tip.at is not None:
            self._clock.not_before(self._tip.at)
        self._deciding: Deciding[S, C] = Deciding(*self._rules, self.state, self._tip)
        self._started = True
        if shortfall is not None:
            self._break(str(shortfall))
            return
        if self._checkpointer is not None:
            async for hashes in self._store.hashes(self._checkpointer.begin()):
                self._checkpointer.follow(hashes, self._tip.seq)
            # What a killed hub left unsigned, before anything new comes.
            await self._checkpointer.make(self._tip, self._store.add_checkpoint)
            self._checkpointer.note(self._tip)
        self._open = True
        self._written_at = time.monotonic()
        self._tasks = [
            asyncio.create_task(self._guarded_run(), name="journal writer"),
            asyncio.create_task(self._probe_when_due(), name="journal probes"),
        ]
        if self._checkpointer is not None:
            keep = self._checkpointer.keep(lambda: self._tip, self._store.add_checkpoint)
            self._tasks.append(asyncio.create_task(keep, name="journal checkpoints"))

    async def stop(self) -> None:
        """Take no more commands, finish those that wait, sign a last checkpoint, give the journal back."""
        if not self._started:
            return
        self._started = False
        self._open = False
        self._stopping = True
        self._wake.set()
        writers, others = self._tasks[:1], self._tasks[1:]
        self._tasks = []
        for task in others:
            task.cancel()
        await asyncio.gather(*writers, *others, return_exceptions=True)
        if self._checkpointer is not None:
            if self.broken is None and not self._store_away:
                await self._checkpointer.make(self._tip, self._store.add_checkpoint)
            self._checkpointer.close()
        await self._store.close()

    async def seal(self) -> None:
        """Have everything so far signed now; nothing where it is already, or where nobody signs."""
        if self._checkpointer is not None and self._open and not self._store_away:
            await self._checkpointer.make(self._tip, self._store.add_checkpoint)

    @property
    def signer(self) -> Checkpointer | None:
        """Who signs here; None where nobody does."""
        return self._checkpointer

    def subscribe(self, callback: Callable[[Sequence[Entry]], None]) -> Callable[[], None]:
        """Have `callback` called on the event loop with each group of committed entries, in seq order.

        It must not block; what it raises is logged and touches nobody else. Returns a function that ends it.
        """
        self._subscribers.append(callback)

        def unsubscribe() -> None:
            if callback in self._subscribers:
                self._subscribers.remove(callback)

        return unsubscribe

    async def submit(self, command: Command, account: Account) -> Answer:
        """Have a command decided and committed; returns after the commit.

        Sent again by the same account with the same id and body it gets the first answer. Raises Refusal: that of the rules,
        `id_reused`, `too_many` when too many wait, `unavailable` when the journal cannot be written.
        """
        if not self._open:
            raise Refusal("unavailable", self.broken or "the journal is closed")
        key = CommandKey(account.id, command.id)
        digest = digest_of(command)
        if (kept := self._answers.get(key)) is not None:
            answer_again(kept.digest, digest)
            return kept.answer
        request = self._requests.get(key)
        if request is not None:
            answer_again(request.digest, digest)
        else:
            if self._store_away:
                raise Refusal("unavailable", "the journal is away; nothing was done")
            if len(self._requests) >= self._max_waiting:
                raise Refusal("too_many", "too many commands wait; try again in a moment")
            request = Request(key, digest, command, account)
            self._requests[key] = request
            self._waiting.append(request)
            self._wake.set()
        caller: asyncio.Future[Answer | Refusal] = asyncio.get_running_loop().create_future()
        request.callers.append(caller)
        outcome = await caller
        if isinstance(outcome, Refusal):
            raise outcome
        return outcome

    async def _guarded_run(self) -> None:
        try:
            await self._run()
        except Exception:
            log.critical("the journal's writer failed; this hub writes no more", exc_info=True)
        finally:
            self._open = False
            for request in list(self._requests.values()):
                self._finish(request, Refusal("unavailable", _UNKNOWN))

    async def _probe_when_due(self) -> None:
        """Have the journal probed whenever nothing else shows whether it can be written."""
        while True:
            await asyncio.sleep(PROBE_FAILING_S)
            if self._failing or time.monotonic() - self._written_at >= PROBE_IDLE_S:
                self._probe_due = True
                self._wake.set()

    async def _run(self) -> None:
        """Decide what waits, one group at a time in the database, the next being decided meanwhile."""
        group, flying = Group(), Group()
        flight: asyncio.Task[None] | None = None
        while True:
            if flight is not None and flight.done():
                if (error := flight.exception()) is None:
                    self._has_written()
                    self._settle(flying)
                else:
                    # What was decided on top of the lost group is decided again.
                    self._waiting.extendleft(reversed(group.requests))
                    group = Group()
                    if not await self._find_out(flying, error):
                        return
                flight = None
            if self._waiting and not group.full:
                await self._decide_waiting(group, flying if flight is not None else Group())
            if flight is None and group.requests:
                flying, group = group, Group()
                if flying.answers:
                    flight = self._fly(
                        self._store.append(Batch(flying.entries, flying.answers, flying.standings))
                    )
                else:
                    self._settle(flying)
            elif flight is None and self._probe_due:
                self._probe_due, flying = False, Group()
                flight = self._fly(self._store.probe())
            if self._stopping and flight is None and not self._waiting and not group.requests:
                return
            if flight is None or not flight.done():
                if not self._waiting or group.full:
                    await self._wake.wait()
                self._wake.clear()

    def _fly(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Have the store do its work, and this loop woken when it is done."""
        flight = asyncio.create_task(work)
        flight.add_done_callback(lambda _: self._wake.set())
        return flight

    def _has_written(self) -> None:
        self._written_at = time.monotonic()
        if self._failing:
            self._failing = False
            log.warning("the journal can be written again")

    async def _decide_waiting(self, group: Group, flying: Group) -> None:
        """Decide waiting commands into `group` until it is full; `flying` is on its way to the database."""
        taken = [
            self._waiting.popleft() for _ in range(min(len(self._waiting), GROUP_SIZE - len(group.requests)))
        ]
        try:
            known = {row.key: row for row in await self._store.answers([request.key for request in taken])}
            for request in taken:
                if (row := known.get(request.key)) is not None:
                    await self._repeat(request, row)
        except Exception as error:
            log.warning("looking up earlier answers failed: %s", error)
            for request in taken:
                self._finish(request, Refusal("unavailable", _NOT_DONE))
            return
        turn = begun = time.perf_counter()
        for place, request in enumerate(taken):
            if group.full:
                self._waiting.extendleft(reversed(taken[place:]))
                return
            if not request.repeated:
                self._decide(request, group, flying)
            group.requests.append(request)
            now = time.perf_counter()
            group.spent_s += now - begun
            if now - turn > TURN_S:
                await asyncio.sleep(0)
                turn = now = time.perf_counter()
            begun = now

    def _decide(self, request: Request, group: Group, flying: Group) -> None:
        try:
            entries = self._deciding.decide(request.command, request.account)
        except Refusal as refusal:
            request.outcome = refusal
            return
        except WorkingStateSpoilt:
            self._deciding.reset(self.state, self._tip, [*flying.entries, *group.entries])
            request.outcome = Refusal("unavailable", "this could not be decided; it is logged")
            return
        seq = self._deciding.tip.seq
        request.outcome = Answer(seq, tuple(entries))
        group.entries.extend(entries)
        group.standings.extend(map(self._deciding.standing, entries))
        first = entries[0].seq if entries else None
        group.answers.append(AnswerRow(request.key, request.digest, seq, first, self._deciding.now()))

    async def _repeat(self, request: Request, row: AnswerRow) -> None:
        """The command was answered before, too long ago to be in memory."""
        request.repeated = True
        try:
            answer_again(row.digest, request.digest)
        except Refusal as refusal:
            request.outcome = refusal
            return
        entries = [] if row.first_seq is None else await self._store.entries(row.first_seq, row.seq)
        request.outcome = Answer(row.seq, tuple(entries))

    def _settle(self, group: Group) -> None:
        """The group is in the database: now everybody may know."""
        for entry in group.entries:
            try:
                self._apply(self.state, entry)
            except Exception:
                # It did apply to the working state; the journal has it, and a restart tries again.
                log.exception("applying entry %d failed", entry.seq)
        if group.entries:
            last = group.entries[-1]
            self._tip = Tip(last.seq, last.hash, last.at)
            if self._checkpointer is not None:
                self._checkpointer.follow((entry.hash for entry in group.entries), last.seq)
                self._checkpointer.note(self._tip)
        for request in group.requests:
            if isinstance(request.outcome, Answer):
                self._answers.put(request.key, Kept(request.digest, request.outcome))
            self._finish(request, request.outcome)
        if group.entries:
            for callback in tuple(self._subscribers):
                try:
                    callback(group.entries)
                except Exception:
                    log.exception("a subscriber of the journal failed")

    def _finish(self, request: Request, outcome: Answer | Refusal | None) -> None:
        """Tell the callers, once. A request that was given up before may still be settled later."""
        if self._requests.get(request.key) is request:
            del self._requests[request.key]
        for caller in request.callers:
            if not caller.done():
                caller.set_result(outcome or Refusal("unavailable", _NOT_DONE))

    async def _find_out(self, group: Group, error: BaseException) -> bool:
        """A commit failed, or was cut off so that nobody knows: look at what is in the database before going on.

        Returns False when the journal cannot be gone on with.
        """
        if not self._failing:
            self._failing = True
            log.error("the journal cannot be written: %s", error)
        else:
            log.debug("a commit of %d entries failed: %s", len(group.entries), error)
        since = time.monotonic()
        while True:
            try:
                tip = await self._store.recover()
                break
            except (StoreLost, StoreBusy) as still:
                if not self._store_away and (self._stopping or time.monotonic() - since > self._patience_s):
                    log.error("the journal is away: %s", still)
                    self._give_up(group)
                if self._stopping:
                    return False
                await asyncio.sleep(RETRY_S)
        if tip.seq == self._tip.seq and tip.hash == self._tip.hash:
            for request in group.requests:
                self._finish(request, Refusal("unavailable", _NOT_DONE))
        elif group.entries and (tip.seq, tip.hash) == (group.entries[-1].seq, group.entries[-1].hash):
            self._settle(group)
        else:
            if tip.seq < self._tip.seq:
                lost = f"{self._tip.seq - tip.seq} entries are missing"
                self._break(
                    f"the journal ends at entry {tip.seq}, but it had come to {self._tip.seq}: {lost}"
                )
            else:
                self._break(f"somebody else wrote to the journal (entry {tip.seq})")
            self._give_up(group)
            return False
        if self._store_away:
            log.warning("the journal is back at entry %d", tip.seq)
        self._store_away = False
        self._deciding.reset(self.state, self._tip)
        return True

    async def _shortfall(self) -> Shortfall | None:
        """What is missing of the journal, by everything that says how far it had come."""
        marks = await self._store.marks()
        if self._checkpointer is not None:
            marks += await asyncio.to_thread(self._checkpointer.marks)
        hashes: dict[int, str] = {}
        for seq in {mark.seq for mark in marks}:
            hashes.update((entry.seq, entry.hash) for entry in await self._store.entries(seq, seq))
        return find_shortfall(self._tip, marks, hashes.get)

    def _break(self, why: str) -> None:
        """Write nothing more until a person has looked: the numbers of what is lost must not be used again."""
        self.broken = f"{why}; nothing is written until somebody has looked (hub journal recover)"
        self._open = False
        log.critical(
            "%s. The journal can be read, and every command is refused. Put back what is missing from a backup, or stop the "
            "hub and run `hub journal recover`, which shows what is lost and has the journal go on without it",
            why,
        )

    def _give_up(self, group: Group) -> None:
        """Tell everybody who waits that the journal is away; commands are refused at once until it is back."""
        self._store_away = True
        for request in group.requests:
            self._finish(request, Refusal("unavailable", _UNKNOWN))
        while self._waiting:
            self._finish(
                self._waiting.popleft(), Refusal("unavailable", "the journal is away; nothing was done")
            )
