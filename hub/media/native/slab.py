"""Memory for what the compiled loops touch for each viewer: close together, and in huge pages where there is much of it.

With a thousand viewers each one's turn comes when his memory is in no cache any more, and each page of 4 KiB it lies on then
costs a walk through the page tables besides (measured in docs/decisions/0002-two-compiled-loops.md). So the structures that C
works on do not lie where `malloc` finds room, but side by side in chunks. A chunk is one huge page (2 MiB) if the kernel has
one; only the first is not, because few viewers would not fill it.

Freed room is kept for structures of the same size; it does not go back to the system.
"""

from __future__ import annotations

import mmap
from typing import Any, Final

from hub.media.native import ffi

#: What a processor fetches at once: no two structures share such a line.
LINE_BYTES: Final = 64
CHUNK_BYTES: Final = 1 << 21


class Slab:
    """Hands out room for structures, one at a time; see `new`."""

    def __init__(self) -> None:
        self._chunks: list[tuple[mmap.mmap, Any]] = []
        self._at = CHUNK_BYTES
        self._free: dict[int, list[int]] = {}
        self._sizes: dict[int, int] = {}
        #: Makes a structure as `ffi.new` does, of zeroes; its room is free again when nobody has it any more.
        self.new: Final[Any] = ffi.new_allocator(alloc=self._take, free=self._give)

    def _take(self, size: int) -> Any:
        room = -(-size // LINE_BYTES) * LINE_BYTES
        free = self._free.get(room)
        address = free.pop() if free else self._cut(room)
        self._sizes[address] = room
        return ffi.cast("void *", address)

    def _give(self, pointer: Any) -> None:
        address = int(ffi.cast("uintptr_t", pointer))
        self._free.setdefault(self._sizes.pop(address), []).append(address)

    def _cut(self, room: int) -> int:
        if room > CHUNK_BYTES:
            raise MemoryError(f"no structure of {room} bytes fits a chunk")
        if self._at + room > CHUNK_BYTES:
            self._add_chunk()
        address = int(ffi.cast("uintptr_t", self._chunks[-1][1])) + self._at
        self._at += room
        return address

    def _add_chunk(self) -> None:
        chunk = mmap.mmap(-1, CHUNK_BYTES, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        if self._chunks and hasattr(mmap, "MADV_HUGEPAGE"):
            try:
                chunk.madvise(mmap.MADV_HUGEPAGE)
            except OSError:
                pass  # a kernel without huge pages
        self._chunks.append((chunk, ffi.from_buffer(chunk)))
        self._at = 0


#: Of this process.
slab: Final = Slab()
