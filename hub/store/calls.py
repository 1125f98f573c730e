"""From an entry to the rows of who is called: centers that were called into a running meeting, people let back in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from hub.entry import Entry
from hub.journal.chain import json_text
from hub.store import tables
from hub.store.bulk import Change

Project = Callable[[Entry], Iterator[Change]]

# The list is JSON without blanks and never empty (the convener's own center is in it): it goes on before its last bracket.
_MORE: Final = (
    "UPDATE meetings SET centers = substr(centers, 1, length(centers) - 1) || :more WHERE id = :meeting"
)
_BACK: Final = "UPDATE participants SET state = 'left' WHERE meeting = :meeting AND account = :account AND state = 'removed'"


def _meeting_called(entry: Entry) -> Iterator[Change]:
    new = list(entry.data["centers"])
    if new:
        yield _MORE, {"more": f",{json_text(new)[1:]}", "meeting": entry.meeting}
    for center in new:
        yield tables.meeting_centers, {"meeting": entry.meeting, "center": center}
    for account in entry.data["back"]:
        yield _BACK, {"meeting": entry.meeting, "account": account}


#: Which function projects which kind of entry.
KINDS: Final[dict[str, Project]] = {"meeting.called": _meeting_called}
