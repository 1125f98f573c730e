"""Meetings, those that are to come, their recordings and checks."""

from __future__ import annotations

from typing import Final

from signaling.http_bookings import WANTED as BOOKINGS_WANTED
from signaling.http_checks import LIST as CHECKS
from signaling.http_search import SPOKEN
from signaling.http_search import WANTED as FIND
from signaling.operations.operation import Operation

MEETINGS: Final = (
    Operation(
        "get",
        "/api/v1/meetings",
        "Meetings, newest first",
        "Meetings",
        query=("state", "q", "from", "to", "center", "limit", "before"),
    ),
    Operation(
        "get",
        "/api/v1/search",
        "What holds these words, newest first, grouped by meeting",
        "Found",
        query=(*FIND, "before", "limit"),
    ),
    Operation(
        "get",
        "/api/v1/search/spoken",
        "When a center had the word, meetings newest first",
        "Spoken",
        query=(*SPOKEN, "before", "limit"),
    ),
    Operation("get", "/api/v1/meetings/{meeting}", "One meeting", "Snapshot", refusals=(404, 409)),
    Operation(
        "get",
        "/api/v1/meetings/{meeting}/entries",
        "Its entries, by seq",
        "Entries",
        query=("since", "before", "kind", "limit"),
        refusals=(404, 409),
    ),
    Operation(
        "get",
        "/api/v1/meetings/{meeting}/voices",
        "Who speaks when, by the recorded sound",
        "Voices",
        refusals=(404, 409),
    ),
    Operation(
        "get",
        "/api/v1/meetings/{meeting}/said",
        "What was said, as a recogniser wrote it down",
        "SaidLines",
        query=("after",),
        refusals=(404, 409),
    ),
    Operation(
        "get",
        "/api/v1/meetings/{meeting}/attendance",
        "Who came, who declined, who was absent",
        "Attendance",
        refusals=(404, 409),
    ),
    Operation(
        "get",
        "/api/v1/meetings/{meeting}/attendance/file",
        "The same as a file",
        "application/octet-stream",
        query=("format",),
        refusals=(404, 409),
    ),
    Operation(
        "get", "/api/v1/meetings/{meeting}/roll-calls", "Its roll calls", "RollCalls", refusals=(404, 409)
    ),
    Operation(
        "get",
        "/api/v1/meetings/{meeting}/roll-calls/{roll}",
        "The list of a roll call as a file",
        "application/octet-stream",
        query=("format",),
        refusals=(404, 409),
    ),
    Operation(
        "get",
        "/api/v1/meetings/{meeting}/controls",
        "Who controlled what in it: entries, the newest first",
        "Controls",
        query=("by", "group", "before", "limit"),
        refusals=(404, 409),
    ),
    Operation(
        "get",
        "/api/v1/meetings/{meeting}/controls/export",
        "The same as a file, whole",
        "application/octet-stream",
        query=("by", "group", "format", "lang"),
        refusals=(403, 404, 409),
    ),
    Operation(
        "get",
        "/api/v1/meetings/{meeting}/marks",
        "Its marks as they stand",
        "MarksOfMeeting",
        refusals=(404, 409),
    ),
    Operation(
        "get", "/api/v1/meetings/{meeting}/recordings", "Its recordings", "Recordings", refusals=(404, 409)
    ),
    Operation(
        "get",
        "/api/v1/recordings/{recording}/parts/{part}/media",
        "The media of a part; takes Range",
        "video/webm",
        refusals=(404, 416),
    ),
    Operation(
        "get",
        "/api/v1/recordings/{recording}/parts/{part}/small",
        "Small pictures of a part; made when they are first asked for",
        "SmallPictures",
        refusals=(404,),
    ),
    Operation(
        "get",
        "/api/v1/recordings/{recording}/parts/{part}/small/{name}",
        "A sheet of them",
        "image/jpeg",
        refusals=(404, 416),
    ),
    Operation("get", "/api/v1/checks", "Checks before a meeting", "CheckHeads", query=CHECKS),
    Operation("get", "/api/v1/checks/{check}", "What stations answered", "Check", refusals=(404,)),
    Operation(
        "get",
        "/api/v1/bookings",
        "Bookings by their start",
        "Bookings",
        query=(*BOOKINGS_WANTED, "after", "order", "limit"),
    ),
    Operation("get", "/api/v1/bookings/{booking}", "One booking", "Booking", refusals=(404,)),
    Operation(
        "get",
        "/api/v1/bookings/{booking}/calendar",
        "Its calendar file",
        "text/calendar",
        refusals=(404,),
    ),
    Operation(
        "get",
        "/api/v1/bookings/calendar",
        "Bookings as a calendar file",
        "text/calendar",
        query=BOOKINGS_WANTED,
    ),
    Operation("get", "/api/v1/bookings/chairs", "Who may lead a meeting", "Chairs", query=("q",)),
    Operation(
        "post",
        "/api/v1/bookings/conflicts",
        "What is in the way of a meeting that is to be booked",
        "Conflicts",
        body="ConflictsAsked",
        refusals=(403, 404, 415),
    ),
    Operation("get", "/api/v1/templates", "Templates, newest first", "Templates", query=("before", "limit")),
)
