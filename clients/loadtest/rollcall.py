"""The roll call: many stations are called at once, each answers, and every answer stands in the journal.

The call is an order to all centers and the answer is signing for it (`order.issue`, `order.sign`): the way from the
leader's command through the journal to each station's socket and back is that of every roll call.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import Counter
from typing import Any, Final

from clients.loadtest.histogram import Histogram
from clients.loadtest.hub_http import HubRefused
from clients.loadtest.hub_venue import HubVenue
from clients.loadtest.machine import own_cpu_s
from clients.loadtest.measuring import find_hub
from clients.loadtest.plan import Plan
from clients.loadtest.scenarios import Outcome
from clients.loadtest.verdict import FULL, Bottleneck, Criterion

#: Who has not answered by then has not answered.
_ROUND_S: Final = 30.0
_CONNECTING: Final = 16


class Roll:
    """One round: what was called, and when each station heard it and was answered."""

    def __init__(self, venue: HubVenue, stations: dict[int, str]) -> None:
        self.order = ""
        self.heard: dict[int, float] = {}
        self.answered: dict[int, float] = {}
        self.own_answer_s = Histogram()
        self.failures: Counter[str] = Counter()
        self.all_answered = asyncio.Event()
        self._venue = venue
        self._stations = stations
        self._early: list[tuple[int, str]] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def called(self, order: str) -> None:
        """The leader has his answer: this is the order; some stations may have heard of it before."""
        self.order = order
        early, self._early = self._early, []
        for person, one in early:
            self.hear(person, one)

    def hear(self, person: int, order: str) -> None:
        """A station was told of an order."""
        if not self.order:
            self._early.append((person, order))
            self.heard.setdefault(person, time.monotonic())
            return
        if order != self.order or person in self.answered:
            return
        self.heard.setdefault(person, time.monotonic())
        task = asyncio.get_running_loop().create_task(self._answer(person))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, person: int) -> None:
        asked = time.monotonic()
        body = {"id": uuid.uuid4().hex, "kind": "order.sign", "data": {"order": self.order}}
        try:
            await self._venue.ask(person, "command", body)
        except HubRefused as error:
            self.failures[str(error)] += 1
            return
        now = time.monotonic()
        self.answered[person] = now
        self.own_answer_s.add(now - asked)
        if len(self.answered) == len(self._stations):
            self.all_answered.set()


async def rollcall(venue: HubVenue, plan: Plan) -> Outcome:
    """Call all stations so many times. The first account calls; the others answer, one a center."""
    stations: dict[int, str] = {}
    for person in range(len(venue.accounts)):
        account = venue.accounts[person]["account"]
        if account["role"] == "station" and account["center"]["code"] not in stations.values():
            stations[person] = account["center"]["code"]
    chair = next(
        (
            person
            for person in range(len(venue.accounts))
            if venue.accounts[person]["account"]["role"] in ("leader", "dispatcher")
        ),
        None,
    )
    if chair is None or not stations:
        raise HubRefused(0, "a roll call needs a leader's or dispatcher's account and stations' ones")
    stations = dict(list(stations.items())[: plan.viewers])
    current: list[Roll] = []
    await _connect(venue, stations, current)
    hub = find_hub((), venue.url)
    before, own, began = hub.cpu_s(), own_cpu_s(), time.monotonic()
    heard, answered, own_answers, issued = Histogram(), Histogram(), Histogram(), Histogram()
    failures: Counter[str] = Counter()
    expected = complete = 0
    slowest = Histogram()
    for number in range(plan.rounds):
        roll = Roll(venue, stations)
        current[:] = [roll]
        called_at = time.monotonic()
        answer = await venue.command(
            chair, "order.issue", {"text": f"roll call {number + 1}", "targets": sorted(stations.values())}
        )
        issued.add(time.monotonic() - called_at)
        entry = next(one for one in answer["entries"] if one["kind"] == "order.issued")
        roll.called(str(entry["data"]["order"]))
        try:
            await asyncio.wait_for(roll.all_answered.wait(), _ROUND_S)
        except TimeoutError:
            pass
        expected += len(stations)
        complete += len(roll.answered)
        failures.update(roll.failures)
        own_answers.merge(roll.own_answer_s)
        for moment in roll.heard.values():
            heard.add(moment - called_at)
        for moment in roll.answered.values():
            answered.add(moment - called_at)
        if roll.answered:
            slowest.add(max(roll.answered.values()) - called_at)
    took = time.monotonic() - began
    cpu = {name: (spent - before[name]) / took for name, spent in hub.cpu_s().items() if name in before}
    mine = (own_cpu_s() - own) / took
    p95 = answered.percentile(0.95)
    outcome = Outcome(
        criteria=[
            Criterion("未应答的站点", "Stations that did not answer", "", 0, float(expected - complete)),
            Criterion(
                "点名到应答入账 p95",
                "From the call to the answer in the journal, p95",
                "ms",
                plan.limits.answer_p95_ms,
                None if p95 is None else p95 * 1000,
            ),
        ],
        points={"点名到应答入账 · Call to answer in the journal (ms)": answered.points()},
    )
    outcome.facts = _facts(stations, plan, issued, heard, own_answers, answered, slowest, failures)
    outcome.facts["cpu"] = {
        **{name: round(share, 3) for name, share in cpu.items()},
        "generator": round(mine, 3),
    }
    if len(stations) < plan.viewers:
        outcome.notes.append(
            (
                f"账号文件中只有 {len(stations)} 个不同中心的站点账号",
                f"the accounts file has stations of only {len(stations)} centers",
            )
        )
    if mine > FULL:
        says = f"the generator used {mine:.0%} of a core: it was the bottleneck"
        outcome.bottleneck = Bottleneck("generator", f"压测机自身处理器已用满（{mine:.0%}）", says)
    elif outcome.met:
        outcome.bottleneck = Bottleneck("none", "没有瓶颈", "nobody was at a limit")
    return outcome


def _facts(
    stations: dict[int, str],
    plan: Plan,
    issued: Histogram,
    heard: Histogram,
    own_answers: Histogram,
    answered: Histogram,
    slowest: Histogram,
    failures: Counter[str],
) -> dict[str, Any]:
    return {
        "stations": len(stations),
        "rounds": plan.rounds,
        "call_in_journal_ms": issued.told(),
        "call_heard_ms": heard.told(),
        "answer_in_journal_ms": own_answers.told(),
        "call_to_answer_ms": answered.told(),
        "last_answer_ms": slowest.told(),
        "failures": dict(failures),
    }


async def _connect(venue: HubVenue, stations: dict[int, str], current: list[Roll]) -> None:
    """All stations hear the hub; what they hear goes to the roll that is called."""
    room = asyncio.Semaphore(_CONNECTING)

    async def one(person: int) -> None:
        def on_changed(changed: dict[str, Any]) -> None:
            if changed.get("what") == "order" and "value" in changed and current:
                current[0].hear(person, str(changed["id"]))

        async with room:
            client = await venue.socket(person)
            client.on("changed", on_changed)

    await asyncio.gather(*(one(person) for person in stations))
