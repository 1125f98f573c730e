"""The single writer: order, groups, repetition, and what happens when the database fails."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.clock import ForwardClock
from hub.directory.accounts import Account
from hub.entry import Command, Entry
from hub.errors import Refusal
from hub.journal.answers import Answer
from hub.journal.chain import verify_chain
from hub.journal.checkpoint import Checkpointer, read_checkpoints
from hub.journal.ports import StoreBusy
from hub.journal.writer import Writer
from tests.support.memory_store import (
    NOON,
    SOMEBODY,
    SOMEBODY_ELSE,
    MemoryStore,
    Tally,
    apply,
    decide,
    standing,
)
from tests.support.waiting import eventually

TallyWriter = Writer[Tally, datetime]


def make(store: MemoryStore, **more: Any) -> TallyWriter:
    more.setdefault("clock", lambda: NOON)
    more = {"decide": decide, "apply": apply, "standing": standing, "recall": apply, **more}
    return Writer(store, Tally(), context=lambda account, now: now, **more)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
async def writer(store: MemoryStore) -> AsyncIterator[TallyWriter]:
    running = make(store, patience_s=0.05)
    await running.start()
    yield running
    store.away = False
    store.gate.set()
    await running.stop()


def add(id: str, n: int = 1, kind: str = "add") -> Command:
    return Command(id, kind, None, {"n": n})


def submit(writer: TallyWriter, command: Command, account: Account = SOMEBODY) -> asyncio.Task[Answer]:
    return asyncio.create_task(writer.submit(command, account))


async def refusal(task: asyncio.Task[Answer]) -> str:
    with pytest.raises(Refusal) as caught:
        await task
    return caught.value.code


async def test_commands_are_answered_after_the_commit_in_the_order_they_came(
    writer: TallyWriter, store: MemoryStore
) -> None:
    answers = await asyncio.gather(*(submit(writer, add(f"c{n}", n)) for n in range(100)))
    assert [answer.entries[0].data["n"] for answer in answers] == list(range(100))
    assert [answer.seq for answer in answers] == list(range(1, 101))
    assert list(verify_chain(store.entries_)) == []
    assert writer.state.numbers == list(range(100))
    assert writer.state.last_seq == writer.tip.seq == 100


async def test_waiting_commands_share_a_transaction(writer: TallyWriter, store: MemoryStore) -> None:
    store.gate.clear()
    first = submit(writer, add("first"))
    await eventually(lambda: store.begun == 1, why="the first command is not taken")
    rest = [submit(writer, add(f"c{n}")) for n in range(200)]
    await asyncio.sleep(0.02)
    store.gate.set()
    await asyncio.gather(first, *rest)
    assert [len(batch.answers) for batch in store.batches] == [1, 200]


async def test_nothing_is_seen_before_it_is_committed(writer: TallyWriter, store: MemoryStore) -> None:
    seen: list[Entry] = []
    writer.subscribe(seen.extend)
    store.gate.clear()
    doing = submit(writer, add("c1", 5, "once"))
    await eventually(lambda: store.begun == 1, why="the command is not taken")
    # This one is refused because of the first, so its refusal must wait for the first too.
    refused = submit(writer, add("c2", 5, "once"), SOMEBODY_ELSE)
    await asyncio.sleep(0.05)
    assert not doing.done()
    assert not refused.done()
    assert writer.state.numbers == []
    assert seen == []
    store.gate.set()
    await doing
    assert await refusal(refused) == "already_done"
    assert writer.state.numbers == [5]
    assert [entry.seq for entry in seen] == [1]


async def test_a_command_sent_again_gets_the_first_answer(writer: TallyWriter, store: MemoryStore) -> None:
    first = await submit(writer, add("c1", kind="twice"))
    await submit(writer, add("c2"))
    assert await submit(writer, add("c1", kind="twice")) == first
    assert len(first.entries) == 2
    assert len(store.entries_) == 3


async def test_a_command_sent_twice_at_once_is_done_once(writer: TallyWriter, store: MemoryStore) -> None:
    answers = await asyncio.gather(*(submit(writer, add("c1")) for _ in range(10)))
    assert all(answer == answers[0] for answer in answers)
    assert len(store.entries_) == 1


async def test_a_command_that_changed_nothing_is_answered_with_the_newest_number(
    writer: TallyWriter, store: MemoryStore
) -> None:
    await submit(writer, add("c1"))
    assert await submit(writer, add("c2", kind="look")) == Answer(1, ())
    await submit(writer, add("c3"))
    assert await submit(writer, add("c2", kind="look")) == Answer(1, ())
    assert len(store.entries_) == 2


async def test_an_id_with_another_body_is_refused_also_while_the_first_is_on_its_way(
    writer: TallyWriter, store: MemoryStore
) -> None:
    store.gate.clear()
    first = submit(writer, add("c1", 1))
    await asyncio.sleep(0)
    assert await refusal(submit(writer, add("c1", 2))) == "id_reused"
    store.gate.set()
    await first
    assert await refusal(submit(writer, add("c1", 2))) == "id_reused"
    assert (await submit(writer, add("c1", 2), SOMEBODY_ELSE)).seq == 2


async def test_a_restart_remembers_state_answers_and_bodies(store: MemoryStore) -> None:
    before = make(store)
    await before.start()
    first = await before.submit(add("c1", kind="twice"), SOMEBODY)
    nothing = await before.submit(add("c2", kind="look"), SOMEBODY)
    await before.stop()
    after = make(store)
    await after.start()
    assert after.state == before.state
    assert await after.submit(add("c1", kind="twice"), SOMEBODY) == first
    assert await after.submit(add("c2", kind="look"), SOMEBODY) == nothing
    assert await refusal(submit(after, add("c1", 7))) == "id_reused"
    assert (await after.submit(add("c3"), SOMEBODY)).seq == 3
    await after.stop()
    assert list(verify_chain(store.entries_)) == []


async def test_a_refused_command_is_decided_again_when_sent_again(
    writer: TallyWriter, store: MemoryStore
) -> None:
    assert await refusal(submit(writer, add("c1", 2000))) == "invalid"
    assert await refusal(submit(writer, add("c1", 2000))) == "invalid"
    assert store.kept == {}


async def test_a_failed_commit_refuses_the_batch_and_shows_nobody_anything(
    writer: TallyWriter, store: MemoryStore
) -> None:
    seen: list[Entry] = []
    writer.subscribe(seen.extend)
    store.faults.append("fail")
    tasks = [submit(writer, add(f"c{n}", n)) for n in range(3)]
    assert [await refusal(task) for task in tasks] == ["unavailable"] * 3
    assert (writer.state, seen, store.entries_) == (Tally(), [], [])
    again = [await submit(writer, add(f"c{n}", n)) for n in range(3)]
    assert [answer.seq for answer in again] == [1, 2, 3]
    assert list(verify_chain(store.entries_)) == []


async def test_what_was_decided_on_top_of_a_failed_commit_is_decided_again(
    writer: TallyWriter, store: MemoryStore
) -> None:
    store.faults.append("fail")
    store.gate.clear()
    lost = submit(writer, add("c1", 5, "once"))
    await eventually(lambda: store.begun == 1, why="the command is not taken")
    on_top = submit(writer, add("c2", 5, "once"))
    await asyncio.sleep(0.05)
    store.gate.set()
    assert await refusal(lost) == "unavailable"
    assert (await on_top).seq == 1
    assert writer.state.numbers == [5]


async def test_a_commit_cut_off_after_it_happened_is_found_and_acknowledged(
    writer: TallyWriter, store: MemoryStore
) -> None:
    seen: list[Entry] = []
    writer.subscribe(seen.extend)
    store.faults.append("cut")
    answer = await submit(writer, add("c1"))
    assert answer.seq == 1
    assert [entry.seq for entry in seen] == [1]
    assert await submit(writer, add("c1")) == answer
    assert (await submit(writer, add("c2"))).seq == 2


async def test_while_the_database_is_away_commands_are_refused_and_later_nothing_is_lost_or_doubled(
    writer: TallyWriter, store: MemoryStore
) -> None:
    seen: list[Entry] = []
    writer.subscribe(seen.extend)
    await submit(writer, add("c1", 1))
    store.faults.append("lose")
    assert await refusal(submit(writer, add("c2", 2))) == "unavailable"
    assert len(store.entries_) == 2
    assert not writer.available
    assert await refusal(submit(writer, add("c3", 3))) == "unavailable"
    assert [entry.seq for entry in seen] == [1]
    store.away = False
    await eventually(lambda: writer.available, why="the writer did not come back")
    assert [entry.seq for entry in seen] == [1, 2]
    assert (await submit(writer, add("c2", 2))).seq == 2
    assert (await submit(writer, add("c3", 3))).seq == 3
    assert writer.state.numbers == [1, 2, 3]


async def test_a_journal_that_somebody_else_wrote_to_is_left_alone(
    writer: TallyWriter, store: MemoryStore
) -> None:
    await submit(writer, add("c1"))
    store.faults.append("foreign")
    assert await refusal(submit(writer, add("c2", kind="twice"))) == "unavailable"
    await eventually(lambda: not writer.available, why="the writer goes on")
    assert await refusal(submit(writer, add("c3"))) == "unavailable"
    assert writer.state.numbers == [1]


async def test_too_many_waiting_commands_are_refused(store: MemoryStore) -> None:
    writer = make(store, max_waiting=4)
    await writer.start()
    store.gate.clear()
    first = submit(writer, add("first"))
    await eventually(lambda: store.begun == 1, why="the first command is not taken")
    tasks = [submit(writer, add(f"c{n}")) for n in range(5)]
    assert [await refusal(task) for task in tasks[3:]] == ["too_many"] * 2
    store.gate.set()
    await asyncio.gather(first, *tasks[:3])
    await writer.stop()


async def test_stopping_finishes_what_waits_and_then_refuses(store: MemoryStore) -> None:
    writer = make(store)
    await writer.start()
    tasks = [submit(writer, add(f"c{n}")) for n in range(50)]
    await asyncio.sleep(0)
    await writer.stop()
    assert [(await task).seq for task in tasks] == list(range(1, 51))
    assert await refusal(submit(writer, add("late"))) == "unavailable"
    assert not store.taken


async def test_a_second_hub_on_the_same_journal_does_not_start(
    writer: TallyWriter, store: MemoryStore
) -> None:
    with pytest.raises(StoreBusy):
        await make(store).start()


async def test_a_failing_subscriber_touches_nobody(
    writer: TallyWriter, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[Entry] = []

    def fail(entries: Sequence[Entry]) -> None:
        raise RuntimeError("no")

    writer.subscribe(fail)
    end = writer.subscribe(seen.extend)
    with caplog.at_level(logging.CRITICAL + 1):
        await submit(writer, add("c1"))
    end()
    end()
    with caplog.at_level(logging.CRITICAL + 1):
        await submit(writer, add("c2"))
    assert [entry.seq for entry in seen] == [1]


async def test_a_fault_in_the_rules_refuses_only_that_command(
    writer: TallyWriter, store: MemoryStore, caplog: pytest.LogCaptureFixture
) -> None:
    tasks = [submit(writer, command) for command in (add("c1", 1), add("c2", kind="bug"), add("c3", 3))]
    assert await refusal(tasks[1]) == "unavailable"
    assert [(await tasks[0]).seq, (await tasks[2]).seq] == [1, 2]
    assert "a fault in the rules" in caplog.text


async def test_a_fault_in_apply_leaves_no_trace_in_the_state(
    writer: TallyWriter, store: MemoryStore, caplog: pytest.LogCaptureFixture
) -> None:
    tasks = [submit(writer, command) for command in (add("c1", 1), add("c2", 2, "spoil"), add("c3", 3))]
    assert await refusal(tasks[1]) == "unavailable"
    assert [(await tasks[0]).seq, (await tasks[2]).seq] == [1, 2]
    assert writer.state.numbers == [1, 3]
    assert await refusal(submit(writer, add("c4", 3, "once"))) == "already_done"
    assert (await submit(writer, add("c5", 2, "once"))).seq == 3


async def test_data_without_canonical_form_is_refused(writer: TallyWriter) -> None:
    assert await refusal(submit(writer, Command("c1", "add", None, {"n": 1.5}))) == "invalid"


async def test_times_never_run_backwards(store: MemoryStore) -> None:
    times = iter([NOON, NOON - timedelta(hours=1), NOON + timedelta(seconds=1)] + [NOON] * 20)
    writer = make(store, clock=lambda: next(times))
    await writer.start()
    for n in range(5):
        await writer.submit(add(f"c{n}"), SOMEBODY)
    await writer.stop()
    written = [entry.at for entry in store.entries_]
    assert written == sorted(written)
    assert list(verify_chain(store.entries_)) == []


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_clock_set_back_does_not_stop_the_journals_time(
    store: MemoryStore, restarted: bool, tmp_path: Path
) -> None:
    """Entries, answers and checkpoints go on behind the newest entry, also when a hub starts with an earlier clock."""
    wall, up_s = [NOON], [100.0]

    def clock() -> ForwardClock:
        return ForwardClock(lambda: wall[0], monotonic=lambda: up_s[0])

    shared = clock()
    checkpointer = Checkpointer(tmp_path, shared)
    writer = make(store, clock=shared, checkpointer=checkpointer)
    await writer.start()
    await writer.submit(add("c0"), SOMEBODY)
    wall[0] -= timedelta(hours=3)
    if restarted:
        await writer.stop()
        shared = clock()
        writer = make(store, clock=shared, checkpointer=Checkpointer(tmp_path, shared))
        await writer.start()
    for n in range(1, 4):
        wall[0] += timedelta(seconds=10)
        up_s[0] += 10
        await writer.submit(add(f"c{n}"), SOMEBODY)
    await writer.stop()
    assert [entry.at for entry in store.entries_] == [NOON + timedelta(seconds=5 * n) for n in range(4)]
    assert list(verify_chain(store.entries_)) == []
    signed = list(read_checkpoints(checkpointer.path))
    assert signed[-1].at >= store.entries_[-1].at


async def test_a_caller_who_goes_away_does_not_take_others_with_it(
    writer: TallyWriter, store: MemoryStore
) -> None:
    store.gate.clear()
    gone, stays = submit(writer, add("c1")), submit(writer, add("c1"))
    await asyncio.sleep(0)
    gone.cancel()
    store.gate.set()
    assert (await stays).seq == 1
    with pytest.raises(asyncio.CancelledError):
        await gone


async def test_deciding_many_commands_lets_other_tasks_run(store: MemoryStore) -> None:
    def slow(state: Tally, command: Command, context: datetime) -> Any:
        end = asyncio.get_running_loop().time() + 0.001
        while asyncio.get_running_loop().time() < end:
            pass
        return decide(state, command, context)

    writer = make(store, decide=slow)
    await writer.start()
    tasks = [submit(writer, add(f"c{n}")) for n in range(200)]
    turns = 0
    while not all(task.done() for task in tasks):
        await asyncio.sleep(0)
        turns += 1
    await writer.stop()
    # 200 ms of deciding, interrupted every 5 ms; without that, 19.
    assert turns >= 35
