"""Bookings as a calendar file (RFC 5545), for the calendars that people have anyway."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vText

from hub.clock import from_wire

CONTENT_TYPE: Final = "text/calendar"
#: State of a booking -> STATUS. Rejected and missed ones take nobody's time either.
_STATUS: Final = {
    "proposed": "TENTATIVE",
    "approved": "CONFIRMED",
    "noticed": "CONFIRMED",
    "opened": "CONFIRMED",
    "held": "CONFIRMED",
    "rejected": "CANCELLED",
    "cancelled": "CANCELLED",
    "missed": "CANCELLED",
}
#: Steps that come after the last change, so that calendars take them for news of it.
_STEP: Final = {"proposed": 0, "approved": 1, "noticed": 2, "opened": 3}
_LAST_STEP: Final = 4
_UNSAFE: Final = re.compile(r"[^\w一-鿿-]+")


def calendar_of(bookings: Sequence[dict[str, Any]], zone: str, now: datetime) -> bytes:
    """A calendar of these bookings, times in the zone. A booking keeps its UID, and has a higher SEQUENCE with each change."""
    calendar = Calendar()
    calendar.add("prodid", "-//Lianxian//Bookings//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    local = ZoneInfo(zone)
    for booking in bookings:
        calendar.add_component(_event(booking, local, now))
    if bookings:
        calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(booking: dict[str, Any], zone: ZoneInfo, now: datetime) -> Event:
    begins = from_wire(booking["starts_at"]).astimezone(zone)
    event = Event()
    event.add("uid", f"{booking['id']}@lianxian")
    event.add("sequence", booking["sequence"] * (_LAST_STEP + 1) + _STEP.get(booking["state"], _LAST_STEP))
    event.add("dtstamp", now)
    event.add("last-modified", from_wire(booking["decided_at"] or booking["changed_at"]))
    event.add("dtstart", begins)
    event.add("dtend", begins + timedelta(minutes=booking["minutes"]))
    event.add("summary", f"【演练】{booking['title']}" if booking["drill"] else booking["title"])
    event.add("status", _STATUS[booking["state"]])
    event.add("description", _description(booking))
    event["organizer"] = vText(f"{booking['chair']['center_name']} {booking['chair']['name']}")
    if _STATUS[booking["state"]] == "CONFIRMED" and booking["notice_minutes"]:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", booking["title"])
        alarm.add("trigger", -timedelta(minutes=booking["notice_minutes"]))
        event.add_component(alarm)
    return event


def _description(booking: dict[str, Any]) -> str:
    """In Chinese, as everything that people of the centers read outside the pages."""
    more = f" 等 {booking['called']} 个" if booking["called"] > len(booking["names"]) else ""
    lines = [
        f"主席：{booking['chair']['center_name']} {booking['chair']['name']}",
        f"参会：{'、'.join(booking['names'])}{more}",
    ]
    if booking["drill"]:
        lines.append("演练：不是真实情况")
    if booking["record"]:
        lines.append("本次会议录像")
    if booking["state"] == "proposed":
        lines.append("待批准")
    if booking["state"] in ("cancelled", "rejected"):
        lines.append(f"已取消：{booking['reason']}")
    return "\n".join([*lines, *filter(None, [booking["note"]])])


def file_name(booking: dict[str, Any], zone: str) -> str:
    """A name that every file system takes: the title's letters and digits, and the day."""
    day = from_wire(booking["starts_at"]).astimezone(ZoneInfo(zone)).strftime("%Y%m%d-%H%M")
    title = _UNSAFE.sub("-", booking["title"]).strip("-")[:40]
    return f"{'-'.join(filter(None, [title, day]))}.ics"
