"""Sections of a draft about people: who came and for how long, who answered the roll call, who spoke."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from hub.conference.attendance import AttendanceCenter, attendance
from hub.minutes.facts import Drafted, Facts, Line
from hub.seats import Seat
from hub.shapes import ParticipantRef

#: Lines of one section; a tour of a whole day would have thousands.
MOST_LINES = 200
_LEAVES = ("meeting.left", "participant.removed")


def attended(facts: Facts) -> Drafted:
    """Who came, by level; who did not, and why; who was let in late; and each center with its minutes."""
    found = attendance(facts.meeting, facts.name)
    lines = [*_levels(facts, found.centers), *_absent(facts, found.centers), *_admitted(facts)]
    count = facts.say(
        "count",
        called=found.count.called,
        came=found.count.came,
        absent=found.absent,
        people=found.count.people,
    )
    present = minutes_present(facts)
    seats: defaultdict[str, list[Seat]] = defaultdict(list)
    for seat in facts.meeting.seats.values():
        if seat.state != "removed":
            seats[seat.center].append(seat)
    home = facts.meeting.convener.center
    order = [home, *(each.center for each in found.centers if each.state == "came")]
    rows = [_row(facts, code, seats[code], present) for code in order if seats[code]]
    names = ("center", "level", "people", "came", "left", "minutes")
    columns = tuple(facts.say(f"column.{each}") for each in names)
    return Drafted("attendance", count, [*lines, *rows], columns if rows else ())


def _levels(facts: Facts, centers: list[AttendanceCenter]) -> Iterator[Line]:
    for level in ("city", "county", "township", "village"):
        here = [
            each for each in centers if each.center in facts.tree and facts.tree[each.center].level == level
        ]
        if here:
            came = sum(each.state == "came" for each in here)
            words = {"level": facts.say(f"level.{level}"), "called": len(here), "came": came}
            yield Line(facts.say("attendance.level", **words))


def _absent(facts: Facts, centers: list[AttendanceCenter]) -> Iterator[Line]:
    for each in centers:
        if each.state == "came":
            continue
        at = None
        if each.state == "removed":
            why = facts.say("absent.removed")
        elif each.declined is not None:
            why = facts.say("absent.declined", reason=facts.say(f"reason.{each.declined.reason}"))
            at = facts.offset(each.declined.at)
        else:
            why = facts.say("absent.silent", times=each.times)
        yield Line(facts.say("attendance.absent", center=each.name, why=why), at)


def _admitted(facts: Facts) -> Iterator[Line]:
    for entry in facts.entries:
        if entry.kind == "waiting.admitted":
            names = facts.say("list").join(
                f"{who['center_name']} {who['name']}" for who in entry.data["participants"]
            )
            yield Line(facts.say("attendance.admitted", names=names), facts.offset(entry.at), entry.seq)


def minutes_present(facts: Facts) -> dict[str, timedelta]:
    """Center -> how long anybody was there for it: who comes and goes is counted while he is there, two at once are one."""
    inside: dict[str, set[str]] = defaultdict(set)
    center_of: dict[str, str] = {}
    since: dict[str, datetime] = {}
    total: defaultdict[str, timedelta] = defaultdict(timedelta)

    def leaves(who: str, at: datetime) -> None:
        center = center_of.get(who, "")
        if who in inside[center]:
            inside[center].discard(who)
            if not inside[center]:
                total[center] += at - since.pop(center)

    for entry in facts.entries:
        if entry.kind == "meeting.joined":
            who = entry.data["participant"]
            center_of[who["id"]] = who["center"]
            if not inside[who["center"]]:
                since[who["center"]] = entry.at
            inside[who["center"]].add(who["id"])
        elif entry.kind in _LEAVES:
            leaves(entry.data["participant"], entry.at)
    for center, begun in since.items():
        total[center] += facts.end - begun
    return total


def _row(facts: Facts, code: str, seats: list[Seat], present: dict[str, timedelta]) -> Line:
    seats = sorted(seats, key=lambda seat: seat.joined_at)
    people = [
        " ".join(word for word in (one.duty, one.present) if word) if one.present else one.name
        for one in seats
    ]
    first = seats[0].joined_at
    left = [seat.left_at for seat in seats]
    last = None if any(at is None for at in left) else max(at for at in left if at is not None)
    level = facts.say(f"level.{seats[0].level}")
    minutes = round(present.get(code, timedelta()) / timedelta(minutes=1))
    cells = (
        seats[0].center_name,
        level,
        facts.say("list").join(people),
        facts.clock(first),
        facts.clock(last),
        str(minutes),
    )
    return Line(seats[0].center_name, facts.offset(first), cells=cells)


def called(facts: Facts) -> Drafted | None:
    """Each roll call in numbers, and who answered what, when; None where there was none."""
    if not facts.roll_calls:
        return None
    begun = [entry.seq for entry in facts.entries if entry.kind == "roll_call.begun"]
    lines: list[Line] = []
    for number, (roll, rows) in enumerate(facts.roll_calls, 1):
        by = "" if roll.by is None else roll.by.name
        counts = {
            name: getattr(roll, name) for name in ("total", "answered", "abnormal", "unanswered", "skipped")
        }
        says = facts.say("roll_call.sum", by=by, time=facts.clock(roll.begun_at), **counts)
        at = None if roll.begun_at is None else facts.offset(roll.begun_at)
        lines.append(Line(says, at, begun[number - 1] if number <= len(begun) else None))
        for code, row in sorted(rows.rows.items(), key=lambda one: one[1].place):
            marks = [facts.say(f"roll.{name}") for name in ("late", "marked") if getattr(row, name)]
            moment = row.at or row.called_at
            cells = (
                str(number),
                facts.name(code),
                facts.say("list").join([facts.say(f"roll.{row.state}"), *marks]),
                facts.say(f"situation.{row.situation}") if row.situation else "",
                row.by or "",
                facts.clock(moment),
            )
            lines.append(
                Line(facts.name(code), None if moment is None else facts.offset(moment), cells=cells)
            )
    columns = tuple(
        facts.say(f"column.{each}") for each in ("roll", "center", "result", "situation", "who", "at")
    )
    return Drafted("roll_call", "", lines, columns)


def spoke(facts: Facts) -> Drafted | None:
    """Who had the floor, and who was shown to all by hand, from when and how long; None where nobody had and was."""
    people = {seat.id: f"{seat.center_name} {seat.name}" for seat in facts.meeting.seats.values()}
    chair: ParticipantRef = facts.meeting.convener
    people.setdefault(chair.id, f"{chair.center_name} {chair.name}")
    open_floor: dict[str, tuple[datetime, int]] = {}
    shown: tuple[str, datetime, int] | None = None
    lines: list[Line] = []

    def floor_ends(who: str, at: datetime) -> None:
        if (begun := open_floor.pop(who, None)) is not None:
            words = {"who": people.get(who, who), "span": facts.span(at - begun[0])}
            lines.append(Line(facts.say("statement", **words), facts.offset(begun[0]), begun[1]))

    def show_ends(at: datetime) -> None:
        if shown is not None:
            words = {"who": people.get(shown[0], shown[0]), "span": facts.span(at - shown[1])}
            lines.append(Line(facts.say("statement.shown", **words), facts.offset(shown[1]), shown[2]))

    for entry in facts.entries:
        data = entry.data
        if entry.kind == "floor.granted":
            open_floor.setdefault(data["participant"], (entry.at, entry.seq))
        elif entry.kind in ("floor.released", "floor.revoked", *_LEAVES):
            floor_ends(data["participant"], entry.at)
        elif entry.kind == "stage.broadcast":
            show_ends(entry.at)
            who = data["participant"]
            by_hand = who is not None and data.get("because", "chair") == "chair"
            shown = (who, entry.at, entry.seq) if by_hand else None
    for who in list(open_floor):
        floor_ends(who, facts.end)
    show_ends(facts.end)
    lines.sort(key=lambda line: line.at_ms or 0)
    return Drafted("statements", "", lines) if lines else None
