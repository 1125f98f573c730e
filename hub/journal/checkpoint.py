"""Signed checkpoints: a chain alone does not show that its newest entries were cut off.

A checkpoint says that entry `seq` had this hash at this moment, and which root all entries up to it have as a Merkle
tree (hub/journal/tree.py), signed with the hub's Ed25519 key. It is appended to
`checkpoints.jsonl` in the data folder, which can be shipped elsewhere, and kept in the database too. What was cut off
within the last interval before any checkpoint saw it stays unnoticed.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import os
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from hub.clock import Clock, from_wire, system_clock, to_wire
from hub.journal.chain import canonical_json
from hub.journal.head import Head, read_head
from hub.journal.ports import Checkpoint, Mark, Tip
from hub.journal.tree import TREE_FILE, Frontier, read_tree, write_tree

log = logging.getLogger(__name__)

#: A checkpoint at least this often while there is news; under the 60 s promised.
INTERVAL_S: Final = 50.0
CHECKPOINTS_FILE: Final = "checkpoints.jsonl"
KEY_FILE: Final = "checkpoint.key"
PUBLIC_KEY_FILE: Final = "checkpoint.pub"
#: Public keys of before: a hub that came back from a backup without its key signs with a new one.
RETIRED_FILE: Final = "checkpoint.retired"

Keep = Callable[[Checkpoint], Awaitable[None]]


def key_id(public_key: Ed25519PublicKey) -> str:
    """The first 16 hex digits of the SHA-256 of the raw public key (RFC 8032 §5.1.5)."""
    return id_of_key(public_key.public_bytes_raw().hex())


def id_of_key(public_key: str) -> str:
    """The same of a raw public key in hex. Raises ValueError."""
    return hashlib.sha256(bytes.fromhex(public_key)).hexdigest()[:16]


def signed_bytes(checkpoint: Checkpoint) -> bytes:
    """What the signature of a checkpoint is over: canonical JSON of everything else in it."""
    return canonical_json(_told(checkpoint)).encode()


def _told(checkpoint: Checkpoint) -> dict[str, object]:
    told: dict[str, object] = {
        "seq": checkpoint.seq,
        "hash": checkpoint.hash,
        "at": to_wire(checkpoint.at),
        "key": checkpoint.key,
    }
    if checkpoint.root is not None:
        told |= {"size": checkpoint.size, "root": checkpoint.root}
    return told


def signature_holds(checkpoint: Checkpoint, public_key: Ed25519PublicKey) -> bool:
    """Whether this key signed the checkpoint, as it stands."""
    try:
        public_key.verify(bytes.fromhex(checkpoint.signature), signed_bytes(checkpoint))
    except (InvalidSignature, ValueError):
        return False
    return checkpoint.key == key_id(public_key)


class Checkpointer:
    """Signs checkpoints and appends them to the file. Makes the key (mode 600) when the folder has none.

    Raises OSError when the folder cannot be used, ValueError when the key in it is no Ed25519 key.
    """

    def __init__(self, folder: Path, clock: Clock = system_clock, interval_s: float = INTERVAL_S) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._key = _load_or_make_key(folder)
        self.key_id = key_id(self._key.public_key())
        self.path = folder / CHECKPOINTS_FILE
        self._folder = folder
        self._head = Head(folder)
        self._tree, self._tree_seq = Frontier(), 0
        self._clock = clock
        self._interval_s = interval_s
        _mend(self.path)
        self._last_seq = 0
        self._newest: Checkpoint | None = None
        for each in read_checkpoints(self.path):
            self._last_seq = max(self._last_seq, each.seq)
            self._newest = each if each.root is not None else self._newest
        self._turn = asyncio.Lock()

    def marks(self) -> list[Mark]:
        """How far the journal had come by what stands in the folder."""
        return folder_marks(self._folder)

    def begin(self) -> int:
        """Take up the tree that was kept, if our own newest checkpoint bears it out; how far it goes: 0, it begins anew."""
        kept, newest = read_tree(self._folder), self._newest
        if kept is not None and newest is not None and signature_holds(newest, self._key.public_key()):
            seq, tree = kept
            if (seq, tree.size, tree.root()) == (newest.seq, newest.size, newest.root):
                self._tree, self._tree_seq = tree, seq
        return self._tree_seq

    def follow(self, hashes: Iterable[str], seq: int) -> None:
        """The next entries of the journal, up to `seq`, have these hashes."""
        for each in hashes:
            self._tree.add(each)
        self._tree_seq = seq

    def note(self, tip: Tip) -> None:
        """The journal has come to this entry: kept at once, though not signed yet."""
        self._head.note(tip)

    def close(self) -> None:
        """Give the files back."""
        self._head.close()

    async def keep(self, tip: Callable[[], Tip], keep: Keep) -> None:
        """Make a checkpoint each interval in which there was news; runs until cancelled."""
        while True:
            await asyncio.sleep(self._interval_s)
            await self.make(tip(), keep)

    async def make(self, tip: Tip, keep: Keep) -> Checkpoint | None:
        """Sign this entry, unless it or a later one was signed already. A failure is logged: the next one makes it good."""
        async with self._turn:
            if tip.seq == self._last_seq or tip.seq == 0:
                return None
            checkpoint, tree = self.sign(tip), self._tree.text(tip.seq)
            try:
                await asyncio.to_thread(_append, self.path, line_of(checkpoint))
                await asyncio.to_thread(self._head.force)
                self._last_seq = tip.seq
                if checkpoint.root is not None:
                    await asyncio.to_thread(write_tree, self._folder, tree)
                await keep(checkpoint)
            except Exception:
                log.exception("the checkpoint of entry %d could not be kept", tip.seq)
            return checkpoint

    def keep_now(self, checkpoint: Checkpoint) -> None:
        """Append a checkpoint that the database has already to the file, and note that the journal has come there. Blocks.

        The tree begins anew: entries that were lost stand in the one that was kept.
        """
        (self._folder / TREE_FILE).unlink(missing_ok=True)
        _append(self.path, line_of(checkpoint))
        self._head.note(Tip(checkpoint.seq, checkpoint.hash, checkpoint.at))
        self._head.force()
        self._last_seq = checkpoint.seq

    def sign(self, tip: Tip) -> Checkpoint:
        """A checkpoint of this entry, now; with the root where the tree has come as far."""
        tree = self._tree if tip.seq and self._tree_seq == tip.seq else None
        size, root = (tree.size, tree.root()) if tree is not None else (None, None)
        unsigned = Checkpoint(tip.seq, tip.hash, self._clock(), self.key_id, "", size, root)
        return replace(unsigned, signature=self._key.sign(signed_bytes(unsigned)).hex())

    def sign_bytes(self, what: bytes) -> str:
        """See `sign_with`."""
        return sign_with(self._key, what)

    def knows(self, checkpoint: Checkpoint) -> bool:
        """Whether this key, or one of before it, signed the checkpoint as it stands. Raises ValueError, OSError."""
        if checkpoint.key == self.key_id:
            return signature_holds(checkpoint, self._key.public_key())
        before = retired_keys(self._folder).get(checkpoint.key)
        return before is not None and checkpoint.seq <= before[1] and signature_holds(checkpoint, before[0])

    @property
    def public_key(self) -> str:
        """The raw public key (RFC 8032 §5.1.5), hex."""
        return self._key.public_key().public_bytes_raw().hex()


class Signer:
    """The hub's key for what is no checkpoint, in a process that keeps no journal. Raises as Checkpointer."""

    def __init__(self, folder: Path) -> None:
        self._key = _load_or_make_key(folder)
        self.key_id = key_id(self._key.public_key())
        self.public_key = self._key.public_key().public_bytes_raw().hex()

    def sign_bytes(self, what: bytes) -> str:
        """See Checkpointer."""
        return sign_with(self._key, what)


def sign_with(key: Ed25519PrivateKey, what: bytes) -> str:
    """Ed25519, hex, over bytes that cannot be taken for a checkpoint's: those begin with a brace. Raises ValueError."""
    if what.startswith(b"{"):
        raise ValueError("this could be taken for a checkpoint")
    return key.sign(what).hex()


def line_of(checkpoint: Checkpoint) -> str:
    """The checkpoint as a line of the file."""
    return canonical_json({**_told(checkpoint), "signature": checkpoint.signature})


def parse_line(line: str) -> Checkpoint:
    """The checkpoint in a line of the file. Raises ValueError."""
    try:
        fields = json.loads(line)
        seq, entry_hash, at, key, signature = (
            fields[name] for name in ("seq", "hash", "at", "key", "signature")
        )
        if type(seq) is not int or not all(type(text) is str for text in (entry_hash, key, signature)):
            raise ValueError("wrong types")
        size, root = fields.get("size"), fields.get("root")
        if (type(size), type(root)) not in ((int, str), (type(None), type(None))):
            raise ValueError("wrong types")
        return Checkpoint(seq, entry_hash, from_wire(at), key, signature, size, root)
    except (TypeError, KeyError, RecursionError) as error:
        raise ValueError(f"not a checkpoint: {error!r}") from error


def read_checkpoints(path: Path, bad_line: Callable[[int], None] = lambda _: None) -> Iterator[Checkpoint]:
    """The checkpoints of a file; a missing file has none.

    `bad_line` is told the number of each whole line that is none. A last line without its end was being written.
    """
    if path.exists():
        text = path.read_text(encoding="utf-8", errors="replace")
        for number, line in enumerate(text.split("\n")[:-1], start=1):
            try:
                yield parse_line(line)
            except ValueError:
                bad_line(number)


def folder_marks(folder: Path) -> list[Mark]:
    """How far the journal had come by `journal.head` and by the newest checkpoint in a data folder.

    A checkpoint that our own key did not sign as it stands says nothing; one of another key may be of before that key was lost.
    """
    public_key = load_public_key(folder)
    head = read_head(folder)
    marks = [head] if head is not None else []
    for each in sorted(read_checkpoints(folder / CHECKPOINTS_FILE), key=lambda each: each.seq, reverse=True):
        if public_key is None or each.key != key_id(public_key) or signature_holds(each, public_key):
            marks.append(Mark(each.seq, each.hash, f"signed at {to_wire(each.at)}, {CHECKPOINTS_FILE}"))
            break
    return marks


def load_public_key(folder: Path) -> Ed25519PublicKey | None:
    """The public key in a data folder, or None. Raises ValueError when the file holds no Ed25519 key."""
    path = folder / PUBLIC_KEY_FILE
    if not path.exists():
        return None
    key = serialization.load_pem_public_key(path.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError(f"{path.name} is no Ed25519 key")
    return key


def retire_key(folder: Path, key: Ed25519PublicKey, last_seq: int) -> None:
    """Note that nothing after `last_seq` was signed with this key. Blocks; raises OSError."""
    line = canonical_json({"key": key.public_bytes_raw().hex(), "last": last_seq})
    _append(folder / RETIRED_FILE, line)


def retired_keys(folder: Path) -> dict[str, tuple[Ed25519PublicKey, int]]:
    """Keys of before by id, each with the last entry that it may have signed. Raises ValueError for what is no such file."""
    path = folder / RETIRED_FILE
    if not path.exists():
        return {}
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            told = json.loads(line)
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(told["key"]))
            found[key_id(key)] = key, int(told["last"])
        except (TypeError, KeyError, ValueError) as problem:
            raise ValueError(f"{path.name} holds no keys: {problem}") from problem
    return found


def _load_or_make_key(folder: Path) -> Ed25519PrivateKey:
    path = folder / KEY_FILE
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError:
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{path.name} is no Ed25519 key")
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    public_path = folder / PUBLIC_KEY_FILE
    if not public_path.exists() or public_path.read_bytes() != public:
        public_path.write_bytes(public)
    return key


def _append(path: Path, line: str) -> None:
    with path.open("ab") as file:
        whole = file.tell()
        try:
            file.write(line.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            # Half a line, on a full disk, would spoil the next one.
            os.truncate(path, whole)
            raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _mend(path: Path) -> None:
    """Cut off a last line that a kill left half-written: it was never promised to anybody."""
    if not path.exists():
        return
    content = path.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole != len(content):
        with path.open("r+b") as file:
            file.truncate(whole)
