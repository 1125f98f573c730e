"""No read tells who is not cleared of a secret meeting: words planted in all that it left are looked for in every answer.

Every GET of the hub is asked by every role from some places, with the ids of what is secret, and each answer is searched for
the words, the title and the id. Who is cleared finds them, so that what is looked for is really there.
"""

from __future__ import annotations

import asyncio
import itertools
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.clock import system_clock, to_wire
from hub.directory.accounts import ROLES
from signaling.operations import OPERATIONS
from tests.inproc.test_rights_read import made_file
from tests.support.edge import Edge, Person, running_edge
from tests.support.minutes import a_text, submitted
from tests.support.objects import jpeg, put
from tests.support.recorded_part import RecordedPart
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, OTHER_VILLAGE, TOWN, VILLAGE

WORD = "隐龙渡"
#: What the meeting asks of a center that is not cleared: that center reads it, nobody else who is not cleared.
ASKED = "备勤令"
PLACES = (COUNTY, CITY, VILLAGE, OTHER_COUNTY)
#: Where who is cleared finds the word: what is planted is read there.
FOUND = {
    "/api/v1/meetings",
    "/api/v1/meetings/{meeting}",
    "/api/v1/meetings/{meeting}/entries",
    "/api/v1/meetings/{meeting}/controls",
    "/api/v1/meetings/{meeting}/marks",
    "/api/v1/meetings/{meeting}/minutes",
    "/api/v1/meetings/{meeting}/minutes/texts/{which}",
    "/api/v1/meetings/{meeting}/minutes/draft",
    "/api/v1/minutes",
    "/api/v1/decisions",
    "/api/v1/reports",
    "/api/v1/alarms",
    "/api/v1/incidents",
    "/api/v1/incidents/{incident}",
    "/api/v1/bookings",
    "/api/v1/bookings/{booking}",
    "/api/v1/bookings/calendar",
    "/api/v1/plans",
    "/api/v1/search",
    "/api/v1/duty/log",
    "/api/v1/handovers",
    "/api/v1/handovers/contents",
}


async def left_in_secret(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Everything that a secret meeting leaves, with the word in it: what fills the places in paths and queries."""
    maker = await edge.known_person("leader", COUNTY, cleared=True)
    helper = await edge.known_person("station", VILLAGE, cleared=True)
    wanted: dict[str, Any] = {"title": f"{WORD}会商", "kind": "dispatch", "level": "secret"}
    centers = [TOWN, VILLAGE, OTHER_VILLAGE]
    meeting = str((await maker.command("meeting.open", **wanted, centers=centers))["entries"][0]["meeting"])
    await maker.command("meeting.join", meeting)
    await helper.command("meeting.join", meeting)
    roll = (await maker.command("roll_call.begin", meeting))["entries"][0]["data"]["roll"]
    part = RecordedPart(edge, meeting, monkeypatch)
    part.write(16)
    made = await made_file(edge, meeting)
    await maker.command("decision.record", meeting, text=f"{WORD}决策")
    await maker.command("note.add", meeting, text=f"{WORD}笔记")
    await maker.command("mark.add", meeting, at=to_wire(system_clock()), text=f"{WORD}标记")
    await maker.command("banner.show", meeting, kind="banner", text=f"{WORD}横幅")
    status, photo = await put(helper.http, jpeg(5000))
    assert status == 201
    attached = [{**photo, "name": f"{WORD}.jpg"}]
    await helper.command(
        "report.file", meeting, situation="abnormal", text=f"{WORD}情况", attachments=attached
    )
    order = (await maker.command("order.issue", meeting, text=ASKED, targets=[OTHER_VILLAGE]))["entries"][0]
    taken_in: dict[str, Any] = {"kind": "appeal", "title": f"{WORD}诉求", "site": VILLAGE}
    incident = (await maker.command("incident.register", meeting, **taken_in))["entries"][0]["data"][
        "incident"
    ]
    await maker.command("incident.note", None, incident=incident, text=f"{WORD}在办")
    await maker.command("meeting.end", meeting)
    await submitted(maker, meeting, a_text(f"{WORD}纪要"))
    await maker.command("minutes.approve", meeting, submission=1)
    starts = to_wire(system_clock() + timedelta(days=9))
    booked = {**wanted, "starts_at": starts, "centers": [TOWN], "note": f"{WORD}备注"}
    booking = (await maker.command("booking.make", **booked))["entries"][0]["data"]["booking"]
    plan: dict[str, Any] = {"title": f"{WORD}预案", "level": "secret"}
    await maker.command("plan.save", name=f"{WORD}预案", meeting=plan, centers=[TOWN])
    # A second one that has no minutes, whose draft is made of what it left.
    other = str((await maker.command("meeting.open", **wanted, centers=centers))["entries"][0]["meeting"])
    await maker.command("decision.record", other, text=f"{WORD}决策")
    await maker.command("meeting.end", other)
    _, _, _, _, recording, _, part_id, _ = part.url.split("/")
    return {
        "meeting": meeting,
        "other": other,
        "roll": roll,
        "recording": recording,
        "part": part_id,
        "job": made.split("/")[4],
        "name": made.split("/")[-1],
        "which": "1",
        "order": order["data"]["order"],
        "incident": incident,
        "booking": booking,
        "object": photo["object"],
    }


#: What more is asked where a path needs it, or finds nothing without.
QUERIES = {
    "/api/v1/search": ("q=" + WORD, "meeting={meeting}"),
    "/api/v1/search/spoken": (f"center={VILLAGE}",),
    "/api/v1/meetings": ("", "q=" + WORD),
    "/api/v1/orders": ("", "meeting={meeting}"),
    "/api/v1/orders/ledger": ("state=all",),
    "/api/v1/incidents": ("", "meeting={meeting}"),
    "/api/v1/duty/log": tuple(f"center={code}" for code in PLACES),
    "/api/v1/statistics": tuple(f"center={code}" for code in PLACES),
    "/api/v1/accounts/sessions": (f"center={COUNTY}",),
}


def asked(given: dict[str, str]) -> list[tuple[str, str]]:
    """Every GET with the ids of what is secret in its path: (path, address). What has no such place is asked as it is."""
    found = []
    for operation in OPERATIONS:
        if operation.method != "get" or operation.open:
            continue
        values = {**given, "meeting": given["other" if operation.path.endswith("/draft") else "meeting"]}
        address = operation.path
        for place in re.findall(r"\{(\w+)\}", address):
            address = address.replace(f"{{{place}}}", values.get(place, "0"))
        for query in QUERIES.get(operation.path, ("",)):
            filled = query.replace("{meeting}", given["meeting"])
            found.append((operation.path, f"{address}?{filled}" if filled else address))
    return found


async def test_no_read_gives_the_words_of_a_secret_meeting_to_who_is_not_cleared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running_edge(tmp_path) as edge:
        given = await left_in_secret(edge, monkeypatch)
        hidden = (WORD, given["meeting"], given["other"], given["incident"], given["booking"])
        reads = asked(given)
        wrong: list[str] = []

        async def ask(person: Person, address: str) -> str:
            async with person.http.get(address) as answer:
                if answer.status != 200:
                    return ""
                # what is held open tells all that it knows at once
                streams = answer.content_type == "text/event-stream"
                body = await (answer.content.readuntil(b"\n\n") if streams else answer.read())
                return body.decode("utf-8", "replace")

        async def walk(person: Person) -> None:
            for path, address in reads:
                body = await ask(person, address)
                found = [word for word in hidden if word in body]
                if found or (ASKED in body and person.account.center != OTHER_VILLAGE):
                    wrong.append(f"{person.account.role} at {person.account.center}: {path} {found or ASKED}")

        people = [
            await edge.known_person(role, center)
            for role, center in itertools.product(ROLES, (*PLACES, OTHER_VILLAGE))
        ]
        await asyncio.gather(*(walk(person) for person in people))
        assert wrong == [], "\n".join(wrong)
        leader = await edge.known_person("leader", COUNTY, cleared=True)
        clerk = await edge.known_person("clerk", COUNTY, cleared=True)
        finds = {
            path
            for path, address in reads
            for person in (leader, clerk)
            if WORD in await ask(person, address)
        }
        assert finds >= FOUND, FOUND - finds
        (target,) = [
            each for each in people if (each.account.role, each.account.center) == ("station", OTHER_VILLAGE)
        ]
        assert ASKED in await ask(target, "/api/v1/orders")


async def test_figures_count_secret_meetings_for_the_cleared_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running_edge(tmp_path) as edge:
        await left_in_secret(edge, monkeypatch)
        cleared = await edge.known_person("leader", COUNTY, cleared=True)
        other = await edge.known_person("leader", COUNTY)
        counted = []
        for person in (cleared, other):
            total = (await person.get("/api/v1/statistics", center=COUNTY))["total"]["figures"]
            listed = len((await person.get("/api/v1/meetings"))["meetings"])
            reports = sum(each["reports"] for each in (await person.get("/api/v1/reports/totals"))["totals"])
            counted.append(
                (total["meetings"], listed, total["reports"], reports, total["appeals"], total["orders"])
            )
        assert counted == [(2, 2, 1, 1, 1, 1), (0, 0, 0, 0, 0, 0)]
