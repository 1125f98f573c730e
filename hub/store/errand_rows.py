"""What entries about errands change in the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from hub.clock import to_wire
from hub.entry import Entry
from hub.journal.chain import json_text
from hub.store import tables
from hub.store.bulk import Change

_TAKEN: Final = (
    "UPDATE errands SET state = 'taken', taker = :taker, taken_at = :at, handed_by = :handed_by, reason = :reason"
    " WHERE id = :errand"
)
_HANDED: Final = (
    "UPDATE errands SET state = 'handed', taker = NULL, taken_at = NULL, handed_by = :handed_by, reason = :reason"
    " WHERE id = :errand"
)
_DONE: Final = (
    "UPDATE errands SET state = 'done', taker = COALESCE(taker, :taker), over_at = :at, over_seq = :seq, photos = :photos,"
    " cents = :cents, late = :late WHERE id = :errand"
)
_DROPPED: Final = "UPDATE errands SET state = 'dropped', over_at = :at, over_seq = :seq, reason = :reason WHERE id = :errand"
_RATED: Final = "UPDATE errands SET stars = :stars, heard = :heard WHERE id = :errand"
_MOVED: Final = "UPDATE errands SET grid = :grid, center = :center WHERE id = :errand"


def _asked(entry: Entry) -> Iterator[Change]:
    data = entry.data
    yield (
        tables.errands,
        {
            "id": data["errand"],
            "seq": entry.seq,
            **{name: data[name] for name in ("center", "grid", "household", "kind", "due", "commitment")},
            "urgent": data.get("urgent", False),
            "state": "asked",
            "asked_at": to_wire(entry.at),
            "asked_by": json_text(data["by"]),
            "taker": None,
            "taken_at": None,
            "handed_by": None,
            "over_at": None,
            "over_seq": None,
            "photos": "",
            "cents": None,
            "late": False,
            "stars": None,
            "heard": None,
            "reason": "",
        },
    )


def _taken(entry: Entry) -> Iterator[Change]:
    data = entry.data
    kept = {name: data[name] for name in ("errand", "taker", "handed_by", "reason")}
    yield _TAKEN, {**kept, "at": to_wire(entry.at)}


def _handed(entry: Entry) -> Iterator[Change]:
    yield _HANDED, {name: entry.data[name] for name in ("errand", "handed_by", "reason")}


def _finished(entry: Entry) -> Iterator[Change]:
    data = entry.data
    photos = json_text(data["photos"]) if data["photos"] else ""
    kept = {name: data[name] for name in ("errand", "cents", "late")}
    at = data.get("occurred_at") or to_wire(entry.at)
    yield _DONE, {**kept, "taker": entry.actor.account, "at": at, "seq": entry.seq, "photos": photos}


def _dropped(entry: Entry) -> Iterator[Change]:
    data = entry.data
    kept = {name: data[name] for name in ("errand", "reason")}
    yield _DROPPED, {**kept, "at": to_wire(entry.at), "seq": entry.seq}


def _rated(entry: Entry) -> Iterator[Change]:
    data = entry.data
    yield _RATED, {"stars": data["stars"], "heard": data.get("heard", "door"), "errand": data["errand"]}


def _moved(entry: Entry) -> Iterator[Change]:
    for errand, grid in entry.data["grids"].items():
        yield _MOVED, {"grid": grid, "center": entry.data["center"], "errand": errand}


#: Which function projects which kind of entry.
KINDS: Final[dict[str, Callable[[Entry], Iterator[Change]]]] = {
    "errand.asked": _asked,
    "errand.taken": _taken,
    "errand.handed": _handed,
    "errand.finished": _finished,
    "errand.dropped": _dropped,
    "errand.rated": _rated,
    "errand.moved": _moved,
}
