"""Counters and gauges of the edge, in a registry of their own, and how late the event loop runs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from hub.errors import Refusal
from signaling.errors import Handler
from signaling.inside import may_know_parts, may_scrape
from signaling.keys import SERVICES
from signaling.metrics_scraped import Scraped
from signaling.services import MediaCounts

LAG_INTERVAL_S: Final = 0.1
#: Beyond it what others did meanwhile is not held against them.
MUCH_LAG_S: Final = 0.5
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

#: What is counted of objects, by the depot's names.
_OBJECTS: Final = {
    "uploads": "Uploads begun",
    "objects": "Uploads that became objects",
    "bytes_in": "Bytes taken in by uploads",
    "bytes_out": "Bytes of objects given out",
    "swept_objects": "Objects swept away that no entry named",
    "swept_uploads": "Uploads swept away that stood still",
}


class Metrics:
    """All metrics of one hub; making another one is a fresh start."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        registry = self.registry
        self.requests = Counter(
            "hub_http_requests", "HTTP requests answered", ["method", "route", "status"], registry=registry
        )
        self.duration = Histogram(
            "hub_http_request_seconds", "Time to answer a request", ["route"], registry=registry
        )
        self.commands = Counter("hub_commands", "Commands by outcome", ["kind", "outcome"], registry=registry)
        self.entries = Counter("hub_entries", "Entries published", ["kind"], registry=registry)
        self.sockets = Gauge("hub_sockets", "Socket.IO clients that are signed in", registry=registry)
        self.inbox = Gauge("hub_inbox_events", "Events waiting in all inboxes", registry=registry)
        self.fan_out = Gauge("hub_fan_out_events", "Events waiting to be sent to rooms", registry=registry)
        self.relayed = Gauge(
            "hub_relayed_participants", "Participants whose media goes over the relay", registry=registry
        )
        self.dropped = Counter(
            "hub_socket_drops", "Sockets closed by the hub, by reason", ["reason"], registry=registry
        )
        self.lag = Histogram(
            "hub_loop_lag_seconds",
            "How late the event loop ran a timer",
            buckets=(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0),
            registry=registry,
        )
        self.worst_lag = Gauge("hub_loop_lag_worst_seconds", "Worst lag since the start", registry=registry)

    def watch(self, parts: Callable[[], dict[str, bool]], media: Callable[[], MediaCounts]) -> None:
        """Report, at each scrape, which parts are there and what is counted of media."""
        self.registry.register(Scraped(parts, media))

    def watch_objects(self, counts: Callable[[], Mapping[str, int]]) -> None:
        """Report, at each scrape, what the depot of objects has counted."""
        for name, says in _OBJECTS.items():
            counter = Gauge(f"hub_objects_{name}", f"{says} since the start", registry=self.registry)
            counter.set_function(lambda name=name: counts().get(name, 0))  # type: ignore[misc]

    def render(self) -> bytes:
        """The Prometheus text format."""
        return generate_latest(self.registry)

    async def measure_lag(self, on_late: Callable[[float], None] = lambda late_s: None) -> None:
        """Watch the event loop until cancelled; `on_late` is told how late (s) it ran, when that was much."""
        worst = 0.0
        while True:
            began = time.perf_counter()
            await asyncio.sleep(LAG_INTERVAL_S)
            late = max(0.0, time.perf_counter() - began - LAG_INTERVAL_S)
            self.lag.observe(late)
            if late > MUCH_LAG_S:
                on_late(late)
            if late > worst:
                worst = late
                self.worst_lag.set(worst)


METRICS: Final = web.AppKey("metrics", Metrics)


@web.middleware
async def count_requests(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count and time every request under its route, never under its address."""
    metrics = request.app[METRICS]
    resource = request.match_info.route.resource
    route = resource.canonical if resource is not None else "none"
    began = time.perf_counter()
    response = await handler(request)
    method = request.method if request.method in _METHODS else "other"
    metrics.requests.labels(method, route, str(response.status)).inc()
    metrics.duration.labels(route).observe(time.perf_counter() - began)
    return response


async def metrics_page(request: web.Request) -> web.Response:
    """``GET /metrics``. Raises Refusal("not_found") for those who may not read it."""
    if not may_scrape(request):
        raise Refusal("not_found", "there is nothing here")
    response = web.Response(body=request.app[METRICS].render())
    response.headers["Content-Type"] = "text/plain; version=0.0.4; charset=utf-8"
    response.headers["Cache-Control"] = "no-store"
    return response


async def health_page(request: web.Request) -> web.Response:
    """``GET /healthz``: 200 while the process lives."""
    return web.json_response({"alive": True}, headers={"Cache-Control": "no-store"})


async def ready_page(request: web.Request) -> web.Response:
    """``GET /readyz``: 200 when every part is there, else 503; which are, is told to those who may know."""
    services = request.app[SERVICES]
    parts = services.parts()
    ready = all(parts.values())
    told: dict[str, Any] = {"ready": ready}
    if await may_know_parts(request):
        told |= {"parts": parts, "low_on_space": services.low_on_space()}
    headers = {"Cache-Control": "no-store"}
    return web.json_response(told, status=200 if ready else 503, headers=headers)
