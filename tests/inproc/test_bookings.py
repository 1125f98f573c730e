"""Bookings at the edge: lists, rights, conflicts, calendar files, and who is told of what."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest

from hub.clock import system_clock, to_wire
from hub.directory.accounts import SYSTEM_ACCOUNT
from hub.directory.permissions import may
from signaling.schemas import answers, booking_values
from tests.support.edge import Edge, Person, running_edge
from tests.support.journal import command
from tests.support.rules import (
    CITY,
    COUNTY,
    OTHER_COUNTY,
    OTHER_TOWN,
    OTHER_VILLAGE,
    TOWN,
    TREE,
    VILLAGE,
)
from tests.support.waiting import eventually

DAY = datetime(2027, 3, 1, 6, tzinfo=UTC)


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path) as made:
        yield made


@pytest.fixture
async def either(tmp_path: Path, database_url: str) -> AsyncIterator[Edge]:
    """On either database: for what SQL reads."""
    async with running_edge(tmp_path, database_url=database_url) as made:
        yield made


async def book(who: Person, hours: float, *centers: str, **more: Any) -> str:
    fields = {"title": "防汛调度", "kind": "dispatch", "confirmed": True, **more}
    starts_at = to_wire(DAY + timedelta(hours=hours))
    answer = await who.command("booking.make", starts_at=starts_at, centers=list(centers), **fields)
    return str(answer["entries"][0]["data"]["booking"])


async def ids(who: Person, **query: str) -> list[str]:
    page = await who.get("/api/v1/bookings", **query)
    answers.Bookings.model_validate(page)
    return [each["id"] for each in page["bookings"]]


async def test_what_is_booked_is_read_by_those_whom_rules_let_and_paged_by_its_start(either: Edge) -> None:
    edge = either
    city, county = await edge.person("leader", CITY), await edge.person("dispatcher", COUNTY)
    away = await edge.person("leader", OTHER_COUNTY)
    await city.command("booking.require_approval", center=COUNTY, required=True)
    made = {
        await book(city, 3, VILLAGE): (CITY, (VILLAGE,), True),
        await book(county, 1, VILLAGE, TOWN): (COUNTY, (VILLAGE, TOWN), False),
        await book(city, 2, COUNTY, OTHER_TOWN): (CITY, (COUNTY, OTHER_TOWN), True),
        await book(county, 1, OTHER_VILLAGE): (COUNTY, (OTHER_VILLAGE,), False),
        await book(away, 5, OTHER_TOWN): (OTHER_COUNTY, (OTHER_TOWN,), True),
    }
    for role in ("leader", "dispatcher", "station", "clerk", "audit_admin"):
        for center in (CITY, COUNTY, TOWN, VILLAGE, OTHER_VILLAGE, OTHER_COUNTY, OTHER_TOWN):
            person = await edge.person(role, center, number=1)
            wanted = {
                booking
                for booking, (own, called, announced) in made.items()
                if any(
                    may(person.account, "booking.read", TREE, code)
                    for code in (own, *(called if announced else ()))
                )
            }
            whole = await ids(person)
            assert set(whole) == wanted, (role, center)
            for booking in made:
                async with person.http.get(f"/api/v1/bookings/{booking}") as answer:
                    assert answer.status == (200 if booking in wanted else 404)
            for limit in (1, 2):
                paged: list[str] = []
                page = await person.get("/api/v1/bookings", limit=str(limit))
                while True:
                    paged += [each["id"] for each in page["bookings"]]
                    if page["next"] is None:
                        break
                    page = await person.get("/api/v1/bookings", limit=str(limit), after=page["next"])
                assert paged == whole
    assert await ids(city, order="latest") == (await ids(city))[::-1]
    assert len(await ids(city, state="proposed")) == 2
    assert len(await ids(city, state="proposed,approved")) == 5
    assert await ids(city, **{"from": to_wire(DAY + timedelta(hours=4))}) == [list(made)[4]]
    assert set(await ids(city, center=OTHER_COUNTY)) == {list(made)[2], list(made)[4]}
    assert (await county.get("/api/v1/bookings"))["approval_required"]
    async with city.http.get("/api/v1/bookings?state=lost") as answer:
        assert answer.status == 400
    page = await city.get("/api/v1/bookings", limit="1")
    assert page["time_zone"] == "Asia/Shanghai"
    assert page["seq"] == edge.writer.state.last_seq


async def test_a_booking_is_told_to_those_it_concerns_when_it_concerns_them(edge: Edge) -> None:
    leader, county = await edge.person("leader", COUNTY), await edge.person("dispatcher", COUNTY)
    village, other = await edge.person("station", VILLAGE), await edge.person("station", OTHER_VILLAGE)
    await leader.command("booking.require_approval", center=COUNTY, required=True)
    desk, station, neighbour = [await edge.listen(who) for who in (leader, village, other)]
    booking = await book(county, 1, VILLAGE, OTHER_VILLAGE)
    told = await desk.until("changed", what="booking", id=booking)
    assert told["value"]["state"] == "proposed"
    booking_values.Booking.model_validate(told["value"])
    await leader.command("booking.approve", booking=booking)
    heard = await station.until("changed", what="booking", id=booking)
    assert (heard["value"]["state"], heard["value"]["called"], heard["value"]["centers"]) == (
        "approved",
        2,
        [],
    )
    starts_at = to_wire(DAY + timedelta(hours=2))
    fields = {"title": "会商", "kind": "consultation", "starts_at": starts_at, "centers": [VILLAGE]}
    await neighbour.until("changed", what="booking", id=booking)
    await county.command("booking.change", booking=booking, **fields)
    gone = await eventually(
        lambda: [each for each in neighbour.of("changed", id=booking) if "value" not in each]
    )
    assert len(gone) == 1, "it is told to read again, and finds nothing"
    assert await ids(other) == []
    changed = await eventually(
        lambda: [each for each in station.of("changed", id=booking) if each["value"]["title"] == "会商"]
    )
    assert changed[0]["value"]["state"] == "proposed"
    saved = await county.command(
        "template.save", scope="mine", title="每日", kind="dispatch", centers=[VILLAGE]
    )
    own = await edge.listen(county)
    template = saved["entries"][0]["data"]["template"]
    await county.command("template.remove", template=template)
    await own.until("changed", what="template", id=template)
    assert not desk.of("changed", what="template"), "what is one's own is told to nobody else"


async def test_what_is_in_the_way_is_told_as_far_as_one_may_see_it(edge: Edge) -> None:
    city, county = await edge.person("leader", CITY), await edge.person("dispatcher", COUNTY)
    town = await edge.person("dispatcher", TOWN)
    await city.command("booking.require_approval", center=CITY, required=True)
    hidden = await book(await edge.person("dispatcher", CITY), 1, VILLAGE, TOWN, OTHER_TOWN, title="干部会")
    own = await book(county, 1.5, VILLAGE, title="县里的")
    asked = {"starts_at": to_wire(DAY + timedelta(hours=1.5)), "reaches": [{"center": TOWN, "to": "village"}]}

    async def found(who: Person, **more: Any) -> list[dict[str, Any]]:
        async with who.http.post("/api/v1/bookings/conflicts", json={**asked, **more}) as answer:
            body = await answer.json()
            assert answer.status == 200, body
            answers.Conflicts.model_validate(body)
            assert body["called"] == 3
            return list(body["conflicts"])

    first, second = await found(county)
    assert (first["id"], first["title"], first["called"]) == (None, None, 2), "the city's is not approved yet"
    assert [each["name"] for each in first["centers"]] == ["坦渡镇", "坦渡村"]
    assert (second["id"], second["title"], second["same_chair"]) == (own, "县里的", True)
    assert [each["id"] for each in await found(city)] == [hidden, own]
    assert await found(county, booking=own) == [first]
    async with town.http.post("/api/v1/bookings/conflicts", json={**asked, "centers": [CITY]}) as answer:
        assert answer.status == 403
    station = await edge.person("station", VILLAGE)
    async with station.http.post("/api/v1/bookings/conflicts", json=asked) as answer:
        assert answer.status == 403


async def test_a_calendar_file_says_what_was_booked_in_local_time_and_what_was_called_off(edge: Edge) -> None:
    leader = await edge.person("leader", CITY)
    booking = await book(
        leader, 0, VILLAGE, TOWN, COUNTY, OTHER_TOWN, title='防汛 调度/../"会', note="带上图纸"
    )

    async def read(path: str) -> tuple[Any, str]:
        async with leader.http.get(path) as answer:
            assert answer.status == 200
            assert answer.content_type == "text/calendar"
            return icalendar.Calendar.from_ical(await answer.read()), answer.headers["Content-Disposition"]

    calendar, disposition = await read(f"/api/v1/bookings/{booking}/calendar")
    (event,) = calendar.walk("VEVENT")
    assert event["UID"] == f"{booking}@lianxian"
    assert event.decoded("DTSTART").isoformat() == "2027-03-01T14:00:00+08:00"
    assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(minutes=60)
    assert event["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Shanghai"]
    assert (event["SUMMARY"], event["STATUS"]) == ('防汛 调度/../"会', "CONFIRMED")
    assert "坦渡村、坦渡镇、临湘市 等 4 个" in event["DESCRIPTION"]
    assert "带上图纸" in event["DESCRIPTION"]
    (alarm,) = event.walk("VALARM")
    assert alarm.decoded("TRIGGER") == -timedelta(minutes=10)
    assert "%2F" not in disposition
    assert "%22" not in disposition
    assert disposition.endswith("20270301-1400.ics")
    await leader.command("booking.cancel", booking=booking, reason="改期")
    again, _ = await read(f"/api/v1/bookings/{booking}/calendar")
    (cancelled,) = again.walk("VEVENT")
    assert (cancelled["UID"], cancelled["STATUS"]) == (event["UID"], "CANCELLED")
    assert cancelled["SEQUENCE"] > event["SEQUENCE"]
    await book(leader, 5, VILLAGE, title="x" * 100)
    many, _ = await read("/api/v1/bookings/calendar?state=approved")
    assert len(many.walk("VEVENT")) == 1
    for component in many.to_ical().split(b"\r\n"):
        assert len(component) <= 75, "lines are folded"


async def test_templates_are_ones_own_and_ones_centers(either: Edge) -> None:
    edge = either
    one, two = await edge.person("dispatcher", COUNTY), await edge.person("dispatcher", COUNTY, number=1)
    away, station = await edge.person("leader", OTHER_COUNTY), await edge.person("station", COUNTY)
    fields = {"title": "每日", "kind": "dispatch", "reaches": [{"center": COUNTY, "to": "village"}]}
    mine = (await one.command("template.save", scope="mine", **fields))["entries"][0]["data"]["template"]
    ours = (await one.command("template.save", scope="center", **fields))["entries"][0]["data"]["template"]

    async def kept(who: Person) -> list[str]:
        page = await who.get("/api/v1/templates")
        answers.Templates.model_validate(page)
        return [each["id"] for each in page["templates"]]

    assert await kept(one) == [ours, mine]
    assert await kept(two) == [ours]
    assert await kept(away) == await kept(station) == []
    opened = await two.command("template.convene", template=ours)
    assert opened["entries"][0]["data"]["centers"] == [COUNTY, TOWN, VILLAGE, OTHER_VILLAGE]
    await two.command("template.save", scope="center", template=ours, **{**fields, "title": "每周"})
    assert (await one.get("/api/v1/templates"))["templates"][0]["title"] == "每周"
    await one.command("template.remove", template=mine)
    assert await kept(one) == [ours]


async def test_who_may_lead_is_found_among_the_accounts_in_ones_subtree(edge: Edge) -> None:
    new = [
        {"username": f"{role}-{center}", "name": f"{name}", "role": role, "center": center}
        for role, center, name in (
            ("leader", COUNTY, "王县长"),
            ("dispatcher", TOWN, "李调度"),
            ("station", VILLAGE, "张村"),
            ("leader", CITY, "刘市长"),
        )
    ]
    await edge.writer.submit(command("account.create", accounts=new), SYSTEM_ACCOUNT)
    county = await edge.person("dispatcher", COUNTY)

    async def names(**query: str) -> list[str]:
        page = await county.get("/api/v1/bookings/chairs", **query)
        answers.Chairs.model_validate(page)
        return [each["name"] for each in page["chairs"]]

    assert await names() == ["王县长", "李调度"]
    assert await names(q="坦渡镇") == ["李调度"]
    assert system_clock() < DAY, "the bookings of these tests lie ahead"
