"""An evidence bundle holds; whatever is done to it, or to the journal it was made of, is found by the stand-alone verifier."""

from __future__ import annotations

import hashlib
import io
import json
import random
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.entry import Entry
from hub.evidence import verify_bundle
from hub.evidence.bundle import Recorded, Unproven, verifier
from hub.evidence.stored_zip import StoredZip, TooLarge
from tests.support.evidence import BEGAN, Signed, made_up, sealed_again, verified

COUNT = 60
Said = pytest.CaptureFixture[str]


@pytest.fixture
def signed(tmp_path: Path) -> Signed:
    folder = tmp_path / "hub"
    return Signed(folder, made_up(COUNT)).sign_at(5, 17, 32, 33, COUNT)


def test_an_untouched_bundle_holds_in_a_process_of_its_own(signed: Signed, tmp_path: Path) -> None:
    """As a stranger runs it: isolated, by the standard library, out of another folder."""
    bundle, sent, program = tmp_path / "b.zip", tmp_path / "sent.jsonl", tmp_path / "verify.py"
    built = signed.bundle(bundle)
    sent.write_text(signed.sent())
    program.write_bytes(verifier())
    command = [sys.executable, "-I", "-S", str(program), str(bundle), "--checkpoints", str(sent)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd="/", check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "✗" not in done.stdout
    assert "40 条记录与摘要相符" in done.stdout
    assert built.entries == 40
    with zipfile.ZipFile(bundle) as opened:
        assert opened.testzip() is None, "other programs read it, too"


def test_it_is_short_and_needs_the_standard_library_alone() -> None:
    lines = verifier().decode().splitlines()
    assert len(lines) <= 250
    imported = {line.split()[1].partition(".")[0] for line in lines if line.startswith(("import ", "from "))}
    assert imported - {"__future__"} <= sys.stdlib_module_names
    assert not imported & {"subprocess", "socket", "importlib", "runpy", "pickle", "ctypes"}


def test_the_same_material_gives_the_same_bytes(signed: Signed, tmp_path: Path) -> None:
    assert signed.bundle(tmp_path / "a").sha256 == signed.bundle(tmp_path / "b").sha256
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_what_may_not_be_read_is_not_in_it_and_is_proven_all_the_same(
    signed: Signed, tmp_path: Path, capsys: Said
) -> None:
    bundle = tmp_path / "b.zip"
    assert signed.bundle(bundle, unreadable=[2, 11, 12]).left_out == 3
    assert "记录 10".encode() not in bundle.read_bytes()
    assert verified(bundle) == 0
    assert "其中 3 条只有摘要" in capsys.readouterr().out


def test_what_was_not_checked_is_said(signed: Signed, tmp_path: Path, capsys: Said) -> None:
    signed.bundle(tmp_path / "b.zip")
    assert verified(tmp_path / "b.zip") == 0
    said = capsys.readouterr().out
    assert sum(line.startswith("–") for line in said.splitlines()) == 3


def test_another_key_than_the_known_one_is_found(signed: Signed, tmp_path: Path) -> None:
    signed.bundle(tmp_path / "b.zip")
    own = json.loads(zipfile.ZipFile(tmp_path / "b.zip").read("manifest.sig"))["public_key"]
    assert verified(tmp_path / "b.zip", key=own) == 0
    assert verified(tmp_path / "b.zip", key="0" * 64) == 1


def test_nothing_is_made_of_what_nobody_signed(signed: Signed, tmp_path: Path) -> None:
    signed.signs = [replace(each, root=None, size=None) for each in signed.signs]
    with pytest.raises((Unproven, ValueError)):
        signed.bundle(tmp_path / "b.zip")


# The journal was touched, and the hub's own key signed what came of it: found by what another machine was sent.


def _edit(entries: list[Entry]) -> list[Entry]:
    entries[10] = replace(entries[10], data={"text": "另一番话"})
    return entries


def _delete_in_the_middle(entries: list[Entry]) -> list[Entry]:
    return entries[:10] + entries[11:]


def _delete_the_tail(entries: list[Entry]) -> list[Entry]:
    return entries[:-4]


def _reorder(entries: list[Entry]) -> list[Entry]:
    entries[7], entries[10] = replace(entries[10], at=entries[7].at), replace(entries[7], at=entries[10].at)
    return entries


def _restore_an_old_dump(entries: list[Entry]) -> list[Entry]:
    """It went on from there, so that it is longer than before."""
    fresh = [replace(entry, data={"text": "后来"}) for entry in made_up(COUNT + 10)[40:]]
    return entries[:40] + fresh


FORGERIES: list[Callable[[list[Entry]], list[Entry]]] = [
    _edit,
    _delete_in_the_middle,
    _delete_the_tail,
    _reorder,
    _restore_an_old_dump,
]


@pytest.mark.parametrize("forge", FORGERIES)
def test_a_journal_written_anew_is_found_by_the_checkpoints_kept_elsewhere(
    signed: Signed, tmp_path: Path, forge: Callable[[list[Entry]], list[Entry]]
) -> None:
    sent, bundle = tmp_path / "sent.jsonl", tmp_path / "b.zip"
    sent.write_text(signed.sent().splitlines()[-1] + "\n")  # the last one is enough
    made_at = signed.entries[-1].at + timedelta(days=1)
    forged = sealed_again(forge(list(signed.entries)))
    Signed(signed.folder, forged).sign_at(5, 17, 32, 33, len(forged)).bundle(bundle, made_at=made_at)
    assert verified(bundle) == 0, "in itself it holds: the forger had the key"
    assert verified(bundle, checkpoints=sent) == 1


@pytest.mark.parametrize("forge", FORGERIES)
def test_a_touched_database_is_found_without_any_checkpoint_from_elsewhere(
    signed: Signed, tmp_path: Path, forge: Callable[[list[Entry]], list[Entry]]
) -> None:
    """Who writes into the database without the key cannot sign what comes of it."""
    bundle = tmp_path / "b.zip"
    forged = forge(list(signed.entries))
    touched = Signed(
        signed.folder, forged, [each for each in signed.signs if (each.size or 0) <= len(forged)]
    )
    if forge is _delete_the_tail:  # the newest that is left is of before: what another machine has tells
        (tmp_path / "sent").write_text(signed.sent())
        touched.bundle(bundle, made_at=signed.entries[-1].at + timedelta(days=1))
        assert verified(bundle, checkpoints=tmp_path / "sent") == 1
    else:
        touched.bundle(bundle)
        assert verified(bundle) == 1


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_any_forgery_of_the_journal_is_found(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    chance, folder = random.Random(seed), tmp_path_factory.mktemp("forged")
    count = chance.randrange(8, 50)
    sizes = sorted({chance.randrange(3, count) for _ in range(4)} | {count})
    honest = Signed(folder / "hub", made_up(count)).sign_at(*sizes)
    (folder / "sent").write_text(honest.sent())
    entries = list(honest.entries)
    for _ in range(chance.randrange(1, 4)):
        kind, place = chance.randrange(4), chance.randrange(1, len(entries) - 1)
        if kind == 0:
            entries[place] = replace(entries[place], data={"text": "改", "n": chance.randrange(10**6)})
        elif kind == 1 and len(entries) > 6:
            del entries[place]
        elif kind == 2:
            entries.insert(place, entries[chance.randrange(len(entries))])
        else:
            entries = entries[: max(4, place)]
    forged = sealed_again(entries)
    if [entry.hash for entry in forged] == [entry.hash for entry in honest.entries]:
        return
    sizes = sorted({min(size, len(forged)) for size in sizes} | {len(forged)})
    liar = Signed(folder / "hub", forged).sign_at(*sizes)
    liar.bundle(folder / "b.zip", made_at=BEGAN + timedelta(days=9))
    assert verified(folder / "b.zip", checkpoints=folder / "sent") == 1


# The bundle itself was touched.


def test_each_flipped_bit_of_a_bundle_is_found(signed: Signed, tmp_path: Path) -> None:
    """Of every file in it, and of the frame around them."""
    bundle, touched, chance = tmp_path / "b.zip", tmp_path / "t.zip", random.Random(6962)
    signed.bundle(bundle)
    whole = bundle.read_bytes()
    with zipfile.ZipFile(bundle) as opened:
        begins = [info.header_offset for info in opened.infolist()] + [opened.start_dir]
    places = [at + offset for at in begins[::3] for offset in range(46)] + list(
        range(len(whole) - 30, len(whole))
    )
    places += chance.sample(range(len(whole)), 120)
    for place in places:
        flipped = bytearray(whole)
        flipped[place] ^= 1 << chance.randrange(8)
        touched.write_bytes(flipped)
        assert verified(touched) != 0, f"byte {place} of {len(whole)}"


@pytest.fixture
def wide(signed: Signed, tmp_path: Path) -> Path:
    """A bundle with recordings, as ZIP64."""
    films = tmp_path / "films"
    films.mkdir()
    parts = []
    for name in ("p_1.webm", "p_2.webm"):
        (films / name).write_bytes(name.encode() * 1000)
        digest = hashlib.sha256(name.encode() * 1000).hexdigest()
        at = "2026-11-23T08:00:00.000000Z"
        parts.append(Recorded("r_1", name[:3], "坦渡村", name, at, 1000, 8000, digest))
    signed.bundle(tmp_path / "wide.zip", parts=parts, recordings=films, wide=True)
    return tmp_path / "wide.zip"


def test_a_bundle_of_any_size_holds_and_each_flipped_bit_of_its_frame_is_found(
    wide: Path, tmp_path: Path
) -> None:
    assert verified(wide) == 0
    whole, touched, chance = wide.read_bytes(), tmp_path / "t.zip", random.Random(64)
    with zipfile.ZipFile(wide) as opened:
        assert opened.testzip() is None, "other programs read it, too"
        assert {info.extract_version for info in opened.infolist()} == {45}
        begins = [info.header_offset for info in opened.infolist()]
        central = opened.start_dir
    places = [at + offset for at in begins[::3] for offset in range(70)]
    places += [central + offset for offset in range(100)] + list(range(len(whole) - 98, len(whole)))
    for place in places:
        flipped = bytearray(whole)
        flipped[place] ^= 1 << chance.randrange(8)
        touched.write_bytes(flipped)
        assert verified(touched) != 0, f"byte {place} of {len(whole)}"


class _NoDigest:
    """Takes what it is given."""

    def update(self, block: bytes) -> None:
        """Nothing is kept."""

    def hexdigest(self) -> str:
        """Nobody reads it."""
        return ""


def test_a_file_of_more_than_four_gib_stands_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of holes, which are neither written to the disk nor made digests of: it is the frame that is looked at."""
    monkeypatch.setattr("zlib.crc32", lambda block, crc: 1)
    monkeypatch.setattr("hashlib.sha256", lambda: _NoDigest())
    size = (4 << 30) + (5 << 20)

    class Sparse(io.RawIOBase):
        """A file of which zeros are not kept."""

        def __init__(self) -> None:
            self.at, self.size, self.kept = 0, 0, dict[int, bytes]()

        def seek(self, at: int, whence: int = 0) -> int:
            self.at = at
            return at

        def write(self, data: Any) -> int:
            if len(data) < 1 << 20:
                self.kept[self.at] = bytes(data)
            self.at += len(data)
            self.size = max(self.size, self.at)
            return len(data)

        def read(self, size: int = -1) -> bytes:
            return b""

    file, block = Sparse(), bytes(64 << 20)
    blocks = (block[: min(len(block), size - at)] for at in range(0, size, len(block)))
    zipped = StoredZip(file, wide=True)  # type: ignore[arg-type]
    zipped.add("README.txt", [b"?"])
    assert zipped.add("recordings/p_1.webm", blocks).bytes == size
    zipped.add("manifest.json", [b"{}"])
    zipped.end()
    with (tmp_path / "b.zip").open("wb") as real:
        for at, data in file.kept.items():
            real.seek(at)
            real.write(data)
        real.truncate(file.size)
    with zipfile.ZipFile(tmp_path / "b.zip") as opened:
        assert opened.getinfo("recordings/p_1.webm").file_size == size
        assert opened.getinfo("manifest.json").header_offset > 4 << 30
        assert opened.getinfo("manifest.json").file_size == 2
    bundle, infos = verify_bundle.opened(str(tmp_path / "b.zip"))
    bundle.close()
    assert list(infos) == ["README.txt", "recordings/p_1.webm", "manifest.json"]
    narrow = StoredZip(Sparse())  # type: ignore[arg-type]
    with pytest.raises(TooLarge):
        narrow.add("recordings/p_1.webm", (block for _ in range(64)))


def _again(bundle: Path, change: Callable[[dict[str, bytes]], None], to: Path) -> None:
    """The same files in a right frame, but for what `change` does."""
    with zipfile.ZipFile(bundle) as opened:
        files = {info.filename: opened.read(info) for info in opened.infolist()}
    change(files)
    with to.open("wb+") as file:
        zipped = StoredZip(file)
        for name, content in files.items():
            zipped.add(name, [content])
        zipped.end()


def test_a_missing_file_an_orphan_and_a_changed_one_are_named(
    signed: Signed, tmp_path: Path, capsys: Said
) -> None:
    bundle, touched = tmp_path / "b.zip", tmp_path / "t.zip"
    signed.bundle(bundle)
    for change, said in (
        (lambda files: files.pop("README.txt"), "缺少文件 README.txt"),
        (lambda files: files.update({"more.txt": b"?"}), "清单之外的文件 more.txt"),
        (lambda files: files.update({"README.txt": b"?"}), "文件被改动 README.txt"),
        (
            lambda files: files.update(
                {"entries.jsonl": files["entries.jsonl"].replace("记录 7".encode(), "记录 9".encode())}
            ),
            "记录 8 不是当时所写",
        ),
        (
            lambda files: files.update(
                {"entries.jsonl": b"".join(reversed(files["entries.jsonl"].splitlines(True)))}
            ),
            "次序不对",
        ),
    ):
        _again(bundle, change, touched)
        assert verified(touched) == 1
        assert said in capsys.readouterr().out


def test_a_recording_is_held_against_its_entry(signed: Signed, tmp_path: Path, capsys: Said) -> None:
    films, bundle = tmp_path / "films", tmp_path / "b.zip"
    films.mkdir()
    (films / "p_1.webm").write_bytes(b"picture and sound" * 1000)
    sha256 = hashlib.sha256(b"picture and sound" * 1000).hexdigest()
    part = Recorded("r_1", "p_1", "坦渡村", "p_1.webm", "2026-11-23T08:00:00.000000Z", 1000, 17_000, sha256)
    signed.bundle(bundle, parts=[part], recordings=films)
    assert verified(bundle) == 0
    assert "✓ 录像 p_1.webm" in capsys.readouterr().out
    signed.bundle(bundle, parts=[part])
    assert verified(bundle, recordings=films) == 0
    assert "✓ 录像 p_1.webm" in capsys.readouterr().out
    (films / "p_1.webm").write_bytes(b"picture and sound" * 999)
    assert verified(bundle, recordings=films) == 1
    assert verified(bundle) == 0
    assert "– 录像 p_1.webm" in capsys.readouterr().out


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/passwd", "recordings/../../x", "recordings/.x", "a\\b", "C:x"]
)
def test_names_that_lead_elsewhere_are_refused(signed: Signed, tmp_path: Path, name: str) -> None:
    signed.bundle(tmp_path / "b.zip")
    _again(tmp_path / "b.zip", lambda files: files.update({name: b"x"}), tmp_path / "t.zip")
    before = set(tmp_path.rglob("*"))
    assert verified(tmp_path / "t.zip", recordings=tmp_path) == 2
    assert set(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"PK\5\6" + bytes(18), b"\0" * 5000, b"PK\3\4" + b"\xff" * 200]
)
def test_what_is_no_bundle_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.zip").write_bytes(content)
    assert verified(tmp_path / "b.zip") == 2


def test_a_bomb_is_not_unpacked(signed: Signed, tmp_path: Path) -> None:
    signed.bundle(tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip", "a", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("bomb.txt", bytes(1 << 20))
    assert verified(tmp_path / "b.zip") == 2
    deep = b'{"format":' + b"[" * 200_000
    _again(tmp_path / "b.zip", lambda files: files.update({"manifest.json": deep}), tmp_path / "t.zip")
    assert verified(tmp_path / "t.zip") == 2


def test_signatures_are_those_of_the_library(tmp_path: Path) -> None:
    """The verifier's own Ed25519 against `cryptography`, right and wrong ones."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    for number in range(6):
        key = Ed25519PrivateKey.from_private_bytes(struct.pack("<4Q", number, 1, 2, 3))
        public, message = key.public_key().public_bytes_raw().hex(), b"m" * number * 50
        signature = key.sign(message).hex()
        assert verify_bundle.signed(public, message, signature)
        assert not verify_bundle.signed(public, message + b"x", signature)
        assert not verify_bundle.signed(
            public, message, signature[:-1] + ("0" if signature[-1] != "0" else "1")
        )
        s = int.from_bytes(bytes.fromhex(signature[64:]), "little") + verify_bundle.L
        assert not verify_bundle.signed(public, message, signature[:64] + s.to_bytes(32, "little").hex())
