"""What each read over HTTP asks for in the one table of rights: for the documentation, and for the test that walks every role.

A read that is not about oneself gives what one of its rights allows about the center of the thing; the rest is not there.
Who is called to a meeting, is a target of an order or is named by an entry sees that besides.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: Whoever is signed in, about himself.
OWN: Final[tuple[str, ...]] = ()

#: Path of a GET -> rights, of which one is enough.
READS: Final[Mapping[str, tuple[str, ...]]] = {
    "/api/v1/session": OWN,
    "/api/v1/session/second-factor": OWN,
    "/api/v1/ice-servers": OWN,
    "/api/v1/openapi.json": OWN,
    "/api/v1/objects/uploads/{upload}": OWN,
    "/api/v1/evidence/{work}": OWN,
    "/api/v1/evidence/{work}/file": OWN,
    "/api/v1/verifier": OWN,
    # One's own sign-ins and what the policies demand of oneself everybody reads.
    "/api/v1/sessions": ("account.read",),
    "/api/v1/policy": ("policy.read",),
    "/api/v1/rights": ("account.guard",),
    "/api/v1/accounts/guarded": ("account.guard",),
    "/api/v1/accounts/factors": ("account.guard",),
    "/api/v1/accounts": ("account.read",),
    "/api/v1/accounts/{account}": ("account.read",),
    "/api/v1/accounts/export": ("account.read",),
    "/api/v1/accounts/sessions": ("account.read",),
    "/api/v1/stations": ("account.read",),
    "/api/v1/centers": ("center.read",),
    "/api/v1/centers/{code}/use": ("account.read",),
    "/api/v1/centers/export": ("account.read",),
    "/api/v1/answering": ("answering.change",),
    "/api/v1/groups": ("group.keep",),
    "/api/v1/layouts": ("layout.keep",),
    "/api/v1/plans": ("plan.keep",),
    # Each hit by the right of what it belongs to.
    "/api/v1/search": ("meeting.read", "order.read", "report.read", "incident.read"),
    "/api/v1/search/spoken": ("meeting.read",),
    "/api/v1/meetings": ("meeting.read",),
    "/api/v1/meetings/{meeting}": ("meeting.read",),
    "/api/v1/meetings/{meeting}/entries": ("meeting.read",),
    "/api/v1/meetings/{meeting}/recordings": ("meeting.read",),
    "/api/v1/meetings/{meeting}/evidence": ("evidence.take",),
    "/api/v1/meetings/{meeting}/attendance": ("meeting.read",),
    "/api/v1/meetings/{meeting}/attendance/file": ("meeting.read",),
    "/api/v1/meetings/{meeting}/controls": ("meeting.read",),
    "/api/v1/meetings/{meeting}/controls/export": ("control.export",),
    "/api/v1/meetings/{meeting}/roll-calls": ("meeting.read",),
    "/api/v1/meetings/{meeting}/roll-calls/{roll}": ("meeting.read",),
    "/api/v1/meetings/{meeting}/minutes": ("meeting.read",),
    "/api/v1/meetings/{meeting}/minutes/draft": ("minutes.write",),
    # a version that was approved; the others need `minutes.read`
    "/api/v1/meetings/{meeting}/minutes/texts/{which}": ("meeting.read",),
    "/api/v1/meetings/{meeting}/minutes/texts/{which}/file": ("meeting.read",),
    "/api/v1/minutes": ("minutes.read",),
    "/api/v1/recordings/{recording}/parts/{part}/media": ("meeting.read",),
    "/api/v1/meetings/{meeting}/jobs": ("meeting.read",),
    "/api/v1/jobs/{job}/files/{name}": ("meeting.read",),
    "/api/v1/decisions": ("meeting.read",),
    "/api/v1/audit": ("audit.read",),
    "/api/v1/audit/export": ("audit.read",),
    "/api/v1/audit/standing": ("audit.read",),
    "/api/v1/audit/entries/{seq}": ("audit.read",),
    "/api/v1/audit/own": ("audit.read_own",),
    "/api/v1/health": ("house.read",),
    "/api/v1/health/storage": ("house.read",),
    "/api/v1/health/backups": ("house.read",),
    "/api/v1/orders": ("order.read",),
    "/api/v1/orders/ledger": ("order.read",),
    "/api/v1/orders/wordings": ("order.keep",),
    "/api/v1/reports": ("report.read",),
    "/api/v1/reports/totals": ("report.read",),
    "/api/v1/statistics": ("statistics.read",),
    "/api/v1/statistics/file": ("statistics.read",),
    "/api/v1/tasks": ("task.read",),
    "/api/v1/tasks/{task}/rounds": ("task.read",),
    "/api/v1/tasks/{task}/rounds/{round}": ("task.read",),
    "/api/v1/tasks/{task}/rounds/{round}/file": ("task.read",),
    "/api/v1/alarms": ("alarm.read",),
    "/api/v1/incidents": ("incident.read",),
    "/api/v1/incidents/{incident}": ("incident.read",),
    "/api/v1/duty": ("duty.read",),
    "/api/v1/duty/roster": ("duty.read",),
    "/api/v1/duty/turns": ("duty.read",),
    "/api/v1/duty/log": ("duty.read",),
    "/api/v1/checks": ("check.read",),
    "/api/v1/checks/{check}": ("check.read",),
    "/api/v1/bookings": ("booking.read",),
    "/api/v1/bookings/{booking}": ("booking.read",),
    "/api/v1/bookings/{booking}/calendar": ("booking.read",),
    "/api/v1/bookings/calendar": ("booking.read",),
    "/api/v1/bookings/chairs": ("booking.make",),
    "/api/v1/templates": ("booking.make",),
    # A file that one brought, and the rows that one's own center checks.
    "/api/v1/clearings/drafts/{draft}": OWN,
    "/api/v1/clearings/own": OWN,
    "/api/v1/clearings": ("clearing.read",),
    "/api/v1/clearings/{clearing}": ("clearing.read",),
    "/api/v1/clearings/{clearing}/board": ("clearing.read",),
    "/api/v1/clearings/{clearing}/board/file": ("clearing.read",),
    "/api/v1/clearings/{clearing}/rows": ("clearing.read",),
    "/api/v1/clearings/{clearing}/places": ("clearing.carry_out",),
    # A file is read by whoever reads a report, an order, an incident or a note that names it.
    "/api/v1/objects/{object}": ("report.read", "order.read", "incident.read"),
}
