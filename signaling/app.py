"""The web application: every door of the edge put together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from aiohttp import web

from hub.papers.making import PaperMaker
from hub.sheets.reading import SheetReader
from signaling import (
    headers,
    http_accounts,
    http_answering,
    http_attendance,
    http_audit,
    http_audit_export,
    http_bookings,
    http_camera_devices,
    http_camera_files,
    http_camera_pictures,
    http_cameras,
    http_centers,
    http_checks,
    http_clearance,
    http_clearing_files,
    http_clearings,
    http_commands,
    http_controls,
    http_copies,
    http_custody,
    http_devices,
    http_duty,
    http_errands,
    http_evidence,
    http_films,
    http_first_start,
    http_grid_statistics,
    http_grid_tasks,
    http_grids,
    http_groups,
    http_handovers,
    http_health,
    http_ice,
    http_in_use,
    http_incidents,
    http_jobs,
    http_layouts,
    http_list_grids,
    http_lists,
    http_marks,
    http_media,
    http_meetings,
    http_minutes,
    http_objects,
    http_order_ledger,
    http_order_wordings,
    http_orders,
    http_patrol,
    http_patrol_ledger,
    http_phone_calls,
    http_plans,
    http_recordings,
    http_registry,
    http_registry_files,
    http_roll_calls,
    http_search,
    http_second_factor,
    http_security,
    http_session,
    http_small_pictures,
    http_statistics,
    http_sweeps,
    http_tasks,
    http_uploads,
    http_views,
    http_voices,
    http_walls,
    openapi,
    pages,
    prefix,
)
from signaling.address import ADDRESSES, Addresses
from signaling.auth import end_with_access
from signaling.camera_desk import CameraDesk
from signaling.camera_drafts import CameraDrafts
from signaling.camera_pictures import CameraPictures
from signaling.clearing_drafts import Drafts
from signaling.connections import REQUESTS, RequestsByClient, limit_clients
from signaling.disposal_desk import DisposalDesk
from signaling.encodings import VERSIONS, Versions, compress_answers
from signaling.errors import answer_errors
from signaling.evidence_desk import EvidenceDesk
from signaling.grid_work import WorkDesk
from signaling.keys import LOOKS, OWN, PACES, SERVICES
from signaling.limits import MAX_BODY_BYTES, check_request_line
from signaling.list_matching import ListMatcher
from signaling.looks import Looks
from signaling.metrics import METRICS, Metrics, count_requests, health_page, metrics_page, ready_page
from signaling.own_security import OwnSecurity
from signaling.pace import Paces
from signaling.phone_lines import PhoneLines
from signaling.phones import Phones
from signaling.presence import PRESENCE
from signaling.registry_desk import RegistryDesk
from signaling.registry_drafts import RegistryDrafts
from signaling.registry_finding import RegistryFinder
from signaling.services import Services
from signaling.socket import Sockets
from signaling.sweep_desk import SweepDesk
from signaling.view_desk import ViewDesk

LinkHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def build_app(services: Services, link_handler: LinkHandler | None = None) -> web.Application:
    """HTTP, Socket.IO, WHIP/WHEP, the pages and, with a handler for it, ``/link``.

    The writer is started before the application starts and stopped after it has stopped.
    """
    app = web.Application(
        middlewares=[
            count_requests,
            answer_errors,
            limit_clients,
            check_request_line,
            compress_answers,
            prefix.refuse_prefix,
            end_with_access,
            pages.serve_pages,
        ],
        client_max_size=MAX_BODY_BYTES,
    )
    metrics = Metrics()
    paces = Paces()
    sockets = Sockets(services, metrics, paces)
    withdrawal = services.accounts.withdrawal
    withdrawal.media = services.media
    openapi.document()  # made now, so that no request waits for it
    prefix.watch(app)
    app[SERVICES] = services
    app[VERSIONS] = Versions()
    app[REQUESTS] = RequestsByClient()
    app[ADDRESSES] = Addresses(services.config.trusted_proxies)
    app[METRICS] = metrics
    app[PRESENCE] = sockets.presence
    app[http_lists.READER] = SheetReader()
    app[http_minutes.PAPERS] = PaperMaker()
    drafts = app[http_clearing_files.DRAFTS] = Drafts(services)
    matcher = app[http_list_grids.MATCHER] = ListMatcher(services)
    sweeps = app[http_sweeps.DESK] = SweepDesk(services)
    phone_work = app[http_sweeps.WORK] = WorkDesk(services)
    camera_drafts = app[http_camera_files.DRAFTS] = CameraDrafts(services)
    app[PACES] = paces
    app[http_cameras.DESK] = CameraDesk(services)
    registry_desk = app[http_registry.DESK] = RegistryDesk(services)
    registry_drafts = app[http_registry_files.DRAFTS] = RegistryDrafts(services)
    views = app[http_views.DESK] = ViewDesk(services, registry_desk)
    app[http_registry.FINDER] = RegistryFinder(services, registry_desk.sight)
    app[http_camera_devices.TURNING] = sockets.turning
    app[http_camera_pictures.PICTURES] = CameraPictures(services)
    desk = app[http_evidence.DESK] = EvidenceDesk(services)
    app[http_custody.DESK] = DisposalDesk(services)
    app[OWN] = OwnSecurity(services.accounts)
    app[LOOKS] = Looks(services.accounts.trace, services.clock)
    app[http_devices.PHONES] = Phones(
        services.phones, services.accounts, services.writer, services.clock, services.accounts.monotonic
    )
    lines = app[http_phone_calls.LINES] = PhoneLines(services)
    app[http_media.ICE_USERS] = http_media.IceUsers()
    metrics.watch(services.parts, services.media.media_counts)
    metrics.watch_objects(lambda: services.objects.counts)
    metrics.inbox.set_function(sockets.waiting)
    metrics.fan_out.set_function(lambda: len(sockets.fan_out))
    metrics.relayed.set_function(sockets.presence.relayed)
    app.on_response_prepare.append(headers.add_security_headers)
    app.on_response_prepare.append(http_media.allow_other_pages)
    for module in (
        http_session,
        http_search,
        http_second_factor,
        http_security,
        http_first_start,
        http_centers,
        http_groups,
        http_layouts,
        http_walls,
        http_lists,
        http_in_use,
        http_accounts,
        http_commands,
        http_meetings,
        http_minutes,
        http_audit_export,
        http_answering,
        http_attendance,
        http_audit,
        http_health,
        http_copies,
        http_handovers,
        http_checks,
        http_clearing_files,
        http_clearings,
        http_list_grids,
        http_order_ledger,
        http_order_wordings,
        http_orders,
        http_clearance,
        http_plans,
        http_patrol_ledger,
        http_patrol,
        http_phone_calls,
        http_grids,
        http_sweeps,
        http_errands,
        http_grid_tasks,
        http_registry,
        http_registry_files,
        http_views,
        http_grid_statistics,
        http_duty,
        http_bookings,
        http_incidents,
        http_camera_files,
        http_camera_pictures,
        http_camera_devices,
        http_cameras,
        http_recordings,
        http_jobs,
        http_evidence,
        http_custody,
        http_devices,
        http_marks,
        http_small_pictures,
        http_films,
        http_roll_calls,
        http_statistics,
        http_tasks,
        http_controls,
        http_uploads,
        http_voices,
        http_objects,
        http_ice,
        http_media,
    ):
        app.router.add_routes(module.routes())
    app.router.add_get("/api/v1/openapi.json", openapi.openapi_page)
    app.router.add_get("/healthz", health_page)
    app.router.add_get("/readyz", ready_page)
    app.router.add_get("/metrics", metrics_page)
    for method in ("GET", "POST"):
        app.router.add_route(method, "/socket.io/", sockets.handle)
    if link_handler is not None:
        app.router.add_get("/link", link_handler)

    async def run_parts(app: web.Application) -> AsyncIterator[None]:
        tasks = [
            asyncio.create_task(metrics.measure_lag(sockets.guard.forgive)),
            asyncio.create_task(withdrawal.run()),
        ]
        await sockets.start()
        await drafts.start()
        await matcher.start()
        await sweeps.start()
        await phone_work.start()
        lines.start()
        await camera_drafts.start()
        await registry_drafts.start()
        await desk.start()
        forget = services.writer.subscribe(services.accounts.entries)
        yield
        forget()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await drafts.close()
        await matcher.close()
        sweeps.stop()
        phone_work.stop()
        lines.stop()
        await camera_drafts.close()
        await registry_drafts.close()
        await views.close()
        await desk.stop()
        await withdrawal.close()
        await services.accounts.trace.close()

    async def close_sockets(app: web.Application) -> None:
        await sockets.stop()

    app.cleanup_ctx.append(run_parts)
    app.on_shutdown.append(close_sockets)
    return app
