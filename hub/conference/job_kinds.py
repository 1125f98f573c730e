"""The kinds of long work that people may ask for: what each is told, and which right it takes.

What runs it, in which process and with which limits, stands in `hub/jobs/kinds.py`, under the same name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from hub.conference.review_jobs import CheckOptions, ClipOptions, PictureOptions
from hub.ruling import CommandData


@dataclass(frozen=True, slots=True)
class AskedKind:
    """One kind of work."""

    kind: str
    """Its name: `film`, for example."""
    options: type[CommandData]
    """What it is told besides the meeting."""
    about: Literal["ended", "meeting"] = "ended"
    """Whether it is about a meeting that is over, or about any."""
    action: str = "recording.make"
    """The right that it takes, towards the convener's center."""
    guarded: bool = False
    """Whether its files are for who asked, and for those above him with that right; else for all who may see the recording."""
    kept: timedelta | None = None
    """Its files are taken away so long after it was done, for they can be made again. None: they stay."""


class FilmOptions(CommandData):
    """A film is told nothing besides its meeting."""


class EvidenceOptions(CommandData):
    """An evidence bundle with the recorded files is told nothing besides its meeting."""


class HandoverOptions(CommandData):
    """What goes into a hand-over besides minutes, record and evidence."""

    recordings: bool = True
    """The recorded files."""
    film: bool = True
    """The newest film, where there is one."""


#: Every kind that can be asked for, by its name.
ASKED: Final[dict[str, AskedKind]] = {
    each.kind: each
    for each in (
        AskedKind("film", FilmOptions),
        AskedKind("clip", ClipOptions, about="meeting"),
        AskedKind("picture", PictureOptions, about="meeting"),
        AskedKind("check", CheckOptions, about="meeting"),
        AskedKind(
            "evidence",
            EvidenceOptions,
            about="meeting",
            action="evidence.take",
            guarded=True,
            kept=timedelta(days=3),
        ),
        AskedKind("handover", HandoverOptions, action="evidence.take", guarded=True),
    )
}
