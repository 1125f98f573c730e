"""Answers to commands: what is given back, and what is remembered so that a repetition gets the same."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass

from hub.entry import Command, Entry
from hub.errors import Refusal
from hub.journal.chain import NotCanonical, canonical_json
from hub.journal.ports import CommandKey


@dataclass(frozen=True, slots=True)
class Answer:
    """The effect of a command: the entries it made, and the number of the last of them.

    A command that changed nothing has no entries, and `seq` is that of the newest entry at the time.
    """

    seq: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer, and the digest of the command body that it belongs to."""

    digest: bytes
    answer: Answer


def digest_of(command: Command) -> bytes:
    """SHA-256 of all in the command but its id and what the hub filled in. Raises Refusal `invalid` for no plain JSON."""
    data = command.data if type(command.data) is dict else dict(command.data)
    if command.filled:
        data = {name: value for name, value in data.items() if name not in command.filled}
    try:
        text = canonical_json([command.kind, command.meeting, data])
    except NotCanonical as error:
        raise Refusal("invalid", str(error), "data") from None
    return hashlib.sha256(text.encode()).digest()


def answer_again(kept_digest: bytes, digest: bytes) -> None:
    """Raises Refusal `id_reused` when a command id comes again with another body."""
    if kept_digest != digest:
        raise Refusal("id_reused", "this command id was used with another body", "id")


class AnswerCache:
    """The newest answers, in memory; older ones are looked up in the store."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[CommandKey, Kept] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: CommandKey) -> Kept | None:
        """The answer kept for this command, if it is still here."""
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
        return kept

    def put(self, key: CommandKey, kept: Kept) -> None:
        """Remember an answer; the one unused for longest makes room."""
        self._kept[key] = kept
        if len(self._kept) > self._size:
            self._kept.popitem(last=False)
