"""The kinds of jobs: what each may take, and when it may begin. What does the work stands in `hub/cli/work.py`, by name.

A feature that has long work adds one line here and one there; one that people ask for, a third in
`hub/conference/job_kinds.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class JobKind:
    """One kind of job, as its runner needs it."""

    name: str
    memory_bytes: int
    """What its processes may take each (RLIMIT_AS counts what is only reserved, too)."""
    stall_s: float = 300.0
    """It is ended when it tells of no progress for so long."""
    tries: int = 5
    """So often it is begun, after crashes of it or of the hub, before it has failed."""
    after_recording: bool = False
    """It begins when no part of its meeting is being written any more."""
    reads_recording: bool = False
    """It begins when all that was recorded of its meeting is on this machine; what is not is brought back for it."""


#: Every kind, by its name.
KINDS: Final[dict[str, JobKind]] = {
    each.name: each
    for each in (
        JobKind("film", memory_bytes=3 << 30, after_recording=True, reads_recording=True),
        JobKind("clip", memory_bytes=3 << 30, reads_recording=True),
        JobKind("picture", memory_bytes=2 << 30, reads_recording=True),
        JobKind("check", memory_bytes=1 << 30, reads_recording=True),
        JobKind("evidence", memory_bytes=4 << 30, reads_recording=True),
        JobKind("handover", memory_bytes=4 << 30, after_recording=True, reads_recording=True),
        JobKind("small_pictures", memory_bytes=2 << 30, tries=2),
        # the hub's own; a recogniser's model is mapped, and counts
        JobKind("voice", memory_bytes=8 << 30, after_recording=True),
    )
}
