"""Waiting in tests: by a check that says why not yet, never by a sleep alone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, overload

T = TypeVar("T")


@overload
async def eventually(
    check: Callable[[], Awaitable[T | None]], timeout_s: float = 10.0, why: str = ""
) -> T: ...
@overload
async def eventually(check: Callable[[], T | None], timeout_s: float = 10.0, why: str = "") -> T: ...
async def eventually(check: Callable[[], Any], timeout_s: float = 10.0, why: str = "") -> Any:
    """Call `check` until it returns something truthy, and return that.

    `check` may raise AssertionError to say why not yet; the last such reason, or `why`, is in the failure.
    """
    deadline = time.monotonic() + timeout_s
    reason = why or getattr(check, "__name__", "condition")
    while True:
        try:
            outcome = check()
            value = await outcome if isinstance(outcome, Awaitable) else outcome
            if value:
                return value
        except AssertionError as not_yet:
            reason = str(not_yet) or reason
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout_s} s: {reason}")
        await asyncio.sleep(0.02)
