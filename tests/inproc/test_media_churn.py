"""Thousands of joins and leaves: afterwards the node holds what it held before."""

from __future__ import annotations

import os
import time

from tests.support.churn import Churn
from tests.support.media_node import FakeControl
from tests.support.media_process import NodeProcess
from tests.support.waiting import eventually

JOINS = int(os.environ.get("LIANXIAN_JOINS", "10000"))
#: Joins before anything is measured: caches of the allocator and of OpenSSL have their size then.
WARM_UP = 1000
SHARE = 1.05


async def test_ten_thousand_joins_and_leaves_leave_nothing_behind() -> None:
    control = FakeControl()
    await control.start()
    with NodeProcess(control.url) as process:
        await eventually(lambda: control.link is not None, why="the node has not linked")
        churn = Churn(control, process)
        await churn.go(WARM_UP)
        before = await churn.held()
        began = time.monotonic()
        await churn.go(JOINS)
        took = time.monotonic() - began
        after = await churn.held()
        print(f"{JOINS} joins in {took:.0f} s: {before} -> {after}")
        assert after.peers == after.addresses == after.meetings == 0
        assert after.memory_bytes <= before.memory_bytes * SHARE
        assert after.tasks <= before.tasks * SHARE
        assert after.descriptors <= before.descriptors * SHARE
    await control.stop()
