"""A journal of made-up sessions, what another machine was sent of it, and bundles of one of them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hub.entry import Actor, Draft, Entry
from hub.evidence import verify_bundle
from hub.evidence.bundle import Built, Material, Placed, Recorded, Request, build
from hub.journal.chain import GENESIS, entry_hash, seal
from hub.journal.checkpoint import Checkpointer, line_of
from hub.journal.ports import Checkpoint, Tip

MEETING, OTHER = "m_1", "m_2"
BEGAN = datetime(2026, 11, 23, 8, tzinfo=UTC)
ACTOR = Actor("a_1", "430600000000")


def made_up(count: int) -> list[Entry]:
    """Entries of two sessions by turns, a second apart."""
    entries: list[Entry] = []
    for number in range(count):
        prev = entries[-1].hash if entries else GENESIS
        odd = {"（序）": number} if number % 10 == 1 else {}  # a name beyond U+D7FF, sorted by its UTF-16
        draft = Draft("note.added", MEETING if number % 3 else OTHER, {"text": f"记录 {number}", **odd})
        entries.append(seal(number + 1, BEGAN + timedelta(seconds=number), ACTOR, draft, prev))
    return entries


def sealed_again(entries: Sequence[Entry]) -> list[Entry]:
    """As a forger who knows all would: numbers, links and hashes anew, so that the chain holds in itself."""
    made: list[Entry] = []
    for number, entry in enumerate(entries, start=1):
        prev = made[-1].hash if made else GENESIS
        moved = replace(entry, seq=number, prev=prev)
        made.append(replace(moved, hash=entry_hash(moved)))
    return made


@dataclass
class Signed:
    """A journal with its checkpoints, signed at these sizes with the key in a folder."""

    folder: Path
    entries: list[Entry]
    signs: list[Checkpoint] = field(default_factory=list)

    def sign_at(self, *sizes: int) -> Signed:
        """Checkpoints as a hub makes them while its journal grows."""
        signer = Checkpointer(self.folder, self._clock)
        done = 0
        for size in sizes:
            signer.follow([entry.hash for entry in self.entries[done:size]], self.entries[size - 1].seq)
            last = self.entries[size - 1]
            self._now = last.at
            self.signs.append(signer.sign(Tip(last.seq, last.hash, last.at)))
            done = size
        signer.close()
        return self

    def _clock(self) -> datetime:
        return self._now + timedelta(milliseconds=1)

    def sent(self) -> str:
        """The file of who was sent all checkpoints."""
        return "".join(f"{line_of(each)}\n" for each in self.signs)

    def bundle(
        self,
        path: Path,
        *,
        made_at: datetime | None = None,
        unreadable: Sequence[int] = (),
        parts: Sequence[Recorded] = (),
        recordings: Path | None = None,
        wide: bool = False,
    ) -> Built:
        """The bundle of the first session as this journal gives it."""
        signer = Checkpointer(self.folder)
        placed = [
            Placed(index, entry, entry.seq not in unreadable)
            for index, entry in enumerate(self.entries)
            if entry.meeting == MEETING and index < (self.signs[-1].size or 0)
        ]
        hashes = [entry.hash for entry in self.entries]
        material = Material(MEETING, "防汛调度", hashes, placed, self.signs, parts)
        made = made_at or self.entries[-1].at + timedelta(days=1)
        request = Request(made, {"account": "a_1"}, {"a_1": "王某"}, recordings is not None, signer.key_id)
        file = io.BytesIO()
        built = build(file, material, request, signer.sign_bytes, signer.public_key, recordings, wide=wide)
        path.write_bytes(file.getvalue())
        signer.close()
        return built


def verified(path: Path, **options: object) -> int:
    """Exit code of the verifier, run in this process."""
    given = {f"--{name}": str(value) for name, value in options.items()}
    return verify_bundle.main([str(path), *(word for pair in given.items() for word in pair)])
