"""Sections of a draft about what was said and settled: reports, incidents, decisions, orders, notes, pauses, recordings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from hub.clock import from_wire
from hub.entry import Entry
from hub.minutes.facts import Drafted, Facts, Json, Line
from hub.minutes.text import MinutesPicture

#: What the file of a picture's job is called.
PICTURE: Final = "picture.png"


def reported(facts: Facts) -> Drafted | None:
    """What centers reported; an answer that all is normal is a row of the roll call already."""
    answered = {entry.data.get("report") for entry in facts.entries if entry.kind == "roll_call.answered"}
    lines = [
        Line(_report(facts, one), facts.offset(one["at"]), facts.seqs.get(one["id"]))
        for one in facts.documents["reports"]
        if one["situation"] == "abnormal" or one["id"] not in answered
    ]
    return Drafted("reports", "", lines) if lines else None


def _report(facts: Facts, one: Json) -> str:
    words = [one["text"] or facts.say("report.empty")]
    if one.get("place"):
        words.append(facts.say("report.place", place=one["place"]))
    if one.get("persons"):
        words.append(facts.say("report.persons", count=one["persons"]))
    text = facts.say("stop").join(_flat(word) for word in words)
    return facts.say("report", name=one["name"], time=facts.clock(one["at"]), text=text)


def taken_in(facts: Facts) -> Drafted | None:
    """The incidents and appeals that were taken in, and how they stand now."""
    lines = []
    for one in sorted(facts.incidents, key=lambda each: str(each["registered_at"])):
        words = {
            "number": one["number"],
            "title": _flat(one["title"]),
            "place": _flat(one["place"]) or facts.say("incident.noplace"),
            "taken": one["taken_by"]["name"],
            "responsible": one["responsible"]["name"],
            "state": facts.say(f"incident.{one['state']}"),
        }
        at = facts.offset(one["registered_at"])
        lines.append(Line(facts.say("incident", **words), at, facts.seqs.get(one["id"])))
    return Drafted("incidents", "", lines) if lines else None


def decided(facts: Facts) -> Drafted:
    """What was decided; drafts that nobody confirmed were not."""
    lines = []
    for one in facts.documents["decisions"]:
        if one["state"] != "confirmed":
            continue
        by, at = one["confirmed_by"] or one["by"], one["confirmed_at"] or one["at"]
        text = facts.say("decision", text=_flat(one["text"]), name=by["name"], time=facts.clock(at))
        if one["responsible"]:
            names = facts.say("list").join(each["name"] for each in one["responsible"])
            text = facts.say("stop").join([text, facts.say("decision.responsible", names=names)])
        if one["amended_by"]:
            text = facts.say("decision.amended", text=text)
        lines.append(Line(text, facts.offset(one["at"]), facts.seqs.get(one["id"])))
    return Drafted("decisions", "" if lines else facts.say("nothing"), lines)


def ordered(facts: Facts) -> Drafted | None:
    """A row for each target of each order: by when, since when signed and done, and how far it is now."""
    rows = [row for one in facts.documents["orders"] for row in _order(facts, one)]
    if not rows:
        return None
    names = ("number", "order", "target", "due", "signed", "done", "state")
    columns = tuple(facts.say(f"column.{each}") for each in names)
    return Drafted("orders", facts.say("orders.as_of", time=facts.day(facts.now)), rows, columns)


def _order(facts: Facts, one: Json) -> Iterator[Line]:
    for target in one["targets"]:
        due = target.get("due") or one["due"]
        state = "withdrawn" if one.get("withdrawn") else target["state"]
        says = facts.say(
            f"order.{state}", **({"percent": target["percent"]} if state == "in_progress" else {})
        )
        done = target["completed_at"]
        late = due is not None and from_wire(due) < (facts.now if done is None else from_wire(done))
        if late and state != "withdrawn":
            says = facts.say("list").join([says, facts.say("order.late")])
        cells = (
            f"{one['number'] or facts.say('order.untitled')}\n{facts.clock(one['issued_at'])}",
            _flat(one["text"]),
            target["name"],
            facts.clock(due) or facts.say("order.none_due"),
            facts.say("list").join(
                word for word in (facts.clock(target["signed_at"]), target["signed_by"]) if word
            ),
            facts.clock(done),
            says,
        )
        yield Line(cells[1], facts.offset(one["issued_at"]), facts.seqs.get(one["id"]), cells)


def noted(facts: Facts) -> Drafted | None:
    """Notes, marks among them: each at the moment that is meant."""
    lines = [
        Line(
            facts.say("note", name=one["by"]["name"], text=_flat(one["text"])),
            facts.offset(one["at"]),
            facts.seqs.get(one["id"]),
        )
        for one in facts.documents["notes"]
    ]
    lines += [
        Line(
            facts.say(f"mark.{data['kind']}", name=data["by"]["name"], text=_flat(data["text"])),
            facts.offset(data["at"]),
            seq,
        )
        for seq, data in _marks(facts).values()
    ]
    lines.sort(key=lambda line: line.at_ms if line.at_ms is not None else 1 << 50)
    return Drafted("notes", "", lines) if lines else None


def _marks(facts: Facts) -> dict[str, tuple[int, Any]]:
    """Marks as they stand: the entry that says so, and what it says."""
    stand: dict[str, tuple[int, Any]] = {}
    for entry in facts.entries:
        if entry.kind in ("mark.added", "mark.changed"):
            stand[entry.data["mark"]] = (entry.seq, entry.data)
        elif entry.kind == "mark.withdrawn":
            stand.pop(entry.data["mark"], None)
    return stand


def pictured(facts: Facts) -> Drafted | None:
    """Pictures that were taken of the recording, each at its moment."""
    lines = []
    for entry in facts.entries:
        if entry.kind != "job.done" or entry.data["what"] != "picture":
            continue
        told, files = entry.data["told"], {each["name"]: each for each in entry.data["files"]}
        if PICTURE not in files:
            continue
        caption = facts.say("picture.screen" if told["source"] == "screen" else "picture", name=told["name"])
        picture = MinutesPicture(
            job=entry.data["job"], sha256=files[PICTURE]["sha256"], caption=caption[:120], at_ms=told["at_ms"]
        )
        lines.append(Line(caption, told["at_ms"], entry.seq, picture=picture))
    lines.sort(key=lambda line: line.at_ms or 0)
    return Drafted("pictures", "", lines) if lines else None


def rested(facts: Facts) -> Drafted | None:
    """When the meeting was paused, by whom, and how long."""
    lines: list[Line] = []
    begun: Entry | None = None

    def ends(until: Any) -> None:
        if begun is None:
            return
        reason = begun.data["reason"]
        words: dict[str, Any] = {
            "time": facts.clock(begun.at),
            "by": begun.data["by"]["name"],
            "reason": f"{facts.say('stop')}{_flat(reason)}" if reason else "",
        }
        if until is None:
            text = facts.say("pause.open", **words)
        else:
            text = facts.say("pause", span=facts.span(until - begun.at), **words)
        lines.append(Line(text, facts.offset(begun.at), begun.seq))

    for entry in facts.entries:
        if entry.kind == "meeting.paused" and begun is None:
            begun = entry
        elif entry.kind == "meeting.resumed":
            ends(entry.at)
            begun = None
    ends(None)
    return Drafted("pauses", "", lines) if lines else None


def recorded(facts: Facts) -> Drafted | None:
    """The parts of the recordings with their digests."""
    parts = [part for one in facts.recordings for part in one["parts"]]
    if not parts:
        return None
    whole = sum((timedelta(milliseconds=part["duration_ms"] or 0) for part in parts), timedelta())
    rows = []
    for part in parts:
        length = part["duration_ms"]
        says = "" if length is None else facts.span(timedelta(milliseconds=length))
        digest = part["sha256"] or facts.say("part.lost" if part["state"] == "lost" else "part.unfinished")
        label = " ".join(word for word in (facts.name(part["center"]), part["name"]) if word)
        cells = (label, facts.clock(part["started_at"]), says, digest)
        rows.append(Line(label, facts.offset(part["started_at"]), cells=cells))
    columns = tuple(facts.say(f"column.{each}") for each in ("part", "from", "length", "digest"))
    return Drafted(
        "recordings", facts.say("recordings.sum", count=len(parts), hours=facts.span(whole)), rows, columns
    )


def _flat(text: str) -> str:
    """What people wrote, on one line."""
    return " ".join(text.split())
