"""Work that nobody waits for ends without a word when it is stopped, even before its first step."""

from __future__ import annotations

import gc
import warnings

from hub.coordination.background import Background


async def test_work_that_is_stopped_before_it_began_leaves_no_warning() -> None:
    async def work() -> None:
        raise AssertionError("it never begins")

    background = Background()
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        background.spawn(work())
        await background.stop()
        gc.collect()
    assert [str(each.message) for each in warned] == []
