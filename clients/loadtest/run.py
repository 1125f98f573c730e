"""One run against a hub: sign in, let the scenario happen, leave nothing behind, and say what was found."""

from __future__ import annotations

import contextlib
import gc
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import aiohttp

from clients.loadtest.crowd import Crowd, Viewers, Watching
from clients.loadtest.hub_http import http_session
from clients.loadtest.hub_venue import HubVenue
from clients.loadtest.machine import described
from clients.loadtest.plan import Plan, called
from clients.loadtest.rollcall import rollcall
from clients.loadtest.scenarios import SCENARIOS, Outcome, Stage
from clients.loadtest.venue import Venue
from clients.loadtest.workers import Workers


def watching(plan: Plan) -> Watching:
    """How this plan's viewers watch."""
    connect_s = 60.0 if plan.scenario == "storm" else 15.0
    return Watching(
        plan.video_slots, plan.audio_slots, plan.sample_every, plan.habits, plan.allowed, connect_s
    )


@contextlib.contextmanager
def rare_collection() -> Iterator[None]:
    """Garbage is looked for rarely: with a thousand peers each search would take long enough to be measured."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 1000)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


async def run(
    plan: Plan, url: str, accounts: Sequence[Mapping[str, Any]], meeting: str | None
) -> dict[str, Any]:
    """Do it against the hub at `url`; the result as plain JSON (docs/loadtest.md).

    Raises HubRefused, NotAllowed or OSError if it cannot even begin; a viewer that fails is only counted.
    """
    if plan.scenario == "rollcall":
        taking_part = called(accounts, plan.viewers)
    else:
        taking_part = list(accounts[: plan.publishers + plan.viewers + plan.running])
    async with http_session() as http:
        try:
            venue = await HubVenue.open(http, url, plan.allowed, taking_part, plan.publishers, meeting)
            try:
                return await _run(plan, url, venue)
            finally:
                await venue.close()
        except aiohttp.ClientError as error:
            raise OSError(f"the hub at {url} does not answer: {error}") from error


async def _run(plan: Plan, url: str, venue: HubVenue) -> dict[str, Any]:
    if plan.scenario == "rollcall":
        return await happen(plan, rollcall(venue, plan))
    async with Workers(plan.processes - 1, venue, watching(plan)) as workers:
        return await perform(plan, venue, url, workers)


async def perform(plan: Plan, venue: Venue, url: str = "", workers: Workers | None = None) -> dict[str, Any]:
    """Have a scenario of media happen at a venue; the result as plain JSON."""

    def new_crowd(name: str) -> Viewers:
        here = Crowd(lambda person: venue.door(person, "watch"), watching(plan).of(name))
        return here if workers is None or not workers.count else workers.crowd(name, here)

    stage = Stage(venue, plan, new_crowd, url)

    async def play() -> Outcome:
        try:
            return await SCENARIOS[plan.scenario](stage)
        finally:
            await stage.close()

    return await happen(plan, play())


async def happen(plan: Plan, scenario: Any) -> dict[str, Any]:
    """Await the outcome and put everything around it that a report needs."""
    began, at = time.monotonic(), datetime.now(UTC)
    with rare_collection():
        outcome: Outcome = await scenario
    return {
        "scenario": plan.scenario,
        "at": at.strftime("%Y-%m-%d %H:%M:%S UTC"),
        "took_s": round(time.monotonic() - began, 1),
        "asked": plan.asked(),
        "machine": described(),
        "met": outcome.met,
        "criteria": [criterion.to_json() for criterion in outcome.criteria],
        "bottleneck": outcome.bottleneck.to_json() if outcome.bottleneck else None,
        "windows": [window.told() for window in outcome.windows],
        "curve": outcome.curve,
        "points": outcome.points,
        "notes": [{"zh": zh, "en": en} for zh, en in outcome.notes],
        "facts": outcome.facts,
    }
