"""Verify an evidence bundle (取证包) of Lianxian: needs Python 3.8 or later, nothing else. Nothing is unpacked or run.

    python3 -I verify_bundle.py BUNDLE.zip [--checkpoints FILE] [--key HEX] [--recordings FOLDER]

--checkpoints  what another machine was sent (checkpoints.jsonl): shows that the hub did not write its journal anew
--key          the hub's public key (64 hex digits), as you know it from elsewhere
--recordings   folder with the recorded files that are not in the bundle
✓ 成立 holds, ✗ 不成立 does not, – 未核对 not checked. Exit code: 0 what was checked holds, 1 something does not, 2 no bundle.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import struct
import sys
import zipfile
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import IO, Any

FORMAT, SEAL = "lianxian-evidence-1", b"lianxian-evidence\n"
NAME = re.compile("(recordings/(STEP/){0,6})?STEP".replace("STEP", "[A-Za-z0-9_][A-Za-z0-9._-]{0,127}"))
MOST = {"manifest.sig": 1 << 12, "entries.jsonl": 1 << 30}
MOST_FILES, FULL, LINE = 20_000, (1 << 32) - 1, 8 << 20
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, BASE = -121665 * pow(121666, P - 2, P) % P, (4 * pow(5, P - 2, P) % P).to_bytes(32, "little")
WORDS = {
    "sealed": "清单有枢纽签名，公钥 {} | the manifest is signed with the key {}",
    "key": "公钥是您另处所知的（--key） | the key is the one you know",
    "missing": "缺少文件 {} | missing file {}",
    "orphan": "清单之外的文件 {} | a file that the manifest does not know: {}",
    "changed": "文件被改动 {} | changed file {}",
    "files": "{} 个文件都在，未被改动 | {} files are all there, unchanged",
    "entry": "记录 {} 不是当时所写，或次序不对 | entry {} is not what was written, or out of order",
    "entries": "{} 条记录与摘要相符，其中 {} 条只有摘要 | {} entries fit their digests, {} given as digest alone",
    "checkpoint": "记录 {} 处的检查点不属于本台账 | the checkpoint of entry {} is not of this journal",
    "checkpoints": "{} 个检查点：台账只增未改 | {} checkpoints: the journal only grew",
    "tree": "记录都在已签名的 {} 条台账中 | all entries stand in the signed journal of {}",
    "part": "录像 {} 未被改动 | recording {} is unchanged",
    "cut": "台账末尾没有被删 | nothing was cut off the journal's end",
    "other": "记录 {} 及以前与别处所存不同 | up to entry {} the journal is not the one known elsewhere",
    "known": "别处最后的检查点（{}，--checkpoints）属于本台账 | the last kept elsewhere ({}) is of this journal",
    "all": "所核对的都成立；不成立 {} 处 | all that was checked holds; {} things do not",
}


class Told:
    """What holds (✓) and what does not (✗), said as it is found; – was not checked."""

    wrong = 0

    def __call__(self, holds: bool | None, word: str, *values: Any) -> None:
        self.wrong += holds is False
        print({True: "✓", False: "✗", None: "–"}[holds], WORDS[word].format(*values, *values))


def canonical(value: Any, leave_out: str | None = None) -> str:
    """RFC 8785 text of JSON without floats: names in the order of their UTF-16."""
    value = {name: value[name] for name in value if name != leave_out} if leave_out else value
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if text.isascii() or max(text) <= "\ud7ff" or not isinstance(value, (dict, list)):
        return text
    if isinstance(value, list):
        return f"[{','.join(map(canonical, value))}]"
    names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
    return f"{{{','.join(canonical(name) + ':' + canonical(value[name]) for name in names)}}}"


def add(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """Points of edwards25519 in extended coordinates (RFC 8032 §5.1.4)."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    return (f - e) * (h - g) % P, (h + g) * (f + e) % P, (h - g) * (h + g) % P, (f - e) * (f + e) % P


def times(factor: int, point: tuple[int, ...]) -> tuple[int, ...]:
    half = times(factor >> 1, add(point, point)) if factor else (0, 1, 1, 0)
    return add(half, point) if factor & 1 else half


def decoded(data: bytes) -> tuple[int, ...]:
    """The point in 32 bytes (RFC 8032 §5.1.3). Raises ValueError."""
    sign, y = divmod(int.from_bytes(data, "little"), 1 << 255)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * pow(2, (P - 1) // 4, P) % P
    if len(data) != 32 or y >= P or (x * x - square) % P or (x == 0 and sign):
        raise ValueError("no point of the curve")
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P


def signed(key: str, message: bytes, signature: str) -> bool:
    """Whether the Ed25519 signature (hex) over the message is of this key (hex); RFC 8032 §5.1.7."""
    try:
        raw, both = bytes.fromhex(key), bytes.fromhex(signature)
        a, r, s = decoded(raw), decoded(both[:32]), int.from_bytes(both[32:], "little")
    except ValueError:
        return False
    k = int.from_bytes(hashlib.sha512(both[:32] + raw + message).digest(), "little") % L
    one, other = times(s, decoded(BASE)), add(r, times(k, a))
    same = ((one[axis] * other[2] - other[axis] * one[2]) % P == 0 for axis in (0, 1))
    return len(both) == 64 and s < L and all(same)


def framed(raw: bytes, crc: int, size: int, at: int, wide: bool) -> tuple[bytes, bytes]:
    """What stands before a file, and of it in the list at the end (APPNOTE 6.3.10 §4.3.7, .12); `wide`: ZIP64 (§4.5.3)."""
    more = [struct.pack(f"<2H{n}Q", 1, 8 * n, *(size, size, at)[:n]) if wide else b"" for n in (2, 3)]
    size, at, version = (FULL, FULL, 45) if wide else (size, at, 20)
    fixed = [struct.pack("<5H3L2H", version, 0, 0, 0, 33, crc, size, size, len(raw), len(n)) for n in more]
    rest = struct.pack("<3H2L", 0, 0, 0, 0o100644 << 16, at)
    return b"PK\3\4" + fixed[0] + raw + more[0], b"PK\1\2\x14\3" + fixed[1] + rest + raw + more[1]


def ended(count: int, length: int, at: int, wide: bool) -> bytes:
    """The end of the list, which begins at `at` (§4.3.14 to 16)."""
    sizes, more = (count, count, length, at), b""
    if wide:
        more = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, *sizes)
        more, sizes = more + struct.pack("<4sLQL", b"PK\6\7", 0, at + length, 1), (0xFFFF, 0xFFFF, FULL, FULL)
    return more + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, *sizes, 0)


def opened(path: str) -> tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]:
    """The bundle, each byte of whose frame is as it must be. Raises ValueError."""
    bundle, at, central = zipfile.ZipFile(path), 0, b""
    infos = {info.filename: info for info in bundle.infolist()}
    if not 0 < len(infos) == len(bundle.infolist()) <= MOST_FILES:
        raise ValueError("no files, too many, or a name twice")
    wide = bundle.infolist()[0].extract_version == 45
    with open(path, "rb") as file:
        for name, info in infos.items():
            before, listed = framed(name.encode(), info.CRC, info.file_size, at, wide)
            most = FULL**2 if name.startswith("recordings/") else MOST.get(name, 1 << 26)
            file.seek(at)
            if not NAME.fullmatch(name) or info.file_size > most or file.read(len(before)) != before:
                raise ValueError(f"no file of a bundle, or the frame around it was changed: {name[:80]!r}")
            central, at = central + listed, at + len(before) + info.file_size
            info.CRC = None  # type: ignore[assignment]  # the digests say more
        file.seek(at)
        if file.read(len(central) + 99) != central + ended(len(infos), len(central), at, wide):
            raise ValueError("the list of files at the end was changed")
    return bundle, infos


def digest(file: IO[bytes]) -> str:
    found = hashlib.sha256()
    with file:
        any(map(found.update, iter(lambda: file.read(1 << 20), b"")))
    return found.hexdigest()


def lines(file: IO[bytes]) -> Iterator[Any]:
    with file:
        yield from map(json.loads, iter(lambda: file.readline(LINE), b""))


def roots(leaves: dict[int, bytes], nodes: dict[Any, bytes], sizes: list[int]) -> Callable[[int, int], bytes]:
    """What gives the root over leaves `first` to `end` (RFC 6962 §2.1), all roots by the same nodes of the whole tree."""
    cuts = sorted({*leaves, *(leaf + 1 for leaf in leaves), *sizes})
    known = {(leaf, leaf + 1): leaves[leaf] for leaf in leaves}

    def over(first: int, end: int) -> bytes:
        size, split = end - first, (first, end) not in known and cuts[bisect_right(cuts, first)] < end
        if split or ((first, end) not in known and size & (size - 1) and end != cuts[-1]):
            middle = first + (1 << (size - 1).bit_length() - 1)
            known[first, end] = hashlib.sha256(b"\1" + over(first, middle) + over(middle, end)).digest()
        return known.get((first, end)) or nodes.get((first, end), b"")

    return over


def check(path: str, told: Told, elsewhere: str | None, key: str | None, folder: str | None) -> None:
    """Check all of it, saying so. Raises whatever reading what is no bundle raises."""
    bundle, infos = opened(path)
    raw, seal = bundle.read("manifest.json"), bundle.read("manifest.sig")
    manifest, sealed = json.loads(raw), json.loads(seal)
    if manifest["format"] != FORMAT or canonical(sealed).encode() != seal or seal != seal.lower():
        raise ValueError("a form that is not known here")
    own = sealed["public_key"]
    print(manifest["meeting"]["title"], manifest["meeting"]["id"], manifest["made_at"])
    told(signed(own, SEAL + raw, sealed["signature"]), "sealed", own)
    told(None if key is None else key.strip().lower() == own, "key")
    files, wrong = manifest["files"], told.wrong
    for name in sorted({*files, *infos} - {"manifest.json", "manifest.sig"}):
        if name not in infos or name not in files:
            told(False, "orphan" if name in infos else "missing", name)
        elif digest(bundle.open(name)) != files[name]["sha256"]:
            told(False, "changed", name)
    told(told.wrong == wrong, "files", len(infos))
    leaves, parts, at, seq, bare, wrong = {}, {}, -1, 0, 0, told.wrong
    for line in lines(bundle.open("entries.jsonl")):
        entry = line.get("entry", line)
        fits = entry is line or hashlib.sha256(canonical(entry, "hash").encode()).hexdigest() == entry["hash"]
        if not fits or line["index"] <= at or entry["seq"] - seq < line["index"] - at:
            told(False, "entry", entry["seq"])
        at, seq, bare = line["index"], entry["seq"], bare + (entry is line)
        leaves[at] = hashlib.sha256(b"\0" + bytes.fromhex(entry["hash"])).digest()
        if entry.get("kind") == "recording.part_closed":
            parts[entry["data"]["part"]] = entry["data"]["sha256"]
    told(told.wrong == wrong and len(leaves) == manifest["entries"], "entries", len(leaves), bare)
    signs, told_nodes = list(lines(bundle.open("checkpoints.jsonl"))), lines(bundle.open("proof.jsonl"))
    nodes = {(each["first"], each["end"]): bytes.fromhex(each["hash"]) for each in told_nodes}
    over, total = roots(leaves, nodes, [each["size"] for each in signs]), manifest["size"]
    holds, wrong = {}, told.wrong
    for each in signs:
        size, text = each["size"], canonical(each, "signature").encode()
        holds[size] = over(0, size).hex() if size <= total else ""
        if holds[size] != each["root"] or not signed(own, text, each["signature"]):
            told(False, "checkpoint", each["seq"])
    told(told.wrong == wrong, "checkpoints", len(signs))
    told(holds.get(total) == manifest["root"] and at < total, "tree", total)
    for part in manifest["recordings"]:
        name, sha = "recordings/" + part["file"], part["sha256"]
        path, found = os.path.join(folder or "", part["file"]), None
        if name in infos or (folder and NAME.fullmatch(name) and os.path.isfile(path)):
            found = digest(bundle.open(name) if name in infos else open(path, "rb"))
        same = parts.get(part["part"], sha) == sha and found in (None, sha)
        told(same if found or not same else None, "part", part["file"])
    sent = lines(open(elsewhere, "rb")) if elsewhere else iter(())
    kept = [each for each in sent if each.get("root") and each["at"] <= manifest["made_at"]]
    newest = max((each["size"] for each in kept), default=0)
    for each in kept:
        if holds.get(each["size"], each["root"]) != each["root"]:
            told(False, "other", each["seq"])
    told(newest <= total if kept else None, "cut")
    told(newest in holds if kept else None, "known", newest)


def main(words: list[str] | None = None) -> int:
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    for option in ("bundle", "--checkpoints", "--key", "--recordings"):
        parser.add_argument(option)
    asked, told = parser.parse_args(words), Told()
    try:
        check(asked.bundle, told, asked.checkpoints, asked.key, asked.recordings)
    except Exception as problem:  # whatever it is: no part of the bundle may hide behind it
        print("✗ 不是完好的取证包 | no whole bundle:", type(problem).__name__, str(problem)[:200])
        return 2
    told(not told.wrong, "all", told.wrong)
    return 1 if told.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
