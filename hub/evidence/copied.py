"""The second copy (异地副本) as values of copier and store: what is to stand there, under which key, and how that stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

ThingKind = Literal["part", "made", "object"]
#: `waiting`: not there yet, or not known to be; `copied`: read back and verified; `damaged`: what stands there is another one.
CopyState = Literal["waiting", "copied", "damaged"]

#: Which folder of the copy each kind stands in.
FOLDERS: Final[Mapping[ThingKind, str]] = {"part": "recordings", "made": "made", "object": "objects"}
_KEY: Final = re.compile(
    r"(recordings|made|objects)/([0-9a-f]{2})/([0-9a-f]{64})/([A-Za-z0-9_][A-Za-z0-9._/-]*)"
)


@dataclass(frozen=True, slots=True)
class Thing:
    """A file that is to stand in the second copy: a part of a recording, a file that a job made, an object."""

    kind: ThingKind
    id: str
    """Of a part RECORDING/PART, of what a job made JOB/NAME, of an object its digest."""
    sha256: str
    bytes: int
    file: str
    """Its path in the folder of its kind."""
    meeting: str | None = None
    tries: int = 0

    @property
    def key(self) -> str:
        """Where it stands there. The key tells digest and file, so that all can be brought back with nothing but the copy."""
        return f"{FOLDERS[self.kind]}/{self.sha256[:2]}/{self.sha256}/{self.file}"


def thing_of(key: str, size_bytes: int) -> Thing | None:
    """What stands under a key; None for a key that is none of ours."""
    found = _KEY.fullmatch(key)
    if (
        found is None
        or found[2] != found[3][:2]
        or any(step in ("", ".", "..") for step in found[4].split("/"))
    ):
        return None
    kind = next(kind for kind, folder in FOLDERS.items() if folder == found[1])
    return Thing(kind, found[4], found[3], size_bytes, found[4])


@dataclass(frozen=True, slots=True)
class KindCounts:
    """How far one kind is: files and bytes that are to be there, and that were verified there."""

    files: int = 0
    bytes: int = 0
    copied: int = 0
    copied_bytes: int = 0
    damaged: int = 0


@dataclass(frozen=True, slots=True)
class CopyCounts:
    """How far the second copy is."""

    kinds: Mapping[ThingKind, KindCounts]
    wanted: int = 0
    """Files that somebody wants back."""
    wanted_bytes: int = 0
    released: int = 0
    """Recorded files that stand there alone."""
    released_bytes: int = 0
    newest_at: str | None = None
    """When the newest copy was verified first."""
    oldest_verified_at: str | None = None
    """When that was verified last which was verified longest ago."""

    @property
    def waiting(self) -> int:
        """Files that are not verified there."""
        return sum(each.files - each.copied for each in self.kinds.values())


@dataclass(frozen=True, slots=True)
class MeetingCopies:
    """How the files of one meeting stand."""

    files: int
    copied: int
    released: int
    wanted: int
    verified_at: str | None
    """When that was verified last which was verified longest ago; None while nothing was."""
