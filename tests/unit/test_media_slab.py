"""Memory side by side for what the compiled loops touch."""

from __future__ import annotations

import gc
import itertools
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hub.media.native import ffi
from hub.media.native.slab import CHUNK_BYTES, LINE_BYTES, Slab


def address(structure: Any) -> int:
    return int(ffi.cast("uintptr_t", structure))


def huge(at: int) -> bool:
    """Whether the kernel was asked for huge pages at this address (`hg` of VmFlags, proc_pid_smaps(5))."""
    here = False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        head = re.match(r"([0-9a-f]+)-([0-9a-f]+) ", line)
        if head:
            here = int(head[1], 16) <= at < int(head[2], 16)
        elif here and line.startswith("VmFlags:"):
            return "hg" in line.split()
    raise AssertionError(f"nothing is mapped at {at:#x}")


class TestSlab:
    def test_structures_lie_in_a_row_and_share_no_line(self) -> None:
        slab = Slab()
        ways = [slab.new("struct hub_way *") for _ in range(5)]
        room = -(-ffi.sizeof("struct hub_way") // LINE_BYTES) * LINE_BYTES
        assert [address(way) - address(ways[0]) for way in ways] == [0, room, 2 * room, 3 * room, 4 * room]
        assert address(ways[0]) % LINE_BYTES == 0

    def test_a_structure_is_of_zeroes_also_in_room_that_was_used(self) -> None:
        slab = Slab()
        way = slab.new("struct hub_way *")
        at = address(way)
        ffi.memmove(way, b"\xff" * ffi.sizeof("struct hub_way"), ffi.sizeof("struct hub_way"))
        del way
        gc.collect()
        again = slab.new("struct hub_way *")
        assert address(again) == at
        assert bytes(ffi.buffer(again)) == bytes(ffi.sizeof("struct hub_way"))

    def test_room_goes_to_structures_of_the_same_size_only(self) -> None:
        slab = Slab()
        lane = slab.new("struct hub_lane *")
        at = address(lane)
        del lane
        gc.collect()
        assert address(slab.new("struct hub_line *")) != at

    def test_all_that_is_in_use_lies_apart(self) -> None:
        slab = Slab()
        size = ffi.sizeof("struct hub_line")
        lines = [slab.new("struct hub_line *") for _ in range(3 * CHUNK_BYTES // size)]
        starts = sorted(map(address, lines))
        assert all(after - before >= size for before, after in itertools.pairwise(starts))
        for number, line in enumerate(lines):
            line.reference = number
        assert [line.reference for line in lines] == list(range(len(lines)))

    def test_comings_and_goings_take_no_more_room(self) -> None:
        slab = Slab()
        kinds = ("struct hub_lane *", "struct hub_way *", "struct hub_line *", "struct hub_sealer *")
        seen: set[int] = set()
        for _ in range(500):
            structures = [slab.new(kind) for kind in kinds]
            seen.update(map(address, structures))
            del structures
        gc.collect()
        assert len(seen) <= 2 * len(kinds)
        again = [slab.new(kind) for kind in kinds]
        assert seen.issuperset(map(address, again))

    def test_what_fits_no_chunk_is_refused(self) -> None:
        slab = Slab()
        with pytest.raises(MemoryError, match="fits a chunk"):
            slab.new("uint8_t[]", CHUNK_BYTES + 1)
        # It took no room: what comes next begins a chunk, and the one after it lies behind it.
        first, second = (slab.new("uint8_t[]", CHUNK_BYTES // 2) for _ in range(2))
        assert address(second) - address(first) == CHUNK_BYTES // 2

    def test_all_chunks_but_the_first_are_to_be_huge_pages(self) -> None:
        slab = Slab()
        chunks = [slab.new("uint8_t[]", CHUNK_BYTES) for _ in range(3)]
        possible = Path("/sys/kernel/mm/transparent_hugepage").exists()
        assert [huge(address(chunk)) for chunk in chunks] == [False, possible, possible]

    def test_a_process_ends_quietly_with_structures_in_use(self) -> None:
        script = (
            "import sys\nfrom hub.media.native.slab import slab\nkept = [slab.new('struct hub_line *') for _ in range(400)]\n"
            "sys.kept = kept"
        )
        ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
        assert (ended.returncode, ended.stderr) == (0, "")
